"""I(Q) as NXcanSAS.

Where it is from: the application definition NXcanSAS of the NeXus definitions (manual.nexusformat.org), version 1.1:
SASentry with `definition`, `title`, `run`; SASdata with `Q`, `I`, `Idev`, `Qdev`, and the attributes that tie them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mantidlab.frameworks.model import DataObject, FrameworkError, Histogram
from mantidlab.workspaces.errors import CannotSave
from mantidlab.workspaces.file_formats import is_iq
from mantidlab.workspaces.nexus_files import plain_unit


def write_nxcansas(data: DataObject, path: Path) -> None:
    """Write each spectrum of I(Q) as a SASdata.

    Raises
    ------
    CannotSave
        It is not I(Q).
    """
    summary = data.summary()
    if not is_iq(data):
        raise CannotSave(f"{summary.name!r} is no I(Q): NXcanSAS holds intensity against Q in 1/Å or 1/nm.")
    write_curves(
        path, data.spectra(), title=summary.title or summary.name, run=_run_of(data), instrument=summary.instrument
    )


def write_curves(path: Path, curves: Sequence[Histogram], *, title: str, run: str = "", instrument: str = "") -> None:
    """Write curves of I(Q) into a new file, which is not written aside: `mantidlab.workspaces.save` does that.

    Bin edges become the middles of the bins. Points that are masked are left out: the definition's own mask is for
    two-dimensional data.

    Parameters
    ----------
    curves
        Axis in 1/Å or 1/nm, its errors being the resolution (one standard deviation of Q).
    title
        By which a person knows the data.
    run
        The number of the run.
    """
    with h5py.File(path, "w") as file:
        file.attrs.update({"NX_class": "NXroot", "default": "sasentry01"})
        entry = file.create_group("sasentry01")
        entry.attrs.update(
            {"NX_class": "NXentry", "canSAS_class": "SASentry", "version": "1.1", "default": "sasdata01"}
        )
        entry["definition"] = "NXcanSAS"
        entry["title"] = title
        entry["run"] = run
        if instrument:
            group = entry.create_group("sasinstrument")
            group.attrs.update({"NX_class": "NXinstrument", "canSAS_class": "SASinstrument"})
            group["name"] = instrument
        for number, curve in enumerate(curves, 1):
            _write_curve(entry.create_group(f"sasdata{number:02d}"), curve)


def _write_curve(group: Any, spectrum: Histogram) -> None:
    group.attrs.update(
        {
            "NX_class": "NXdata",
            "canSAS_class": "SASdata",
            "signal": "I",
            "I_axes": "Q",
            "axes": ["Q"],
            "Q_indices": np.array([0]),
        }
    )
    axis = spectrum.axis
    kept = np.ones(len(spectrum.values), dtype=np.bool_) if spectrum.mask is None else ~spectrum.mask
    middles = (axis.values[:-1] + axis.values[1:]) / 2 if axis.edges else axis.values
    q = group.create_dataset("Q", data=np.asarray(middles, dtype=np.float64)[kept])
    q.attrs["units"] = plain_unit(axis.unit)
    intensity = group.create_dataset("I", data=spectrum.values[kept])
    intensity.attrs["units"] = _intensity_unit(spectrum.unit)
    if spectrum.errors is not None:
        intensity.attrs["uncertainties"] = "Idev"
        group.create_dataset("Idev", data=spectrum.errors[kept]).attrs["units"] = _intensity_unit(spectrum.unit)
    if axis.errors is not None:
        q.attrs["resolutions"] = "Qdev"
        group.create_dataset("Qdev", data=axis.errors[kept]).attrs["units"] = plain_unit(axis.unit)


def _intensity_unit(unit: str) -> str:
    """Return the unit of I; the definition's word for one that means nothing is ``arbitrary``."""
    return unit.replace("⁻¹", "^-1") if unit else "arbitrary"


def _run_of(data: DataObject) -> str:
    """Return the run's number where the data know it; the definition asks for a text."""
    try:
        logs = data.logs()
    except FrameworkError:
        return ""
    for name in ("run_number", "run"):
        if name in logs:
            return str(logs[name].value)
    return ""

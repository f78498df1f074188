"""Powder runs focused by Mantid: calibrated, or with ``ConvertUnits`` alone, then ``Rebin`` and ``SumSpectra``."""

from pathlib import Path

import numpy as np

from mantidlab.frameworks import mantid
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.mantid_plans import Call, call, carry_out, cleaned, counts_of, spectrum, workspace
from mantidlab.techniques.powder.focusing import Focused
from mantidlab.techniques.powder.settings import PowderSettings
from mantidlab.techniques.runs import OpenRun


def check(settings: PowderSettings, calibration_run: Path | None, save_to: Path | None) -> None:
    """Refuse what Mantid's plan does not have.

    Raises
    ------
    WrongSetting
    """
    if settings.rings > 1 or calibration_run is not None or save_to is not None or settings.source_distance is not None:
        raise WrongSetting(
            "With Mantid, all detectors are focused together, by its instrument definition or a calibration file: "
            "leave rings at 1, and calibration run and distance of the source empty. Mantid makes calibrations with "
            "PDCalibration."
        )


CALIBRATES = "ApplyDiffCal"
"""Came with 6.0, and took the place of ``AlignDetectors``, which 6.13 has no longer."""


def focusing(
    path: Path, edges: tuple[float, ...], settings: PowderSettings, *, calibrates: bool = True
) -> tuple[Call, ...]:
    """Return the calls that make the sum of a run over d-spacing, ``focused``.

    Parameters
    ----------
    calibrates
        Whether this Mantid has `CALIBRATES`.
    """
    run = workspace("run")
    masks: tuple[Call, ...] = ()
    if settings.mask is not None:
        masks = (
            call("LoadMask", InputFile=str(settings.mask), RefWorkspace=run, Instrument=_instrument(path),
                 OutputWorkspace=workspace("mask")),
            call("MaskDetectors", Workspace=run, MaskedWorkspace=workspace("mask")),
        )  # fmt: skip
    convert: tuple[Call, ...] = (call("ConvertUnits", InputWorkspace=run, OutputWorkspace=run, Target="dSpacing"),)
    if settings.calibration is not None:
        file = str(settings.calibration)
        if calibrates:
            convert = (call(CALIBRATES, InstrumentWorkspace=run, CalibrationFile=file), *convert)
        else:
            convert = (call("AlignDetectors", InputWorkspace=run, OutputWorkspace=run, CalibrationFile=file),)
    ratio = edges[1] / edges[0]
    return (
        call("Load", Filename=str(path), OutputWorkspace=run),
        *masks,
        *convert,
        call(
            "Rebin",
            InputWorkspace=run,
            OutputWorkspace=run,
            Params=[edges[0], 1 - ratio, edges[-1]],
            PreserveEvents=False,
        ),
        call("SumSpectra", InputWorkspace=run, OutputWorkspace=workspace("focused"), IncludeMonitors=False),
    )


def focus_run(path: Path, edges: tuple[float, ...], settings: PowderSettings) -> Focused:
    """Focus a run with Mantid.

    Raises
    ------
    AlgorithmFailed
        Mantid refused.
    """
    plan = focusing(path, edges, settings, calibrates=mantid.has_algorithm(CALIBRATES))
    with cleaned(plan):
        carry_out(plan)
        counts = counts_of(spectrum("focused"))
    with OpenRun(path) as run:
        try:
            charge = run.charge()
        except WrongRun:
            charge = float("nan")
        rows = Counts(counts.edges, counts.values[np.newaxis], counts.variances[np.newaxis])
        return Focused(rows, (float("nan"),), charge, run.instrument, run.title, run.number)


def _instrument(path: Path) -> str:
    with OpenRun(path) as run:
        return run.instrument

"""nxspe: inelastic spectra in energy transfer, with the angles of the detectors (definition NXSPE)."""

from typing import Any

import numpy as np

from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.model import Geometry, NotThere
from mantidlab.frameworks.nexus.logs import logs_in, merged, values_in
from mantidlab.frameworks.nexus.quantities import AXES
from mantidlab.frameworks.nexus.reading import (
    Header,
    Reading,
    around,
    in_metres,
    in_radians,
    make_geometry,
    once,
    read_header,
    spherical,
)
from mantidlab.frameworks.nexus.spectra import Rows, SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Group

NAME = "NXSPE"


def recognises(entry: Group) -> bool:
    """Tell whether it says so, or holds data, error, energy and polar angles."""
    data = entry.group("data")
    values = data.numbers("data") if data is not None else None
    if data is None or values is None or len(values.shape) != 2:
        return False
    said = entry.text("definition").upper() == "NXSPE"
    return said or all(data.numbers(name) is not None for name in ("error", "energy", "polar"))


def read(entry: Group) -> Reading:
    """Find the spectra and the directions of their detectors."""
    instrument = entry.group("instrument")
    header = read_header(entry, instrument)
    logs = merged(logs_in(entry.group("sample")), values_in(entry.group("NXSPE_info")), values_in(entry.group("info")))
    shared = around(header, logs, geometry=once(lambda: _geometry(entry, header)))
    data = entry.group("data")
    values = data.numbers("data") if data is not None else None
    parts: tuple[Any, ...] = ()
    count = None
    if data is not None and values is not None:
        count = values.shape[0]
        errors = data.numbers("error")
        parts = (
            SpectraPart(
                entry.name,
                "NXspe",
                shared,
                Values(
                    values,
                    errors if errors is not None and errors.shape == values.shape else None,
                    label="Intensity",
                    unit="",
                ),
                fixed_axis(data.numbers("energy"), AXES["DeltaE"], values.shape[1], entry.name),
                Rows(detectors=lambda: LazySequence(values.shape[0], lambda row: np.array([row]))),
            ),
        )
    return Reading(dialect=NAME, header=header, parts=parts, logs=logs, detectors=count, spectra=count)


def _geometry(entry: Group, header: Header) -> Geometry:
    data = entry.group("data")
    fields = [data.numbers(name) if data is not None else None for name in ("distance", "polar", "azimuthal")]
    distance, polar, azimuthal = fields
    if distance is None or polar is None or azimuthal is None:
        raise NotThere("The file gives no distance, polar and azimuthal angle for its detectors.")
    if not distance.size == polar.size == azimuthal.size:
        raise NotThere("The file gives distances and angles for different numbers of detectors.")
    positions = spherical(in_metres(distance), in_radians(polar), in_radians(azimuthal))
    return make_geometry(header.instrument, np.arange(1, len(positions) + 1), positions)

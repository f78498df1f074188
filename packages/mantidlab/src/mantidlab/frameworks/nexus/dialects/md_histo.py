"""Mantid's multi-dimensional histograms: signal, squared errors and mask on a grid (SaveMD)."""

from typing import Any

import numpy as np

from mantidlab.frameworks.model import Axis
from mantidlab.frameworks.nexus.history import read_history
from mantidlab.frameworks.nexus.logs import logs_in
from mantidlab.frameworks.nexus.part import make_axis
from mantidlab.frameworks.nexus.quantities import unit_text
from mantidlab.frameworks.nexus.reading import Reading, around, once, read_header
from mantidlab.frameworks.nexus.spectra import ImagePart, Values
from mantidlab.frameworks.nexus.tree import Group

NAME = "Mantid multi-dimensional histogram"


def recognises(entry: Group) -> bool:
    """Tell whether there are a signal and squared errors."""
    data = entry.group("data")
    return data is not None and all(data.numbers(name) is not None for name in ("signal", "errors_squared"))


def read(entry: Group) -> Reading:
    """Find the grid."""
    experiment = entry.group("experiment0")
    instrument = experiment.group("instrument") if experiment is not None else None
    folder = experiment.group("logs") if experiment is not None else None
    logs = logs_in(folder)
    header = read_header(experiment or entry, instrument, logs=folder)
    shared = around(header, logs, history=once(lambda: read_history(entry)))
    data = entry.group("data")
    signal = data.numbers("signal") if data is not None else None
    parts: tuple[Any, ...] = ()
    if data is not None and signal is not None:
        errors, mask = data.numbers("errors_squared"), data.numbers("mask")
        same = errors if errors is not None and errors.shape == signal.shape else None
        parts = (
            ImagePart(
                entry.name,
                "MDHistoWorkspace",
                shared,
                Values(
                    signal,
                    same,
                    squared=True,
                    mask=mask if mask is not None and mask.shape == signal.shape else None,
                    label="Signal",
                    unit="",
                ),
                lambda: _axes(data, signal.shape, signal.attribute("axes")),
            ),
        )
    return Reading(dialect=NAME, header=header, parts=parts, logs=logs)


def _axes(data: Group, shape: tuple[int, ...], names: str) -> tuple[Axis, ...]:
    """Return an axis for each dimension, in the order of the attribute ``axes``: the slowest first."""
    named = names.split(":")
    axes = []
    for dimension, count in enumerate(shape):
        field = data.numbers(named[dimension]) if dimension < len(named) and named[dimension] else None
        if field is None or field.shape not in ((count,), (count + 1,)):
            axes.append(Axis(f"dimension {dimension}", f"Dimension {dimension + 1}", "", np.arange(count)))
            continue
        label = field.attribute("long_name") or named[dimension]
        axes.append(make_axis((named[dimension], label, unit_text(field.unit)), field.read(), count))
    return tuple(axes)

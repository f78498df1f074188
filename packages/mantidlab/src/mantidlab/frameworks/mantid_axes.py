"""Mantid's axes as the data model's: kinds, units, bins."""

import numpy as np

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.model import Axis, Numbers
from mantidlab.frameworks.spacing import grows
from mantidlab.frameworks.units import written


def own(view: Numbers) -> Numbers:
    """Return a read-only copy: nothing keeps the memory behind Mantid's views in place.

    It goes with the workspace, algorithms that work in place exchange it, and what an event workspace shows lies in a
    buffer that the next few dozen calls use again.
    """
    copy: Numbers = np.array(view, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def horizontal(workspace: calls.MatrixWorkspace, positions: Numbers, errors: Numbers | None = None) -> Axis:
    """Return the axis along the spectra, with positions that were read already."""
    edges = bool(workspace.isHistogramData())
    if workspace.axes() == 0:  # a single value
        return Axis("", "", "", positions, edges=edges)
    unit = workspace.getAxis(0).getUnit()
    log = positions.ndim == 1 and grows(positions)
    return Axis(unit.unitID(), unit.caption(), written(unit.symbol().utf8()), positions, edges, log, errors)


def vertical(workspace: calls.MatrixWorkspace, count: int) -> Axis:
    """Return the axis across the spectra: their numbers, positions or texts."""
    if workspace.axes() < 2:
        return Axis("spectrum", "Spectrum", "", np.arange(count, dtype=np.float64))
    axis = workspace.getAxis(1)
    if axis.isText():
        return Axis("label", "", "", np.array([str(label) for label in axis.extractValues()], dtype=np.str_))
    values = np.asarray(axis.extractValues(), dtype=np.float64)
    if axis.isSpectra():
        return Axis("spectrum", "Spectrum", "", values)
    unit = axis.getUnit()
    edges = len(values) == count + 1
    return Axis(unit.unitID(), unit.caption(), written(unit.symbol().utf8()), values, edges, grows(values))

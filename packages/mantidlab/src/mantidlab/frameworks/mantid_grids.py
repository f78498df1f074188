"""Mantid's multi-dimensional workspaces: histograms as images, events as a summary."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.mantid_handles import WorkspaceObject
from mantidlab.frameworks.mantid_records import logs_of
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.mantid_texts import text
from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, Log, Numbers, Summary
from mantidlab.frameworks.units import written

# Returns what keeps a workspace in memory for as long as it lives itself.
Keep = Callable[[calls.Workspace], object]


def rounded(limit: float) -> float:
    """Return the number that somebody wrote, of which Mantid keeps single precision: 0.2 of 0.20000000298."""
    single = np.float32(limit)
    return float(str(single)) if float(single) == limit else limit


class _Kept:
    """Memory of a framework as NumPy sees it, and what keeps it in place."""

    def __init__(self, view: Numbers, keeper: object) -> None:
        self.__array_interface__ = view.__array_interface__
        self.keeper = keeper


def kept(view: Numbers, keeper: object) -> Numbers:
    """Return a view of the same memory that holds on to `keeper`; Mantid's own holds on to nothing."""
    array = np.asarray(_Kept(view, keeper))
    array.setflags(write=False)
    return array


class GridEventsObject(WorkspaceObject):
    """Multi-dimensional events; their boxes are Mantid's own, and only a summary is read."""

    _workspace: calls.MDWorkspace
    kind = Kind.OTHER

    def summary(self) -> Summary:
        """Return what it is."""
        workspace = self._workspace
        with fresh(self._name):
            dimensions = [workspace.getDimension(index) for index in range(workspace.getNumDims())]
            events = int(workspace.getNEvents())
            return Summary(
                name=self._name,
                kind=self.kind,
                type=self.type,
                framework="mantid",
                title=text(workspace.getTitle),
                shape=tuple(int(dimension.getNBins()) for dimension in dimensions),
                dims=tuple(dimension.name for dimension in dimensions),
                instrument=self._instrument(),
                memory=int(workspace.getMemorySize()),
                events=events if self.kind is Kind.OTHER else None,
                notes={
                    dimension.name: f"{rounded(dimension.getMinimum()):g} to {rounded(dimension.getMaximum()):g} "
                    f"{written(dimension.getUnits())}".rstrip()
                    for dimension in dimensions
                },
            )

    def logs(self) -> Mapping[str, Log]:
        """Return the sample logs of the first measurement behind it."""
        with fresh(self._name):
            if self._workspace.getNumExperimentInfo() == 0:
                raise self._absent("sample logs")
            return logs_of(lambda: self._workspace.getExperimentInfo(0).run(), self._name)

    def _instrument(self) -> str:
        if self._workspace.getNumExperimentInfo() == 0:
            return ""
        return self._workspace.getExperimentInfo(0).getInstrument().getName()


class GridObject(GridEventsObject):
    """A multi-dimensional histogram."""

    _workspace: calls.MDHistoWorkspace
    kind = Kind.IMAGE

    def __init__(self, workspace: calls.MDHistoWorkspace, keep: Keep) -> None:
        super().__init__(workspace)
        self._keep = keep

    def image(self) -> Image:
        """Return all values as a view of Mantid's memory, which stays as long as the array does; the errors are new.

        A bin that Mantid masks holds NaN. The values are sums, not yet divided by a number of events.
        """
        workspace = self._workspace
        with fresh(self._name):
            keeper = self._keep(workspace)
            axes, frames = self._axes()
            values = kept(workspace.getSignalArray(), keeper)
            errors = np.sqrt(workspace.getErrorSquaredArray())
            errors.setflags(write=False)
            return Image(axes, values, errors, label="Signal", directions=self._directions(frames))

    def spectra(self) -> Sequence[Histogram]:
        """Return the one spectrum of a histogram that is longer than one bin in one dimension only."""
        image = self.image()
        long = [index for index, axis in enumerate(image.axes) if axis.size > 1]
        if len(long) > 1:
            raise self._absent(f"spectra: it has {len(long)} dimensions; cut it along one of them")
        axis = image.axes[long[0] if long else 0]
        errors = None if image.errors is None else image.errors.ravel(order="K")
        found = Histogram(axis, image.values.ravel(order="K"), errors, label=image.label, name=self._name)
        return LazySequence(1, lambda index: found)

    def _axes(self) -> tuple[tuple[Axis, ...], list[str]]:
        axes, frames = [], []
        for index in range(self._workspace.getNumDims()):
            dimension = self._workspace.getDimension(index)
            low, high = rounded(dimension.getMinimum()), rounded(dimension.getMaximum())
            edges = np.linspace(low, high, int(dimension.getNBins()) + 1)
            axes.append(Axis(dimension.name, dimension.name, written(dimension.getUnits()), edges, edges=True))
            frames.append(dimension.getMDFrame().name())
        return tuple(axes), frames

    def _directions(self, frames: list[str]) -> Numbers | None:
        """Return the directions of axes in h, k and l, from the crystal and the projection (log ``W_MATRIX``)."""
        crystal = [index for index, frame in enumerate(frames) if frame == "HKL"]
        if len(crystal) < 2 or self._workspace.getNumExperimentInfo() == 0:
            return None
        measured = self._workspace.getExperimentInfo(0)
        sample = measured.sample()
        if not sample.hasOrientedLattice():
            return None
        run = measured.run()
        projection = np.eye(3)
        if run.hasProperty("W_MATRIX"):
            projection = np.array(list(run.getProperty("W_MATRIX").value), dtype=np.float64).reshape(3, 3)
        towards: Any = np.asarray(sample.getOrientedLattice().getB()) @ projection
        return directions(towards[:, : len(crystal)].T, crystal, len(frames))


def directions(vectors: Numbers, crystal: list[int], dimensions: int) -> Numbers | None:
    """Return unit vectors of all axes in a frame of as many dimensions, None if they stand at right angles.

    `vectors` are those of the axes `crystal`, shape (len(crystal), 3); further axes (energy) stand at right angles to
    them and to each other.
    """
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    angles = units @ units.T  # cosines between the axes
    if np.allclose(angles, np.eye(len(crystal)), atol=1e-6):
        return None
    found = np.eye(dimensions)
    found[np.ix_(crystal, crystal)] = np.linalg.cholesky(angles)
    return found

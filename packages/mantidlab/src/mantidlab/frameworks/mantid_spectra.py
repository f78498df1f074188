"""Mantid's matrix workspaces: histograms, points, events, masks, groupings, single values."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.mantid_axes import horizontal, own, vertical
from mantidlab.frameworks.mantid_geometry import geometry_of
from mantidlab.frameworks.mantid_handles import WorkspaceObject
from mantidlab.frameworks.mantid_records import logs_of
from mantidlab.frameworks.mantid_stale import STALE, fresh
from mantidlab.frameworks.mantid_texts import text
from mantidlab.frameworks.model import Axis, Geometry, Histogram, Image, Kind, Log, Mask, NotThere, Numbers, Summary


class MatrixObject(WorkspaceObject):
    """Spectra of a matrix workspace, each read when it is asked for and then its reader's own."""

    _workspace: calls.MatrixWorkspace
    kind = Kind.SPECTRA

    def summary(self) -> Summary:
        """Return what it is."""
        workspace = self._workspace
        with fresh(self._name):
            spectra = workspace.getNumberHistograms()
            shape = (spectra, self._bins())
            return Summary(
                name=self._name,
                kind=self.kind,
                type=self.type,
                framework="mantid",
                title=text(workspace.getTitle),
                shape=shape,
                dims=(self._across().label or "Spectrum", self._along_label()),
                unit=self._unit(),
                instrument=workspace.getInstrument().getName(),
                memory=int(workspace.getMemorySize()),
            )

    def spectra(self) -> Sequence[Histogram]:
        """Return the spectra; each is read when it is asked for."""
        with fresh(self._name):
            count = self._workspace.getNumberHistograms()
            make = self._reader(count)

            def read(index: int) -> Histogram:
                with fresh(self._name):
                    return make(index)

            return LazySequence(count, read)

    def image(self) -> Image:
        """Return all spectra as rows of one grid (one copy, which Mantid makes).

        Where each spectrum has bins of its own, the last axis holds them as rows.
        """
        workspace = self._workspace
        with fresh(self._name):
            try:
                workspace.blocksize()
            except RuntimeError as error:
                if STALE in str(error):
                    raise
                raise NotThere(
                    f"The spectra of {self._name!r} differ in length, so that they make no image; "
                    "rebin them to common bins first."
                ) from error
            along = own(workspace.readX(0)) if workspace.isCommonBins() else _sealed(workspace.extractX())
            values, errors = _sealed(workspace.extractY()), _sealed(workspace.extractE())
            return self._image(horizontal(workspace, along), values, errors)

    def _image(self, along: Axis, values: Numbers, errors: Numbers) -> Image:
        rows, bins = values.shape
        masked = self._masks(rows)
        mask: Mask | None = None
        marks = [masked(row, bins) for row in range(rows)]
        if any(mark is not None for mark in marks):
            none = np.zeros(bins, dtype=np.bool_)
            mask = np.array([none if mark is None else mark for mark in marks])
        return Image(
            axes=(vertical(self._workspace, rows), along),
            values=values,
            errors=errors,
            mask=mask,
            label=self._workspace.YUnitLabel(),
            unit=self._unit(),
            distribution=bool(self._workspace.isDistribution()),
        )

    def geometry(self) -> Geometry:
        """Return where the detectors are."""
        with fresh(self._name):
            return geometry_of(self._workspace, self._name)

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return for each spectrum the indices of its detectors in the geometry."""
        with fresh(self._name):
            count = self._workspace.getNumberHistograms()
            if self._workspace.detectorInfo().size() == 0:
                raise self._absent("detectors")

        def read(index: int) -> NDArray[np.integer[Any]]:
            with fresh(self._name):
                definition = self._workspace.spectrumInfo().getSpectrumDefinition(index)
                found = [definition[item][0] for item in range(definition.size())]
                return np.array(found, dtype=np.int64)

        return LazySequence(count, read)

    def logs(self) -> Mapping[str, Log]:
        """Return the sample logs by name."""
        return logs_of(self._workspace.run, self._name)

    def _bins(self) -> int:
        longest = getattr(self._workspace, "getMaxNumberBins", None)
        if longest is not None:
            return int(longest())
        try:
            return int(self._workspace.blocksize())
        except RuntimeError as error:
            if STALE in str(error):
                raise
        return max(len(self._workspace.readY(index)) for index in range(self._workspace.getNumberHistograms()))

    def _along_label(self) -> str:
        if self._workspace.axes() == 0:
            return ""
        return self._workspace.getAxis(0).getUnit().caption()

    def _across(self) -> Axis:
        """Return the vertical axis without its values."""
        if self._workspace.axes() < 2:
            return Axis("spectrum", "Spectrum", "", np.zeros(0))
        axis = self._workspace.getAxis(1)
        label = "Spectrum" if axis.isSpectra() else axis.getUnit().caption()
        return Axis("", label, "", np.zeros(0))

    def _unit(self) -> str:
        unit = self._workspace.YUnit()
        unit = "counts" if unit == "Counts" else unit
        if self._workspace.isDistribution() and unit and self._workspace.axes():
            along = horizontal(self._workspace, np.zeros(0)).unit
            return f"{unit}/{along}" if along else unit
        return unit

    def _names(self) -> Callable[[int], str]:
        workspace = self._workspace
        if workspace.axes() < 2:
            return lambda index: self._name
        axis = workspace.getAxis(1)
        if axis.isSpectra():
            return lambda index: f"spectrum {workspace.getSpectrum(index).getSpectrumNo()}"
        return lambda index: str(workspace.getAxis(1).label(index))

    def _masks(self, count: int) -> Callable[[int, int], Mask | None]:
        """Return what tells the mask of spectrum `index` with so many bins."""
        workspace = self._workspace
        detectors = workspace.detectorInfo()
        any_masked = getattr(detectors, "hasMaskedDetectors", None)
        look = bool(detectors.size()) and (any_masked is None or bool(any_masked()))
        has_bins = getattr(workspace, "hasMaskedBins", None)
        bins_of = getattr(workspace, "maskedBinsIndices", None)

        def mask(index: int, bins: int) -> Mask | None:
            if look:
                behind = workspace.spectrumInfo()
                if behind.hasDetectors(index) and behind.isMasked(index):
                    return np.ones(bins, dtype=np.bool_)
            if has_bins is None or bins_of is None or not has_bins(index):
                return None
            marks = np.zeros(bins, dtype=np.bool_)
            marks[list(bins_of(index))] = True
            return marks

        return mask

    def _reader(self, count: int) -> Callable[[int], Histogram]:
        workspace = self._workspace
        names, masks, unit, label = self._names(), self._masks(count), self._unit(), workspace.YUnitLabel()
        distribution = bool(workspace.isDistribution())
        common: list[Axis] = []
        shared = bool(workspace.isCommonBins())

        def along(index: int) -> Axis:
            resolution = own(workspace.readDx(index)) if workspace.hasDx(index) else None
            if resolution is not None or not shared:
                return horizontal(workspace, own(workspace.readX(index)), resolution)
            if not common:
                common.append(horizontal(workspace, own(workspace.readX(0))))
            return common[0]

        def make(index: int) -> Histogram:
            values, errors = own(workspace.readY(index)), own(workspace.readE(index))
            axis, mask = along(index), masks(index, len(values))
            return Histogram(axis, values, errors, mask, label, unit, names(index), distribution)

        return make


def _sealed(array: Numbers) -> Numbers:
    array.setflags(write=False)
    return array


class EventsObject(MatrixObject):
    """A matrix workspace that still has its events."""

    _workspace: calls.EventWorkspace
    kind = Kind.EVENTS

    def summary(self) -> Summary:
        """Return what it is."""
        found = super().summary()
        with fresh(self._name):
            return Summary(**{**vars(found), "events": int(self._workspace.getNumberEvents())})

    def binned(self, edges: Numbers) -> "BinnedEvents":
        """Return it with bins of one's own; Mantid's own workspace stays as it is."""
        chosen = np.array(edges, dtype=np.float64)
        if chosen.ndim != 1 or len(chosen) < 2 or not (np.diff(chosen) > 0).all():
            raise NotThere(f"Bins need two edges or more, each larger than the one before; these are {edges!r}.")
        return BinnedEvents(self._workspace, _sealed(chosen))


class BinnedEvents(EventsObject):
    """The events of a workspace in bins that somebody chose; each spectrum is counted when it is asked for."""

    def __init__(self, workspace: calls.EventWorkspace, edges: Numbers) -> None:
        super().__init__(workspace)
        self._edges = edges

    def image(self) -> Image:
        """Count all spectra (one after the other) into one grid."""
        with fresh(self._name):
            rows = self._workspace.getNumberHistograms()
            values = np.empty((rows, self._bins()))
            errors = np.empty_like(values)
            for row in range(rows):
                values[row], errors[row] = self._count(row)
            return self._image(horizontal(self._workspace, self._edges), _sealed(values), _sealed(errors))

    def _bins(self) -> int:
        return len(self._edges) - 1

    def _count(self, index: int) -> tuple[Numbers, Numbers]:
        events: Any = self._workspace.getSpectrum(index)
        where = events.getTofs()
        counts, _ = np.histogram(where, self._edges, weights=events.getWeights())
        squares, _ = np.histogram(where, self._edges, weights=np.square(events.getWeightErrors()))
        return _sealed(counts), _sealed(np.sqrt(squares))

    def _reader(self, count: int) -> Callable[[int], Histogram]:
        axis = horizontal(self._workspace, self._edges)
        names, masks, unit, label = self._names(), self._masks(count), self._unit(), self._workspace.YUnitLabel()

        def make(index: int) -> Histogram:
            values, errors = self._count(index)
            return Histogram(axis, values, errors, masks(index, len(values)), label, unit, names(index))

        return make

"""Spectra and images that lie in a dataset: read row by row, or whole where that fits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, Mask, NotThere, Numbers
from mantidlab.frameworks.nexus.part import SUM_LIMIT, Part, Surroundings, frozen, make_axis
from mantidlab.frameworks.nexus.quantities import unit_text
from mantidlab.frameworks.nexus.tree import Field

SUM_BLOCK = 16 * 2**20
"""Bytes that are read at a time to add values up."""

COUNTS = "counts"


@dataclass(frozen=True, eq=False)
class Values:
    """Where values and their errors lie.

    Attributes
    ----------
    values
        The last dimension runs along the spectrum.
    errors
        Of the same shape; None for the square roots of counts.
    before
        Indices of the leading dimensions that are not spectra, such as the period.
    squared
        Whether the errors are stored as squares.
    mask
        Of the same shape, not 0 where a value must not be used.
    label, unit
        Of the values; they are added up if the unit is ``counts``.
    distribution
        Whether the values are divided by the width of their bins.
    """

    values: Field
    errors: Field | None = None
    before: tuple[int, ...] = ()
    squared: bool = False
    mask: Field | None = None
    label: str = "Counts"
    unit: str = COUNTS
    distribution: bool = False


@dataclass(frozen=True, eq=False)
class Rows:
    """What is known of the spectra besides their values.

    Attributes
    ----------
    name
        Makes the name of a spectrum from its index.
    axis
        Makes the axis along the spectra: their numbers, angles or momentum transfers.
    detectors
        Makes the list of the detectors of each.
    masks
        Tells what is masked.
    """

    name: Callable[[int], str] | None = None
    axis: Callable[[], Axis] | None = None
    detectors: Callable[[], Sequence[NDArray[Any]]] | None = None
    masks: "RowMasks | None" = None


class RowMasks(Protocol):
    """What tells which values of spectra are masked; None stands for none."""

    def of(self, row: int, bins: int) -> Mask | None:
        """Return the mask of one spectrum, shape (bins,)."""

    def of_all(self, rows: int, bins: int) -> Mask | None:
        """Return the masks of all, shape (rows, bins)."""


def add_up(field: Field, before: tuple[int, ...] = ()) -> float | None:
    """Add up a dataset in blocks; None where it is larger than anybody waits for. What is not finite is left out."""
    shape = field.shape[len(before) :]
    size = prod(shape)
    if size > SUM_LIMIT:
        return None
    if not shape:
        return float(field.read(*before)[()])
    row = max(1, size // max(1, shape[0])) * field.dtype.itemsize
    step = max(1, SUM_BLOCK // row)
    if field.chunks is not None and len(field.chunks) > len(before):
        step = max(step, field.chunks[len(before)])
    total: float = 0
    for start in range(0, shape[0], step):
        block = field.read(*before, slice(start, start + step))
        if block.dtype.kind == "f":
            total += float(np.sum(block, where=np.isfinite(block), dtype=np.float64))
        else:
            total += int(np.sum(block, dtype=np.int64))
    return total


class SpectraPart(Part):
    """Spectra in one dataset of spectra × bins."""

    kind = Kind.SPECTRA

    def __init__(
        self,
        name: str,
        type_name: str,
        around: Surroundings,
        where: Values,
        axis: Callable[[int], Axis],
        rows: Rows | None = None,
    ) -> None:
        super().__init__(name, type_name, around)
        self._where = where
        self._axis = axis
        self._rows = rows or Rows()
        below = where.values.shape[len(where.before) :]
        self._leading = below[:-1]
        count = prod(self._leading)
        self.shape = (count, below[-1] if below else 1)
        self.dims = ("spectrum", "bin")
        self.unit = where.unit
        self.nbytes = count * self.shape[1] * 8

    def counts(self) -> float | None:
        """Return the sum, if these are counts."""
        return add_up(self._where.values, self._where.before) if self.unit == COUNTS else None

    def spectra(self) -> Sequence[Histogram]:
        """Return the spectra in the file's order."""
        return LazySequence(self.shape[0], self._one)

    def image(self) -> Image:
        """Return spectra × bins, for spectra that share their axis."""
        # The values first: if they are too many to read, nothing else is made.
        values = self._read(slice(None)).reshape(self.shape)
        errors = self._read_errors(values, slice(None))
        axis = self._axis(0)
        rows = self._rows.axis() if self._rows.axis is not None else self._numbers()
        return Image(
            axes=(rows, axis),
            values=frozen(values),
            errors=frozen(errors.reshape(self.shape)),
            mask=self._rows.masks.of_all(*self.shape) if self._rows.masks is not None else None,
            label=self._where.label,
            unit=self.unit,
            distribution=self._where.distribution,
        )

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return the detectors of each spectrum, if the file tells."""
        if self._rows.detectors is None:
            raise self._absent("detectors for its spectra")
        return self._rows.detectors()

    def _one(self, index: int) -> Histogram:
        place = tuple(int(part) for part in np.unravel_index(index, self._leading)) if self._leading else ()
        values = self._read(*place)
        return Histogram(
            axis=self._axis(index),
            values=frozen(values),
            errors=frozen(self._read_errors(values, *place)),
            mask=self._rows.masks.of(index, len(values)) if self._rows.masks is not None else None,
            label=self._where.label,
            unit=self.unit,
            name=self._rows.name(index) if self._rows.name is not None else f"spectrum {index + 1}",
            distribution=self._where.distribution,
        )

    def _numbers(self) -> Axis:
        return Axis("spectrum", "Spectrum", "", np.arange(1, self.shape[0] + 1))

    def _read(self, *place: int | slice) -> Numbers:
        return np.asarray(self._where.values.read(*self._where.before, *place), dtype=np.float64)

    def _read_errors(self, values: Numbers, *place: int | slice) -> Numbers:
        if self._where.errors is None:
            return np.sqrt(np.abs(values))
        errors = np.asarray(self._where.errors.read(*self._where.before, *place), dtype=np.float64)
        return np.sqrt(errors) if self._where.squared else errors.reshape(values.shape)


class ImagePart(Part):
    """Values on a grid of any number of dimensions."""

    kind = Kind.IMAGE

    def __init__(
        self,
        name: str,
        type_name: str,
        around: Surroundings,
        where: Values,
        axes: Callable[[], tuple[Axis, ...]],
        spectra: SpectraPart | None = None,
    ) -> None:
        super().__init__(name, type_name, around)
        self._where = where
        self._axes = axes
        self._spectra = spectra
        self.shape = where.values.shape
        self.dims = tuple(f"dimension {number}" for number in range(len(self.shape)))
        self.unit = where.unit
        self.nbytes = prod(self.shape) * 8

    def counts(self) -> float | None:
        """Return the sum, if these are counts."""
        return add_up(self._where.values) if self.unit == COUNTS else None

    def spectra(self) -> Sequence[Histogram]:
        """Return a spectrum for each place of the detector, if the last axis is one of time."""
        if self._spectra is None:
            raise self._absent("spectra")
        return self._spectra.spectra()

    def image(self) -> Image:
        """Return all values."""
        values = np.asarray(self._where.values.read(), dtype=np.float64)
        errors = self._where.errors
        if errors is None:
            deviation = np.sqrt(np.abs(values)) if self.unit == COUNTS else None
        else:
            stored = np.asarray(errors.read(), dtype=np.float64)
            deviation = np.sqrt(np.abs(stored)) if self._where.squared else stored
        mask = self._where.mask.read().astype(bool) if self._where.mask is not None else None
        if mask is not None and (mask.shape != values.shape or not mask.any()):
            mask = None
        return Image(
            axes=self._axes(),
            values=frozen(values),
            errors=frozen(deviation) if deviation is not None else None,
            mask=mask,
            label=self._where.label,
            unit=self.unit,
        )


def fixed_axis(field: Field | None, words: tuple[str, str, str], count: int, name: str) -> Callable[[int], Axis]:
    """Return what makes the axis that all spectra of `name` share: of the file's unit if it says one, read once.

    Without a dataset, or with one that does not fit `count` bins, the bins are numbered.
    """
    read: list[Axis] = []

    def axis(_: int) -> Axis:
        if not read:
            fits = field is not None and len(field.shape) == 1 and field.shape[0] in (count, count + 1)
            if field is None or not fits:
                if count > 10**8:
                    raise NotThere(f"{name} has {count} bins and no axis.")
                read.append(Axis("bin", "Bin", "", np.arange(count)))
            else:
                unit = unit_text(field.unit) or words[2]
                read.append(make_axis((words[0], words[1], unit), field.read(), count))
        return read[0]

    return axis

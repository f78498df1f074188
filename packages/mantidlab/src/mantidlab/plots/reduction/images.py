"""Images of any size for a picture of any size: sum, maximum, minimum and count of the bins in each pixel.

Small windows are worked out from the values. For large ones a pyramid of coarser and coarser cells is made once, in one
pass over the values, and takes less than a tenth of their memory.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.cells import Cells, columns_joined, rows_joined, rows_of_values
from mantidlab.plots.reduction.groups import Groups
from mantidlab.plots.reduction.levels import Level, base_grain, built
from mantidlab.plots.reduction.pixels import Pixels, by_index, snapped
from mantidlab.plots.reduction.working import Asked, never, share

Array: TypeAlias = NDArray[Any]

FEW = 1 << 24
"""Up to so many values, a window is worked out from the values themselves (20 ms on two cores)."""
MANY = 1 << 26
"""Cells are at most half as long as a pixel; beyond so many values as long, and beyond twice as many twice as long."""
TALL = 1 << 17
"""Cells of pixel rows whose columns have not been joined yet, for each thread: few enough to stay in its cache."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What each pixel of a picture stands for; arrays of shape (pixel rows, pixel columns).

    Attributes
    ----------
    sum, maximum, minimum
        Of the values in a pixel that are not missing; NaN where there is none. float64; the extremes float32 where the
        values are.
    count
        How many are not missing.
    rows, columns
        Which bins each pixel holds, exactly: the boundaries that were asked for, moved to multiples of `grain`.
    grain
        Rows and columns of bins; (1, 1) if no boundary was moved. A moved boundary is at most half a grain from
        where it was asked for, and a grain is at most half a pixel; one where that would need the sum of more than
        `MANY` values, two where more than twice as many.
    """

    sum: Array
    maximum: Array
    minimum: Array
    count: Array
    rows: Pixels
    columns: Pixels
    grain: tuple[int, int]

    @property
    def mean(self) -> Array:
        """Sum divided by count; NaN where there is no value."""
        return np.divide(self.sum, self.count, out=np.full(self.sum.shape, np.nan), where=self.count > 0)

    @property
    def bins_per_pixel(self) -> tuple[float, float]:
        """Rows and columns that a pixel stands for; below 1 where bins are wider than pixels."""
        return self.rows.bins_per_pixel, self.columns.bins_per_pixel

    @property
    def total(self) -> float:
        """The sum over all bins in the picture, each counted once."""
        own = ~self.rows.repeated[:, None] & ~self.columns.repeated[None, :]
        return float(np.sum(self.sum, where=own & (self.count > 0)))


class ImageReducer:
    """A two-dimensional array, ready to be drawn in any window.

    Parameters
    ----------
    values
        Shape (rows, columns), of any real type; a view, transposed or memory-mapped array is read where it is.
    mask
        Of a shape that broadcasts to that of the values, True for what is missing; None for nothing.

    Raises
    ------
    WrongArgument
        The values are not two-dimensional or not real numbers, or the mask does not fit.
    """

    def __init__(self, values: Any, mask: Any = None) -> None:
        array = values if isinstance(values, np.ndarray) else np.asarray(values)
        if array.ndim != 2 or array.dtype.kind not in "fiub":
            raise WrongArgument(f"An image needs two dimensions of real numbers, not {array.dtype} of {array.shape}.")
        self.shape: tuple[int, int] = array.shape
        covered = None if mask is None else np.broadcast_to(np.asarray(mask, dtype=bool), array.shape)
        # Rows are to be what lies together in memory.
        self._turned = abs(array.strides[0]) < abs(array.strides[1])
        self._values = array.T if self._turned else array
        self._mask = covered.T if self._turned and covered is not None else covered
        self._levels: tuple[Level, ...] = ()
        self._making = Lock()

    @property
    def bytes(self) -> int:
        """Memory that the pyramid takes; 0 until it has been made."""
        return sum(level.cells.bytes for level in self._levels)

    def whole(self, pixel_rows: int, pixel_columns: int, *, cancelled: Asked = never) -> Picture:
        """Return a picture of everything, of at most so many pixels and no more than there are bins."""
        rows, columns = (
            by_index(0, size, min(pixels, size), size) if size else by_index(0, 1, 1, 0)
            for size, pixels in zip(self.shape, (pixel_rows, pixel_columns), strict=True)
        )
        return self.picture(rows, columns, cancelled=cancelled)

    def picture(self, rows: Pixels, columns: Pixels, *, cancelled: Asked = never) -> Picture:
        """Return what each pixel stands for.

        Parameters
        ----------
        rows, columns
            Which bins belong to which pixels, from `by_index` or `by_position`.
        cancelled
            Asked every few milliseconds.

        Raises
        ------
        Cancelled
            `cancelled` said so.
        """
        across, along = (columns, rows) if self._turned else (rows, columns)
        cells, grain, across, along = self._pixels(across, along, cancelled)
        arrays = [cells.sum, cells.largest, cells.smallest, cells.count]
        if self._turned:
            arrays = [array.T for array in arrays if array is not None]
            across, along, grain = along, across, (grain[1], grain[0])
        total, largest, smallest, count = arrays
        missing = count == 0
        if missing.any():
            for array in (total, largest, smallest):
                array[missing] = np.nan
        return Picture(total, largest, smallest, count, across, along, grain)

    def _pixels(self, across: Pixels, along: Pixels, cancelled: Asked) -> tuple[Cells, tuple[int, int], Pixels, Pixels]:
        level = self._level(across, along, cancelled)
        grain = (1, 1) if level is None else level.grain
        across, along = (
            snapped(pixels, step, size)
            for pixels, step, size in zip((across, along), grain, self._values.shape, strict=True)
        )
        rows, which = Groups(across.start, across.stop).distinct()  # many pixels may show one row that is high
        columns = Groups(along.start, along.stop)
        out = Cells.empty((rows.count, columns.count), self._values.dtype, max(rows.longest * columns.longest, 1))
        window = slice(columns.span.start // grain[1], -(-columns.span.stop // grain[1]))
        columns_there = columns.of_grains(grain[1], window.start)

        def fill(piece: slice) -> None:
            tall = self._tall(level, rows.part(piece), window)
            full = np.outer(rows.lengths[piece], columns.lengths)
            out.put(piece, columns_joined(tall, columns_there), full)

        height = max(1, min(32, TALL // max(1, window.stop - window.start)))
        pieces = [slice(first, min(first + height, rows.count)) for first in range(0, rows.count, height)]
        share(fill, pieces, cancelled=cancelled)
        return out if rows.count == across.count else out.part(which), grain, across, along

    def _tall(self, level: Level | None, rows: Groups, window: slice) -> Cells:
        """Join the rows of pixels, columns as they are in the values or in a level."""
        if level is not None:
            return rows_joined(level.cells.part((slice(None), window)), rows.of_grains(level.grain[0]))
        mask = None if self._mask is None else self._mask[:, window]
        return rows_of_values(self._values[:, window], mask, rows)

    def _level(self, across: Pixels, along: Pixels, cancelled: Asked) -> Level | None:
        """Return the coarsest level whose cells are small enough for these pixels, None for the values themselves."""
        asked = _length(across) * _length(along)
        if asked <= FEW or self._values.size <= FEW:
            return None
        wanted = [max(1.0, pixels.bins_per_pixel) for pixels in (across, along)]
        room = 0.5 if asked <= MANY else 1.0 if asked <= 2 * MANY else 2.0
        if not _fits(base_grain(self._values.shape), wanted, room):
            return None
        with self._making:
            if not self._levels:
                self._levels = built(self._values, self._mask, cancelled=cancelled)
        for share_of_pixel in (0.5, 1.0, 2.0):
            for level in reversed(self._levels):
                if share_of_pixel <= room and _fits(level.grain, wanted, share_of_pixel):
                    return level
        return None


def _length(pixels: Pixels) -> int:
    span = Groups(pixels.start, pixels.stop).span
    return int(span.stop - span.start)


def _fits(grain: tuple[int, int], wanted: list[float], room: float) -> bool:
    return all(step == 1 or step <= room * bins for step, bins in zip(grain, wanted, strict=True))

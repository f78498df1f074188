"""Which bins of an axis belong to which pixels."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.scales import Scale

Array: TypeAlias = NDArray[Any]
LINEAR = Scale()


@dataclass(frozen=True, eq=False)
class Pixels:
    """Bins ``start[p]`` to ``stop[p] − 1`` belong to pixel p.

    Attributes
    ----------
    start, stop
        Integers of shape (pixels,). Both rise, or both fall for an axis whose positions fall. Equal where a pixel lies
        beside the data.
    repeated
        True where a pixel lies within a bin that another pixel counts already (a bin wider than a pixel): it is shown,
        but adding pixels must not count it again. Shape (pixels,).
    """

    start: Array
    stop: Array
    repeated: Array

    @property
    def count(self) -> int:
        """Pixels."""
        return int(self.start.shape[0])

    @property
    def bins_per_pixel(self) -> float:
        """The median over pixels that hold something; below 1 where bins are wider than pixels. 0 if none does."""
        inside = self.stop > self.start
        if not inside.any():
            return 0.0
        own = inside & ~self.repeated
        held = float(np.median((self.stop - self.start)[own])) if own.any() else 1.0
        return held * float(own.sum() / inside.sum())


def by_index(low: float, high: float, pixels: int, size: int) -> Pixels:
    """Share out the bins `low` to `high` of an axis of `size` evenly spaced bins, bin i reaching from i to i + 1.

    `low` and `high` may be fractions, and lie outside the axis. A bin belongs to the pixel that its middle lies in; a
    pixel without any shows the bin that its own middle lies in.

    Raises
    ------
    WrongArgument
        `high` is not above `low`, or there is no pixel.
    """
    return _shared_out(LINEAR.boundaries(low, high, pixels), LINEAR, np.arange(size + 1, dtype=np.float64))


def by_position(positions: Any, low: float, high: float, pixels: int, *, edges: bool, scale: Scale = LINEAR) -> Pixels:
    """Share out bins or points of any widths over evenly spaced pixels from position `low` to `high` on a scale.

    Parameters
    ----------
    positions
        Rising or falling, shape (n + 1,) for edges and (n,) for points; between two points the boundary is half way.
        Not finite at the ends: those bins belong to no pixel.

    Raises
    ------
    WrongArgument
        There is no such window on this scale, or the positions neither rise nor fall.
    """
    found = np.asarray(positions, dtype=np.float64)
    limits = found if edges else edges_between(found)
    usable = np.flatnonzero(np.isfinite(limits))
    inner = limits[usable]
    if usable.size and usable[-1] - usable[0] + 1 != usable.size:
        raise WrongArgument("Positions along an axis are not finite in its midst, so its bins have no order.")
    boundaries = scale.boundaries(low, high, pixels)
    if inner.size < 2:
        return _shared_out(boundaries, scale, inner[:0])
    offset = int(usable[0])
    step = np.diff(inner)
    if (step >= 0).all():
        shared = _shared_out(boundaries, scale, inner)
        return Pixels(shared.start + offset, shared.stop + offset, shared.repeated)
    if (step <= 0).all():
        shared, last = _shared_out(boundaries, scale, inner[::-1]), offset + inner.size - 1
        return Pixels(last - shared.stop, last - shared.start, shared.repeated)
    raise WrongArgument("Positions along an axis neither rise nor fall, so its bins have no order.")


def edges_between(points: Any) -> Array:
    """Return edges half way between points, and as far beyond the first and the last: (n,) → (n + 1,)."""
    found = np.asarray(points, dtype=np.float64)
    if found.size < 2:
        return np.concatenate([found - 0.5, found[-1:] + 0.5])
    half = (found[1:] + found[:-1]) / 2
    return np.concatenate([[2 * found[0] - half[0]], half, [2 * found[-1] - half[-1]]])


def snapped(pixels: Pixels, grain: int, size: int) -> Pixels:
    """Move boundaries to whole multiples of `grain` bins (the end of the axis stays), by half of it at most.

    Every bin still belongs to one pixel, so sums and maxima of the whole stay exact; at the two ends of the window
    bins may be gained or lost. A pixel that is left without a bin shows the grain that it lies in.
    """
    if grain == 1:
        return pixels

    def moved(index: Array) -> Array:
        return np.where(index >= size, size, np.minimum((index + grain // 2) // grain * grain, size))

    start, stop = moved(pixels.start), moved(pixels.stop)
    around = pixels.start // grain * grain
    emptied = stop <= start
    shows = emptied & (pixels.stop > pixels.start)
    start = np.where(emptied, around, start)
    stop = np.where(shows, np.minimum(around + grain, size), np.where(emptied, around, stop))
    return Pixels(start, stop, pixels.repeated | shows)


def _shared_out(boundaries: Array, scale: Scale, edges: Array) -> Pixels:
    """Share out bins between rising edges (n + 1,) over pixels between rising boundaries (pixels + 1,)."""
    pixels = boundaries.size - 1
    if edges.size < 2:
        nothing = np.zeros(pixels, np.int64)
        return Pixels(nothing, nothing, nothing.astype(bool))
    middles = scale.place(edges)
    middles = (middles[1:] + middles[:-1]) / 2  # NaN below zero on a logarithmic scale: those have no place
    unplaced = int(np.isnan(middles).sum())
    cut = unplaced + np.searchsorted(middles[unplaced:], scale.place(boundaries), side="left")
    start, stop = cut[:-1], cut[1:].copy()
    own = stop > start
    middle = scale.position((scale.place(boundaries[:-1]) + scale.place(boundaries[1:])) / 2)
    around = np.searchsorted(edges, middle, side="right") - 1
    shows = ~own & (around >= 0) & (around < edges.size - 1)
    start = np.where(shows, around, start)
    stop = np.where(shows, around + 1, stop)
    return Pixels(start, stop, shows & _counted_elsewhere(start, cut[0], cut[-1], shows))


def _counted_elsewhere(start: Array, first: int, last: int, shows: Array) -> Array:
    """Tell which pixels show a bin that another pixel counts, or that an earlier pixel shows."""
    again = np.concatenate([[False], (start[1:] == start[:-1]) & shows[1:] & shows[:-1]])
    return np.asarray(((start >= first) & (start < last)) | again)

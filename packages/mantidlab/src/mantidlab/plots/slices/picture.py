"""A window of a plane as the page draws it: a value and a flag for each group of bins, and where the groups lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.reduction.images import ImageReducer
from mantidlab.plots.reduction.scales import Scale
from mantidlab.plots.slices.groups import LINEAR, Groups, answered, asked, grouped
from mantidlab.plots.slices.limits import Limits, limits_of
from mantidlab.plots.slices.plane import Plane
from mantidlab.plots.slices.ragged import drawn_rows

# Flags of a group; the drawing on the page has the same numbers.
MASKED = 1
PARTLY_MASKED = 2
NOTHING = 4
INFINITE = 8
MINUS_INFINITE = 16

WHOLE = 512
"""Pixels along each side of the picture of a whole plane that automatic limits are made from."""

STANDS = ("max", "mean", "sum")
"""What a pixel of many bins can show; the first if nobody says, since it hides nothing."""

SINGLE = 1e37
"""Beyond this, or all below its inverse, values are divided before they are sent in single precision."""


@dataclass(frozen=True)
class Window:
    """What the page wants to draw.

    Attributes
    ----------
    x, y
        Ranges of positions, the lower one first.
    width, height
        Pixels.
    scales
        Of both axes.
    stands
        What a pixel shows of several bins.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    width: int
    height: int
    stands: str = "max"
    scales: tuple[Scale, Scale] = (LINEAR, LINEAR)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is drawn.

    Attributes
    ----------
    x, y
        Edges of the groups, shape (columns + 1,) and (rows + 1,).
    values
        Shape (rows, columns), low positions first; NaN where a group has no value.
    flags
        Of the same shape.
    bins
        How many bins a group stands for, along x and along y.
    """

    x: Numbers
    y: Numbers
    values: Numbers
    flags: NDArray[np.uint8]
    bins: tuple[int, int]

    def parts(self) -> tuple[dict[str, Any], list[Any]]:
        """Return what is sent: numbers, and arrays as bytes."""
        finite = np.abs(self.values[np.isfinite(self.values)])
        largest = float(finite.max(initial=0.0))
        factor = largest if largest > SINGLE or 0 < largest < 1 / SINGLE else 1.0
        single = np.ascontiguousarray(self.values / factor if factor != 1.0 else self.values, dtype="<f4")
        content = {
            "columns": len(self.x) - 1,
            "rows": len(self.y) - 1,
            "bins": list(self.bins),
            "factor": factor,
            "parts": ["x", "y", "values", "flags"],
        }
        arrays = (np.asarray(self.x, "<f8"), np.asarray(self.y, "<f8"), single, self.flags)
        return content, [np.ascontiguousarray(array).tobytes() for array in arrays]


class Drawer:
    """Draws windows of one plane; keeps the reduced copies that make it quick."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self._whole: dict[str, Limits] = {}

    @cached_property
    def _reducer(self) -> ImageReducer:
        return ImageReducer(self.plane.values, self.plane.mask)

    @cached_property
    def _masked(self) -> ImageReducer | None:
        return None if self.plane.mask is None else ImageReducer(self.plane.mask)

    def draw(self, window: Window) -> Drawn:
        """Return the picture of a window."""
        plane = self.plane
        if plane.values.size == 0:
            return Drawn(np.zeros(1), np.zeros(1), np.zeros((0, 0)), np.zeros((0, 0), np.uint8), (0, 0))
        return self._ragged(window) if plane.rows_of else self._even(window)

    def limits(self, window: Window, drawn: Drawn) -> Limits:
        """Return the automatic limits of the colours: of the whole plane, or of the window if sums are shown.

        A sum grows with the bins in a pixel, so limits of the whole would leave a magnified part dark.
        """
        if window.stands == "sum":
            return limits_of(drawn.values)
        if window.stands not in self._whole:
            whole = self.plane
            everything = Window(whole.x.extent, whole.y.extent, WHOLE, WHOLE, window.stands)
            self._whole[window.stands] = limits_of(self.draw(everything).values)
        return self._whole[window.stands]

    def _even(self, window: Window) -> Drawn:
        plane = self.plane
        columns = grouped(plane.x, window.x, window.width, window.scales[0])
        rows = grouped(plane.y, window.y, window.height, window.scales[1])
        found = self._reducer.picture(asked(rows), asked(columns))
        rows, there = answered(plane.y, found.rows)
        columns, across = answered(plane.x, found.columns)
        where = np.ix_(there, across)
        values = _shown(found.sum[where], found.maximum[where], found.count[where], window.stands)
        masked = None
        if self._masked is not None:
            covered = self._masked.picture(found.rows, found.columns)
            masked = covered.sum[where] > 0
        flags = _flags(found.count[where], masked)
        self._mark_infinite(values, flags, rows, columns)
        return Drawn(columns.edges, rows.edges, values, flags, (columns.each, rows.each))

    def _mark_infinite(self, values: Numbers, flags: NDArray[np.uint8], rows: Groups, columns: Groups) -> None:
        """Say of groups without a finite value that they are infinite, by their first bin."""
        empty = np.nonzero((flags & NOTHING) != 0)
        found = np.asarray(self.plane.values[rows.starts[empty[0]], columns.starts[empty[1]]], dtype=np.float64)
        flags[empty] = np.where(np.isposinf(found), INFINITE, np.where(np.isneginf(found), MINUS_INFINITE, NOTHING))
        values[empty] = np.where(np.isinf(found), found, np.nan)

    def _ragged(self, window: Window) -> Drawn:
        plane, turned = self.plane, self.plane.rows_of == "y"
        own, across = (plane.y, plane.x) if turned else (plane.x, plane.y)
        along, beside = (window.y, window.x) if turned else (window.x, window.y)
        pixels, lines = (window.height, window.width) if turned else (window.width, window.height)
        scales = window.scales[::-1] if turned else window.scales
        boundaries = scales[0].boundaries(along[0], along[1], pixels)
        groups = grouped(across, beside, lines, scales[1])
        values = plane.values.T if turned else plane.values
        mask = None if plane.mask is None else (plane.mask.T if turned else plane.mask)
        cells = drawn_rows(values, mask, own.edges, boundaries, groups)
        shown = _shown(cells.sum, cells.largest, cells.count, window.stands)
        flags = _flags(cells.count, None if mask is None else cells.masked)
        bins = max(1, round(own.size / pixels))
        if turned:
            return Drawn(groups.edges, boundaries, shown.T, flags.T, (groups.each, bins))
        return Drawn(boundaries, groups.edges, shown, flags, (bins, groups.each))


def _shown(total: Numbers, largest: Numbers, count: NDArray[Any], stands: str) -> Numbers:
    if stands == "sum":
        return np.asarray(total, dtype=np.float64)
    if stands == "mean":
        return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return np.asarray(largest, dtype=np.float64)


def _flags(count: NDArray[Any], masked: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    flags = np.zeros(count.shape, dtype=np.uint8)
    empty = count == 0
    flags[empty] = NOTHING
    if masked is not None:
        flags[masked & ~empty] = PARTLY_MASKED
        flags[masked & empty] = MASKED
    return flags


def window_of(asked_for: Mapping[str, Any], plane: Plane, scales: tuple[Scale, Scale], stands: str) -> Window:
    """Return the window that the page asks for: ranges left out are those of the whole plane."""
    x, y = asked_for.get("x") or plane.x.extent, asked_for.get("y") or plane.y.extent
    width, height = (max(1, min(int(asked_for.get(side) or WHOLE), 8192)) for side in ("width", "height"))
    return Window((float(x[0]), float(x[1])), (float(y[0]), float(y[1])), width, height, stands, scales)

"""Values along a line: through the cursor along an axis, or free between two points.

A cut takes bins as they are and interpolates nothing. A free line is cut at every place where it enters another bin;
with a width it is the mean of the bins on either side.
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.plane import Plane
from mantidlab.plots.slices.regions import Point

MOST_ACROSS = 400
"""Most lines side by side that a width is made of."""


@dataclass(frozen=True, eq=False)
class LineCut:
    """Values along a line.

    Attributes
    ----------
    distances
        From the start, edges of the steps, shape (n + 1,), in `unit`.
    x, y
        Positions of the middles of the steps, shape (n,).
    values, errors
        Shape (n,); NaN where no bin lies, or it is masked. Errors None where there are none.
    unit
        Of the distance: that of the axes where they have the same, else none, and the distance is the part of the line.
    bins
        Most bins behind one value.
    """

    distances: Numbers
    x: Numbers
    y: Numbers
    values: Numbers
    errors: Numbers | None
    unit: str
    bins: int


def line_cut(plane: Plane, start: Point, end: Point, width: float = 0.0) -> LineCut:
    """Return the values from `start` to `end`.

    Parameters
    ----------
    start, end
        (x, y) in the units of the axes.
    width
        Of the line, in the common unit of the axes; where they differ, in bins along the axis that the line crosses.

    Raises
    ------
    WrongArgument
        The line has no length, or its ends are no numbers.
    """
    ends = np.array([start, end], dtype=np.float64)
    if not np.isfinite(ends).all() or (ends[0] == ends[1]).all():
        raise WrongArgument(f"A line needs two different ends; these are {start} and {end}.")
    parts = _steps(plane, ends)
    middles = (parts[1:] + parts[:-1]) / 2
    points = ends[0] + middles[:, np.newaxis] * (ends[1] - ends[0])
    offsets = _offsets(plane, ends, width)
    values, errors, bins = _means(plane, points[:, np.newaxis, :] + offsets[np.newaxis, :, :])
    same = plane.x.unit == plane.y.unit and bool(plane.x.unit)
    length = float(np.hypot(*(ends[1] - ends[0]))) if same else 1.0
    return LineCut(parts * length, points[:, 0], points[:, 1], values, errors, plane.x.unit if same else "", bins)


def _steps(plane: Plane, ends: Numbers) -> Numbers:
    """Return the parts of the line, from 0 to 1, at which it goes from one bin to the next."""
    crossings = [np.array([0.0, 1.0])]
    for places, (first, last) in ((plane.x, ends[:, 0]), (plane.y, ends[:, 1])):
        if first == last:
            continue
        edges = places.edges
        if places.own_rows:
            # Each row crosses elsewhere: steps as fine as the finest of them have bins.
            low, high = places.extent
            edges = np.linspace(low, high, places.size + 1)
        parts = (edges - first) / (last - first)
        crossings.append(parts[(parts > 0) & (parts < 1)])
    found = np.unique(np.concatenate(crossings))
    # Two edges met in one corner differ by rounding, and no bin lies between them.
    return found[np.concatenate([[True], np.diff(found) > 1e-12])]


def _offsets(plane: Plane, ends: Numbers, width: float) -> Numbers:
    """Return vectors across the line, shape (lines, 2): from one side of its width to the other, a bin apart."""
    if width <= 0:
        return np.zeros((1, 2))
    steps = np.array([_typical(plane.x.edges), _typical(plane.y.edges)])
    along = ends[1] - ends[0]
    if plane.x.unit == plane.y.unit and plane.x.unit:
        across = np.array([-along[1], along[0]]) / np.hypot(*along)
        reach = width
    else:
        steep = abs(along[1] / steps[1]) > abs(along[0] / steps[0])
        across = np.array([steps[0], 0.0]) if steep else np.array([0.0, steps[1]])
        reach = width
    per_bin = np.max(np.abs(across * reach) / steps)
    count = int(min(MOST_ACROSS, max(1, np.ceil(per_bin))))
    return np.linspace(-0.5 + 0.5 / count, 0.5 - 0.5 / count, count)[:, np.newaxis] * across * reach


def _typical(edges: Numbers) -> float:
    widths = np.diff(edges)
    found = float(np.nanmedian(widths)) if widths.size else 1.0
    return found if found > 0 else 1.0


def _means(plane: Plane, points: Numbers) -> tuple[Numbers, Numbers | None, int]:
    """Return the mean of the different bins across each step, and its error."""
    rows, columns = _bins(plane, points[..., 0], points[..., 1])
    inside = (rows >= 0) & (columns >= 0)
    rows, columns = np.where(inside, rows, 0), np.where(inside, columns, 0)
    if plane.values.size == 0:
        return np.full(len(points), np.nan), None, 0
    values = np.asarray(plane.values[rows, columns], dtype=np.float64)
    used = inside & np.isfinite(values)
    if plane.mask is not None:
        used &= ~plane.mask[rows, columns]
    number = np.where(inside, rows * plane.values.shape[1] + columns, -1)
    order = np.argsort(number, axis=1, kind="stable")
    ordered = np.take_along_axis(number, order, axis=1)
    repeated = np.zeros_like(used)
    np.put_along_axis(repeated, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
    used &= ~repeated
    count = used.sum(axis=1)
    total = np.sum(values, axis=1, where=used)
    mean = np.divide(total, count, out=np.full(len(points), np.nan), where=count > 0)
    if plane.errors is None:
        return mean, None, int(count.max(initial=0))
    squared = np.square(np.asarray(plane.errors[rows, columns], dtype=np.float64))
    error = np.sqrt(np.sum(squared, axis=1, where=used))
    spread = np.divide(error, count, out=np.full(len(points), np.nan), where=count > 0)
    return mean, spread, int(count.max(initial=0))


def _bins(plane: Plane, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return rows and columns of positions, −1 where there is no bin."""
    if plane.rows_of == "x":
        rows = _within(plane.y.edges, y)
        return rows, _within_rows(plane.x.edges, x, rows)
    if plane.rows_of == "y":
        columns = _within(plane.x.edges, x)
        return _within_rows(plane.y.edges, y, columns), columns
    return _within(plane.y.edges, y), _within(plane.x.edges, x)


def _within(edges: Numbers, positions: Numbers) -> Numbers:
    count = len(edges) - 1
    found = np.searchsorted(edges, positions, side="right") - 1
    found = np.where((found == count) & (positions == edges[-1]), count - 1, found)
    return np.where((found >= 0) & (found < count), found, -1)


def _within_rows(edges: Numbers, positions: Numbers, rows: Numbers) -> Numbers:
    found = np.full(positions.shape, -1)
    for row in np.unique(rows[rows >= 0]):
        finite = edges[row][np.isfinite(edges[row])]
        if len(finite) > 1:
            here = rows == row
            found[here] = _within(finite, positions[here])
    return found

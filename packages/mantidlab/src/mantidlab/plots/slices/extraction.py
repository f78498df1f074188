"""What can be taken out of a picture as data: the plane, cuts, and what regions hold, with errors."""

from dataclasses import replace

import numpy as np

from mantidlab.frameworks.model import Axis, Histogram, Image, Mask, Numbers
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.axes import Places
from mantidlab.plots.slices.cuts import line_cut
from mantidlab.plots.slices.measuring import Profile, bins_within
from mantidlab.plots.slices.plane import BLOCK, Cut, Plane
from mantidlab.plots.slices.regions import Point, Shape
from mantidlab.plots.slices.source import Source


def axis_shown(places: Places, first: int = 0, last: int | None = None) -> Axis:
    """Return an axis with edges, of the bins [first, last) as they are drawn."""
    end = places.size if last is None else last
    if places.names:
        return Axis(places.name, places.label, "", np.array(places.names[first:end]))
    return Axis(places.name, places.label, places.unit, places.edges[..., first : end + 1], edges=True)


def shown_image(source: Source, cut: Cut, plane: Plane) -> Image:
    """Return a plane as an image of two axes, y before x; rows with positions of their own along x only."""
    if plane.rows_of == "y":
        raise WrongArgument(f"Along {plane.y.label} each column has positions of its own; exchange x and y first.")
    directions = source.image.directions
    if directions is not None:
        chosen = directions[[cut.y, cut.x]]
        angle = float(chosen[0] @ chosen[1])
        directions = np.array([[1.0, 0.0], [angle, np.sqrt(max(0.0, 1 - angle**2))]]) if abs(angle) > 1e-6 else None
    return Image(
        (axis_shown(plane.y), axis_shown(plane.x)),
        plane.values,
        plane.errors,
        plane.mask,
        plane.label,
        plane.unit,
        source.image.distribution and bool(plane.density_along == "x"),
        directions,
    )


def region_image(plane: Plane, shape: Shape, image: Image) -> Image:
    """Return the part of an image around a region; what lies beside the region is masked."""
    inside = bins_within(plane, shape)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not rows.size:
        raise WrongArgument("No bin has its middle in the region.")
    where = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    hidden = ~inside[where]
    if plane.mask is not None:
        hidden = hidden | plane.mask[where]
    return replace(
        image,
        axes=(
            axis_shown(plane.y, where[0].start, where[0].stop),
            axis_shown(_rows(plane.x, where[0]), where[1].start, where[1].stop),
        ),
        values=image.values[where],
        errors=None if image.errors is None else image.errors[where],
        mask=hidden if hidden.any() else None,
    )


def _rows(places: Places, rows: slice) -> Places:
    return replace(places, edges=places.edges[rows]) if places.own_rows else places


def profile_of(plane: Plane, profile: Profile, along: str, over: str, name: str) -> Histogram:
    """Return sums or means over a region for each bin along one axis of the plane; bins without a value are masked."""
    places = plane.x if along == "x" else plane.y
    if places.own_rows:
        raise WrongArgument(
            f"The rows have positions of their own along {places.label}, so there is no common profile."
        )
    axis = axis_shown(places, profile.first, profile.first + len(profile.sums))
    return _histogram(plane, axis, profile.sums, profile.errors, profile.weights, over, name, along)


def _histogram(
    plane: Plane,
    axis: Axis,
    sums: Numbers,
    errors: Numbers | None,
    weights: Numbers,
    over: str,
    name: str,
    along: str,
) -> Histogram:
    empty = weights == 0
    if over == "mean":
        sums = np.divide(sums, weights, out=np.full(len(sums), np.nan), where=~empty)
        errors = None if errors is None else errors / np.where(empty, 1.0, weights)
    return Histogram(
        axis,
        sums,
        errors,
        empty if empty.any() else None,
        plane.label,
        plane.unit,
        name,
        distribution=plane.density_along == along,
    )


def hidden_profile(
    source: Source, cut: Cut, plane: Plane, region: tuple[Shape, str], number: int, over: str
) -> Histogram:
    """Return sums or means over a region for each bin of a dimension that is not drawn; others stay where they are."""
    shape, name = region
    image = source.image
    if plane.rows_of:
        raise WrongArgument("The rows have positions of their own, so that a region holds other bins in each plane.")
    inside = bins_within(plane, shape)
    if plane.y.backward:
        inside = inside[::-1]
    if plane.x.backward:
        inside = inside[:, ::-1]
    within = [slice(*bounds) for bounds in cut.at]
    within[number] = slice(None)
    others = tuple(place for place in cut.hidden if place != number)
    order = (cut.y, cut.x, *others, number)
    values = image.values[tuple(within)].transpose(order)
    errors = None if image.errors is None else image.errors[tuple(within)].transpose(order)
    mask = None if image.mask is None else image.mask[tuple(within)].transpose(order)
    totals = [np.zeros(image.values.shape[number]) for _ in range(3)]
    step = max(1, BLOCK // max(1, values[:1].size))
    for first in range(0, len(values), step):
        rows = slice(first, first + step)
        _add(totals, (values[rows], None if errors is None else errors[rows]), inside[rows], mask, rows)
    places = source.places[number]
    ordered = [total[::-1] for total in totals] if places.backward else totals
    spread = None if errors is None else np.sqrt(ordered[1])
    return _histogram(plane, axis_shown(places), ordered[0], spread, ordered[2], over, name, "")


def _add(
    totals: list[Numbers],
    parts: tuple[Numbers, Numbers | None],
    inside: Mask,
    mask: Mask | None,
    rows: slice,
) -> None:
    values, errors = parts
    used = np.isfinite(values) & inside.reshape(*inside.shape, *[1] * (values.ndim - 2))
    if mask is not None:
        used &= ~mask[rows]
    axes = tuple(range(values.ndim - 1))
    totals[0] += np.sum(values, axis=axes, where=used, dtype=np.float64)
    if errors is not None:
        totals[1] += np.sum(np.square(errors, dtype=np.float64), axis=axes, where=used)
    totals[2] += used.sum(axis=axes)


def row_at(plane: Plane, y: float, name: str = "") -> Histogram:
    """Return the row of bins at a position."""
    row = plane.y.bin_at(y) if plane.rows_of != "y" else None
    if row is None:
        raise WrongArgument(_nothing_at(plane.y, y))
    places = replace(plane.x, edges=plane.x.edges[row]) if plane.x.own_rows else plane.x
    return _line(plane, axis_shown(places), (row, slice(None)), name or f"{plane.y.label} {_spoken(plane.y, row)}", "x")


def column_at(plane: Plane, x: float, name: str = "") -> Histogram:
    """Return the column of bins at a position."""
    column = plane.x.bin_at(x) if plane.rows_of != "x" else None
    if column is None:
        raise WrongArgument(_nothing_at(plane.x, x))
    places = replace(plane.y, edges=plane.y.edges[column]) if plane.y.own_rows else plane.y
    called = name or f"{plane.x.label} {_spoken(plane.x, column)}"
    return _line(plane, axis_shown(places), (slice(None), column), called, "y")


def _line(plane: Plane, axis: Axis, where: tuple[int | slice, ...], name: str, along: str) -> Histogram:
    return Histogram(
        axis,
        np.array(plane.values[where]),
        None if plane.errors is None else np.array(plane.errors[where]),
        None if plane.mask is None or not plane.mask[where].any() else np.array(plane.mask[where]),
        plane.label,
        plane.unit,
        name,
        distribution=plane.density_along == along,
    )


def _nothing_at(places: Places, position: float) -> str:
    if places.own_rows:
        return f"Along {places.label} each row has positions of its own; take a row instead."
    low, high = places.extent
    return (
        f"{places.label} goes from {low:g} to {high:g} {places.unit}".rstrip() + f"; there is nothing at {position:g}."
    )


def _spoken(places: Places, place: int) -> str:
    if places.names:
        return places.names[place]
    return f"{places.centre(place):.6g} {places.unit}".rstrip()


def free_line(plane: Plane, start: Point, end: Point, width: float) -> Histogram:
    """Return the values along a line, over the distance from its start."""
    found = line_cut(plane, start, end, width)
    axis = Axis(
        "distance", "Distance along the cut" if found.unit else "Part of the cut", found.unit, found.distances, True
    )
    name = f"from ({start[0]:g}, {start[1]:g}) to ({end[0]:g}, {end[1]:g})"
    empty = ~np.isfinite(found.values)
    return Histogram(axis, found.values, found.errors, empty if empty.any() else None, plane.label, plane.unit, name)

"""The state of the view: which plane, how it is drawn, what is drawn over it. JSON, as Python and the page share it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.scales import Kind, Scale
from mantidlab.plots.slices.picture import STANDS
from mantidlab.plots.slices.plane import Cut, default_over
from mantidlab.plots.slices.regions import Ellipse, Point, Polygon, Rectangle, Shape, shape_of
from mantidlab.plots.slices.source import Source

SPECTRAL = (
    "tof",
    "time-of-flight",
    "wavelength",
    "dspacing",
    "deltae",
    "energy",
    "energy_transfer",
    "event_time_offset",
)
"""Dimensions that one goes through with a slider, where there are two others to see."""

FLAT = (("x", "y"), ("qx", "qy"), ("[h,0,0]", "[0,k,0]"), ("h", "k"))
"""Pairs of dimensions that are seen as x and y, whatever their order in the data."""

OVER = ("sum", "mean", "max")

MAPS = ("viridis", "cividis", "magma", "inferno", "plasma", "grey", "blues", "RdBu", "PuOr", "turbo")
"""Colour maps, as the page has them; ``_r`` behind a name turns it round."""


@dataclass(frozen=True)
class Marked:
    """A region that is drawn: its shape in the positions of two dimensions, and its name."""

    name: str
    shape: Shape
    dims: tuple[int, int]

    def on(self, cut: Cut) -> Shape | None:
        """Return the shape as it lies on a plane; None where the plane shows other dimensions."""
        if self.dims == (cut.x, cut.y):
            return self.shape
        return turned(self.shape) if self.dims == (cut.y, cut.x) else None


@dataclass(frozen=True)
class Line:
    """A free line that values are cut along."""

    start: Point
    end: Point
    width: float
    dims: tuple[int, int]


def turned(shape: Shape) -> Shape:
    """Return a shape with x and y exchanged."""
    if isinstance(shape, Rectangle):
        return Rectangle(shape.y, shape.x)
    if isinstance(shape, Ellipse):
        return Ellipse(shape.centre[::-1], shape.radii[::-1])
    return Polygon(tuple(point[::-1] for point in shape.points))


def first_view(source: Source, **wanted: Any) -> dict[str, Any]:
    """Return the view that a plot begins with.

    Parameters
    ----------
    wanted
        ``x``, ``y``: dimensions by name or number; ``at``: for other dimensions a position, or a pair of positions
        between which planes are combined; ``over``, ``stands``, ``scale``, ``limits``, ``colours``, as `slices` has.

    Raises
    ------
    WrongArgument
        A dimension or a position is not there.
    """
    cut = [source.dimension(name) for name in wanted.get("at") or {}]
    x, y = _dimensions(source, wanted.get("x"), wanted.get("y"), cut)
    at = [[0, size] for size in source.image.values.shape]
    for number, size in enumerate(source.image.values.shape):
        if number not in (x, y):
            at[number] = [size // 2, min(size, size // 2 + 1)]
    for name, position in (wanted.get("at") or {}).items():
        number = source.dimension(name)
        if number in (x, y):
            raise WrongArgument(f"{source.dims[number]} is drawn; at says where the other dimensions are cut.")
        at[number] = list(range_at(source, number, position))
    return {
        "x": x,
        "y": y,
        "at": at,
        "over": _one_of("over", wanted.get("over") or default_over(source), OVER),
        "stands": _one_of("stands", wanted.get("stands") or STANDS[0], STANDS),
        "range": {"x": None, "y": None},
        "scale": {"x": "linear", "y": "linear"},
        "colour": {
            "scale": _one_of("scale", wanted.get("scale") or "linear", tuple(Kind)),
            "limits": _limits(wanted.get("limits") or "minmax"),
            "map": _map(wanted.get("colours") or MAPS[0]),
        },
        "aspect": "equal" if _same_unit(source, x, y) else "free",
        "mode": "pan",
        "profiles": "none",
        "cursor": None,
        "line": None,
        "regions": [],
        "selected": None,
    }


def cut_of(source: Source, state: Mapping[str, Any]) -> Cut:
    """Return which plane a view shows; what does not fit the data is mended, since a page may be older than them."""
    shape = source.image.values.shape
    x, y = (int(state.get(axis, -1)) for axis in ("x", "y"))
    if not (0 <= x < len(shape) and 0 <= y < len(shape) and x != y):
        x, y = _dimensions(source, None, None)
    asked_for = state.get("at") or [None] * len(shape)
    at = []
    for number, size in enumerate(shape):
        wanted = asked_for[number] if number < len(asked_for) else None
        if number in (x, y):
            at.append((0, size))
            continue
        first, last = (int(place) for place in wanted) if wanted else (size // 2, size // 2 + 1)
        first = max(0, min(first, size - 1))
        at.append((first, max(first + 1, min(last, size))) if size else (0, 0))
    over = state.get("over")
    return Cut(x, y, tuple(at), over if over in OVER else default_over(source))


def scales_of(state: Mapping[str, Any]) -> tuple[Scale, Scale]:
    """Return the scales of x and y."""
    found = state.get("scale") or {}
    kinds = [Kind.LOG if found.get(axis) == Kind.LOG else Kind.LINEAR for axis in ("x", "y")]
    return Scale(kinds[0]), Scale(kinds[1])


def stands_of(state: Mapping[str, Any]) -> str:
    """Return what a pixel of several bins shows."""
    found = state.get("stands")
    return found if found in STANDS else STANDS[0]


def marked(state: Mapping[str, Any]) -> tuple[Marked, ...]:
    """Return the regions of a view; those that are not finished are left out."""
    found = []
    for number, region in enumerate(state.get("regions") or ()):
        try:
            dims = tuple(int(dim) for dim in region["dims"])
            found.append(
                Marked(str(region.get("name") or f"region {number + 1}"), shape_of(region), (dims[0], dims[1]))
            )
        except (WrongArgument, KeyError, TypeError, ValueError, IndexError):
            continue
    return tuple(found)


def line_of(state: Mapping[str, Any]) -> Line | None:
    """Return the free line of a view, if there is one."""
    found = state.get("line")
    if not found:
        return None
    start, end = (tuple(float(value) for value in found[name]) for name in ("start", "end"))
    dims = found.get("dims") or (state["x"], state["y"])
    return Line((start[0], start[1]), (end[0], end[1]), float(found.get("width") or 0), (int(dims[0]), int(dims[1])))


def range_at(source: Source, number: int, position: Any) -> tuple[int, int]:
    """Return the bins of a dimension [first, last), as the data count them, at a position or between two.

    Raises
    ------
    WrongArgument
        There is no bin.
    """
    places = source.places[number]
    size = places.size
    if places.own_rows:
        raise WrongArgument(f"Along {places.label} each row has positions of its own; take a bin by its number.")
    if places.names and isinstance(position, str) and position in places.names:
        first = places.names.index(position)
        return first, first + 1
    pair = position if isinstance(position, Sequence) and not isinstance(position, str) else (position, position)
    try:
        low, high = sorted(float(value) for value in pair)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{position!r} is no position along {places.label}, nor a pair of them.") from error
    start, end = places.bin_at(max(low, places.extent[0])), places.bin_at(min(high, places.extent[1]))
    if start is None or end is None or high < places.extent[0] or low > places.extent[1]:
        ends = f"{places.extent[0]:g} to {places.extent[1]:g} {places.unit}".rstrip()
        raise WrongArgument(f"{places.label} goes from {ends}; there is nothing at {position!r}.")
    if end > start and high <= places.edges[end]:
        end -= 1  # a range that ends where a bin begins does not take that bin
    first, last = sorted((places.in_data(start), places.in_data(end)))
    return max(0, first), min(size, last + 1)


def positions_at(source: Source, number: int, bins: tuple[int, int]) -> tuple[float, float]:
    """Return from where to where bins [first, last) of a dimension reach."""
    places = source.places[number]
    if places.own_rows or not places.size:
        return float(bins[0]), float(bins[1] - 1)
    ends = sorted((places.in_data(bins[0]), places.in_data(bins[1] - 1)))
    return float(places.edges[ends[0]]), float(places.edges[ends[1] + 1])


def _dimensions(source: Source, x: Any, y: Any, cut: Collection[int] = ()) -> tuple[int, int]:
    """Return the dimensions to draw: those asked for, else the usual ones, and none of those that are cut."""
    chosen_x = None if x is None else source.dimension(x)
    chosen_y = None if y is None else source.dimension(y)
    if chosen_x is not None and chosen_x == chosen_y:
        raise WrongArgument(f"x and y are both {source.dims[chosen_x]}.")
    usual = _usual(source)
    others = reversed([number for number in range(len(source.dims)) if number not in usual])
    free = [number for number in (*usual, *others) if number not in (chosen_x, chosen_y, *cut)]
    wanted = (chosen_x is None) + (chosen_y is None)
    if len(free) < wanted:
        raise WrongArgument(f"Two dimensions of {', '.join(source.dims)} are drawn; at cuts too many of them.")
    found = iter(free)
    return (
        next(found) if chosen_x is None else chosen_x,
        next(found) if chosen_y is None else chosen_y,
    )


def _usual(source: Source) -> tuple[int, int]:
    """Return the dimensions that people look at first: flat pictures; else the last across and the one before up."""
    count = len(source.dims)
    names = [axis.name.casefold().replace(" ", "") for axis in source.image.axes]
    for pair in FLAT:
        if all(name in names for name in pair):
            return names.index(pair[0]), names.index(pair[1])
    seen = [number for number in range(count) if names[number] not in SPECTRAL and source.places[number].size > 1]
    if count > 2 and len(seen) >= 2:
        return seen[-1], seen[-2]
    return count - 1, count - 2


def _same_unit(source: Source, x: int, y: int) -> bool:
    """Tell whether lengths along x and y compare: one unit, or both pixels of a detector."""
    first, second = source.image.axes[x], source.image.axes[y]
    pixels = {first.name.casefold(), second.name.casefold()} == {"x", "y"} and source.framework == "nexus"
    return first.unit == second.unit and (bool(first.unit) or pixels)


def _one_of(name: str, wanted: Any, there: Sequence[str]) -> str:
    if wanted not in there:
        raise WrongArgument(f"{name}={wanted!r} is not known; there are {', '.join(map(repr, map(str, there)))}.")
    return str(wanted)


def _map(wanted: Any) -> str:
    _one_of("colours", str(wanted).removesuffix("_r"), MAPS)
    return str(wanted)


def _limits(wanted: Any) -> Any:
    if isinstance(wanted, str):
        return _one_of("limits", wanted, ("minmax", "sigma", "percentile"))
    low, high = (float(value) for value in wanted)
    if not low < high:
        raise WrongArgument(f"limits={wanted!r}: the lower one comes first.")
    return [low, high]

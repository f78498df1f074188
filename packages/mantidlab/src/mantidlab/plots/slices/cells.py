"""The cells that a plot writes: what was done by hand, as Python that does it again."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.naming import number, variable_of
from mantidlab.plots.slices.regions import Ellipse, Rectangle, Shape
from mantidlab.plots.slices.view import cut_of, line_of, marked

if TYPE_CHECKING:
    from mantidlab.plots.slices.widget import Slices


def cell_for(plot: "Slices", what: str, state: Mapping[str, Any]) -> str:
    """Return the text of a cell.

    Parameters
    ----------
    what
        ``sum``, ``profile x``, ``profile y``, ``profile DIMENSION`` or ``image`` of the region that is chosen; ``cut``
        of the line; ``row`` or ``column`` through the cursor; ``view``: the call that draws the plot again.

    Raises
    ------
    WrongArgument
        There is no such thing to write, or no region is drawn.
    """
    if what == "view":
        name = variable_of(plot) or "s"
        return f"from mantidlab import slices\n\n{name} = {call_of(plot, state)}\n{name}"
    before, plot_name = _plot(plot, state)
    kind, _, along = what.partition(" ")
    if kind in ("sum", "profile", "image"):
        region = _region(plot, state, plot_name)
        call = {"sum": "sum()", "image": "image()"}.get(kind) or f"profile({_quoted(along)})"
        target = {"sum": "total", "profile": "profile", "image": "part"}[kind]
        return f"{before}region = {region}\n{target} = region.{call}\n{target}"
    if kind == "cut":
        line = line_of(state)
        if line is None:
            raise WrongArgument("No line is drawn.")
        ends = f"({_pair(line.start)}), ({_pair(line.end)})"
        width = f", width={number(line.width)}" if line.width else ""
        return f"{before}cut = {plot_name}.line({ends}{width}).cut()\ncut"
    if kind in ("row", "column") and state.get("cursor"):
        x, y = state["cursor"]
        where = f"y={number(y)}" if kind == "row" else f"x={number(x)}"
        return f"{before}cut = {plot_name}.cut({where})\ncut"
    raise WrongArgument(f"There is no cell for {what!r} now.")


def call_of(plot: "Slices", state: Mapping[str, Any]) -> str:
    """Return the call that draws the view: the data by their variable or file, the plane, ranges and colours."""
    arguments = data_arguments(plot, state)
    colour = state.get("colour") or {}
    if state.get("stands", "max") != "max":
        arguments.append(f"stands={_quoted(state['stands'])}")
    if colour.get("scale", "linear") != "linear":
        arguments.append(f"scale={_quoted(colour['scale'])}")
    limits = colour.get("limits", "minmax")
    if limits != "minmax":
        arguments.append(f"limits={_quoted(limits) if isinstance(limits, str) else f'({_pair(limits)})'}")
    if colour.get("map", "viridis") != "viridis":
        arguments.append(f"colours={_quoted(colour['map'])}")
    call = f"slices({', '.join(arguments)})"
    ranges = [
        f"{axis}=({_pair(window)})" for axis, window in (state.get("range") or {}).items() if window and axis in "xy"
    ]
    return f"{call}.zoom({', '.join(ranges)})" if ranges else call


def data_arguments(plot: "Slices", state: Mapping[str, Any]) -> list[str]:
    """Return the arguments that say which plane of which data: `slices` and `section` share them."""
    source, cut = plot.source, cut_of(plot.source, state)
    kept = [f"{name}={text}" for name, text in plot.call.options.items() if name in ("bins", "coords")]
    arguments = [plot.call.things[0], *kept, f"x={_quoted(source.dims[cut.x])}", f"y={_quoted(source.dims[cut.y])}"]
    at = {source.dims[place]: _position(plot, place, cut.at[place]) for place in cut.hidden}
    if at:
        arguments.append("at={" + ", ".join(f"{_quoted(name)}: {text}" for name, text in at.items()) + "}")
        arguments.append(f"over={_quoted(cut.over)}")
    return arguments


def _plot(plot: "Slices", state: Mapping[str, Any]) -> tuple[str, str]:
    """Return the line that makes the plot, if no variable holds it, and the name to use."""
    found = variable_of(plot)
    if found is not None:
        return "", found
    return f"from mantidlab import slices\n\ns = {call_of(plot, state)}\n", "s"


def _region(plot: "Slices", state: Mapping[str, Any], plot_name: str) -> str:
    cut = cut_of(plot.source, state)
    on_plane = {one.name: one.on(cut) for one in marked(state)}
    shapes = {name: shape for name, shape in on_plane.items() if shape is not None}
    if not shapes:
        raise WrongArgument("No region is drawn on this plane.")
    name = state.get("selected") if state.get("selected") in shapes else next(reversed(shapes))
    return f"{plot_name}.{_drawn(shapes[str(name)])[:-1]}, name={_quoted(str(name))})"


def _drawn(shape: Shape) -> str:
    if isinstance(shape, Rectangle):
        return f"rectangle(x=({_pair(shape.x)}), y=({_pair(shape.y)}))"
    if isinstance(shape, Ellipse):
        return f"ellipse(centre=({_pair(shape.centre)}), radii=({_pair(shape.radii)}))"
    return f"polygon([{', '.join(f'({_pair(point)})' for point in shape.points)}])"


def _position(plot: "Slices", place: int, bins: tuple[int, int]) -> str:
    places = plot.source.places[place]
    ends = sorted((places.in_data(bins[0]), places.in_data(bins[1] - 1)))
    if places.names:
        return _quoted(places.names[ends[0]])
    first, last = places.centre(ends[0]), places.centre(ends[1])
    return number(first) if ends[0] == ends[1] else f"({number(first)}, {number(last)})"


def _pair(values: Any) -> str:
    return f"{number(values[0])}, {number(values[1])}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

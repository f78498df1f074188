"""The widget that `slices` returns: what it shows, what it answers to the page, and what can be taken out of it."""

import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from mantidlab.plots.calls import Call
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.publication import Paper, figure_code
from mantidlab.plots.publication.description import FigureDescription
from mantidlab.plots.slices import words
from mantidlab.plots.slices.cells import cell_for
from mantidlab.plots.slices.describing import describe
from mantidlab.plots.slices.extraction import column_at, free_line, row_at, shown_image
from mantidlab.plots.slices.live import line_answer, profiles_at, region_answer
from mantidlab.plots.slices.picture import WHOLE, Drawer, Window, window_of
from mantidlab.plots.slices.plane import Cut, Plane, plane_of
from mantidlab.plots.slices.readout import read_out
from mantidlab.plots.slices.regions import Ellipse, Polygon, Rectangle, Shape, shape_of
from mantidlab.plots.slices.source import Source
from mantidlab.plots.slices.taken import Region, in_framework
from mantidlab.plots.slices.view import (
    Line,
    cut_of,
    line_of,
    marked,
    positions_at,
    range_at,
    scales_of,
    stands_of,
)
from mantidlab.plots.widget import Answer, PlotWidget, answers

VERSION = 1

TABLE_ROWS = 500
TABLE_COLUMNS = 12


class Slices(PlotWidget, bundle="slices"):
    """A colour map of two dimensions of the data, with sliders for the others, cuts and regions.

    Make one with `mantidlab.slices`.

    Attributes
    ----------
    source
        The data and where they are drawn.
    """

    _kept: ClassVar[int] = 2

    def __init__(self, source: Source, view: Mapping[str, Any], call: Call | None = None, note: str = "") -> None:
        self.source = source
        self.call = call or Call(("data",))
        self._drawers: dict[Cut, Drawer] = {}
        self._lock = threading.RLock()
        state = dict(view)
        super().__init__(spec=words.spec_of(source, note, VERSION), view=state)
        first = self.window({"view": state, "width": 2 * WHOLE, "height": WHOLE})
        names = first.content["parts"]
        self.first = {**first.content, "buffers": dict(zip(names, first.buffers, strict=True))}

    # What is shown.

    @property
    def cut_shown(self) -> Cut:
        """Which plane is drawn."""
        return cut_of(self.source, self.view)

    @property
    def plane(self) -> Plane:
        """The plane that is drawn, all of it."""
        return self._drawer(self.cut_shown).plane

    def image(self, *, model: bool = False) -> Any:
        """Return the plane that is drawn, with all its bins: a data array of scipp, or an `Image` of y and x."""
        cut = self.cut_shown
        return in_framework(self.source, shown_image(self.source, cut, self._drawer(cut).plane), model=model)

    def describe(self) -> FigureDescription:
        """Return what is shown, for a figure on paper."""
        return describe(self, self.view, {})

    # What is taken out.

    def cut(self, *, x: float | None = None, y: float | None = None, model: bool = False) -> Any:
        """Return values along a line, with errors.

        Parameters
        ----------
        x
            Take the column of bins at this position along x.
        y
            Take the row at this one along y. With neither: the line that is drawn.

        Raises
        ------
        WrongArgument
            There is no bin, or no line has been drawn.
        """
        plane = self.plane
        if x is not None and y is not None:
            raise WrongArgument(
                "Give x for a column or y for a row; a free line has both ends: s.line((x, y), (x, y))."
            )
        if y is not None:
            found = row_at(plane, y)
        elif x is not None:
            found = column_at(plane, x)
        else:
            line = self._line()
            found = free_line(plane, line.start, line.end, line.width)
        return in_framework(self.source, found, model=model)

    @property
    def regions(self) -> dict[str, Region]:
        """All regions that lie on the plane that is drawn, by name."""
        cut = self.cut_shown
        on_plane = ((one.name, one.on(cut)) for one in marked(self.view))
        return {name: self._region(name, shape) for name, shape in on_plane if shape is not None}

    @property
    def region(self) -> Region:
        """The region that is chosen, else the last one.

        Raises
        ------
        WrongArgument
            There is none.
        """
        found = self.regions
        chosen = self.view.get("selected")
        if chosen in found:
            return found[chosen]
        if not found:
            raise WrongArgument("No region is drawn. Draw one, or call s.rectangle(x=(from, to), y=(from, to)).")
        return next(reversed(found.values()))

    def rectangle(self, x: tuple[float, float], y: tuple[float, float], name: str = "") -> Region:
        """Draw a rectangle; one of the same name takes the place of the other."""
        return self._draw_region(shape_of({"kind": "rectangle", "x": x, "y": y}), name)

    def ellipse(self, centre: tuple[float, float], radii: tuple[float, float], name: str = "") -> Region:
        """Draw an ellipse around a centre; the radii are in the units of the axes."""
        return self._draw_region(shape_of({"kind": "ellipse", "centre": centre, "radii": radii}), name)

    def polygon(self, points: Any, name: str = "") -> Region:
        """Draw a polygon through points (x, y)."""
        return self._draw_region(shape_of({"kind": "polygon", "points": points}), name)

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float = 0.0) -> "Slices":
        """Draw a line between two points (x, y), as wide as `width`; `cut` gives the values along it."""
        cut = self.cut_shown
        free_line(self.plane, start, end, width)  # refuses what is no line
        self._change(line={"start": [*start], "end": [*end], "width": width, "dims": [cut.x, cut.y]}, profiles="line")
        return self

    def at(self, **positions: Any) -> "Slices":
        """Go to another plane: for dimensions that are not drawn a position, or a pair to combine planes between.

        ``s.at(energy=3.2)``, ``s.at(energy=(3, 4))``.
        """
        state = [list(bounds) for bounds in self.cut_shown.at]
        for name, position in positions.items():
            number = self.source.dimension(name)
            if number in (self.cut_shown.x, self.cut_shown.y):
                raise WrongArgument(f"{self.source.dims[number]} is drawn; choose a dimension that is not.")
            state[number] = list(range_at(self.source, number, position))
        self._change(at=state)
        return self

    def zoom(self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> "Slices":
        """Show these ranges; all of an axis that is not given."""
        self._change(range={"x": None if x is None else sorted(x), "y": None if y is None else sorted(y)})
        return self

    # What the page asks.

    @answers("window")
    def window(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the picture of a window."""
        state = self._state(parameters)
        cut = cut_of(self.source, state)
        drawer = self._drawer(cut)
        window = window_of(parameters, drawer.plane, scales_of(state), stands_of(state))
        drawn = drawer.draw(window)
        content, buffers = drawn.parts()
        content |= {
            "x": list(window.x),
            "y": list(window.y),
            "extent": [list(drawer.plane.x.extent), list(drawer.plane.y.extent)],
            "limits": drawer.limits(window, drawn).content(),
            "stands": window.stands,
            "at": [list(positions_at(self.source, number, bounds)) for number, bounds in enumerate(cut.at)],
            "cut": [cut.x, cut.y, [list(bounds) for bounds in cut.at], cut.over],
            "said": words.said_of(self.source, cut, drawer.plane, drawn),
        }
        return Answer(content, buffers)

    @answers("readout")
    def readout(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the exact value at a position."""
        plane = self._plane_asked(parameters)
        reach = tuple(float(value) for value in parameters.get("reach") or (0, 0))
        found = read_out(plane, float(parameters["x"]), float(parameters["y"]), (reach[0], reach[1]))
        return Answer({"found": found})

    @answers("profiles")
    def profiles(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the row and the column through a position."""
        window = self._window_asked(parameters)
        at = float(parameters["at"][0]), float(parameters["at"][1])
        content, buffers = profiles_at(self._plane_asked(parameters), at, window)
        return Answer(content, buffers)

    @answers("measure")
    def measure(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with what a region holds."""
        state = self._state(parameters)
        over = str(parameters.get("over") or "")
        content, buffers = region_answer(
            self.source,
            self._plane_asked(parameters),
            cut_of(self.source, state),
            shape_of(parameters["region"]),
            self._window_asked(parameters),
            over,
        )
        return Answer(content, buffers)

    @answers("line")
    def cut_line(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the values along a free line."""
        line = line_of({**self._state(parameters), "line": parameters["line"]})
        if line is None:
            raise WrongArgument("No line is drawn.")
        content, buffers = line_answer(self._plane_asked(parameters), line, int(parameters.get("pixels") or WHOLE))
        return Answer(content, buffers)

    @answers("place")
    def place(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the bins of a dimension at a position that was typed, or between two."""
        number = self.source.dimension(int(parameters["dim"]))
        return Answer({"bins": list(range_at(self.source, number, parameters["position"]))})

    @answers("table")
    def table(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with rows of a table of what is drawn: a row for each bin along y, around the middle of the view."""
        plane = self._plane_asked(parameters)
        window = self._window_asked(parameters)
        start, count = int(parameters.get("start") or 0), min(TABLE_ROWS, int(parameters.get("count") or 100))
        return Answer(words.table_of(plane, window, start, count, TABLE_COLUMNS))

    @answers("cell")
    def cell(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with the text of a cell that does what the page did."""
        return Answer({"code": cell_for(self, str(parameters["what"]), self._state(parameters))})

    @answers("figure")
    def figure(self, parameters: Mapping[str, Any]) -> Answer:
        """Answer with a cell of plain matplotlib that draws what the page shows."""
        found = describe(self, self._state(parameters), parameters.get("seen") or {})
        return Answer({"code": figure_code(found, paper_of(parameters))})

    def plane_of_cut(self, cut: Cut) -> Plane:
        """Return the plane of a cut."""
        return self._drawer(cut).plane

    def limits_of_view(self, state: Mapping[str, Any]) -> tuple[float, float]:
        """Return the limits of the colours, as the page finds them."""
        wanted = (state.get("colour") or {}).get("limits", "minmax")
        if not isinstance(wanted, str):
            return float(wanted[0]), float(wanted[1])
        drawer = self._drawer(cut_of(self.source, state))
        whole = window_of({}, drawer.plane, scales_of(state), stands_of(state))
        found = drawer.limits(whole, drawer.draw(whole)).content()[wanted]
        return (0.0, 1.0) if found is None else (float(found[0]), float(found[1]))

    # How.

    def _state(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        state = parameters.get("view")
        return state if isinstance(state, Mapping) else self.view

    def _plane_asked(self, parameters: Mapping[str, Any]) -> Plane:
        return self._drawer(cut_of(self.source, self._state(parameters))).plane

    def _window_asked(self, parameters: Mapping[str, Any]) -> Window:
        state = self._state(parameters)
        plane = self._plane_asked(parameters)
        return window_of(parameters, plane, scales_of(state), stands_of(state))

    def _drawer(self, cut: Cut) -> Drawer:
        """Return what draws a plane; the last two are kept, since making one reads all its values."""
        with self._lock:
            found = self._drawers.pop(cut, None) or Drawer(plane_of(self.source, cut))
            self._drawers[cut] = found
            while len(self._drawers) > self._kept:
                del self._drawers[next(iter(self._drawers))]
            return found

    def _region(self, name: str, shape: Shape) -> Region:
        def plane() -> tuple[Cut, Plane]:
            cut = self.cut_shown
            return cut, self._drawer(cut).plane

        return Region(name, shape, self.source, plane)

    def _draw_region(self, shape: Rectangle | Ellipse | Polygon, name: str) -> Region:
        cut = self.cut_shown
        others = [region for region in self.view.get("regions") or [] if region.get("name") != name]
        called = name or words.free_name([str(region.get("name")) for region in others])
        added = {"name": called, "dims": [cut.x, cut.y], **shape.state()}
        self._change(regions=[*others, added], selected=called, profiles="region")
        return self._region(called, shape)

    def _line(self) -> Line:
        line, cut = line_of(self.view), self.cut_shown
        if line is None or line.dims not in ((cut.x, cut.y), (cut.y, cut.x)):
            raise WrongArgument("No line is drawn. Draw one, or give x for a column of bins or y for a row.")
        if line.dims == (cut.x, cut.y):
            return line
        return Line(line.start[::-1], line.end[::-1], line.width, (cut.x, cut.y))

    def _change(self, **changed: Any) -> None:
        self.view = {**self.view, **changed}


def paper_of(parameters: Mapping[str, Any]) -> Paper:
    """Return the paper that a person chose: a width by name or in millimetres, files, the size of letters."""
    named = {name: parameters[name] for name in ("font_size", "name") if parameters.get(name) is not None}
    formats = tuple(parameters.get("formats") or ("pdf",))
    width = parameters.get("width") or "single"
    if isinstance(width, str):
        return Paper.named(width, formats=formats, **named)
    return Paper(float(width), formats=formats, **named)

"""The widget of `plot`: curves in a notebook, what the browser asks of them, and the same from Python."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Histogram
from mantidlab.names import some_of
from mantidlab.plots.axis_control import AxisControl, range_of, zoomed
from mantidlab.plots.calls import Call, call_of, called_by
from mantidlab.plots.conversion.quantities import Quantity, named
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.fitting import Fit
from mantidlab.plots.fitting.fit import Wish
from mantidlab.plots.lines import fits as fitting
from mantidlab.plots.lines.choice import Choice
from mantidlab.plots.lines.curves import MOST_CURVES, Energies, TooMany, curves_of
from mantidlab.plots.lines.fits import Kept
from mantidlab.plots.lines.picture import picture
from mantidlab.plots.lines.python import figure_of, python_of
from mantidlab.plots.lines.readout import readout, table
from mantidlab.plots.lines.scene import Scene
from mantidlab.plots.lines.specification import specification
from mantidlab.plots.lines.sums import Sums, sums
from mantidlab.plots.lines.tables import table_of_sums
from mantidlab.plots.lines.typed import typed
from mantidlab.plots.lines.view import View
from mantidlab.plots.sources import sources_of
from mantidlab.plots.widget import Answer, PlotWidget, answers, cancelled

FIRST_PIXELS = 1000
"""Columns of the first picture, which is made before anybody knows the width of the page."""

FIRST_COLUMNS = 100_000
"""The same of all curves together: the first picture of 500 curves is coarse, and some 4 MB."""


class Lines(PlotWidget, bundle="lines"):
    """Curves. Made by `mantidlab.plot`.

    Attributes
    ----------
    x, y
        The axes: ``p.x.scale = "log"``, ``p.x.range = (0.5, 3)``, ``p.x.unit = "wavelength"``.
    selection
        The range that is chosen along x, (low, high), or None; can be set.
    fits
        The fits that were made, here or in the browser, the newest last.
    """

    def __init__(
        self,
        scene: Scene,
        state: Mapping[str, Any],
        *,
        title: str = "",
        note: str = "",
        calls: Sequence[Call] = (),
        energies: Energies | None = None,
    ) -> None:
        self._scene, self._title, self._note = scene, title, note
        self._calls, self._energies = list(calls), energies or Energies()
        self._next = 1 + max((curve.id for curve in scene.curves), default=-1)
        self._lock = threading.RLock()
        self._kept: list[Kept] = []
        self._removed: list[int] = []
        view = View.of(state)
        super().__init__(spec=self._specified(view), view=dict(state), first=self._first(view))
        self.x = AxisControl(self, "x", self._unit)
        self.y = AxisControl(self, "y")

    def __repr__(self) -> str:
        return f"<plot of {some_of((curve.name for curve in self._scene.curves), 4)}>"

    @property
    def curves(self) -> dict[int, str]:
        """Names of the curves by their ids."""
        return {curve.id: curve.name for curve in self._scene.curves}

    @property
    def fits(self) -> list[Fit]:
        """The fits that were made, here or in the browser, the newest last."""
        return [kept.fit for kept in self._kept]

    @property
    def selection(self) -> tuple[float, float] | None:
        """The range that is chosen along x, in the unit that is shown."""
        found = self.view.get("selection")
        return None if not found else (float(found[0]), float(found[1]))

    @selection.setter
    def selection(self, value: Any) -> None:
        found = range_of(value)
        self.view = {**self.view, "selection": None if found is None else list(found)}

    def zoom(self, x: Any = None, y: Any = None) -> None:
        """Show a part: ``p.zoom(x=(1, 2))``; what is not given shows everything, as does ``p.zoom()``."""
        self.view = zoomed(self.view, x=x, y=y)

    def add(self, *things: Any, **chosen: Any) -> None:
        """Draw more curves in the same plot.

        Parameters
        ----------
        things
            As for `plot`.
        chosen
            As for `plot`: ``spectra``, ``numbers``, ``detectors``, ``part``, ``bins``, ``columns``.

        Raises
        ------
        NotPlottable, WrongArgument
            There is nothing to draw, or it cannot share the axes.
        """
        call = call_of(things)
        self._add(tuple(called_by(things, call)), chosen)
        self._calls.append(call)

    def remove(self, *curves: int | str) -> None:
        """Draw curves no longer, given by their ids or names; see `curves`.

        Raises
        ------
        NoSuchCurve
            There is none of them.
        """
        with self._lock:
            numbers = [self._scene.named(curve).id for curve in curves]
            self._scene.remove(numbers)
            self._removed += numbers
            self._kept = [kept for kept in self._kept if kept.curve not in numbers]
        hidden = [number for number in self.view.get("hidden", ()) if number not in numbers]
        remaining = [each for each in self.view.get("fits", ()) if each.get("curve") not in numbers]
        self._changed({**self.view, "hidden": hidden, "fits": remaining})

    def sums(self, between: Any = None) -> list[Sums]:
        """Return sum, integral, mean, centroid and width of each curve that is seen, with errors.

        Parameters
        ----------
        between
            A range along x in the unit that is shown; what is chosen in the plot if nothing is said, else everything.
        """
        return self._sums(View.of(self.view), range_of(between) or self.selection)

    def fit(
        self,
        model: str,
        curve: int | str | None = None,
        between: Any = None,
        *,
        background: str = "",
        start: Mapping[str, float] | None = None,
        fixed: Mapping[str, float] | None = None,
        engine: str = "scipy",
    ) -> Fit:
        """Fit a model to a curve as it is shown, and draw the answer.

        Parameters
        ----------
        model
            ``gaussian``, ``lorentzian``, ``pseudo_voigt``, ``voigt``, ``back_to_back``, ``line``, ``quadratic``,
            ``cubic``, ``exponential``, ``guinier``, ``porod``, ``power_law``.
        curve
            Id or name; the first one that is seen if nothing is said.
        between
            Range along x; what is chosen in the plot if nothing is said, else everything.
        background
            ``none``, ``constant`` or ``linear``; what the model has by itself if nothing is said.
        start, fixed
            Starting values, and values that stay, by the names of parameters.
        engine
            ``scipy``, or ``mantid`` for Mantid's ``Fit`` where Mantid is in the environment.

        Raises
        ------
        FitFailed
            There are too few points, or it does not converge.
        WrongArgument, NoSuchCurve
            There is no such model, background, parameter or curve.
        """
        view = View.of(self.view)
        chosen = self._scene.named(curve) if curve is not None else self._foremost(view)
        wish = Wish(background, start or {}, fixed or {})
        found = fitting.fit_of(self._scene, view, chosen, model, range_of(between) or self.selection, wish, engine)
        self._keep(found, chosen.id, view)
        self.view = {**self.view, "fits": [*self.view.get("fits", ()), fitting.told(found, chosen.id, view)]}
        return found

    def histograms(self) -> list[Histogram]:
        """Return the curves that are seen, as they are shown: units, normalisation and division by widths applied."""
        view = View.of(self.view)
        return [self._scene.as_shown(each.curve, view) for each in self._scene.drawn(view)]

    def python(self) -> str:
        """Return the Python that draws this view again."""
        return self._python(self.view)

    def describe(self) -> Any:
        """Return what the plot shows, for a figure on paper: a `FigureDescription`."""
        return figure_of(self._scene, self.view, self._calls, self._title, self._kept)

    @answers("window")
    def _answer_window(self, asked: Mapping[str, Any]) -> Answer:
        view = View.of(asked.get("view") or self.view)
        content, buffers = picture(
            self._scene, view, range_of(asked.get("x")), int(asked.get("pixels") or 1), asked.get("curves"), cancelled
        )
        return Answer(content, buffers)

    @answers("readout")
    def _answer_readout(self, asked: Mapping[str, Any]) -> Answer:
        return Answer(readout(self._scene, self._view(asked), int(asked["curve"]), float(asked["x"])))

    @answers("integrate")
    def _answer_integrate(self, asked: Mapping[str, Any]) -> Answer:
        view = self._view(asked)
        found = self._sums(view, range_of(asked["range"]), asked.get("curves"))
        return Answer(table_of_sums(found, self._scene.target(view.unit).unit, self._scene.y_unit(view), self._scene))

    @answers("fit_start")
    def _answer_fit_start(self, asked: Mapping[str, Any]) -> Answer:
        curve = self._scene.curve(int(asked["curve"]))
        points = fitting.points_of(self._scene, self._view(asked), curve, range_of(asked.get("range")))
        found = fitting.started(points, str(asked["model"]), str(asked.get("background") or ""))
        return Answer({"parameters": found, "curve": curve.id})

    @answers("fit")
    def _answer_fit(self, asked: Mapping[str, Any]) -> Answer:
        curve, wish = self._scene.curve(int(asked["curve"])), fitting.wish_of(asked)
        view, between = self._view(asked), range_of(asked.get("range"))
        found = fitting.fit_of(self._scene, view, curve, str(asked["model"]), between, wish)
        self._keep(found, curve.id, view)
        return Answer(*fitting.answered(found, curve.id, view))

    @answers("fit_curve")
    def _answer_fit_curve(self, asked: Mapping[str, Any]) -> Answer:
        between = range_of(asked["range"])
        assert between is not None  # noqa: S101  # the browser always has one
        lines = fitting.smooth(str(asked["model"]), [float(value) for value in asked["values"]], between)
        return Answer({}, [np.ascontiguousarray(line, dtype=np.float64).tobytes() for line in lines])

    @answers("remove")
    def _answer_remove(self, asked: Mapping[str, Any]) -> Answer:
        if len(self._scene.curves) < 2:
            raise WrongArgument("This is the only curve; a plot without any shows nothing. Hide it instead.")
        self.remove(int(asked["curve"]))
        return Answer()

    @answers("add")
    def _answer_add(self, asked: Mapping[str, Any]) -> Answer:
        text = str(asked.get("name") or "").strip()
        self._add((typed(text),), {})
        self._calls.append(Call((text if text.isidentifier() else repr(text),)))
        return Answer({"message": f"Added {text}."})

    @answers("table")
    def _answer_table(self, asked: Mapping[str, Any]) -> Answer:
        start, count = int(asked.get("start") or 0), int(asked.get("count") or 100)
        return Answer(table(self._scene, self._view(asked), int(asked["curve"]), start, min(count, 10_000)))

    @answers("python")
    def _answer_python(self, asked: Mapping[str, Any]) -> Answer:
        state = asked.get("view") or self.view
        return Answer({"code": self._python(state)})

    @answers("figure")
    def _answer_figure(self, asked: Mapping[str, Any]) -> Answer:
        from mantidlab.plots.publication import Paper, figure_code

        state = asked.get("view") or self.view
        description = figure_of(self._scene, state, self._calls, self._title, self._kept)
        options = {name: asked[name] for name in ("font_size", "name") if asked.get(name) is not None}
        formats = tuple(asked.get("formats") or ("pdf",))
        width = asked.get("width") or "single"
        if isinstance(width, str):
            paper = Paper.named(width, formats=formats, **options)
        else:
            paper = Paper(float(width), formats=formats, **options)
        return Answer({"code": figure_code(description, paper)})

    def _python(self, state: Mapping[str, Any]) -> str:
        return python_of(self._calls, state, self._removed, self._kept)

    def _view(self, asked: Mapping[str, Any]) -> View:
        return View.of(asked.get("view") or self.view)

    def _foremost(self, view: View) -> Any:
        highlighted = self.view.get("highlighted")
        seen = [curve for curve in self._scene.curves if curve.id not in view.hidden]
        if not seen:
            raise NotPlottable("No curve is seen in the plot: all are hidden or removed.")
        return next((curve for curve in seen if curve.id == highlighted), seen[0])

    def _keep(self, found: Fit, number: int, view: View) -> None:
        with self._lock:
            self._kept = [*self._kept, Kept(found, number, fitting.key_of(view))]

    def _sums(self, view: View, between: tuple[float, float] | None, only: Any = None) -> list[Sums]:
        found = []
        for each in self._scene.drawn(view, only):
            low, high = between or each.shown.line.extent()
            found.append(sums(each.shown, (low, high), curve=each.curve.id, name=each.curve.name, scale=each.scale))
        return found

    def _add(self, things: tuple[Any, ...], chosen: Mapping[str, Any]) -> None:
        part = str(chosen.get("part") or "")
        choice = Choice(**{name: value for name, value in chosen.items() if name != "part"})
        with self._lock:
            try:
                made, notes = curves_of(sources_of(*things, part=part), choice, self._energies, self._next)
            except TooMany as many:
                raise WrongArgument(
                    f"{many.source.name} has {many.count:,} spectra, more than the {MOST_CURVES} curves that a plot "
                    "shows. Choose some: spectra=[0, 1, 2] or spectra=slice(0, 100)."
                ) from many
            grown = Scene([*self._scene.curves, *made])
            grown.check_axes()
            self._scene.add(made)
            self._next += len(made)
            self._note = " ".join(dict.fromkeys(sentence for sentence in (self._note, *notes) if sentence))
        self._changed(self.view)

    def _changed(self, state: Mapping[str, Any]) -> None:
        """Tell the browser of other curves: what there is, and a picture of it."""
        view = View.of(state)
        with self.hold_sync():
            self.spec = self._specified(view)
            self.view = dict(state)
            self.first = self._first(view)

    def _specified(self, view: View) -> dict[str, Any]:
        return specification(self._scene, view, self._title, self._note)

    def _first(self, view: View) -> dict[str, Any]:
        pixels = min(FIRST_PIXELS, FIRST_COLUMNS // max(1, len(self._scene.curves)))
        content, buffers = picture(self._scene, view, view.x_range, pixels)
        return {"content": content, "buffers": buffers}

    def _unit(self, name: str) -> str:
        return unit_of(name, self._scene)


def unit_of(name: str, scene: Scene) -> str:
    """Return what a view holds for what a person calls a unit; empty for what the data have.

    Raises
    ------
    WrongArgument
        There is no such quantity, or the data do not allow it.
    """
    if not name:
        return ""
    own = scene.target("")
    wanted = named(name)
    if wanted is None:
        raise WrongArgument(
            f"There is no unit {name!r} for an axis. There are: {', '.join(quantity.value for quantity in Quantity)}."
        )
    if wanted == own.quantity and own.factor == 1.0:
        return ""
    for curve in scene.curves:
        scene.shown(curve, View(unit=wanted.value))  # says why not, if it cannot be
    return wanted.value

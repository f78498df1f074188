"""The functions that people call: `plot`, and for figures on paper `curves` and `fitted`."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Histogram
from mantidlab.plots.axis_control import range_of
from mantidlab.plots.calls import call_of, called_by
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.fitting import fit, model_named
from mantidlab.plots.fitting.fit import Wish
from mantidlab.plots.fitting.points import points_in
from mantidlab.plots.fitting.shapes import Values
from mantidlab.plots.lines.choice import Choice
from mantidlab.plots.lines.curves import MOST_CURVES, Energies, TooMany, curves_of
from mantidlab.plots.lines.scene import Scene
from mantidlab.plots.lines.shown import positions
from mantidlab.plots.lines.view import ERRORS, NORMALISERS, View, initial, one_of, scale_named
from mantidlab.plots.lines.widget import Lines, unit_of
from mantidlab.plots.sources import Source, sources_of


def plot(  # noqa: PLR0913
    *things: Any,
    spectra: Any = None,
    numbers: Any = None,
    detectors: Any = None,
    part: str = "",
    bins: Any = None,
    columns: Mapping[str, Any] | None = None,
    incident_energy: float | None = None,
    final_energy: float | None = None,
    title: str = "",
    unit: str = "",
    x_scale: str = "linear",
    y_scale: str = "linear",
    x_range: Any = None,
    y_range: Any = None,
    errors: str | None = None,
    divide_by_width: bool | None = None,
    normalise: str = "none",
    waterfall: Any = (0.0, 0.0),
) -> Any:
    """Draw spectra as curves: histograms as steps, points as points, with errors, units and masks of the data.

    ``plot(workspace)``, ``plot("SANS2D00022048.nxs", spectra=[0, 5])``, ``plot((x, y, errors))``,
    ``plot({"before": a, "after": b}, unit="d_spacing", y_scale="log")``.

    Parameters
    ----------
    things
        Each a workspace or its name, a variable, data array, dataset or data group of scipp, the path of a NeXus file,
        a data object, a `Histogram`, `Table` or `Log` of the data model, an array y, a tuple (x, y) or (x, y, errors)
        where x has points or one edge more, or a list or dict of those.
    spectra, numbers, detectors
        Which spectra: by place from 0 (a number, a list, a slice), by spectrum number, or by detector number. All if
        none is given; of more than 500, a colour map is shown instead.
    part
        Of a file or group: the name of the part that is meant.
    bins
        For events: how many equal bins, or their edges.
    columns
        For tables: ``{"x": "Q", "y": ["I"], "error": ["dI"]}``.
    incident_energy, final_energy
        In meV, for energy transfers of direct and indirect instruments, where the data do not say.
    unit
        What x is shown as: ``time_of_flight``, ``wavelength``, ``d_spacing``, ``Q``, ``energy``, ``energy_transfer``.
    x_scale, y_scale
        ``linear``, ``log`` or ``symlog``.
    x_range, y_range
        What is seen, (low, high).
    errors
        ``none``, ``bars`` or ``band``; bars for up to four curves if nothing is said.
    divide_by_width
        Whether counts are divided by the widths of their bins. If nothing is said, Mantid's histograms are, as Mantid
        does it, and so are counts in bins of unequal widths.
    normalise
        ``none``, ``maximum``, ``area``, ``monitor`` or ``charge``.
    waterfall
        (x, y): by which part of the axes each curve is moved beside and above the one before.

    Returns
    -------
    A widget: `Lines`, or the widget of `slices` where the spectra are too many for curves.

    Raises
    ------
    NotPlottable
        The data have nothing to draw.
    WrongArgument
        An argument does not fit.
    NoConversion
        The data do not say what the unit needs.
    """
    things = _paired(things)
    call = call_of(things)
    choice = Choice(spectra, numbers, detectors, bins, dict(columns or {}))
    wanted = Wanted(unit, x_scale, y_scale, x_range, y_range, errors, divide_by_width, normalise, waterfall)
    energies = Energies(incident_energy, final_energy)
    sources = sources_of(*called_by(things, call), part=part)
    try:
        scene, notes = _scene(sources, choice, energies)
    except TooMany as many:
        return _colour_map(many)
    state, told = _state(scene, wanted)
    note = " ".join(dict.fromkeys((*notes, *told)))
    return Lines(scene, state, title=title or _title(sources), note=note, calls=[call], energies=energies)


def curves(
    *things: Any, unit: str = "", divide_by_width: bool | None = None, normalise: str = "none", **chosen: Any
) -> list[Histogram]:
    """Return the curves of `plot` as they are shown, with the same arguments.

    Raises
    ------
    NotPlottable, WrongArgument, NoConversion
        As `plot`.
    """
    part = str(chosen.pop("part", "") or "")
    energies = Energies(chosen.pop("incident_energy", None), chosen.pop("final_energy", None))
    choice = Choice(**{**chosen, "columns": dict(chosen.get("columns") or {})})
    try:
        scene, _ = _scene(sources_of(*_paired(things), part=part), choice, energies)
    except TooMany as many:
        raise NotPlottable(_too_many(many)) from many
    state, _ = _state(scene, Wanted(unit=unit, divide_by_width=divide_by_width, normalise=normalise), strict=False)
    view = View.of(state)
    return [scene.as_shown(curve, view) for curve in scene.curves]


@dataclass(frozen=True, eq=False)
class FittedLine:
    """A fit along the points that it was made to: positions, fitted values and value − fit, each shape (n,)."""

    x: Values
    y: Values
    residual: Values


def fitted(curve: Histogram, model: str, between: Any = None, *, background: str = "") -> FittedLine:
    """Return a fit of one curve, such as `curves` gives.

    Raises
    ------
    FitFailed, WrongArgument
        As `Lines.fit`.
    """
    points = points_in(
        positions(curve.axis), curve.values, errors=curve.errors, mask=curve.mask, between=range_of(between)
    )
    found = fit(points, model_named(model), Wish(background), curve=curve.name)
    return FittedLine(found.x, found.fitted, found.residual)


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a person said of the view."""

    unit: str = ""
    x_scale: str = "linear"
    y_scale: str = "linear"
    x_range: Any = None
    y_range: Any = None
    errors: str | None = None
    divide_by_width: bool | None = None
    normalise: str = "none"
    waterfall: Any = (0.0, 0.0)


def _paired(things: tuple[Any, ...]) -> tuple[Any, ...]:
    if not things:
        raise NotPlottable("There is nothing to plot: give a workspace, an array, a file or a list of them.")
    return things


def _scene(sources: Sequence[Source], choice: Choice, energies: Energies) -> tuple[Scene, list[str]]:
    made, notes = curves_of(sources, choice, energies)
    scene = Scene(made)
    scene.check_axes()
    return scene, notes


def _state(scene: Scene, wanted: Wanted, *, strict: bool = True) -> tuple[dict[str, Any], list[str]]:
    """Return the state of the view, and sentences on what nobody asked for.

    With `strict`, an argument that changes nothing is refused.
    """
    notes = []
    divide = wanted.divide_by_width
    if divide is None:
        divide = any(curve.divided_by_itself for curve in scene.curves)
        if divide:
            notes.append("Counts are divided by the widths of their bins (divide_by_width=False shows them undivided).")
    elif divide and strict and not any(curve.divisible for curve in scene.curves):
        raise WrongArgument("divide_by_width=True needs counts in bins, and no curve has them: leave it out.")
    state = initial(len(scene.curves), divide_by_width=divide)
    x_range, y_range = range_of(wanted.x_range), range_of(wanted.y_range)
    state["x"] = {
        **state["x"],
        "scale": scale_named(wanted.x_scale).value,
        "range": None if x_range is None else list(x_range),
        "unit": unit_of(wanted.unit, scene),
    }
    state["y"] = {
        **state["y"],
        "scale": scale_named(wanted.y_scale).value,
        "range": None if y_range is None else list(y_range),
    }
    state["normalise"] = one_of(wanted.normalise, NORMALISERS, "normalise")
    if wanted.errors is not None:
        state["errors"] = one_of(wanted.errors, ERRORS, "errors")
    try:
        across, up = (float(part) for part in wanted.waterfall)
        if not np.isfinite([across, up]).all():
            raise ValueError("they are not finite")
    except (TypeError, ValueError) as error:
        raise WrongArgument(
            f"waterfall= takes two parts of the axes, (0.02, 0.1), not {wanted.waterfall!r}."
        ) from error
    state["waterfall"] = {"x": across, "y": up}
    return state, notes


def _title(sources: Sequence[Source]) -> str:
    if len(sources) != 1:
        return ""
    return sources[0].data.summary().title or sources[0].name


def _too_many(many: TooMany) -> str:
    return (
        f"{many.source.name} has {many.count:,} spectra, more than the {MOST_CURVES} that are drawn as curves. Choose "
        "some: spectra=[0, 1, 2], spectra=slice(0, 100), numbers=… or detectors=…."
    )


def _colour_map(many: TooMany) -> Any:
    """Return the spectra as a colour map, which says so and how to choose."""
    return importlib.import_module("mantidlab.plots.slices").slices(
        many.source.data, note=f"{many.source.note} Shown as a colour map: {_too_many(many)}".strip()
    )


__all__ = ["FittedLine", "curves", "fitted", "plot"]

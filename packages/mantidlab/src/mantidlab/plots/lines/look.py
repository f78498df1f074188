"""What a plot of curves looks like on the screen, for a figure on paper that looks the same."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from mantidlab.plots.lines.figures import with_error
from mantidlab.plots.lines.fits import Kept, key_of
from mantidlab.plots.lines.picture import window_of
from mantidlab.plots.lines.scene import Drawn, Limits, Scene, extent, heights
from mantidlab.plots.lines.view import View
from mantidlab.plots.publication import AxisView, CurveView, FigureDescription, FitView, LinesView, Recreation
from mantidlab.plots.reduction.scales import Kind, Scale

PALETTE = ("#0072b2", "#d55e00", "#00805c", "#a8458a", "#8a6a00", "#2484b8", "#7a1f1f", "#565a61")
"""Okabe and Ito's colours as ``ui/src/core/colours.ts`` has them for light paper."""

PALETTE_FOR = 16
"""More curves get colours by their place, from viridis."""

VIRIDIS = ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725")
SHARE = 0.82
"""The yellow end is left out: it vanishes on white paper."""

FIT_COLOUR = "#222222"
ROOM_OF_RESIDUAL = 1.1
ROOM = 0.05
"""Part of the height that is free above and below the curves."""


def colour_of(place: int, total: int) -> str:
    """Return the colour of a curve by its place among all."""
    if total <= PALETTE_FOR:
        return PALETTE[place % len(PALETTE)]
    share = SHARE * (place % total) / (total - 1) * (len(VIRIDIS) - 1)
    low = min(int(share), len(VIRIDIS) - 2)
    one, two = (np.array([int(VIRIDIS[at][1:][i : i + 2], 16) for i in (0, 2, 4)]) for at in (low, low + 1))
    mixed = np.rint(one + (two - one) * (share - low)).astype(int)
    return "#" + "".join(f"{part:02x}" for part in mixed)


def described(
    scene: Scene,
    state: Mapping[str, Any],
    expression: str,
    things: tuple[str, ...],
    title: str,
    fits: Sequence[Kept],
) -> FigureDescription:
    """Return the description of a view.

    Parameters
    ----------
    expression
        Python that gives the curves as they are shown.
    things
        What the data come from, each an expression.
    fits
        Of these, the ones of other units, or of values divided otherwise, are left out.
    """
    view = View.of(state)
    drawn = scene.drawn(view)
    whole = extent(drawn)
    x_range = view.x_range or window_of(whole, view)
    up = heights(drawn, view, x_range)
    target = scene.target(view.unit)
    is_time = bool(drawn) and drawn[0].curve.mark == "line"
    y = AxisView(
        scene.y_label(view), view.y_range or _room(up, view.y), scene.y_unit(view), view.y.kind.value, view.y.constant
    )
    return FigureDescription(
        data=Recreation(expression, ("from mantidlab.plots import curves",), things),
        view=LinesView(
            x=AxisView(target.label, x_range, target.unit, view.x.kind.value, view.x.constant, is_time),
            y=y,
            curves=_curves(scene, drawn, view, x_range),
            waterfall=_waterfall(state, x_range, y.range),
            masked=_masked(state, drawn),
            legend=state.get("legend") != "hidden" and (len(drawn) > 1 or state.get("legend") == "shown"),
            grid=bool(state.get("grid")),
            selection=tuple(state["selection"]) if state.get("selection") else None,
            fits=_fits(fits, view, expression, scene.y_unit(view)),
        ),
        title=title,
    )


def _masked(state: Mapping[str, Any], drawn: Sequence[Drawn]) -> Literal["none", "hidden", "pale"]:
    if not any(each.curve.masked for each in drawn):
        return "none"
    return "hidden" if state.get("masked") == "hidden" else "pale"


def _room(limits: Limits, scale: Scale) -> tuple[float, float]:
    """Return the heights of the axis around the curves."""
    low, high = limits.low, limits.high
    if scale.kind is Kind.LOG:
        low = limits.positive if np.isfinite(limits.positive) else 1.0
        high = high if high > low else low * 10
    if not np.isfinite([low, high]).all():
        return 0.0, 1.0
    if low == high:
        return low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    places = scale.place([low, high])
    room = ROOM * (places[1] - places[0])
    found = scale.position([places[0] - room, places[1] + room])
    bottom = 0.0 if scale.kind is Kind.LINEAR and 0 <= low < 0.35 * high else float(found[0])
    return bottom, float(found[1])


def _curves(scene: Scene, drawn: Sequence[Drawn], view: View, x_range: tuple[float, float]) -> tuple[CurveView, ...]:
    places = {curve.id: place for place, curve in enumerate(scene.curves)}
    found = []
    for each in drawn:
        line = each.shown.line.curve
        size = int(np.searchsorted(line.left, x_range[1]) - np.searchsorted(line.right, x_range[0]))
        place = places[each.curve.id]
        found.append(
            CurveView(
                index=each.curve.id,
                name=each.curve.name,
                colour=colour_of(place, len(scene.curves)),
                mark=each.curve.mark,
                errors=view.errors,
                binned=each.shown.is_bins,
                size=max(0, size),
            )
        )
    return tuple(found)


def _waterfall(
    state: Mapping[str, Any], x_range: tuple[float, float], y_range: tuple[float, float]
) -> tuple[float, float]:
    """Return the shift of a curve in the units of the axes; on the screen it is a part of width and height."""
    moved = state.get("waterfall") or {}
    parts = (float(moved.get("x") or 0.0), float(moved.get("y") or 0.0))
    return parts[0] * (x_range[1] - x_range[0]), parts[1] * (y_range[1] - y_range[0])


def _fits(fits: Sequence[Kept], view: View, expression: str, y_unit: str) -> tuple[FitView, ...]:
    """Return the fits of what is shown; the page shows the residual of the newest."""
    shown = [kept for kept in fits if kept.key == key_of(view)]
    return tuple(_fit(kept, expression, y_unit if kept is shown[-1] else None) for kept in shown)


def _fit(kept: Kept, expression: str, y_unit: str | None) -> FitView:
    """Return one fit, with the axis of its residual if a unit is given."""
    found = kept.fit
    values = ", ".join(with_error(each.value, each.error) for each in found.parameters[:3])
    low, high = found.range
    text = (
        f"fitted({expression}[{kept.curve}], {found.model!r}, ({low:.9g}, {high:.9g}), background={found.background!r})"
    )
    recreation = Recreation(text, ("from mantidlab.plots import curves, fitted",))
    residual = None
    if y_unit is not None:
        most = ROOM_OF_RESIDUAL * float(np.max(np.abs(found.residual), initial=0.0)) or 1.0
        residual = AxisView("data − fit", (-most, most), y_unit)
    return FitView(recreation, f"{found.label}: {values}", FIT_COLOUR, residual)

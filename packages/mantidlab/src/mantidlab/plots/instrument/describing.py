"""A view of an instrument as a figure on paper."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mantidlab.plots.instrument.scene import Scene
from mantidlab.plots.instrument.seen import detectors_on_page, page, shown_limits
from mantidlab.plots.instrument.settings import THREE, Settings
from mantidlab.plots.publication import (
    AxisView,
    ColourView,
    FigureDescription,
    InstrumentView,
    Outline,
    Recreation,
)

NAMES = {"grey": "gray", "blues": "Blues"}
"""What matplotlib calls the colour maps that have other names there."""

GREY = "#bdbfc4"
INK = "#1b1b1d"


def described(scene: Scene, settings: Settings, expression: str, things: tuple[str, ...]) -> FigureDescription:
    """Return the description of a view.

    Parameters
    ----------
    expression
        Python that gives the detectors as they are seen.
    things
        What the data come from, each an expression.
    """
    x_range, y_range = page(scene, settings)
    flat = None if settings.view == THREE else scene.unwrapped(settings.view)
    labels, units = (flat.labels, flat.units) if flat is not None else (("", ""), ("", ""))
    return FigureDescription(
        data=Recreation(expression, ("from mantidlab.plots import detectors_seen",), things),
        view=InstrumentView(
            x=AxisView(labels[0], x_range, units[0]),
            y=AxisView(labels[1], y_range, units[1]),
            colour=_colour(scene, settings),
            outlines=tuple(_outlines(settings)),
            framed=flat is not None,
        ),
        title=scene.data.summary().title,
        height_to_width=round(1 / settings.aspect, 4),
        note=_note(scene, settings),
    )


def _colour(scene: Scene, settings: Settings) -> ColourView:
    low, high = shown_limits(scene, settings)
    largest = max(abs(low), abs(high))
    constant = 10.0 ** (np.floor(np.log10(largest)) - 3) if largest > 0 else 1.0
    without = bool(detectors_on_page(scene, settings).mask.any())
    return ColourView(
        map=NAMES.get(settings.colours, settings.colours),
        limits=(low, high),
        label=scene.counts.label or "Value",
        unit="" if scene.counts.unit == scene.counts.label.lower() else scene.counts.unit,
        scale=settings.scale,  # type: ignore[arg-type]  # read_settings has made sure
        linear_below=float(constant),
        masked=GREY if without else None,
    )


def _outlines(settings: Settings) -> list[Outline]:
    return [
        outline
        for one in settings.selection
        if one.get("kind") == "region" and one.get("projection") == settings.view != THREE
        for outline in _of_region(one)
    ]


def _of_region(told: Mapping[str, Any]) -> list[Outline]:
    corners = tuple((float(u), float(v)) for u, v in told["points"])
    if told["shape"] in ("rectangle", "polygon"):
        return [Outline("rectangle" if told["shape"] == "rectangle" else "polygon", corners, INK)]
    rounds = [Outline("ellipse", corners, INK)]
    if told["shape"] == "ring":
        middle, half = np.mean(corners, axis=0), np.subtract(corners[1], corners[0]) / 2 * float(told.get("inner", 0.5))
        (u0, v0), (u1, v1) = middle - half, middle + half
        rounds.append(Outline("ellipse", ((float(u0), float(v0)), (float(u1), float(v1))), INK))
    return rounds


def _note(scene: Scene, settings: Settings) -> str:
    label, unit = scene.axis(settings.quantity)
    if settings.range is None:
        return f"Counted over all of {label}."
    return f"Counted from {settings.range[0]:.8g} to {settings.range[1]:.8g} {unit} of {label}."

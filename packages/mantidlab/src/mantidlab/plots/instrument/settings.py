"""The arguments of `instrument` and the state of its view: the same things, checked in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.conversion.quantities import Quantity, named
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.instrument.camera import STANDARD, Camera, standard_camera
from mantidlab.plots.instrument.projections import PROJECTIONS
from mantidlab.plots.instrument.scene import Scene

SCALES = ("linear", "log", "symlog")
THREE = "3d"
USUAL, DOMINANT = 99.0, 20.0
"""Percent of detectors, and how many times more than they a few have to count for a logarithmic scale."""
VIEWS = (THREE, *PROJECTIONS)

Pair = tuple[float, float]


@dataclass(frozen=True)
class Settings:
    """What is seen, and how.

    Attributes
    ----------
    view
        ``3d``, or one of `PROJECTIONS`.
    range
        Of the axis, in the unit of `quantity`; None for all.
    quantity
        Another unit of the axis than the data's; None for their own.
    scale, limits, colours
        Of the colours; limits None for those of the data.
    monitors, masked
        Whether monitors and masked detectors are drawn.
    selection
        What is chosen, as `Choosing` takes it.
    camera
        Of the view in three dimensions.
    box
        The part of an unwrapped view that is seen, ((u₀, u₁), (v₀, v₁)); None for all.
    aspect
        Width by height of the picture on the screen.
    """

    view: str
    range: Pair | None
    quantity: Quantity | None
    scale: str
    limits: Pair | None
    colours: str
    monitors: bool
    masked: bool
    selection: tuple[Mapping[str, Any], ...]
    camera: Camera
    box: tuple[Pair, Pair] | None = None
    aspect: float = 1.6

    def told(self) -> dict[str, Any]:
        """Return them as the view's plain values."""
        return {
            "view": self.view,
            "range": _listed(self.range),
            "unit": self.quantity.value if self.quantity is not None else "",
            "scale": self.scale,
            "limits": _listed(self.limits),
            "colours": self.colours,
            "monitors": self.monitors,
            "masked": self.masked,
            "selection": [dict(one) for one in self.selection],
            "camera": self.camera.told(),
            "box": [list(pair) for pair in self.box] if self.box is not None else None,
            "aspect": self.aspect,
        }


def _listed(pair: Pair | None) -> list[float] | None:
    return list(pair) if pair is not None else None


def read_settings(told: Mapping[str, Any], scene: Scene) -> Settings:
    """Make settings of plain values; what is not there is as at the beginning.

    Raises
    ------
    WrongArgument
        A value is none of those that there are; the message lists them.
    """
    view = _one_of("view", told.get("view", THREE), VIEWS)
    box = told.get("box")
    return Settings(
        view=view,
        range=_pair("range", told.get("range")),
        quantity=_quantity(told.get("unit"), scene),
        scale=_one_of("scale", told.get("scale", "linear"), SCALES),
        limits=_pair("limits", told.get("limits")),
        colours=str(told.get("colours", "viridis")),
        monitors=bool(told.get("monitors", False)),
        masked=bool(told.get("masked", True)),
        selection=_selection(told.get("selection", ())),
        camera=_camera(told.get("camera"), scene),
        box=None if box is None else (_sure("box", box[0]), _sure("box", box[1])),
        aspect=max(0.1, float(told.get("aspect", 1.6))),
    )


def _one_of(name: str, value: Any, there: Sequence[str]) -> str:
    if value not in there:
        raise WrongArgument(f"{name}={value!r} is none of those that there are: {', '.join(there)}.")
    return str(value)


def _pair(name: str, value: Any) -> Pair | None:
    return None if value is None else _sure(name, value)


def _sure(name: str, value: Any) -> Pair:
    try:
        low, high = (float(end) for end in value)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{name}={value!r} is no pair of two numbers (from, to).") from error
    if not low < high:
        raise WrongArgument(f"{name}={value!r} must go from a smaller number to a larger one.")
    return low, high


def _quantity(value: Any, scene: Scene) -> Quantity | None:
    if value is None or value == "":
        return None
    found = named(str(value))
    if found is None or found not in scene.units:
        there = ", ".join(one.value for one in scene.units) or f"none but the data's own ({scene.counts.axis.unit})"
        raise WrongArgument(f"unit={value!r} is not possible for these data; units: {there}.")
    return None if scene.quantity is not None and found == scene.quantity[0] else found


def _selection(value: Any) -> tuple[Mapping[str, Any], ...]:
    if isinstance(value, Mapping):
        return (value,)
    found = tuple(value)
    if found and not isinstance(found[0], Mapping):
        return ({"kind": "ids", "ids": [int(number) for number in found]},)
    return found


def _camera(value: Any, scene: Scene) -> Camera:
    if isinstance(value, Mapping):
        return Camera.read(value)
    which = "" if value is None else _one_of("camera", value, STANDARD)
    geometry = scene.detectors.geometry
    return standard_camera(*scene.bounds(), geometry.beam, geometry.up, which, scene.towards)


def fitting_scale(values: Numbers, scene: Scene) -> str:
    """Return ``log`` where a linear scale would show the highest detectors and nothing else, ``linear`` elsewhere."""
    counted = values[scene.detectors.counting()]
    counted = counted[np.isfinite(counted)]
    if not len(counted) or counted.min() < 0:
        return "linear"
    usual = float(np.percentile(counted, USUAL))
    return "log" if float(counted.max()) > DOMINANT * max(usual, np.finfo(np.float64).tiny) else "linear"

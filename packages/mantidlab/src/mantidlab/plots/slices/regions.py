"""Regions of a plane: rectangles, ellipses and polygons, in the positions of its two axes.

A bin belongs to a region if its middle lies in it; the lower and left boundary belongs to it, the upper and right one
not, so that regions side by side share no bin.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.errors import WrongArgument

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """From `x[0]` to `x[1]` and from `y[0]` to `y[1]`."""

    x: tuple[float, float]
    y: tuple[float, float]

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges in x and y around it."""
        return self.x, self.y

    def holds(self, x: Numbers, y: Numbers) -> Mask:
        """Tell for each position, arrays of one shape or fitting shapes, whether it lies within."""
        return (x >= self.x[0]) & (x < self.x[1]) & (y >= self.y[0]) & (y < self.y[1])

    def state(self) -> dict[str, Any]:
        """Return it as the page knows it."""
        return {"kind": "rectangle", "x": list(self.x), "y": list(self.y)}


@dataclass(frozen=True)
class Ellipse:
    """Around a centre, with radii along x and y, each in the unit of its axis."""

    centre: Point
    radii: tuple[float, float]

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges in x and y around it."""
        (x, y), (across, up) = self.centre, self.radii
        return (x - across, x + across), (y - up, y + up)

    def holds(self, x: Numbers, y: Numbers) -> Mask:
        """Tell for each position whether it lies within."""
        (cx, cy), (across, up) = self.centre, self.radii
        return ((x - cx) / across) ** 2 + ((y - cy) / up) ** 2 < 1

    def state(self) -> dict[str, Any]:
        """Return it as the page knows it."""
        return {"kind": "ellipse", "centre": list(self.centre), "radii": list(self.radii)}


@dataclass(frozen=True)
class Polygon:
    """Through three corners or more; where it crosses itself, what is enclosed an odd number of times."""

    points: tuple[Point, ...]

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges in x and y around it."""
        xs, ys = zip(*self.points, strict=True)
        return (min(xs), max(xs)), (min(ys), max(ys))

    def holds(self, x: Numbers, y: Numbers) -> Mask:
        """Tell for each position whether it lies within: a ray to the right crosses an odd number of sides."""
        inside = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), dtype=np.bool_)
        for (x0, y0), (x1, y1) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            if y0 == y1:
                continue
            crosses = (y >= min(y0, y1)) & (y < max(y0, y1))
            inside ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
        return inside

    def state(self) -> dict[str, Any]:
        """Return it as the page knows it."""
        return {"kind": "polygon", "points": [list(point) for point in self.points]}


Shape: TypeAlias = Rectangle | Ellipse | Polygon

MOST_CORNERS = 2000
"""Corners of a polygon drawn by hand, at most."""


def shape_of(state: Any) -> Shape:
    """Return the region that the page or a call described.

    Raises
    ------
    WrongArgument
        It has no extent, or numbers are missing.
    """
    kind = state.get("kind") if isinstance(state, dict) else None
    try:
        if kind == "rectangle":
            return Rectangle(_range(state["x"]), _range(state["y"]))
        if kind == "ellipse":
            radii = _pair(state["radii"])
            if not min(radii) > 0:
                raise WrongArgument(f"The radii of an ellipse are above zero; these are {radii[0]:g} and {radii[1]:g}.")
            return Ellipse(_pair(state["centre"]), radii)
        if kind == "polygon":
            points = tuple(_pair(point) for point in state["points"])
            if not 3 <= len(points) <= MOST_CORNERS:
                raise WrongArgument(f"A polygon has 3 to {MOST_CORNERS} corners; this one has {len(points)}.")
            return Polygon(points)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, WrongArgument):
            raise
        raise WrongArgument(f"The {kind} is not complete: {state!r}.") from error
    raise WrongArgument(f"There is no region {kind!r}; there are rectangle, ellipse and polygon.")


def _pair(values: Any) -> Point:
    first, second = (float(value) for value in values)
    if not np.isfinite([first, second]).all():
        raise WrongArgument(f"Positions are finite numbers; these are {first!r} and {second!r}.")
    return first, second


def _range(values: Any) -> tuple[float, float]:
    low, high = sorted(_pair(values))
    if not low < high:
        raise WrongArgument(f"A range has an extent; this one is from {low:g} to {high:g}.")
    return low, high

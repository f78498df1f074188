"""Regions that a person draws, and which detectors lie in them: on the unwrapped view, or on the screen in 3-D."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Mask, NotThere, Numbers

SHAPES = ("rectangle", "ellipse", "ring", "polygon")
INNER = 0.5
"""Inner radius of a ring, as a part of the outer one, where none is given."""


@dataclass(frozen=True, eq=False)
class Region:
    """A closed shape in two dimensions.

    Attributes
    ----------
    shape
        One of `SHAPES`.
    points
        Opposite corners of the box around a rectangle, an ellipse or a ring, shape (2, 2); the corners of a polygon,
        shape (n, 2), n ≥ 3. What lies on the edge is inside.
    inner
        Of a ring: the hole's size as a part of the whole.
    """

    shape: str
    points: Numbers
    inner: float = INNER

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Region":
        """Make a region of plain values.

        Raises
        ------
        NotThere
            They describe none.
        """
        shape = str(told.get("shape", ""))
        try:
            points = np.asarray(told.get("points", ()), dtype=np.float64)
            inner = float(told.get("inner", INNER))
        except (TypeError, ValueError) as error:
            raise NotThere(f"A region needs points as pairs of numbers: {error}.") from error
        wanted = 3 if shape == "polygon" else 2
        if shape not in SHAPES:
            raise NotThere(f"A region cannot be a {shape!r}; it can be a {', '.join(SHAPES)}.")
        few = points.ndim != 2 or points.shape[1:] != (2,) or len(points) < wanted
        if few or (shape != "polygon" and len(points) != wanted) or not np.isfinite(points).all():
            raise NotThere(
                f"A {shape} needs {wanted} points{' or more' if shape == 'polygon' else ''}, as pairs (u, v)."
            )
        if not 0 <= inner < 1:
            raise NotThere(f"The hole of a ring is a part of it between 0 and 1, not {inner}.")
        return cls(shape, points, inner)

    def holds(self, where: Numbers) -> Mask:
        """Tell which places lie inside, shape (n, 2) → (n,); NaN does not."""
        with np.errstate(invalid="ignore"):
            if self.shape == "polygon":
                return _in_polygon(where, self.points)
            low, high = self.points.min(axis=0), self.points.max(axis=0)
            if self.shape == "rectangle":
                return np.asarray(((where >= low) & (where <= high)).all(axis=1))
            half = np.maximum((high - low) / 2, np.finfo(np.float64).tiny)
            square = (((where - (low + high) / 2) / half) ** 2).sum(axis=1)
            inside = square <= 1.0
            return np.asarray(inside & (square >= self.inner**2) if self.shape == "ring" else inside)


def _in_polygon(where: Numbers, corners: Numbers) -> Mask:
    """Count how often a line to the right of each place crosses the edges: odd is inside (also on the edge itself)."""
    odd = np.zeros(len(where), dtype=np.bool_)
    near = ((where >= corners.min(axis=0)) & (where <= corners.max(axis=0))).all(axis=1)
    x, y = where[near].T
    inside = np.zeros(len(x), dtype=np.bool_)
    edge = np.zeros(len(x), dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        between = (np.minimum(x1, x2) <= x) & (x <= np.maximum(x1, x2)) & (np.minimum(y1, y2) <= y) & (y <= max(y1, y2))
        edge |= (turn == 0) & between
        if y1 != y2:
            crosses = (y1 <= y) != (y2 <= y)
            inside ^= crosses & ((turn > 0) == (y2 > y1))
    odd[near] = inside | edge
    return odd


def on_screen(places: Numbers, matrix: Sequence[float]) -> Numbers:
    """Return where places are seen, shape (n, 3) → (n, 2): −1 to 1 from left to right and from bottom to top.

    Parameters
    ----------
    matrix
        The 16 numbers of the camera's projection times its view, column by column as WebGL has them.

    Places behind the camera are NaN.
    """
    try:
        whole = np.asarray(matrix, dtype=np.float64).reshape(4, 4, order="F")
    except (TypeError, ValueError) as error:
        raise NotThere(f"A camera is 16 numbers: {error}.") from error
    seen = places @ whole[:, :3].T + whole[:, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = seen[:, :2] / seen[:, 3:]
    flat[~(seen[:, 3] > 0)] = np.nan
    return np.asarray(flat)

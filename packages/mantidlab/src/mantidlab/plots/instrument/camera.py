"""From where an instrument is looked at in three dimensions; the same mathematics as the browser's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import NotThere, Numbers
from mantidlab.plots.instrument.extents import unit

Vector = tuple[float, float, float]

FIELD = 35.0
"""Degrees from the lower to the upper edge of the picture."""

ELEVATION, TURN = np.radians(22.0), np.radians(35.0)
"""The first view: from behind the source, to its side and above."""

MARGIN, ASPECT = 1.12, 1.6
"""Room around the instrument, and the shape of the picture before it is known."""

NEAREST = 1e-3
"""Metres, for an instrument of a single point."""

STANDARD = ("x+", "x-", "y+", "y-", "z+", "z-")
"""Along these directions the standard views look from: ``z-`` from the source's side of an instrument along z."""


@dataclass(frozen=True)
class Camera:
    """A camera, in metres from the sample.

    Attributes
    ----------
    position, target, up
        Where it is, what it looks at, what is upwards.
    perspective
        Whether near things look larger.
    """

    position: Vector
    target: Vector
    up: Vector
    perspective: bool = True

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Camera":
        """Make one of plain values.

        Raises
        ------
        NotThere
            They are no camera.
        """
        try:
            position, target, up = (_vector(told[name]) for name in ("position", "target", "up"))
        except (KeyError, TypeError, ValueError) as error:
            raise NotThere(
                f"A camera needs position, target and up, each three numbers in metres from the sample: {error!r}."
            ) from error
        return cls(position, target, up, bool(told.get("perspective", True)))

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def matrix(self, aspect: float) -> Numbers:
        """Return projection times view, shape (4, 4), for a picture `aspect` times as wide as high."""
        position, target = np.array(self.position, dtype=np.float64), np.array(self.target, dtype=np.float64)
        ahead = unit((target - position)[None])[0]
        right = unit(np.cross(ahead, self.up)[None])[0]
        above = np.cross(right, ahead)
        view = np.eye(4)
        view[:3, :3] = right, above, -ahead
        view[:3, 3] = -view[:3, :3] @ position
        distance = float(np.linalg.norm(target - position))
        half = np.tan(np.radians(FIELD) / 2)
        projection = np.zeros((4, 4))
        near, far = 1e-3 * distance, 1e3 * distance
        if self.perspective:
            projection[0, 0], projection[1, 1] = 1 / (half * aspect), 1 / half
            projection[2, 2], projection[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
            projection[3, 2] = -1
        else:
            projection[0, 0], projection[1, 1] = 1 / (half * distance * aspect), 1 / (half * distance)
            projection[2, 2], projection[2, 3] = -2 / (far - near), -(far + near) / (far - near)
            projection[3, 3] = 1
        return projection @ view


def _vector(value: Any) -> Vector:
    x, y, z = (float(part) for part in value)
    if not np.isfinite([x, y, z]).all():
        raise ValueError("not finite")
    return x, y, z


def _distance(low: Numbers, high: Numbers, towards: Numbers, up: Numbers) -> float:
    """Return from how far away all corners of a box are within the picture, with a margin."""
    right = unit(np.cross(-towards, up)[None])[0]
    above = np.cross(right, -towards)
    half = np.tan(np.radians(FIELD) / 2)
    corners = (np.array(np.meshgrid(*([-0.5, 0.5],) * 3)).reshape(3, -1).T) * (high - low)
    wide = np.abs(corners @ right) / (half * ASPECT) + corners @ towards
    tall = np.abs(corners @ above) / half + corners @ towards
    return max(MARGIN * float(max(wide.max(), tall.max())), NEAREST)


def first_direction(places: Numbers, beam: Numbers, up: Numbers) -> Numbers:
    """Return the direction from the instrument to the eye of the first view, a unit vector.

    From behind the source, to its side and above; where detectors would be seen edge-on there, the first of seven other
    sides from which they cover half as much as from the best one.

    Parameters
    ----------
    places
        Of detectors, or of a sample of them, shape (n, 3).
    """
    side = np.cross(up, beam)
    directions = []
    for quarter in (0.0, -2.0, 2.0, 1.0, -1.0, 3.0, -3.0, 4.0):
        turn = TURN + quarter * np.pi / 4 if quarter else TURN
        level = -np.asarray(beam) * np.cos(turn) + side * np.sin(turn)
        directions.append(level * np.cos(ELEVATION) + np.asarray(up) * np.sin(ELEVATION))
    if len(places) < 3:  # no plane
        return np.asarray(directions[0])
    spread = np.cov(places.T)
    covered = []
    for towards in directions:
        right = unit(np.cross(-towards, up)[None])[0]
        across = np.stack([right, np.cross(right, -towards)])
        covered.append(float(np.linalg.det(across @ spread @ across.T)))
    # The determinant is a squared area.
    good = [direction for direction, area in zip(directions, covered, strict=True) if area >= max(covered) / 4]
    return np.asarray(good[0])


def standard_camera(
    low: Numbers, high: Numbers, beam: Numbers, up: Numbers, which: str = "", first: Numbers | None = None
) -> Camera:
    """Return a camera that sees the whole box from `low` to `high`.

    Parameters
    ----------
    which
        One of `STANDARD`, or nothing for the first view.
    first
        Direction to the eye in the first view; None for that of an instrument of which nothing is known.
    """
    upwards = np.asarray(up, dtype=np.float64)
    if which:
        towards = np.zeros(3)
        towards["xyz".index(which[0])] = 1.0 if which[1] == "+" else -1.0
        if abs(float(towards @ upwards)) > 0.99:
            upwards = np.asarray(beam, dtype=np.float64)
    else:
        towards = first_direction(np.zeros((0, 3)), beam, upwards) if first is None else first
    centre, distance = (low + high) / 2, _distance(low, high, towards, upwards)
    position = centre + towards * distance
    return Camera(_vector(position), _vector(centre), _vector(upwards))

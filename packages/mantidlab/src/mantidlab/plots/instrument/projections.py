"""Unwrapped views: where each detector lies on a cylinder, on a sphere, or side by side with the rest of its bank."""

from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Mask, NotThere, Numbers
from mantidlab.plots.instrument.detectors import NOWHERE, Detectors
from mantidlab.plots.instrument.extents import unit

PROJECTIONS = (
    "cylinder x",
    "cylinder y",
    "cylinder z",
    "sphere x",
    "sphere y",
    "sphere z",
    "side by side",
)

BLOCK = 2**17
"""Detectors whose edges are worked out at a time: 10 MB."""

WIDEST = 15.0
"""Degrees: a detector at the pole of a projection covers all angles there, and is drawn no wider than this."""

CELLS = 720
"""The seam is put into the widest gap of so many parts of the circle."""

STRAYS, FEW = 0.004, 200
"""Part of the places that may be left out of the first view, and below how many none is."""

GAP = 0.15
"""Between banks side by side, as a part of the median bank."""


@dataclass(frozen=True)
class Label:
    """A name to be written at a place of the unwrapped view."""

    text: str
    u: float
    v: float


@dataclass(frozen=True, eq=False)
class Unwrapped:
    """Detectors laid out flat.

    Attributes
    ----------
    uv, half
        Middle of each and half its width and height, shape (n, 2), in `units`; NaN for what is not shown.
    labels, units
        Of the two axes.
    natural
        Length of one unit of v in units of u where the view looks as the instrument does.
    names
        Of banks, where they are laid out one by one.
    """

    projection: str
    uv: Numbers
    half: Numbers
    labels: tuple[str, str]
    units: tuple[str, str]
    natural: float
    names: tuple[Label, ...] = ()


def unwrap(detectors: Detectors, projection: str, *, shown: Mask | None = None) -> Unwrapped:
    """Lay the detectors out.

    Parameters
    ----------
    projection
        One of `PROJECTIONS`. Cylinders and spheres are about an axis of the instrument through the sample.
    shown
        Those that decide where the seam is and how wide banks are, shape (n,); None for all but monitors.

    Raises
    ------
    NotThere
        There is no such projection.
    """
    if projection not in PROJECTIONS:
        raise NotThere(
            f"There is no view {projection!r}; there are “3d”, {', '.join(f'“{one}”' for one in PROJECTIONS)}."
        )
    used = ~detectors.geometry.monitor if shown is None else shown
    if projection == "side by side":
        return _side_by_side(detectors, used)
    kind, letter = projection.split()
    return _around(detectors, kind, letter, used)


def _shown(detectors: Detectors, uv: Numbers) -> Numbers:
    """Return places on the page, NaN for detectors of which nobody knows where they are."""
    return np.where(((detectors.flags & NOWHERE) == 0)[:, None], uv, np.nan)


@dataclass(frozen=True, eq=False)
class _Frame:
    """The axis of a projection, where its angle is zero, and to which side it grows."""

    axis: Numbers
    zero: Numbers
    side: Numbers
    along_beam: bool

    @classmethod
    def of(cls, detectors: Detectors, letter: str) -> "_Frame":
        axis = np.zeros(3)
        axis["xyz".index(letter)] = 1.0
        beam, up = detectors.geometry.beam, detectors.geometry.up
        if abs(float(axis @ beam)) > 0.999:
            # The azimuth as everybody counts it: from the horizontal, towards up.
            horizontal = np.cross(up, beam)
            return cls(np.asarray(beam, dtype=np.float64), horizontal, np.asarray(up, dtype=np.float64), True)
        zero = beam - axis * float(axis @ beam)
        zero = zero / np.linalg.norm(zero)
        # To the right of who stands at the sample and looks along the beam, the axis up.
        return cls(axis, zero, np.cross(zero, axis), False)


def _around(detectors: Detectors, kind: str, letter: str, used: Mask) -> Unwrapped:
    frame = _Frame.of(detectors, letter)
    places = detectors.places
    angle = np.degrees(np.arctan2(places @ frame.side, places @ frame.zero))
    along = places @ frame.axis
    distance = np.linalg.norm(places, axis=1)
    if kind == "cylinder":
        v = along
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            v = np.degrees(np.arcsin(np.clip(along / distance, -1.0, 1.0)))
        v = 90.0 - v if frame.along_beam else v
    seam = _seam(angle[used & np.isfinite(angle)])
    u = seam + np.mod(angle - seam, 360.0)
    half = _halves(detectors, frame, kind)
    name = "azimuth φ" if frame.along_beam else f"angle about {letter}, to the right as seen from the sample"
    second = (
        ("along the beam" if frame.along_beam else f"along {letter}")
        if kind == "cylinder"
        else ("scattering angle 2θ" if frame.along_beam else f"elevation towards {letter}")
    )
    across = np.sqrt(np.maximum(distance**2 - along**2, 0.0))
    usual = float(np.median(across[used])) if used.any() else 1.0
    natural = np.degrees(1.0 / usual) if kind == "cylinder" and usual > 0 else 1.0
    return Unwrapped(
        f"{kind} {letter}",
        _shown(detectors, np.stack([u, v], axis=1)),
        half,
        (name, second),
        ("°", "m" if kind == "cylinder" else "°"),
        float(natural),
    )


def _seam(angles: Numbers) -> float:
    """Return the angle in the middle of the widest gap."""
    if not len(angles):
        return -180.0
    cells = np.bincount(((angles + 180.0) * (CELLS / 360.0)).astype(np.intp) % CELLS, minlength=CELLS) > 0
    taken = np.flatnonzero(cells)
    gaps = np.diff(np.append(taken, taken[0] + CELLS))
    widest = int(np.argmax(gaps))
    if gaps[widest] <= 1:
        return -180.0
    seam = (taken[widest] + 0.5 + gaps[widest] / 2) * 360.0 / CELLS - 180.0
    return float(seam % 360.0 - 360.0)  # so that zero is in the view


def _halves(detectors: Detectors, frame: _Frame, kind: str) -> Numbers:
    """Return half the extent of each detector's box in the two directions, by the slopes of the projection."""
    half = np.empty((detectors.count, 2))
    for start in range(0, detectors.count, BLOCK):
        some = slice(start, start + BLOCK)
        places, edges = detectors.places[some], detectors.axes(some)
        right, ahead = places @ frame.side, places @ frame.zero
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = (frame.side * ahead[:, None] - frame.zero * right[:, None]) / (right**2 + ahead**2)[:, None]
        half[some, 0] = np.degrees(_reach(slope, edges))
        if kind == "cylinder":
            half[some, 1] = _reach(np.broadcast_to(frame.axis, places.shape), edges)
            continue
        along = places @ frame.axis
        square = np.sum(places**2, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            rise = (frame.axis - places * (along / square)[:, None]) / np.sqrt(square - along**2)[:, None]
        half[some, 1] = np.degrees(_reach(rise, edges))
    half[:, 0] = np.minimum(np.nan_to_num(half[:, 0], nan=WIDEST, posinf=WIDEST), WIDEST)
    if kind != "cylinder":
        half[:, 1] = np.minimum(np.nan_to_num(half[:, 1], nan=WIDEST, posinf=WIDEST), WIDEST)
    return half


def _reach(slope: Numbers, edges: Numbers) -> Numbers:
    return np.asarray(0.5 * np.abs(np.einsum("ni,nik->nk", slope, edges)).sum(axis=1))


def ends_without_strays(places: Numbers, used: Mask, half: Numbers | float = 0.0) -> tuple[Numbers, Numbers, int]:
    """Return the smallest and the largest coordinates of places, and how many were left out as strays.

    Places are left out if they are at most 4 in 1,000 and make the box more than twice as large in some direction:
    spectra of monitors that are not called so stand twelve metres away in some files, and the instrument would be a
    dot.
    """
    known = used & _in_every_direction(np.isfinite(places))
    some = places[known]
    if not len(some):
        return np.full(places.shape[1], -1.0), np.full(places.shape[1], 1.0), 0
    reach = half if isinstance(half, float) else half[known]
    low, high = np.quantile(some, [STRAYS / 2, 1 - STRAYS / 2], axis=0, method="nearest")
    whole = some.max(axis=0) - some.min(axis=0) > 2 * np.maximum(high - low, np.finfo(np.float64).tiny)
    inside = np.ones(len(some), dtype=np.bool_)
    if len(some) >= FEW and whole.any():
        inside = _in_every_direction((some >= 2 * low - high) & (some <= 2 * high - low))
    kept = reach if isinstance(reach, float) else reach[inside]
    found = some[inside]
    return (found - kept).min(axis=0), (found + kept).max(axis=0), int(len(some) - len(found))


def _in_every_direction(what: Mask) -> Mask:
    """Return where all columns of an array (n, 2) or (n, 3) are true; ``all(axis=1)`` takes ten times as long."""
    return np.logical_and.reduce([what[:, direction] for direction in range(what.shape[1])])


def _side_by_side(detectors: Detectors, used: Mask) -> Unwrapped:
    uv = np.full((detectors.count, 2), np.nan)
    half = np.full((detectors.count, 2), np.nan)
    boxes: list[tuple[str, slice, Numbers, Numbers]] = []
    for bank in detectors.banks:
        some = slice(bank.first, bank.last)
        here = used[some] & ((detectors.flags[some] & NOWHERE) == 0)
        if here.any():
            flat, reach = _flat(detectors, some, here)
            uv[some], half[some] = flat, reach
            low, high = (flat - reach)[here].min(axis=0), (flat + reach)[here].max(axis=0)
            boxes.append((bank.name, some, low, high))
    names = _tile(uv, boxes)
    return Unwrapped("side by side", _shown(detectors, uv), half, ("across", "upwards"), ("m", "m"), 1.0, tuple(names))


def _flat(detectors: Detectors, some: slice, used: Mask) -> tuple[Numbers, Numbers]:
    """Return places and half extents in the plane that fits a bank best, as seen from the sample."""
    places = detectors.places[some]
    middle = places[used].mean(axis=0)
    spread = places[used] - middle
    _, turns = np.linalg.eigh(spread.T @ spread)
    normal = turns[:, 0]
    sight = middle if np.linalg.norm(middle) > 0 else detectors.geometry.beam
    normal = normal if normal @ sight >= 0 else -normal
    up = detectors.geometry.up - normal * float(detectors.geometry.up @ normal)
    if np.linalg.norm(up) < 0.1:  # a bank that lies flat: the beam points up on the page
        up = detectors.geometry.beam - normal * float(detectors.geometry.beam @ normal)
    up = up / np.linalg.norm(up)
    right = unit(np.cross(normal, up)[None])[0]
    edges = detectors.axes(some)
    flat = np.stack([(places - middle) @ right, (places - middle) @ up], axis=1)
    reach = np.stack([_reach(np.broadcast_to(way, places.shape), edges) for way in (right, up)], axis=1)
    return flat, reach


def _tile(uv: Numbers, boxes: list[tuple[str, slice, Numbers, Numbers]]) -> list[Label]:
    """Move each bank to its place in rows, in order, and return where their names stand."""
    if not boxes:
        return []
    sizes = np.array([high - low for _, _, low, high in boxes])
    gap = GAP * float(np.median(sizes.max(axis=1)))
    width = max(float(sizes[:, 0].max()), np.sqrt(float(((sizes + gap).prod(axis=1)).sum()) * 1.6))
    names: list[Label] = []
    left = top = tallest = 0.0
    for (name, some, low, _), (wide, tall) in zip(boxes, sizes, strict=True):
        if left > 0 and left + wide > width:
            left, top, tallest = 0.0, top - tallest - 2 * gap, 0.0
        uv[some] += np.array([left, top - tall]) - low
        names.append(Label(name, left + wide / 2, top))
        left, tallest = left + wide + gap, max(tallest, tall)
    return names

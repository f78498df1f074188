"""Detectors as they are seen: their outlines on the plane of the picture, for figures on paper."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.instrument.counting import extremes
from mantidlab.plots.instrument.detectors import EMPTY, MASKED, MONITOR, NOWHERE
from mantidlab.plots.instrument.projections import ends_without_strays
from mantidlab.plots.instrument.scene import Scene
from mantidlab.plots.instrument.settings import THREE, Pair, Settings

CELLS = 500
"""From end to end of the picture."""

MOST = CELLS**2
"""More are not drawn on paper as they are: of those that share a cell the highest one stays, drawn as the cell."""

ROOM = 0.04
"""Around an unwrapped view of which all is seen, as a part of its size; `plot.ts` has the same."""

WIDEST = 6.0
"""Beyond these proportions a view is stretched and does not keep the instrument's."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Outlines on the plane of the picture, the farthest first.

    Attributes
    ----------
    corners
        Shape (m, 4, 2).
    values
        What each counts, shape (m,).
    mask
        True for what has no colour, shape (m,): it is masked, has no counts, or on a logarithmic scale none above 0.
    indices
        Which detectors they are, shape (m,).
    """

    corners: Numbers
    values: Numbers
    mask: Mask
    indices: NDArray[np.int64]


def detectors_on_page(scene: Scene, settings: Settings) -> Seen:
    """Return the detectors that a view shows, within the ranges of `page`."""
    values = scene.values(settings.range, settings.quantity)
    detectors = scene.detectors
    hidden = NOWHERE if settings.masked else NOWHERE | MASKED
    hidden |= 0 if settings.monitors and settings.view == THREE else MONITOR
    shown = np.flatnonzero((detectors.flags & hidden) == 0)
    ends = np.array(page(scene, settings)).T
    if settings.view == THREE:
        middles, depth = _on_screen(scene, settings, detectors.places[shown])
    else:
        middles, depth = scene.unwrapped(settings.view).uv[shown], None
    with np.errstate(invalid="ignore"):
        inside = ((middles >= ends[0]) & (middles <= ends[1])).all(axis=1)
    shown, middles = shown[inside], middles[inside]
    # Flat, the highest is drawn last, as on the screen; what has no counts first.
    last = np.nan_to_num(values[shown], nan=-np.inf) if depth is None else -depth[inside]
    order = np.argsort(last, kind="stable")
    if len(shown) > MOST:
        order = order[_highest_of_each_cell(middles[order], values[shown[order]], ends)]
        chosen, corners = shown[order], _cells(middles[order], ends)
    else:
        chosen = shown[order]
        outlines = _outlines_in_space if settings.view == THREE else _rectangles
        corners = outlines(scene, settings, chosen)
    mask = ((detectors.flags[chosen] & (MASKED | EMPTY)) != 0) | ~np.isfinite(values[chosen])
    if settings.scale == "log":
        mask |= values[chosen] <= 0  # which a logarithmic scale has no colour for
    return Seen(corners, values[chosen], mask, chosen)


def page(scene: Scene, settings: Settings) -> tuple[Pair, Pair]:
    """Return the ends of the picture's two axes."""
    if settings.view == THREE:
        return (-settings.aspect, settings.aspect), (-1.0, 1.0)
    if settings.box is not None:
        return settings.box
    flat = scene.unwrapped(settings.view)
    low, high, _ = ends_without_strays(flat.uv, ~scene.detectors.geometry.monitor, flat.half)
    spans = np.where(high > low, high - low, 1.0) * (1 + 2 * ROOM)
    middle = (low + high) / 2
    ratio = spans[0] / (spans[1] * flat.natural) / settings.aspect
    if 1 / WIDEST <= ratio <= WIDEST:
        spans = spans * (np.array([1.0, ratio]) if ratio > 1 else np.array([1 / ratio, 1.0]))
    (u0, v0), (u1, v1) = middle - spans / 2, middle + spans / 2
    return (float(u0), float(u1)), (float(v0), float(v1))


def shown_limits(scene: Scene, settings: Settings) -> Pair:
    """Return the ends of the colours as the browser has them, see ``colourLimits`` in `state.ts`."""
    if settings.limits is not None:
        return settings.limits
    found = extremes(scene.values(settings.range, settings.quantity)[scene.detectors.counting()])
    if settings.scale == "log":
        if found.positive is None:
            return 0.1, 1.0
        return (found.positive, found.high) if found.high > found.positive else (found.positive / 2, found.positive * 2)
    low = min(found.low, 0.0)
    return low, found.high if found.high > low else low + 1.0


def _matrix(settings: Settings) -> Numbers:
    return settings.camera.matrix(settings.aspect)


def _on_screen(scene: Scene, settings: Settings, places: Numbers) -> tuple[Numbers, Numbers]:
    """Return places on the page, NaN behind the camera, and how far away they are."""
    matrix = _matrix(settings)
    seen = places @ matrix[:, :3].T + matrix[:, 3]
    flat = seen[:, :2] / np.where(seen[:, 3:] > 0, seen[:, 3:], np.nan) * [settings.aspect, 1.0]
    towards = np.array(settings.camera.target) - np.array(settings.camera.position)
    return flat, (places - np.array(settings.camera.position)) @ (towards / np.linalg.norm(towards))


def _outlines_in_space(scene: Scene, settings: Settings, some: NDArray[np.int64]) -> Numbers:
    """Return the side of each box that looks largest from the camera, as four corners on the page."""
    places, edges = scene.detectors.places[some], scene.detectors.axes(some)
    eye = np.array(settings.camera.position)
    ahead = np.broadcast_to(np.array(settings.camera.target) - eye, places.shape)
    sight = places - eye if settings.camera.perspective else ahead
    areas = np.stack([np.cross(edges[:, :, (k + 1) % 3], edges[:, :, (k + 2) % 3]) for k in range(3)], axis=1)
    faces = np.einsum("nki,ni->nk", areas, sight)
    largest = np.argmax(np.abs(faces), axis=1)
    rows = np.arange(len(some))
    sides = [edges[rows, :, (largest + step) % 3] for step in (1, 2)]
    # Of the two such sides the one towards the eye.
    outward = edges[rows, :, largest] * -np.sign(np.einsum("ni,ni->n", edges[rows, :, largest], sight))[:, None]
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2
    corners = places[:, None] + outward[:, None] / 2 + np.einsum("ck,kni->nci", signs, np.array(sides))
    flat, _ = _on_screen(scene, settings, corners.reshape(-1, 3))
    return flat.reshape(-1, 4, 2)


def _rectangles(scene: Scene, settings: Settings, some: NDArray[np.int64]) -> Numbers:
    flat = scene.unwrapped(settings.view)
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    return np.asarray(flat.uv[some, None] + signs * flat.half[some, None])


def _cell_of(middles: Numbers, ends: Numbers) -> NDArray[np.int64]:
    return np.minimum(((middles - ends[0]) / (ends[1] - ends[0]) * CELLS).astype(np.int64), CELLS - 1)


def _cells(middles: Numbers, ends: Numbers) -> Numbers:
    """Return the outlines of the cells in which places lie."""
    steps = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    return np.asarray(ends[0] + (_cell_of(middles, ends)[:, None] + steps) * (ends[1] - ends[0]) / CELLS)


def _highest_of_each_cell(middles: Numbers, values: Numbers, ends: Numbers) -> NDArray[np.int64]:
    """Return in their order those that are the highest of their cell."""
    cells = _cell_of(middles, ends)
    numbers = cells[:, 0] * CELLS + cells[:, 1]
    best = np.lexsort((np.nan_to_num(values, nan=-np.inf), numbers))
    last = np.flatnonzero(np.diff(numbers[best], append=-1))
    return np.sort(best[last])

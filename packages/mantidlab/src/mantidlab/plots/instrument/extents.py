"""How large each detector is drawn and how it is turned, where data name positions alone: as the distances say."""

import numpy as np

from mantidlab.frameworks.model import Bank, Geometry, Numbers

FLAT = 0.2
"""Depth of a detector of unknown shape, as a part of its smaller side."""

FALLBACK = 0.01
"""Metres, for a single detector of which nothing is known."""

UPRIGHT = (1.0, 0.0, 0.0, 0.0)

FAR = 4.0
"""A step this many times the median one leads from one tube or bank to the next."""


def guess_extents(geometry: Geometry, positions: Numbers) -> tuple[Numbers, Numbers]:
    """Return sizes (n, 3) and rotations (n, 4) from the distances between neighbours.

    In a bank whose rows and columns are known both directions are taken from it: its detectors are rectangles that
    touch. Elsewhere a detector is a square as wide as the distance to the next one, turned towards the sample.
    """
    count = len(positions)
    sizes = np.full((count, 3), FALLBACK)
    rotations = np.tile(np.array(UPRIGHT), (count, 1))
    for bank in geometry.banks or (Bank("", 0, count),):
        some = slice(bank.first, bank.last)
        here = positions[some]
        if len(here) == 0:
            continue
        grid = _grid(bank, here)
        sides = _sides_of_grid(here.reshape(*grid, 3)) if grid is not None else _sides_of_list(here, geometry.up)
        sizes[some], rotations[some] = _boxes(*sides)
    return sizes, rotations


def _grid(bank: Bank, places: Numbers) -> tuple[int, int] | None:
    count = len(places)
    if len(bank.shape) != 2 or bank.shape[0] * bank.shape[1] != count or min(bank.shape) < 2:
        return inferred_grid(places)
    return bank.shape[0], bank.shape[1]


def inferred_grid(places: Numbers) -> tuple[int, int] | None:
    """Return rows and columns of detectors in a list that jumps after each row, always after as many; else None."""
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    usual = steps[steps > 0]
    if not len(usual):
        return None
    jumps = np.flatnonzero(steps > FAR * np.median(usual)) + 1
    columns = int(jumps[0]) if len(jumps) else 0
    if columns < 2 or len(places) % columns or not np.array_equal(jumps, np.arange(columns, len(places), columns)):
        return None
    return len(places) // columns, columns


def _sides_of_grid(places: Numbers) -> tuple[Numbers, Numbers]:
    """Return the steps from row to row and from column to column, each of shape (n, 3)."""
    return np.gradient(places, axis=0).reshape(-1, 3), np.gradient(places, axis=1).reshape(-1, 3)


def _sides_of_list(places: Numbers, up: Numbers) -> tuple[Numbers, Numbers]:
    """Return two equal sides across the line of sight, as long as the distance to the nearer neighbour in the list."""
    widths = np.full(len(places), FALLBACK)
    if len(places) > 1:
        steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
        nearer = np.minimum(np.append(steps, np.inf), np.insert(steps, 0, np.inf))
        good = nearer[np.isfinite(nearer) & (nearer > 0)]
        median = float(np.median(good)) if len(good) else FALLBACK
        widths = np.where(np.isfinite(nearer) & (nearer > 0), np.minimum(nearer, FAR * median), median)
    sight = unit(places)
    across = np.cross(np.broadcast_to(up, sight.shape), sight)
    lost = np.linalg.norm(across, axis=1) < 1e-6
    across[lost] = np.cross((1.0, 0.0, 0.0), sight[lost])
    lost = np.linalg.norm(across, axis=1) < 1e-6
    across[lost] = (1.0, 0.0, 0.0)
    across = unit(across)
    return across * widths[:, None], unit(np.cross(sight, across)) * widths[:, None]


def _boxes(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """Return sizes and rotations of flat boxes with two given sides (the second made upright on the first)."""
    width = np.linalg.norm(first, axis=1)
    x = unit(first)
    upright = second - x * np.sum(second * x, axis=1, keepdims=True)
    height = np.linalg.norm(upright, axis=1)
    y = unit(upright)
    z = np.cross(x, y)
    sizes = np.stack([width, height, FLAT * np.minimum(width, height)], axis=1)
    bad = ~np.isfinite(sizes).all(axis=1) | (sizes[:, :2] <= 0).any(axis=1)
    rotations = quaternions(np.stack([x, y, z], axis=2))
    sizes[bad], rotations[bad] = FALLBACK, UPRIGHT
    return sizes, rotations


def unit(vectors: Numbers) -> Numbers:
    """Return unit vectors, shape (n, 3); a vector of no length stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))


def quaternions(matrices: Numbers) -> Numbers:
    """Return unit quaternions (w, x, y, z) of rotation matrices, shape (n, 3, 3) → (n, 4).

    The largest of the four components is found first and the others from it, so that none is divided by nothing
    (S. W. Shepperd, Journal of Guidance and Control 1 (1978) 223).
    """
    m = matrices
    trace = np.trace(m, axis1=1, axis2=2)
    squares = np.stack([trace, m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]], axis=1)
    largest = np.argmax(squares, axis=1)
    found = np.empty((len(m), 4))
    for which in range(4):
        some = largest == which
        if not some.any():
            continue
        part = m[some]
        if which == 0:
            w = 1.0 + trace[some]
            values = [w, part[:, 2, 1] - part[:, 1, 2], part[:, 0, 2] - part[:, 2, 0], part[:, 1, 0] - part[:, 0, 1]]
            order = [0, 1, 2, 3]
        else:
            i = which - 1
            j, k = (i + 1) % 3, (i + 2) % 3
            own = 1.0 + part[:, i, i] - part[:, j, j] - part[:, k, k]
            values = [part[:, k, j] - part[:, j, k], own, part[:, j, i] + part[:, i, j], part[:, k, i] + part[:, i, k]]
            order = [0, 1 + i, 1 + j, 1 + k]
        columns = np.empty((len(part), 4))
        for place, value in zip(order, values, strict=True):
            columns[:, place] = value
        found[some] = columns
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / norms)


def matrices(rotations: Numbers) -> Numbers:
    """Return rotation matrices of unit quaternions (w, x, y, z), shape (n, 4) → (n, 3, 3); columns are the axes."""
    w, x, y, z = rotations.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)

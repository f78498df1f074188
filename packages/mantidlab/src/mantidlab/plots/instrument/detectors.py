"""What is drawn: each detector's centre, size, turn and shape, the bank and tube it is in, and its spectrum."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.index_lists import IndexLists
from mantidlab.frameworks.model import Bank, Geometry, Mask, Numbers
from mantidlab.plots.instrument.extents import FALLBACK, UPRIGHT, guess_extents, inferred_grid, matrices

BOX, CYLINDER, SPHERE = 0, 1, 2
"""How a detector is drawn."""

KINDS = {"cylinder": CYLINDER, "sphere": SPHERE}

MONITOR, MASKED, EMPTY, NOWHERE = 1, 2, 4, 8
"""Flags: a monitor; masked; of no spectrum; at no finite place."""

NONE = -1

SAMPLE, BANKS = 10_000, 16
"""So many detectors and banks are looked at for what is usual."""

# A cylinder is drawn along its own y: these turn y to x and y to z.
_ALONG = {0: (np.sqrt(0.5), 0.0, 0.0, -np.sqrt(0.5)), 2: (np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0)}


@dataclass(frozen=True, eq=False)
class Extents:
    """How large, how turned and of which shape detectors are.

    Attributes
    ----------
    sizes
        Along a detector's own axes in metres, shape (n, 3).
    rotations
        Unit quaternions (w, x, y, z), shape (n, 4).
    kinds
        `BOX`, `CYLINDER` (along its own y) or `SPHERE`, shape (n,).
    """

    sizes: Numbers
    rotations: Numbers
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Detectors:
    """The detectors of an instrument, as they are drawn. Lengths in metres, places from the sample.

    Attributes
    ----------
    geometry
        Where they come from.
    places
        Centre of each, shape (n, 3); where nobody knows it, zero.
    spectrum_of
        Index of the spectrum of each, `NONE` for none; the first one where it has several. Shape (n,).
    """

    geometry: Geometry
    places: Numbers
    spectrum_of: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.places)

    @cached_property
    def extents(self) -> Extents:
        """Sizes, turns and shapes; found when first needed, which is not for the first picture of a million."""
        sizes, rotations = _extents(self.geometry, self.places)
        return _shaped(self.geometry, sizes, rotations)

    @cached_property
    def guessed(self) -> bool:
        """Whether the data name no size for some of them, so that distances between neighbours are taken."""
        return not bool(np.all(_told(self.geometry)))

    def usual_sides(self) -> tuple[float, float]:
        """Return the two longer sides of the median detector in metres, the shorter one first, from a sample."""
        sizes = self.geometry.sizes
        if sizes is not None and not self.guessed:
            ordered = np.sort(np.abs(sizes[:: max(1, self.count // SAMPLE)]), axis=1)
            return float(np.median(ordered[:, 1])), float(np.median(ordered[:, 2]))
        grids = [bank for bank in self.geometry.banks if len(bank.shape) == 2 and min(bank.shape) > 1]
        some = grids[:: max(1, len(grids) // BANKS)]
        along = self._step(1, some)
        grid = (some[0].shape[0], some[0].shape[1]) if some else inferred_grid(self.places)
        across = self._step(grid[1], some) if grid is not None else along
        return min(along, across), max(along, across)

    def _step(self, apart: int, banks: Sequence[Bank]) -> float:
        """Return the median distance of detectors that are so far apart in the list, within banks if there are some."""
        parts = [self.places[bank.first : bank.last] for bank in banks] or [self.places]
        thin = max(1, self.count // SAMPLE)
        steps = np.concatenate([np.linalg.norm((part[apart:] - part[:-apart])[::thin], axis=1) for part in parts])
        steps = steps[steps > 0]
        return float(np.median(steps)) if len(steps) else FALLBACK

    @cached_property
    def flags(self) -> NDArray[np.uint8]:
        """Of each, the sum of `MONITOR`, `MASKED`, `EMPTY` and `NOWHERE` as they apply; shape (n,)."""
        flags = np.zeros(self.count, dtype=np.uint8)
        flags[self.geometry.monitor] |= MONITOR
        flags[self.geometry.masked] |= MASKED
        flags[self.spectrum_of == NONE] |= EMPTY
        flags[~np.isfinite(self.geometry.positions).all(axis=1)] |= NOWHERE
        return flags

    @cached_property
    def banks(self) -> tuple[Bank, ...]:
        """The banks, or one for all where the data name none."""
        return self.geometry.banks or (Bank("all detectors", 0, self.count),)

    @cached_property
    def bank_of(self) -> NDArray[np.int32]:
        """Index of the bank of each, `NONE` for none; shape (n,)."""
        found = np.full(self.count, NONE, dtype=np.int32)
        for index, bank in enumerate(self.banks):
            found[bank.first : bank.last] = index
        return found

    def counting(self) -> Mask:
        """Which of them count: no monitors, not masked, with a spectrum and a place."""
        return self.flags == 0

    def tube(self, index: int) -> tuple[str, NDArray[np.int64]]:
        """Return the name and the detectors of the tube (row of its bank) of a detector; its bank without tubes."""
        where = int(self.bank_of[index])
        if where == NONE:
            return f"detector {self.geometry.ids[index]}", np.array([index])
        bank = self.banks[where]
        if len(bank.shape) != 2:
            return bank.name, np.arange(bank.first, bank.last)
        row = (index - bank.first) // bank.shape[1]
        first = bank.first + row * bank.shape[1]
        return f"{bank.name}, row {row + 1}", np.arange(first, first + bank.shape[1])

    def bank(self, index: int) -> tuple[str, NDArray[np.int64]]:
        """Return the name and the detectors of the bank of a detector."""
        where = int(self.bank_of[index])
        if where == NONE:
            return f"detector {self.geometry.ids[index]}", np.array([index])
        bank = self.banks[where]
        return bank.name, np.arange(bank.first, bank.last)

    def axes(self, some: slice | NDArray[Any]) -> Numbers:
        """Return the three edges of some detectors as vectors, columns of shape (m, 3, 3)."""
        return matrices(self.extents.rotations[some]) * self.extents.sizes[some][:, None, :]


def make_detectors(geometry: Geometry, lists: Sequence[NDArray[np.integer[Any]]] | None) -> Detectors:
    """Return the detectors of a geometry.

    Parameters
    ----------
    lists
        For each spectrum the indices of its detectors; None where detector i has spectrum i.
    """
    count = len(geometry.ids)
    positions = np.asarray(geometry.positions, dtype=np.float64) - geometry.sample
    finite = np.isfinite(positions).all(axis=1)
    places = positions if finite.all() else np.where(finite[:, None], positions, 0.0)
    places = _moved_to_middles(geometry, places)
    spectrum_of = np.arange(count) if lists is None else _spectrum_of(lists, count)
    return Detectors(geometry, places, spectrum_of)


def _told(geometry: Geometry) -> Mask:
    """Tell of which detectors the data know the size, shape (n,)."""
    if geometry.sizes is None:
        return np.zeros(len(geometry.ids), dtype=np.bool_)
    return np.asarray(np.isfinite(geometry.sizes).all(axis=1) & (geometry.sizes > 0).any(axis=1))


def _turned(geometry: Geometry) -> Numbers:
    """Return rotations, upright where nobody knows, shape (n, 4)."""
    upright = np.tile(np.array(UPRIGHT), (len(geometry.ids), 1))
    if geometry.rotations is None:
        return upright
    known = np.isfinite(geometry.rotations).all(axis=1)
    return np.where(known[:, None], geometry.rotations, upright)


def _extents(geometry: Geometry, places: Numbers) -> tuple[Numbers, Numbers]:
    told = _told(geometry)
    if geometry.sizes is None or not told.any():
        return guess_extents(geometry, places)
    turned = _turned(geometry)
    if told.all():
        return np.array(geometry.sizes, dtype=np.float64), turned
    sizes, rotations = guess_extents(geometry, places)
    # Sizes are along x, y and z before the detector is turned.
    return np.where(told[:, None], geometry.sizes, sizes), np.where(told[:, None], turned, rotations)


def _moved_to_middles(geometry: Geometry, places: Numbers) -> Numbers:
    """Return where the middles of shapes are that lie beside their own origin."""
    moved = places
    for index, shape in enumerate(geometry.shapes if geometry.shape_of is not None else ()):
        middle = (np.array(shape.low) + np.array(shape.high)) / 2
        if np.isfinite(middle).all() and np.abs(middle).max() > 0:
            some = np.flatnonzero(geometry.shape_of == index)
            moved = moved.copy() if moved is places else moved
            moved[some] += matrices(_turned(geometry)[some]) @ middle
    return moved


def _shaped(geometry: Geometry, sizes: Numbers, rotations: Numbers) -> Extents:
    """Return extents with the shapes that the data name, cylinders along their own y."""
    kinds = np.full(len(sizes), BOX, dtype=np.uint8)
    for index, shape in enumerate(geometry.shapes if geometry.shape_of is not None else ()):
        some = np.flatnonzero(geometry.shape_of == index)
        box = np.array(shape.high) - np.array(shape.low)
        if not len(some) or not np.isfinite(box).all():
            continue
        kinds[some] = KINDS.get(shape.kind, BOX)
        along = _long_axis(box)
        if shape.kind == "cylinder" and along in _ALONG:
            rotations[some] = multiply(rotations[some], np.array(_ALONG[along]))
            sizes[some] = sizes[some][:, [1, 0, 2] if along == 0 else [0, 2, 1]]
    return Extents(sizes, rotations, kinds)


def _long_axis(box: Numbers) -> int:
    """Return along which axis a cylinder lies: its other two extents are alike."""
    differences = [abs(box[(axis + 1) % 3] - box[(axis + 2) % 3]) for axis in range(3)]
    best = int(np.argmin(differences))
    return 1 if differences[1] <= differences[best] + 1e-9 else best


def multiply(first: Numbers, second: Numbers) -> Numbers:
    """Return the products of quaternions (w, x, y, z), the second one applied first; shapes (n, 4) and (4,)."""
    a, b, c, d = first.T
    e, f, g, h = second
    parts = [
        a * e - b * f - c * g - d * h,
        a * f + b * e + c * h - d * g,
        a * g - b * h + c * e + d * f,
        a * h + b * g - c * f + d * e,
    ]
    return np.stack(parts, axis=1)


def _spectrum_of(lists: Sequence[NDArray[np.integer[Any]]], count: int) -> NDArray[np.int64]:
    if isinstance(lists, IndexLists):
        indices, rows = lists.flat()
    else:
        each = [np.asarray(found) for found in lists]
        rows = np.repeat(np.arange(len(each)), [len(found) for found in each])
        indices = np.concatenate(each) if each else np.empty(0, dtype=np.int64)
    inside = (indices >= 0) & (indices < count)
    found = np.full(count, NONE, dtype=np.int64)
    # Backwards, so that of several spectra the first one stays.
    found[indices[inside][::-1]] = rows[inside][::-1]
    return found

"""What a person has chosen: detectors, tubes, banks, and regions drawn over the picture; each gives its detectors."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, NotThere
from mantidlab.plots.instrument.detectors import NOWHERE
from mantidlab.plots.instrument.regions import Region, on_screen
from mantidlab.plots.instrument.scene import Scene

LEVELS = ("detector", "tube", "bank")
KEPT = 64
"""Choices whose detectors are kept, so that looking again costs nothing."""


@dataclass(frozen=True, eq=False)
class Choice:
    """One thing that was chosen.

    Attributes
    ----------
    name
        For a legend.
    indices
        Its detectors' places in the geometry, in order.
    """

    name: str
    indices: NDArray[np.int64]


class Choosing:
    """Turns choices as plain values into detectors.

    A choice is a dict with ``kind``: ``pick`` with ``level`` (detector, tube, bank) and ``index``; ``ids`` with
    detector numbers in ``ids``; or ``region`` with ``shape`` and ``points``, and either ``projection`` or the camera's
    ``matrix``.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._kept: dict[str, Choice] = {}

    def choices(self, told: Sequence[Mapping[str, Any]], *, monitors: bool = False) -> list[Choice]:
        """Return each of them.

        Raises
        ------
        NotThere
            One is none that could be understood.
        """
        return [self._choice(one, place, monitors=monitors) for place, one in enumerate(told)]

    def _choice(self, told: Mapping[str, Any], place: int, *, monitors: bool) -> Choice:
        key = json.dumps([dict(told), place, monitors], sort_keys=True, default=str)
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = self._find(told, place, monitors=monitors)
        return self._kept[key]

    def _find(self, told: Mapping[str, Any], place: int, *, monitors: bool) -> Choice:
        kind = told.get("kind")
        if kind == "pick":
            return self._pick(told)
        if kind == "ids":
            return self._numbers(told)
        if kind == "region":
            shape = str(told.get("shape", "region"))
            chosen = np.flatnonzero(self._region(told) & self._there(monitors=monitors))
            return Choice(f"{shape} {place + 1}", chosen)
        raise NotThere(f"A choice is a pick, ids or a region, not {kind!r}.")

    def _pick(self, told: Mapping[str, Any]) -> Choice:
        detectors = self._scene.detectors
        index, level = told.get("index"), told.get("level", "detector")
        if not isinstance(index, int) or not 0 <= index < detectors.count:
            raise NotThere(f"There is no detector with index {index!r}; there are {detectors.count:,}, from 0 on.")
        if level == "tube":
            return Choice(*detectors.tube(index))
        if level == "bank":
            return Choice(*detectors.bank(index))
        return Choice(f"detector {detectors.geometry.ids[index]}", np.array([index]))

    def _numbers(self, told: Mapping[str, Any]) -> Choice:
        wanted = np.asarray(told.get("ids", ()), dtype=np.int64).reshape(-1)
        found = np.flatnonzero(np.isin(self._scene.detectors.geometry.ids, wanted))
        if not len(found):
            raise NotThere(f"None of the {len(wanted)} detector numbers is one of this instrument.")
        return Choice(str(told.get("name", "")) or f"{len(found)} detectors", found)

    def _region(self, told: Mapping[str, Any]) -> Mask:
        region = Region.read(told)
        if "matrix" in told:
            return region.holds(on_screen(self._scene.detectors.places, told["matrix"]))
        return region.holds(self._scene.unwrapped(str(told.get("projection", ""))).uv)

    def _there(self, *, monitors: bool) -> Mask:
        detectors = self._scene.detectors
        there = (detectors.flags & NOWHERE) == 0
        return there if monitors else there & ~detectors.geometry.monitor


def together(choices: Sequence[Choice]) -> NDArray[np.int64]:
    """Return the detectors of all of them, each once, in order."""
    if not choices:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([choice.indices for choice in choices])).astype(np.int64)

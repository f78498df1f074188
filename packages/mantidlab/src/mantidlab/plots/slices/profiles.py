"""Profiles as the page draws them beside and below the picture: no more steps than pixels, and none hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.reduction.scales import Scale
from mantidlab.plots.slices.axes import Places
from mantidlab.plots.slices.groups import LINEAR, grouped


@dataclass(frozen=True, eq=False)
class Steps:
    """A profile in steps of one bin or several.

    Attributes
    ----------
    edges
        Shape (n + 1,).
    low, high, middle
        Smallest, largest and mean value of the bins in a step, shape (n,); all the same where a step is one bin.
    errors
        Shape (n,), or None where there are none or a step is several bins.
    bins
        How many bins most steps are.
    """

    edges: Numbers
    low: Numbers
    high: Numbers
    middle: Numbers
    errors: Numbers | None
    bins: int

    def parts(self, name: str) -> tuple[dict[str, Any], list[bytes]]:
        """Return what is sent of it: a description, and arrays in double precision as bytes."""
        arrays: list[tuple[str, Numbers]] = [
            ("edges", self.edges),
            ("low", self.low),
            ("high", self.high),
            ("middle", self.middle),
        ]
        if self.errors is not None:
            arrays.append(("errors", self.errors))
        content = {"name": name, "bins": self.bins, "parts": [part for part, _ in arrays]}
        return content, [np.ascontiguousarray(array, dtype="<f8").tobytes() for _, array in arrays]


def steps_of(
    places: Places,
    first: int,
    values: Numbers,
    errors: Numbers | None,
    window: tuple[float, float],
    pixels: int,
    scale: Scale = LINEAR,
) -> Steps:
    """Return the part of a profile that a window shows, in steps of a pixel or wider.

    Parameters
    ----------
    first
        The bin of `places` that the first value belongs to.
    """
    edges = places.edges[first : first + len(values) + 1]
    own = Places(places.name, places.label, places.unit, edges)
    if own.size < 1:
        nothing = np.zeros(0)
        return Steps(edges[:1], nothing, nothing, nothing, None, 0)
    groups = grouped(own, window, pixels, scale)
    starts, ends = groups.starts[:-1], groups.starts[1:]
    if groups.size == 0:
        nothing = np.zeros(0)
        return Steps(groups.edges, nothing, nothing, nothing, None, 0)
    part = np.asarray(values[starts[0] : ends[-1]], dtype=np.float64)
    if groups.size == len(part):
        own_errors = None if errors is None else errors[starts[0] : ends[-1]]
        return Steps(groups.edges, part, part, part, own_errors, 1)
    at = starts - starts[0]
    good = np.isfinite(part)
    count = np.add.reduceat(good.astype(np.int64), at)
    total = np.add.reduceat(np.where(good, part, 0.0), at)
    nothing = count == 0
    middle = np.divide(total, count, out=np.full(len(at), np.nan), where=~nothing)
    low = np.minimum.reduceat(np.where(good, part, np.inf), at)
    high = np.maximum.reduceat(np.where(good, part, -np.inf), at)
    low[nothing] = high[nothing] = np.nan
    return Steps(groups.edges, low, high, middle, None, groups.each)


def together(named: Sequence[tuple[str, Steps]]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Return several profiles as one answer."""
    described, buffers = [], []
    for name, steps in named:
        content, arrays = steps.parts(name)
        described.append(content)
        buffers.extend(arrays)
    return described, buffers

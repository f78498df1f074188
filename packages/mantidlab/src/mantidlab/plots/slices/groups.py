"""Which bins share a pixel: a window of an axis in so many pixels becomes groups of whole neighbouring bins.

A group never ends within a bin, so totals over groups are those of the bins. Where bins are wider than a pixel each is
a group of its own. The picture is drawn from groups and their edges, so it can be moved and stretched without asking.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.reduction.pixels import Pixels
from mantidlab.plots.reduction.scales import Kind, Scale
from mantidlab.plots.slices.axes import Places, bounds_in

LINEAR = Scale()


@dataclass(frozen=True, eq=False)
class Groups:
    """Neighbouring bins that are drawn as one.

    Attributes
    ----------
    starts
        First bin of each group, and where the last one ends: rising, shape (n + 1,).
    edges
        Positions of these bins' edges, shape (n + 1,).
    """

    starts: NDArray[np.int64]
    edges: Numbers

    @property
    def size(self) -> int:
        """How many groups."""
        return len(self.starts) - 1

    @property
    def each(self) -> int:
        """How many bins a group has, the median; 0 where there is none."""
        return int(np.median(np.diff(self.starts))) if self.size else 0


def grouped(places: Places, window: tuple[float, float], pixels: int, scale: Scale = LINEAR) -> Groups:
    """Group the bins that a window shows.

    Parameters
    ----------
    window
        Positions, in the axis's unit; the lower one first.
    pixels
        Into which the window is drawn.
    """
    first, last = bounds_in(places, *window)
    edges = places.edges[first : last + 1]
    if scale.kind is Kind.LOG and edges.size:
        first += int(np.searchsorted(edges, 0.0, side="right"))
        edges = places.edges[first : last + 1]
    count = len(edges) - 1
    if count < 1:
        return Groups(np.array([first]), places.edges[first : first + 1])
    if count <= pixels:
        return Groups(np.arange(first, first + count + 1), edges)
    # A group begins with the first bin whose edge lies in a pixel in which none begins yet.
    pixel = np.floor(_in_pixels(edges, window, pixels, scale))
    begins = np.flatnonzero(np.diff(pixel, prepend=pixel[0] - 1) > 0)
    inner = begins[(begins > 0) & (begins < count)]
    starts = np.concatenate([[0], inner, [count]])
    return Groups(starts + first, edges[starts])


def asked(groups: Groups) -> Pixels:
    """Return groups as the reduction takes them."""
    return Pixels(groups.starts[:-1], groups.starts[1:], np.zeros(groups.size, dtype=np.bool_))


def answered(places: Places, pixels: Pixels) -> tuple[Groups, NDArray[np.intp]]:
    """Return the groups that the reduction took, which may begin a little elsewhere, and which of them hold bins."""
    filled = np.flatnonzero(pixels.stop > pixels.start)
    if not filled.size:
        return Groups(np.zeros(1, np.int64), places.edges[:1]), filled
    starts = np.append(pixels.start[filled], pixels.stop[filled[-1]])
    return Groups(starts, places.edges[starts]), filled


def _in_pixels(edges: Numbers, window: tuple[float, float], pixels: int, scale: Scale) -> NDArray[Any]:
    low, high = scale.place(window)
    placed = scale.place(edges)
    return np.asarray((placed - low) * (pixels / (high - low)))

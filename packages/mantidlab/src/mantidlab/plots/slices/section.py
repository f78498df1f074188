"""The picture as plain numbers, for figures: one plane, cropped to what is seen, no finer than paper shows."""

from typing import Any

import numpy as np

from mantidlab.frameworks.model import Axis, Image
from mantidlab.plots.slices.picture import MASKED, STANDS, Drawer, Window
from mantidlab.plots.slices.plane import plane_of
from mantidlab.plots.slices.source import source_of
from mantidlab.plots.slices.view import cut_of, first_view


def section(  # noqa: PLR0913  # each is a word that people type
    thing: Any,
    *,
    x: str | int | None = None,
    y: str | int | None = None,
    at: dict[str, Any] | None = None,
    bins: Any = None,
    coords: dict[str, Any] | None = None,
    over: str | None = None,
    stands: str = STANDS[0],
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    most: int = 4000,
) -> Image:
    """Return what `slices` shows of these data as an image of two axes, y before x, both with edges.

    Parameters
    ----------
    thing, x, y, at, bins, coords, over, stands
        As for `slices`.
    x_range, y_range
        What is seen; all if they are not given.
    most
        Rows, and columns, at most.

    Returns
    -------
    The values of the bins where there are at most so many along each axis; beyond, the maximum, mean or sum of several,
    as `stands` says.
    """
    source = source_of(thing, bins=bins, coords=coords)
    cut = cut_of(source, first_view(source, x=x, y=y, at=at, over=over, stands=stands))
    plane = plane_of(source, cut)
    window = Window(x_range or plane.x.extent, y_range or plane.y.extent, most, most, stands)
    drawn = Drawer(plane).draw(window)
    axes = tuple(
        Axis(places.name, places.label, places.unit, np.asarray(edges), edges=True)
        for places, edges in ((plane.y, drawn.y), (plane.x, drawn.x))
    )
    masked = (drawn.flags & MASKED) != 0
    return Image(axes, drawn.values, None, masked if masked.any() else None, plane.label, plane.unit)

"""Lets scipp's own ``.plot()`` draw with `plot` and `slices`, for those who want that, and takes it back.

scipp keeps the method ``plot`` in its classes, and a function of that name, which call plopp. They are replaced only
when a person asks for it, and only in that kernel. What ours cannot draw, and calls in plopp's words, still go to
plopp; plopp itself is not touched.
"""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from mantidlab.frameworks import scipp
from mantidlab.plots.errors import NotPlottable, PlotError

_theirs: dict[Any, Callable[..., Any]] = {}
"""What each class of scipp had as its ``plot``, while ours stands there."""


def register() -> None:
    """Let ``array.plot()`` and ``scipp.plot(array)`` use `plot`, and `slices` for two dimensions or more.

    Arguments that only plopp knows (``norm="log"``, ``vmin=…``) let plopp draw, as before. `unregister` takes it back;
    it lasts as long as the kernel. A second call changes nothing.

    Raises
    ------
    PlotError
        The environment has no scipp.
    """
    try:
        owners = scipp.plot_owners()
    except ImportError as problem:
        raise PlotError("scipp's .plot() cannot be replaced: this environment has no scipp.") from problem
    for owner in owners:
        if owner not in _theirs:
            _theirs[owner] = owner.plot
            owner.plot = _in_place_of(owner.plot)


def unregister() -> None:
    """Let ``array.plot()`` use plopp again."""
    while _theirs:
        owner, theirs = _theirs.popitem()
        owner.plot = theirs


def _in_place_of(theirs: Callable[..., Any]) -> Callable[..., Any]:
    def plot(*things: Any, **options: Any) -> Any:
        ours = _for(things)
        if options.keys() - inspect.signature(ours).parameters.keys():
            return theirs(*things, **options)
        try:
            return ours(*things, **options)
        except NotPlottable:
            return theirs(*things, **options)

    plot.__doc__ = (
        f"Draw it with mantidlab.plots; mantidlab.plots.unregister() takes that back.\n\n{theirs.__doc__ or ''}"
    )
    return plot


def _for(things: tuple[Any, ...]) -> Callable[..., Any]:
    """Return the function that draws what has so many dimensions."""
    is_image = len(things) == 1 and getattr(things[0], "ndim", 1) > 1
    ours: Callable[..., Any] = getattr(importlib.import_module("mantidlab"), "slices" if is_image else "plot")
    return ours

"""Results as plots."""

from collections.abc import Mapping
from typing import Any

from mantidlab.plots.errors import NotPlottable

FRAMEWORKS = ("scipp", "mantid", "numpy", "pandas")
"""Their own ``plot`` draws with another library."""


class NothingToDraw(NotPlottable):
    """A result has numbers and texts alone."""


def draw(value: Any, parts: Mapping[str, Any], title: str = "") -> Any:
    """Draw a value.

    Parameters
    ----------
    value
        A class of its own may have a method ``plot``, which draws it, or ``shown``, whose answer ``mantidlab.plot``
        takes: a curve, a list or a dict of curves for one plot.
    parts
        Its parts by name; else each of them that can be drawn is, curves as curves and images as images.
    title
        Of the result, which names what has no name of its own.

    Returns
    -------
    object
        The plot; several as a dict by the names of the parts.

    Raises
    ------
    NothingToDraw
        It has no curve and no picture.
    NotPlottable
        It has one, and something stands in its way.
    """
    if type(value).__module__.partition(".")[0] not in FRAMEWORKS:
        own: Any = getattr(value, "plot", None)
        if own is not None:
            return own()
        shown: Any = getattr(value, "shown", None)
        if shown is not None:
            return _one(shown(), title)
    plots = {}
    for name, part in parts.items():
        try:
            plots[name] = _one(part, title if len(parts) == 1 and title else name)
        except NotPlottable:
            continue
    if not plots:
        raise NothingToDraw(f"Nothing of this result can be drawn: it has {', '.join(parts) or 'no parts'}.")
    return next(iter(plots.values())) if len(plots) == 1 else plots


def _one(thing: Any, name: str) -> Any:
    import mantidlab

    if isinstance(thing, str | int | float | bool | None):
        raise NotPlottable("A number or a text is no curve.")
    if getattr(thing, "ndim", 1) > 1:
        return mantidlab.slices(thing, name=getattr(thing, "name", "") or name)
    return mantidlab.plot(thing if _is_named(thing) else {name: thing}, title=name)


def _is_named(thing: Any) -> bool:
    """Whether a thing brings its own name, or the names of what it holds."""
    if isinstance(thing, list | tuple | dict) or not hasattr(thing, "ndim"):
        return True
    return bool(getattr(thing, "name", ""))

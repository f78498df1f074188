"""Results as plots."""

from collections.abc import Mapping
from typing import Any

from mantidlab.plots.errors import NotPlottable

FRAMEWORKS = ("scipp", "mantid", "numpy", "pandas")
"""Their own ``plot`` draws with another library."""


def draw(value: Any, parts: Mapping[str, Any]) -> Any:
    """Draw a value.

    Parameters
    ----------
    value
        A class of its own may have a method ``plot``, which draws it, or ``shown``, whose answer ``mantidlab.plot``
        takes: a curve, a list or a dict of curves for one plot.
    parts
        Its parts by name; else each of them that can be drawn is, curves as curves and images as images.

    Returns
    -------
    object
        The plot; several as a dict by the names of the parts.

    Raises
    ------
    NotPlottable
        There is nothing to draw.
    """
    if type(value).__module__.partition(".")[0] not in FRAMEWORKS:
        own: Any = getattr(value, "plot", None)
        if own is not None:
            return own()
        shown: Any = getattr(value, "shown", None)
        if shown is not None:
            return _one(shown())
    plots = {}
    for name, part in parts.items():
        try:
            plots[name] = _one(part)
        except NotPlottable:
            continue
    if not plots:
        raise NotPlottable(f"Nothing of this result can be drawn: it has {', '.join(parts) or 'no parts'}.")
    return next(iter(plots.values())) if len(plots) == 1 else plots


def _one(thing: Any) -> Any:
    import mantidlab

    if isinstance(thing, str | int | float | bool | None):
        raise NotPlottable("A number or a text is no curve.")
    return mantidlab.slices(thing) if getattr(thing, "ndim", 1) > 1 else mantidlab.plot(thing)

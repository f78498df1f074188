"""Results as plots."""

from collections.abc import Mapping
from typing import Any

from mantidlab.plots.errors import NotPlottable


def draw(value: Any, parts: Mapping[str, Any]) -> Any:
    """Draw a value.

    Parameters
    ----------
    value
        Where it has a method ``shown``, what that returns is drawn: a curve, a list or a dict of curves for
        one plot, whatever ``mantidlab.plot`` takes.
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
    shown = getattr(value, "shown", None)
    if callable(shown):
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

"""Setting a view from Python, with the same names in all plots: ``p.x.scale = "log"``, ``p.x.range = (1, 5)``."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mantidlab.plots.errors import WrongArgument

SCALES = ("linear", "log", "symlog")


class Viewed(Protocol):
    """A plot with a state of its view."""

    view: Any


class AxisControl:
    """One axis of a plot. What is set here is seen in the browser, and what is done there is read here.

    Parameters
    ----------
    plot
        Whose `view` holds the axis under its name.
    name
        ``x`` or ``y``.
    to_unit
        Turns what a person writes as a unit into what the view holds; None where the axis has only one.
    """

    def __init__(self, plot: Viewed, name: str, to_unit: Callable[[str], str] | None = None) -> None:
        self._plot, self._name, self._to_unit = plot, name, to_unit

    def __repr__(self) -> str:
        unit = f", unit={self.unit!r}" if self._to_unit is not None else ""
        return f"{self._name}: scale={self.scale!r}, range={self.range!r}{unit}"

    @property
    def scale(self) -> str:
        """``linear``, ``log`` or ``symlog``."""
        return str(self._state().get("scale") or "linear")

    @scale.setter
    def scale(self, value: str) -> None:
        if value not in SCALES:
            raise WrongArgument(f"There is no scale {value!r}. There are: {', '.join(SCALES)}.")
        self._set(scale=value)

    def _range(self) -> tuple[float, float] | None:
        found = self._state().get("range")
        return None if found is None else (float(found[0]), float(found[1]))

    def _set_range(self, value: Any) -> None:
        found = range_of(value)
        self._set(range=None if found is None else list(found))

    range = property(_range, _set_range, doc="What is seen, (low, high); None for everything.")

    @property
    def unit(self) -> str:
        """The quantity that the axis shows, such as ``wavelength``; empty for what the data have."""
        return str(self._state().get("unit") or "")

    @unit.setter
    def unit(self, value: str) -> None:
        if self._to_unit is None:
            raise WrongArgument(f"The {self._name} axis has one unit only.")
        # What was seen in the old unit is nowhere in the new one.
        unit = self._to_unit(value)
        self._plot.view = {
            **self._plot.view,
            self._name: {**self._state(), "unit": unit, "range": None},
            "selection": None,
        }

    def _state(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._plot.view.get(self._name) or {}
        return found

    def _set(self, **changes: Any) -> None:
        self._plot.view = {**self._plot.view, self._name: {**self._state(), **changes}}


def range_of(given: Any) -> tuple[float, float] | None:
    """Return two numbers in rising order; None for None.

    Raises
    ------
    WrongArgument
        They are not two different finite numbers.
    """
    if given is None:
        return None
    try:
        first, second = (float(end) for end in given)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"A range is two numbers, (low, high); this is {given!r}.") from error
    low, high = min(first, second), max(first, second)
    if not (low < high and low != -float("inf") and high != float("inf")):
        raise WrongArgument(f"A range needs two different finite numbers; these are {given!r}.")
    return low, high


def zoomed(view: Mapping[str, Any], **ranges: Any) -> dict[str, Any]:
    """Return a view with other ranges; what is None shows everything again."""
    changed = dict(view)
    for name, given in ranges.items():
        found = range_of(given)
        changed[name] = {**(view.get(name) or {}), "range": None if found is None else list(found)}
    return changed

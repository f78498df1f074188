"""All curves of a plot in a view: along one axis, scaled and moved, each ready to be reduced."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Histogram
from mantidlab.plots.conversion.axes import reachable
from mantidlab.plots.conversion.quantities import FACES, Quantity
from mantidlab.plots.errors import NoSuchCurve, WrongArgument
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.lines.shown import Shown, Target, shown, target_of
from mantidlab.plots.lines.sums import area_of
from mantidlab.plots.lines.view import View

NORMALISED = {
    "maximum": "divided by the maximum",
    "area": "divided by the area",
    "monitor": "divided by the monitor's counts",
    "charge": "divided by the proton charge",
}


@dataclass(frozen=True, eq=False)
class Drawn:
    """A curve as it is drawn: its values times `scale`, which normalises them."""

    curve: Curve
    shown: Shown
    scale: float = 1.0


@dataclass(frozen=True)
class Limits:
    """Between which numbers something lies; NaN where there is nothing. `positive`: the smallest above zero."""

    low: float
    high: float
    positive: float = np.nan


class Scene:
    """The curves, and what of them was computed for the view that was asked for last."""

    def __init__(self, curves: Sequence[Curve]) -> None:
        self.curves: list[Curve] = list(curves)
        self._kept: dict[int, tuple[tuple[str, bool], Shown]] = {}

    def curve(self, number: int) -> Curve:
        """Return a curve by its id.

        Raises
        ------
        NoSuchCurve
            There is none.
        """
        for curve in self.curves:
            if curve.id == number:
                return curve
        there = ", ".join(f"{curve.id} ({curve.name})" for curve in self.curves[:8])
        raise NoSuchCurve(f"There is no curve {number!r} in the plot. There are: {there or 'none'}.")

    def named(self, wanted: int | str) -> Curve:
        """Return a curve by its id or its name.

        Raises
        ------
        NoSuchCurve
            There is none, or there are several of the name.
        """
        if not isinstance(wanted, str):
            return self.curve(wanted)
        found = [curve for curve in self.curves if curve.name == wanted]
        if len(found) == 1:
            return found[0]
        there = ", ".join(repr(curve.name) for curve in self.curves[:8])
        count = "several curves are" if found else "no curve is"
        raise NoSuchCurve(f"In the plot {count} called {wanted!r}; there are {there or 'none'}. Ids are unique.")

    def add(self, curves: Sequence[Curve]) -> None:
        """Draw more curves."""
        self.curves.extend(curves)

    def remove(self, numbers: Sequence[int]) -> None:
        """Draw some curves no longer."""
        gone = {self.curve(number).id for number in numbers}
        self.curves = [curve for curve in self.curves if curve.id not in gone]
        for number in gone:
            self._kept.pop(number, None)

    def target(self, unit: str) -> Target:
        """Return what the axis across shows in a view's unit."""
        if not self.curves:
            return Target(None, 1.0, "", "")
        return target_of(self.curves[0], unit)

    def units(self) -> list[dict[str, str]]:
        """Return what the axis can show: as the data have it first, then what all curves can be turned into."""
        if not self.curves:
            return [{"id": "", "label": "", "unit": ""}]
        own = self.target("")
        found = [{"id": "", "label": own.label, "unit": own.unit}]
        if own.quantity is None or any(curve.quantity is None for curve in self.curves):
            return found
        common = set(Quantity)
        for curve in self.curves:
            assert curve.quantity is not None  # noqa: S101  # looked at above
            common &= set(reachable(curve.quantity[0], curve.flight))
        if own.factor == 1.0:
            common.discard(own.quantity)
        wanted = [quantity for quantity in Quantity if quantity in common]
        return found + [{"id": each.value, "label": FACES[each].label, "unit": FACES[each].unit} for each in wanted]

    def shown(self, curve: Curve, view: View) -> Shown:
        """Return a curve as a view shows it; the last answer is kept, as turning 10⁷ positions takes a frame or two."""
        key = (view.unit, view.divide_by_width)
        kept = self._kept.get(curve.id)
        if kept is None or kept[0] != key:
            found = shown(curve, self.target(view.unit), divide_by_width=view.divide_by_width)
            kept = (key, found)
            self._kept[curve.id] = kept
        return kept[1]

    def scale(self, curve: Curve, view: View) -> float:
        """Return what normalises a curve.

        Raises
        ------
        WrongArgument
            Nobody knows its monitor or its charge.
        """
        if view.normalise == "none":
            return 1.0
        if view.normalise in ("monitor", "charge"):
            known = None if curve.around is None else getattr(curve.around, view.normalise)
            if known is None:
                raise WrongArgument(
                    f"{curve.name} cannot be normalised by {view.normalise}: its data do not tell. "
                    "By maximum or area it can."
                )
            return 1.0 / float(known)
        found = self.shown(curve, view)
        size = found.line.limits().value_high if view.normalise == "maximum" else area_of(found)
        return 1.0 / size if np.isfinite(size) and size != 0 else 1.0

    def normalisers(self) -> list[str]:
        """Return by what all curves can be normalised."""
        known = ["none", "maximum", "area"]
        for name in ("monitor", "charge"):
            around = [curve.around for curve in self.curves]
            if around and all(each is not None and getattr(each, name) is not None for each in around):
                known.append(name)
        return known

    def drawn(self, view: View, only: Collection[int] | None = None) -> list[Drawn]:
        """Return the curves that are not hidden, or those that are named, as they are drawn."""
        chosen = [curve for curve in self.curves if (curve.id not in view.hidden if only is None else curve.id in only)]
        return [Drawn(curve, self.shown(curve, view), self.scale(curve, view)) for curve in chosen]

    def as_shown(self, curve: Curve, view: View) -> Histogram:
        """Return a curve as a histogram of the data model, in the view's units, without the waterfall."""
        label = self.y_unit(view)
        return self.shown(curve, view).histogram(curve, self.target(view.unit), label, self.scale(curve, view))

    def y_label(self, view: View) -> str:
        """Return what the values are."""
        labels = list(dict.fromkeys(curve.histogram.label for curve in self.curves if curve.histogram.label))
        label = labels[0] if len(labels) == 1 else ("Values" if labels else "")
        told = NORMALISED.get(view.normalise)
        return f"{label or 'Values'}, {told}" if told else label

    def y_unit(self, view: View) -> str:
        """Return the unit of the values; empty where the curves differ in it, or their values are normalised."""
        if view.normalise in ("maximum", "area"):
            return ""
        units = {self._unit_of(curve, view) for curve in self.curves}
        return units.pop() if len(units) == 1 else ""

    def _unit_of(self, curve: Curve, view: View) -> str:
        unit, target = curve.histogram.unit, self.target(view.unit)
        if curve.histogram.distribution and target.unit != curve.histogram.axis.unit:
            unit = unit.removesuffix(f"/{curve.histogram.axis.unit}")
            return per(unit, target.unit)
        if view.divide_by_width and curve.divisible:
            return per(unit, target.unit)
        return unit

    def check_axes(self) -> None:
        """Refuse curves that cannot share an axis.

        Raises
        ------
        WrongArgument
            One is drawn along something else than the first.
        """
        if not self.curves:
            return
        first = self.curves[0]
        for curve in self.curves[1:]:
            if not _share(first, curve):
                here, there = (f"{_axis_words(each)}" for each in (curve, first))
                raise WrongArgument(
                    f"{curve.name} is drawn along {here}, and {first.name} along {there}: they need two plots, or one "
                    "of them another unit."
                )


def per(unit: str, width: str) -> str:
    """Return a unit divided by the unit of a width: ``counts/µs``; counts per 1/Å are ``counts·Å``."""
    if not width:
        return unit
    if width.startswith("1/"):
        return f"{unit}·{width[2:]}" if unit else width[2:]
    return f"{unit or '1'}/{width}"


def extent(drawn: Sequence[Drawn]) -> Limits:
    """Return where the curves begin and end, and where they begin above zero."""
    ends = [(*each.shown.line.extent(), each.shown.line.positive_extent()[0]) for each in drawn]
    return _limits([end[0] for end in ends], [end[1] for end in ends], [end[2] for end in ends])


def heights(drawn: Sequence[Drawn], view: View, within: tuple[float, float] | None = None) -> Limits:
    """Return between which numbers the values lie in a window, with the ends of error bars where they are drawn."""
    low, high = (-np.inf, np.inf) if within is None else within
    lows, highs, above = [], [], []
    for each in drawn:
        found = each.shown.line.limits(low, high)
        ends = (found.low, found.high) if view.errors != "none" else (found.value_low, found.value_high)
        scaled = [end * each.scale for end in ends]
        lows.append(min(scaled))
        highs.append(max(scaled))
        above.append(found.positive * each.scale)
    return _limits(lows, highs, above)


def _limits(lows: Sequence[float], highs: Sequence[float], positive: Sequence[float]) -> Limits:
    def usable(values: Sequence[float]) -> list[float]:
        return [value for value in values if np.isfinite(value)]

    above = [value for value in usable(positive) if value > 0]
    nothing = [float("nan")]
    return Limits(min(usable(lows) or nothing), max(usable(highs) or nothing), min(above or nothing))


def _share(first: Curve, other: Curve) -> bool:
    """Tell whether two curves can be drawn along one axis; what has no name fits everywhere."""
    one, two = first.histogram.axis, other.histogram.axis
    if (one.values.dtype.kind == "M") != (two.values.dtype.kind == "M"):
        return False
    if first.quantity is not None and other.quantity is not None:
        return first.quantity[0] == other.quantity[0] or _turns(other, first.quantity[0])
    unnamed = any(not (axis.unit or axis.label) for axis in (one, two))
    return unnamed or one.unit == two.unit


def _turns(curve: Curve, quantity: Quantity) -> bool:
    assert curve.quantity is not None  # noqa: S101  # as the caller looked
    return quantity in reachable(curve.quantity[0], curve.flight)


def _axis_words(curve: Curve) -> str:
    axis = curve.histogram.axis
    name = axis.label or axis.name or "no named axis"
    return f"{name} in {axis.unit}" if axis.unit else name


def finite(value: Any) -> float | None:
    """Return a number for JSON, which knows neither NaN nor infinity."""
    return float(value) if value is not None and np.isfinite(value) else None


__all__ = ["Drawn", "Limits", "Scene", "extent", "finite", "heights", "per"]

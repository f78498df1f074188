"""One curve as a view shows it: in the unit of the view, divided by bin widths or not, ready to be reduced."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Histogram
from mantidlab.plots.conversion.axes import convert
from mantidlab.plots.conversion.quantities import FACES, Quantity
from mantidlab.plots.errors import NoConversion
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.reduction.lines import Line


@dataclass(frozen=True)
class Target:
    """What the axis across shows: a quantity and how many of its unit the shown unit is; None for anything else."""

    quantity: Quantity | None
    factor: float
    label: str
    unit: str


@dataclass(frozen=True, eq=False)
class Shown:
    """Positions and values of one curve as they are shown.

    Attributes
    ----------
    x
        Shape (n,) or (n + 1,), float64; moments in seconds since 1970 (UTC), texts as 0, 1, 2 ….
    y, errors, mask
        Shape (n,).
    per_width
        Whether the values are divided by the widths of bins, in the unit of x.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    errors: NDArray[Any] | None
    mask: NDArray[np.bool_] | None
    is_bins: bool
    per_width: bool

    @cached_property
    def line(self) -> Line:
        """What is not masked, ready to be drawn."""
        return Line(self.x, self.y, errors=self.errors, mask=self.mask)

    @cached_property
    def masked_line(self) -> Line | None:
        """What is masked."""
        if self.mask is None or not self.mask.any():
            return None
        return Line(self.x, self.y, errors=self.errors, mask=~self.mask)

    def histogram(self, curve: Curve, target: Target, unit: str, factor: float = 1.0) -> Histogram:
        """Return it as a histogram of the data model, values times `factor`."""
        axis = Axis(str(target.quantity or curve.histogram.axis.name), target.label, target.unit, self.x, self.is_bins)
        return Histogram(
            axis,
            self.y * factor if factor != 1.0 else self.y,
            self.errors if self.errors is None or factor == 1.0 else self.errors * factor,
            self.mask,
            curve.histogram.label,
            unit,
            curve.name,
            self.per_width,
        )


def positions(axis: Axis) -> NDArray[Any]:
    """Return an axis's values as numbers: moments in seconds since 1970, texts by their places."""
    values = axis.values
    if values.dtype.kind == "M":
        whole = values.astype("datetime64[ns]").astype(np.int64)
        moments: NDArray[Any] = whole / 1e9
        moments[np.isnat(values)] = np.nan
        return moments
    if values.dtype.kind in "US":
        return np.arange(len(values), dtype=np.float64)
    return values


def target_of(curve: Curve, unit: str) -> Target:
    """Return what the axis across shows for a view's unit, told by the first curve.

    Raises
    ------
    NoConversion
        The axis is no quantity that could be turned into another.
    """
    axis = curve.histogram.axis
    own = curve.quantity
    if not unit:
        label = axis.label or axis.name
        return Target(own[0] if own else None, own[1] if own else 1.0, label, axis.unit)
    if own is None:
        raise NoConversion(
            f"{curve.name} is drawn along {axis.label or axis.name or 'an axis without a name'}"
            f"{f' in {axis.unit}' if axis.unit else ''}, which cannot be turned into another quantity."
        )
    quantity = Quantity(unit)
    return Target(quantity, 1.0, FACES[quantity].label, FACES[quantity].unit)


def shown(curve: Curve, target: Target, *, divide_by_width: bool) -> Shown:
    """Return a curve as it is shown; nothing is copied where nothing changes.

    A distribution stays one: its values are divided by the widths in the new unit instead of those in the old one.

    Raises
    ------
    NoConversion
        The curve cannot be shown along this axis.
    """
    data = curve.histogram
    before = positions(data.axis)
    after = _turned(curve, before, target)
    values, errors = data.values, data.errors
    divide = divide_by_width and curve.divisible
    per_width = data.axis.edges and (data.distribution or divide)
    if divide:
        values, errors = _scaled(values, errors, 1 / np.abs(np.diff(after)))
    elif data.axis.edges and data.distribution and after is not before:
        # A density in counts per unit: the counts of each bin stay what they are.
        values, errors = _scaled(values, errors, np.abs(np.diff(before) / np.diff(after)))
    return Shown(after, values, errors, data.mask, data.axis.edges, per_width)


def _turned(curve: Curve, values: NDArray[Any], target: Target) -> NDArray[Any]:
    own = curve.quantity
    if target.quantity is None or own is None:
        return values
    quantity, factor = own
    if quantity == target.quantity:
        return values if factor == target.factor else values * (factor / target.factor)
    inner = values if factor == 1.0 else values * factor
    found = convert(inner, quantity, target.quantity, curve.flight)
    return found if target.factor == 1.0 else found / target.factor


def _scaled(
    values: NDArray[Any], errors: NDArray[Any] | None, factors: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return values * factors, None if errors is None else errors * factors

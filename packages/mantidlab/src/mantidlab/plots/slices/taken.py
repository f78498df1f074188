"""Regions and sums as a person gets them from a plot: in the framework that the data came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mantidlab.frameworks.model import Histogram, Image
from mantidlab.frameworks.scipp import to_scalar, to_scipp
from mantidlab.plots.slices.extraction import hidden_profile, profile_of, region_image, shown_image
from mantidlab.plots.slices.measuring import Measured, bins_within, measure
from mantidlab.plots.slices.plane import Cut, Plane, default_over
from mantidlab.plots.slices.regions import Shape
from mantidlab.plots.slices.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Sum:
    """A sum over bins.

    Attributes
    ----------
    value, error
        In `unit`; the error, one standard deviation, is None where the data have none.
    bins
        How many were added up; what is masked or not finite is not.
    left_out
        How many of these there were.
    """

    value: float
    error: float | None
    unit: str
    bins: int
    left_out: int

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True, eq=False)
class Region:
    """A region of a plot, and what it holds now.

    What it gives is of scipp if the data were, else `Histogram`, `Image` and `Sum` of the data model; ``model=True``
    gives these of scipp's data too.

    Attributes
    ----------
    name
        As the plot calls it.
    shape
        Rectangle, ellipse or polygon, in the units of the axes.
    """

    name: str
    shape: Shape
    _source: Source
    _plane: Callable[[], tuple[Cut, Plane]]

    def sum(self, *, model: bool = False) -> Any:
        """Return the sum of its bins with its error: a scalar of scipp, or `Sum`.

        Values that are divided by the widths of their bins are integrated.
        """
        _, plane = self._plane()
        found = measure(plane, self.shape)
        if self._source.framework == "scipp" and not model:
            return to_scalar(found.total, found.error, plane.unit)
        return Sum(found.total, found.error, plane.unit, found.bins, found.left_out)

    def mean(self) -> float:
        """Return the mean of its bins."""
        return self.measured().mean

    def measured(self) -> Measured:
        """Return all that is known of it: sum, mean, largest value, numbers of bins, and both profiles."""
        return measure(self._plane()[1], self.shape)

    def profile(self, along: str | int = "x", *, over: str | None = None, model: bool = False) -> Any:
        """Return the sum of its bins for each bin of one dimension, with errors.

        Parameters
        ----------
        along
            ``"x"``, ``"y"``, or any dimension by name or number; also one that is not drawn.
        over
            ``"sum"`` or ``"mean"``; if it is not given, counts are added up and of all else the mean is taken.
        """
        cut, plane = self._plane()
        number = {"x": cut.x, "y": cut.y}.get(str(along))
        if number is None:
            number = self._source.dimension(along)
        combined = over or default_over(self._source)
        if number in (cut.x, cut.y):
            found = measure(plane, self.shape)
            axis = "x" if number == cut.x else "y"
            profile = profile_of(plane, found.x if axis == "x" else found.y, axis, combined, self.name)
        else:
            profile = hidden_profile(self._source, cut, plane, (self.shape, self.name), number, combined)
        return in_framework(self._source, profile, model=model)

    def image(self, *, model: bool = False) -> Any:
        """Return the part of the plane around it; what lies beside it is masked."""
        cut, plane = self._plane()
        found = region_image(plane, self.shape, shown_image(self._source, cut, plane))
        return in_framework(self._source, found, model=model)

    def mask(self) -> "NDArray[Any]":
        """Return which bins of the plane belong to it, as they are drawn: shape (bins along y, bins along x)."""
        return bins_within(self._plane()[1], self.shape)


def in_framework(source: Source, thing: Histogram | Image, *, model: bool) -> Any:
    """Return it as a data array of scipp if the data were scipp's, else as it is."""
    return to_scipp(thing) if source.framework == "scipp" and not model else thing

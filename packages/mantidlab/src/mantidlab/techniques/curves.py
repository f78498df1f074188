"""What techniques give: numbers with errors, and curves that plots, panels and savers read as data objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mantidlab.frameworks.model import Axis, Histogram, Kind, Log, NotThere, Numbers, Summary
from mantidlab.frameworks.partial import PartialObject

FRAMEWORK = "interface"


@dataclass(frozen=True)
class Value:
    """A number with its standard uncertainty; `error` None where nothing is known of it."""

    value: float
    error: float | None
    unit: str = ""

    def __str__(self) -> str:
        """Return it as people write it."""
        number = f"{self.value:.6g}" if self.error is None else f"{self.value:.6g} ± {self.error:.2g}"
        return f"{number} {self.unit}".strip()


@dataclass(frozen=True, eq=False)
class Curve(PartialObject):
    """Values along one axis, as a data object with one spectrum.

    Attributes
    ----------
    histogram
        The values; ``histogram.axis.errors`` is the resolution, one standard deviation, where it is known.
    """

    name: str
    histogram: Histogram
    title: str = ""
    instrument: str = ""
    run: str = ""

    @property
    def x(self) -> Numbers:
        """Positions, in the middle of bins, shape (n,)."""
        axis = self.histogram.axis
        return (axis.values[1:] + axis.values[:-1]) / 2 if axis.edges else axis.values

    @property
    def y(self) -> Numbers:
        """Values, shape (n,)."""
        return self.histogram.values

    @property
    def errors(self) -> Numbers:
        """One standard deviation of each value, shape (n,); NaN where nothing is known."""
        found = self.histogram.errors
        return np.full_like(self.y, np.nan) if found is None else found

    @property
    def resolution(self) -> Numbers | None:
        """One standard deviation of each position, shape (n,)."""
        return self.histogram.axis.errors

    def scaled(self, factor: float) -> "Curve":
        """Return it with all values multiplied."""
        old = self.histogram
        errors = None if old.errors is None else abs(factor) * old.errors
        return replace(self, histogram=replace(old, values=factor * old.values, errors=errors))

    def summary(self) -> Summary:
        """Return what it is."""
        return Summary(
            name=self.name,
            kind=Kind.SPECTRA,
            type="Curve",
            framework=FRAMEWORK,
            title=self.title,
            shape=(1, len(self.y)),
            dims=("spectrum", self.histogram.axis.name),
            unit=self.histogram.unit,
            instrument=self.instrument,
            memory=self.y.nbytes * 3,
        )

    def spectra(self) -> Sequence[Histogram]:
        """Return its only spectrum."""
        return (replace(self.histogram, name=self.name),)

    def logs(self) -> Mapping[str, Log]:
        """Return what is known of the run."""
        return {"run_number": Log("run_number", "", self.run)} if self.run else {}

    def _absent(self, what: str) -> NotThere:
        return NotThere(f"{self.name} is a curve and has no {what}.")


def points(
    name: str,
    axis: tuple[str, str, str],
    x: Numbers,
    y: Numbers,
    errors: Numbers,
    *,
    resolution: Numbers | None = None,
    label: str = "",
    unit: str = "",
    **about: str,
) -> Curve:
    """Return a curve of points.

    Parameters
    ----------
    axis
        Name, label and unit.
    x, y, errors, resolution
        Shape (n,).
    label, unit
        Of y.
    about
        Title, instrument and run.
    """
    where = Axis(*axis, x, errors=resolution, log=bool(len(x) > 2 and x[0] > 0 and x[-1] / x[0] > 20))
    return Curve(name, Histogram(where, y, errors, label=label, unit=unit), **about)


def bins(
    name: str,
    axis: tuple[str, str, str],
    edges: Numbers,
    y: Numbers,
    errors: Numbers,
    *,
    label: str = "",
    unit: str = "",
    **about: str,
) -> Curve:
    """Return a curve of bins; edges have one more than y."""
    where = Axis(*axis, edges, edges=True)
    return Curve(name, Histogram(where, y, errors, label=label, unit=unit), **about)

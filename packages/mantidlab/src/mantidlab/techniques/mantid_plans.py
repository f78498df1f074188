"""What Mantid is to do, as data: calls of algorithms that tests compare with the catalogue before any Mantid sees them.

A plan is a tuple of calls; its workspaces have hidden names (``__technique_…``) and are deleted when it ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks import mantid
from mantidlab.frameworks.model import Histogram
from mantidlab.interfaces import report
from mantidlab.techniques.counting import Counts

PREFIX = "__technique_"


@dataclass(frozen=True)
class Call:
    """One algorithm with its properties, those that are None left out."""

    algorithm: str
    properties: dict[str, Any]

    @property
    def given(self) -> dict[str, Any]:
        """What Mantid gets."""
        return {name: value for name, value in self.properties.items() if value is not None}


def call(algorithm: str, **properties: Any) -> Call:
    """Return a call."""
    return Call(algorithm, properties)


def workspace(name: str) -> str:
    """Return the hidden name of a workspace of a plan."""
    return PREFIX + name


def carry_out(plan: Sequence[Call]) -> None:
    """Run the calls in their order.

    Raises
    ------
    AlgorithmFailed
        One ended with an error.
    """
    for number, one in enumerate(plan):
        report(None, f"{one.algorithm} ({number + 1} of {len(plan)})")
        mantid.run_algorithm(one.algorithm, **one.given)


def made_by(plan: Sequence[Call]) -> tuple[str, ...]:
    """Return the names of all workspaces that calls make or change."""
    names = {
        value for one in plan for value in one.given.values() if isinstance(value, str) and value.startswith(PREFIX)
    }
    return tuple(sorted(names))


@contextmanager
def cleaned(*plans: Sequence[Call]) -> Iterator[None]:
    """Delete the workspaces of plans in the end, whatever happens."""
    try:
        yield
    finally:
        mantid.delete_workspaces(*(name for plan in plans for name in made_by(plan)))


def spectrum(name: str, index: int = 0) -> Histogram:
    """Return a copy of a spectrum of a workspace of a plan."""
    found: Histogram = mantid.open_workspace(workspace(name)).spectra()[index]
    return found


def counts_of(histogram: Histogram) -> Counts:
    """Return a histogram as counts."""
    errors = histogram.errors if histogram.errors is not None else np.sqrt(np.abs(histogram.values))
    return Counts(np.asarray(histogram.axis.values), np.asarray(histogram.values), np.square(errors))

"""Mantid's algorithm ``Fit`` on plain arrays.

It runs as a step of its own in Mantid, so call it in the thread that runs the user's cells. The workspaces that it
needs have hidden names (``__…``) and are deleted again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mantidlab.frameworks.model import FrameworkError, Numbers

NAME = "__mantidlab_fit"
MADE = (f"{NAME}_data", f"{NAME}_Parameters", f"{NAME}_NormalisedCovarianceMatrix", f"{NAME}_Workspace")


class FitRefused(FrameworkError):
    """Mantid's ``Fit`` ended with an error, or without convergence."""


class Columns(Protocol):
    """A table of ``Fit``: its columns by name or place."""

    def column(self, index: int | str) -> list[Any]: ...  # noqa: D102
    def getColumnNames(self) -> Iterable[str]: ...  # noqa: D102, N802


class Returns(Protocol):
    """What ``Fit`` returns, a named tuple (Mantid 3.13: ``Fit_returns``)."""

    OutputStatus: str
    OutputChi2overDoF: float
    OutputParameters: Columns
    OutputNormalisedCovarianceMatrix: Columns


class SimpleApi(Protocol):
    """The calls of ``mantid.simpleapi`` that are made here."""

    def CreateWorkspace(self, **properties: Any) -> Any: ...  # noqa: D102, N802
    def Fit(self, **properties: Any) -> Returns: ...  # noqa: D102, N802


class DataService(Protocol):
    """Mantid's list of workspaces. To remove a name that is not there does nothing."""

    def remove(self, name: str) -> None: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class FitAnswer:
    """What ``Fit`` found.

    Attributes
    ----------
    names, values, errors
        Of the parameters, in Mantid's order: ``Height``, or ``f0.Height`` for one function of several.
    covariance
        Shape (n, n), from Mantid's correlations in per cent and the errors.
    chi_square
        Divided by the degrees of freedom.
    """

    names: tuple[str, ...]
    values: Numbers
    errors: Numbers
    covariance: Numbers
    chi_square: float


def fit(
    simpleapi: SimpleApi,
    service: DataService,
    function: str,
    points: tuple[Numbers, Numbers, Numbers | None],
    ties: str = "",
) -> FitAnswer:
    """Fit a function, written as Mantid writes it, to x, y and errors of shape (n,).

    Raises
    ------
    FitRefused
        There is no answer; the message has Mantid's own words.
    """
    x, y, errors = points
    weights = {} if errors is None else {"DataE": errors}
    # Without errors all points count alike, which Mantid calls another cost function.
    cost = "Least squares" if errors is not None else "Unweighted least squares"
    try:
        data = simpleapi.CreateWorkspace(DataX=x, DataY=y, OutputWorkspace=MADE[0], EnableLogging=False, **weights)
        found = simpleapi.Fit(
            Function=function,
            InputWorkspace=data,
            Ties=ties,
            CostFunction=cost,
            Output=NAME,
            OutputParametersOnly=True,
            EnableLogging=False,
        )
        status = str(found.OutputStatus)
        if not status.lower().startswith("success"):
            raise FitRefused(
                f"Mantid's Fit of {_name_of(function)} did not converge: {status}. Choose a "
                "range around one feature, another model, or give start=."
            )
        return _answer(found)
    except (RuntimeError, ValueError) as error:
        raise FitRefused(f"Mantid's Fit ended with an error: {error}") from error
    finally:
        for name in MADE:
            service.remove(name)


def _name_of(function: str) -> str:
    return function.partition(",")[0].removeprefix("name=")


def _answer(found: Returns) -> FitAnswer:
    table = found.OutputParameters
    # The last row is the cost function's value.
    names = tuple(str(name) for name in table.column("Name"))[:-1]
    values = np.array(table.column("Value")[:-1], dtype=np.float64)
    errors = np.array(table.column("Error")[:-1], dtype=np.float64)
    return FitAnswer(names, values, errors, _covariance(found, names, errors), float(found.OutputChi2overDoF))


def _covariance(found: Returns, names: tuple[str, ...], errors: Numbers) -> Numbers:
    """Return the covariance; parameters that are tied have no row and no error."""
    table = found.OutputNormalisedCovarianceMatrix
    free = [str(name) for name in table.column("Name")]
    covariance = np.zeros((len(names), len(names)))
    for column, name in enumerate(free):
        correlations = table.column(name)
        for row, other in enumerate(free):
            one, two = names.index(other), names.index(name)
            if row == column:
                covariance[one, two] = errors[one] ** 2
            else:
                covariance[one, two] = float(correlations[row]) / 100 * errors[one] * errors[two]
    return covariance

"""One algorithm of Mantid, run through its object API: refusals come before anything is computed, and with reasons."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from mantidlab.frameworks.model import FrameworkError


class AlgorithmProperty(Protocol):
    """One property of an algorithm.

    An output workspace is handed to the list of workspaces when the algorithm has run: `value` is None then, and its
    name is there as a text.
    """

    value: Any
    valueAsStr: str  # noqa: N815


class RunnableAlgorithm(Protocol):
    """An algorithm that `AlgorithmManager.create` made, which makes it known to those who watch and cancel.

    `setProperty` raises ValueError for a value that does not fit and RuntimeError for a name that there is not. With
    `setRethrows`, `execute` raises what went wrong (RuntimeError) instead of returning False; a cancelled one raises
    KeyboardInterrupt. ``None`` is no value: leave such a property out.
    """

    def setRethrows(self, rethrow: bool) -> None: ...  # noqa: D102, N802
    def setProperty(self, name: str, value: Any) -> None: ...  # noqa: D102, N802
    def validateInputs(self) -> dict[str, str]: ...  # noqa: D102, N802
    def execute(self) -> bool: ...  # noqa: D102
    def outputProperties(self) -> Iterable[str]: ...  # noqa: D102, N802
    def getProperty(self, name: str) -> AlgorithmProperty: ...  # noqa: D102, N802


class AlgorithmCreator(Protocol):
    """Makes algorithms. A name that there is not raises RuntimeError ("Algorithm not registered …")."""

    def create(self, name: str) -> RunnableAlgorithm: ...  # noqa: D102


class Workspaces(Protocol):
    """Mantid's list of workspaces."""

    def doesExist(self, name: str) -> bool: ...  # noqa: D102, N802
    def retrieve(self, name: str) -> Any: ...  # noqa: D102


class AlgorithmFailed(FrameworkError):
    """An algorithm refused what it was given, or ended with an error."""


def run(
    manager: AlgorithmCreator, name: str, properties: Mapping[str, Any], workspaces: Workspaces | None = None
) -> dict[str, Any]:
    """Run an algorithm and return its outputs by name; see `mantidlab.frameworks.mantid.run_algorithm`."""
    try:
        algorithm = manager.create(name)
    except RuntimeError as error:
        raise AlgorithmFailed(f"This Mantid has no algorithm {name!r}: {_said(error)}.") from error
    algorithm.setRethrows(True)
    for key, value in properties.items():
        if value is not None:
            _set(algorithm, name, key, value)
    # Mantid itself says only that some properties are invalid.
    problems = algorithm.validateInputs()
    if problems:
        told = "; ".join(f"{key}: {reason}" for key, reason in sorted(problems.items()))
        raise AlgorithmFailed(f"{name} cannot run with these values: {told}.")
    try:
        algorithm.execute()
    except (RuntimeError, ValueError) as error:
        raise AlgorithmFailed(f"{name} ended with an error: {_said(error)}.") from error
    return {key: _value(algorithm.getProperty(key), workspaces) for key in algorithm.outputProperties()}


def _value(found: AlgorithmProperty, workspaces: Workspaces | None) -> Any:
    try:
        value = found.value
    except (AttributeError, TypeError):  # a type of C++ that Python has no class for
        return found.valueAsStr
    if value is None and workspaces is not None and workspaces.doesExist(found.valueAsStr):
        return workspaces.retrieve(found.valueAsStr)
    return value


def _set(algorithm: RunnableAlgorithm, name: str, key: str, value: Any) -> None:
    try:
        algorithm.setProperty(key, value)
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        raise AlgorithmFailed(f"{name} does not take {value!r} as {key}: {_said(error)}.") from error


def _said(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__

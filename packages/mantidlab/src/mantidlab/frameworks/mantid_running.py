"""One algorithm of Mantid, run through its object API: refusals come before anything is computed, and with reasons."""

from collections.abc import Mapping
from typing import Any

from mantidlab.frameworks.mantid_calls import Algorithm, AlgorithmManager
from mantidlab.frameworks.model import FrameworkError


class AlgorithmFailed(FrameworkError):
    """An algorithm refused what it was given, or ended with an error."""


def run(manager: AlgorithmManager, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
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
    return {key: algorithm.getProperty(key).value for key in algorithm.outputProperties()}


def _set(algorithm: Algorithm, name: str, key: str, value: Any) -> None:
    try:
        algorithm.setProperty(key, value)
    except (RuntimeError, ValueError, TypeError) as error:
        raise AlgorithmFailed(f"{name} does not take {value!r} as {key}: {_said(error)}.") from error


def _said(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__

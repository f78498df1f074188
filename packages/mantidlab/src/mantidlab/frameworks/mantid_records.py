"""Mantid's sample logs and history as the data model's."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.lazily import LazyMapping
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.mantid_texts import text
from mantidlab.frameworks.model import Log, Parameter, Step
from mantidlab.frameworks.units import written

DIRECTIONS = {0: "input", 1: "output", 2: "both"}


def logs_of(run: Callable[[], calls.Run], workspace: str) -> Mapping[str, Log]:
    """Return the sample logs; each is read when it is asked for."""

    def read(name: str) -> Log:
        with fresh(workspace):
            return log_of(name, run().getProperty(name))

    with fresh(workspace):
        return LazyMapping(list(run().keys()), read)


def log_of(name: str, found: calls.LogProperty) -> Log:
    """Return one sample log."""
    unit = written(text(lambda: found.units))
    try:
        content = found.value
    except TypeError:  # a C++ type that has no Python class
        return Log(name, unit, None)
    except UnicodeDecodeError:
        return Log(name, unit, text(lambda: found.value))
    times = getattr(found, "times", None)
    if times is not None:
        values = np.asarray(list(content) if not isinstance(content, np.ndarray) else content)
        moments = np.asarray(times).astype("datetime64[ns]")
        return Log(name, unit, _single(values[-1]) if len(values) else None, moments, values)
    if isinstance(content, (str, bool, int, float, np.generic)):
        return Log(name, unit, _single(content))
    try:
        several = np.asarray(list(content))
    except TypeError:  # neither a number nor several: a time, an optional truth value
        return Log(name, unit, str(content))
    return Log(name, unit, _single(several[-1]) if len(several) else None, None, several)


def _single(value: Any) -> float | int | str | bool | None:
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, (str, bool, int, float)) else str(plain)


def history_of(history: calls.WorkspaceHistory) -> tuple[Step, ...]:
    """Return the steps of a workspace, the first first."""
    return tuple(step_of(step) for step in history.getAlgorithmHistories())


def step_of(step: calls.AlgorithmHistory) -> Step:
    """Return one step with what it ran itself."""
    seconds = step.executionDuration()
    parameters = tuple(
        Parameter(
            found.name(), text(found.value), bool(found.isDefault()), DIRECTIONS.get(int(found.direction()), "input")
        )
        for found in step.getProperties()
    )
    return Step(
        name=step.name(),
        version=int(step.version()),
        started=moment(str(step.executionDate())),
        duration=timedelta(seconds=seconds) if seconds >= 0 else None,  # −1: nobody measured it
        parameters=parameters,
        children=tuple(step_of(child) for child in step.getChildHistories()),
    )


def moment(text: str) -> datetime | None:
    """Return the time that Mantid wrote (ISO 8601, to the nanosecond, UTC, with a space behind it)."""
    try:
        return datetime.fromisoformat(text.strip()[:26]).replace(tzinfo=UTC)
    except ValueError:
        return None

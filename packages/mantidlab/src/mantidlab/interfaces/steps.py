"""One step of an interface: what it returned is kept, and not computed again for the same inputs."""

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from mantidlab.interfaces.activity import Activity, StepTaken, current
from mantidlab.interfaces.caching import the_cache
from mantidlab.interfaces.code import code_digest, computing_digest
from mantidlab.interfaces.errors import CannotKeep
from mantidlab.interfaces.hashing import NoDigest, digest
from mantidlab.interfaces.provenance import paths_in

P = ParamSpec("P")
R = TypeVar("R")

WORTH_KEEPING = 0.02
"""Seconds: what took less is computed as quickly as it is found again."""


def step(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function, or take what it returned before for the same inputs.

    It must be a function of its arguments alone: what it returns is kept under the hash of its code, of the code
    of the project's functions that it calls, of its arguments (files by their content: hand a ``Path``), and of
    the environment. Each call returns an object of its own, so changing it changes nothing that is kept. Outside of a
    run of an interface, and where nothing may be kept, this is a plain call.

    Parameters
    ----------
    function
        What is called.
    *args, **kwargs
        Its arguments.
    """
    activity = current()
    if activity is None:
        return function(*args, **kwargs)
    activity.files |= {path.absolute() for path in paths_in([*args, *kwargs.values()]) if path.is_file()}
    name = getattr(function, "__name__", type(function).__name__)
    started = time.monotonic()
    key = _key(name, function, args, kwargs, activity) if activity.use_cache else None
    kept = the_cache().find(key) if key else None
    value: R = function(*args, **kwargs) if kept is None else kept.value
    seconds = time.monotonic() - started
    activity.steps.append(StepTaken(name, kept is not None, round(seconds, 3)))
    if key and kept is None and seconds > WORTH_KEEPING:
        try:
            the_cache().keep(key, value)
        except CannotKeep as problem:
            activity.log("info", f"{name} is computed in every run: {problem}")
    return value


def _key(name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], activity: Activity) -> str | None:
    try:
        return digest(computing_digest(), code_digest(function), list(args), kwargs)
    except (NoDigest, OSError, RecursionError) as problem:
        activity.log("info", f"{name} is computed in every run: {problem}")
        return None

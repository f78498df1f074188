"""Which environments a session offers: its own, and those beside it that are there for their kernels."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mantidlab.server.endings import CannotStart, Ending


@dataclass(frozen=True)
class SessionEnvironment:
    """One environment of this session, as the platform names it.

    Attributes
    ----------
    name
        Name of its specification: ``scipp``, ``mantid``.
    title
        What people call it: ``Mantid 6.16``.
    hash
        Names the built prefix. A newer MantidHub builds another one from the same packages.
    lock
        Names the locked packages. Environments with the same one compute the same.
    python
        Its interpreter.
    prefix
        Where it is installed.
    variables
        Variables of processes that run in it.
    """

    name: str
    title: str
    hash: str
    lock: str
    python: Path
    prefix: Path
    variables: Mapping[str, str]

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read one entry of ``MANTIDHUB_KERNELS``."""
        name = _text(entry["name"])
        return cls(
            name=name,
            title=_text(entry["title"]) or name,
            hash=_text(entry["hash"]),
            lock=_text(entry["lock"]),
            python=Path(_text(entry["python"])),
            prefix=Path(_text(entry["prefix"])),
            variables={_text(variable): _text(value) for variable, value in entry["variables"].items()},
        )

    @property
    def record(self) -> dict[str, str]:
        """What a notebook keeps of it, in ``metadata.mantidhub``."""
        return {"environment": self.name, "title": self.title, "hash": self.hash, "lock": self.lock}

    def installed(self, module: str) -> bool:
        """Whether a module or package is there, found without starting the environment's Python."""
        packages = self.prefix.glob("lib/python3*/site-packages")
        return any((folder / module).is_dir() or (folder / f"{module}.py").is_file() for folder in packages)


def session_environments() -> tuple[SessionEnvironment, ...]:
    """Return the environments of this session, its own first.

    The platform lists them in ``MANTIDHUB_KERNELS``. Without that variable there is the session's own alone, as the
    variables ``MANTIDHUB_ENVIRONMENT…`` describe it.

    Raises
    ------
    CannotStart
        If the list cannot be read.
    """
    listed = os.environ.get("MANTIDHUB_KERNELS")
    if not listed:
        return (_own(),)
    try:
        found = tuple(SessionEnvironment.from_json(entry) for entry in json.loads(listed))
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise CannotStart(
            f"The session's list of environments (MANTIDHUB_KERNELS) cannot be read: {type(problem).__name__}: "
            f"{problem}. This is a mistake of the platform: tell your administrator.",
            Ending.MISCONFIGURED,
        ) from problem
    return found or (_own(),)


def _own() -> SessionEnvironment:
    name = os.environ.get("MANTIDHUB_ENVIRONMENT") or "python"
    return SessionEnvironment(
        name=name,
        title=os.environ.get("MANTIDHUB_ENVIRONMENT_TITLE") or name,
        hash=os.environ.get("MANTIDHUB_ENVIRONMENT_HASH", ""),
        lock=os.environ.get("MANTIDHUB_ENVIRONMENT_LOCK", ""),
        python=Path(sys.executable),
        prefix=Path(sys.prefix),
        variables={},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value

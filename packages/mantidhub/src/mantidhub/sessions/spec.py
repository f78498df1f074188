"""What a session is, to whoever runs it: frozen data without a trace of JupyterHub or of one engine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from mantidhub.settings.state import Identity


@dataclass(frozen=True)
class Mount:
    """A folder or file of the host that the session sees."""

    source: Path
    target: Path
    writable: bool = False


@dataclass(frozen=True)
class Limits:
    """The most that a session may use: memory in bytes, processor cores, processes and threads."""

    memory: int
    cpus: float
    processes: int


@dataclass(frozen=True)
class SessionSpec:
    """Everything an engine needs to run one session.

    Attributes
    ----------
    key
        Name of the session: ``alice``, or ``alice~second`` for a named one.
    environment
        Id of the environment that its server runs in.
    identity
        Numeric user and groups; None keeps those of the controller (not started as root).
    command
        Program and arguments, paths as seen inside.
    mounts
        In the order in which they are made; later ones may lie inside earlier ones. Programs and libraries of a Linux
        system are not among them: the engine brings those.
    variables
        The whole process environment.
    home
        Working folder, as seen inside.
    socket
        Where the server's socket appears, on the host.
    ready_path
        URL path that answers as soon as the session can be used.
    log
        File that takes what the session prints.
    """

    key: str
    environment: str
    identity: Identity | None
    command: tuple[str, ...]
    mounts: tuple[Mount, ...]
    variables: dict[str, str] = field(repr=False)  # holds the session's token
    home: Path
    socket: Path
    ready_path: str
    limits: Limits
    start_timeout: timedelta
    log: Path


@dataclass(frozen=True)
class Handle:
    """By which a running session is known, also after the controller's restart.

    An engine adds what it needs to find the session again in a subclass of its own.

    Attributes
    ----------
    log
        File that takes what the session prints, and how long it was before this session.
    """

    key: str
    started: datetime
    log: Path
    log_start: int


KILLED = 137
"""The exit code of what SIGKILL ended, as shells and containers give it: 128 and the signal's number."""


class EndCause(StrEnum):
    """Why a session ended: by itself, by what the host did to it, because somebody wanted it, or nobody knows why."""

    EXITED = "exited"
    OUT_OF_MEMORY = "out of memory"
    KILLED = "killed"
    HOST_RESTARTED = "host restarted"
    STOPPED = "stopped"
    ADMINISTRATOR = "administrator"
    IDLE = "idle"
    VANISHED = "vanished"


@dataclass(frozen=True)
class SessionEnd:
    """How a session ended; ``exit_code`` is None where nobody saw it."""

    key: str
    cause: EndCause
    exit_code: int | None
    message: str

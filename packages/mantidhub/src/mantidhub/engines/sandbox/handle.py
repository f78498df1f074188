"""By which the sandbox engine finds a session again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mantidhub.engines.sandbox.processes import Process
from mantidhub.sessions.spec import Handle


@dataclass(frozen=True)
class SandboxHandle(Handle):
    """The processes and files of a session in bubblewrap.

    Attributes
    ----------
    outer
        The process to wait for; None if it has ended and nobody noted which it was.
    inner
        The first process of the session's own process namespace; its end is the end of all in it. None like `outer`.
    cgroups
        Folders that hold the session's limits; empty where the host allows none.
    status_file
        Where bubblewrap writes the exit code when the session ends.
    """

    outer: Process | None
    inner: Process | None
    cgroups: tuple[Path, ...]
    status_file: Path

    @classmethod
    def of(cls, handle: Handle) -> Self:
        """Return the handle as this engine gave it.

        Raises
        ------
        TypeError
            If another engine gave it.
        """
        if not isinstance(handle, cls):
            raise TypeError(f"{handle!r} is no session of the sandbox engine")
        return handle

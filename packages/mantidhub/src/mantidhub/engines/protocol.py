"""What every engine can do."""

from datetime import timedelta
from typing import Protocol

from mantidhub.sessions.spec import Handle, SessionEnd, SessionSpec


class Engine(Protocol):
    """Runs sessions and finds them again. It keeps no list of its own: what runs is the truth."""

    async def launch(self, spec: SessionSpec) -> Handle:
        """Start the session's processes; return as soon as they exist, before the server answers.

        Raises
        ------
        SessionFailed
            If the session's part of it is at fault (its home, its environment).
        EngineError
            If the engine itself did not work.
        """
        ...

    async def wait(self, handle: Handle) -> SessionEnd:
        """Return when the session has ended and nothing of it is left, with the reason. May be cancelled."""
        ...

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        """Ask the session to end, and make it end after `grace`; return when it has."""
        ...

    async def find_all(self) -> list[Handle]:
        """Find every session of which anything is left, after any crash, whether it still runs or not.

        It changes nothing. To wait for one that has ended returns at once, with the reason, and removes what is left.
        """
        ...

    async def processor_time(self, handle: Handle) -> timedelta | None:
        """Return how long the session's processes have kept processors busy so far; None where nobody counts."""
        ...

    async def weaknesses(self) -> list[str]:
        """Say in sentences what this engine cannot enforce on this host."""
        ...

    async def close(self) -> None:
        """Let go of what the engine itself holds, and remove what it keeps on the host and no session uses."""
        ...

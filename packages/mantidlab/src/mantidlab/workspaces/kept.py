"""Keeps what a click deletes, so that a person who did not mean it gets the same object back.

Kept is one deletion: until the next one, for ten minutes, and only up to half a gigabyte, since many delete in order to
have the memory. Workspaces of Mantid are not kept: what Python holds of one does not outlast its deletion.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mantidlab.workspaces.errors import AlreadyThere, NoSuchWorkspace

SECONDS = 600.0
BYTES = 500_000_000


@dataclass
class _Deletion:
    """What is to be deleted, and then has been.

    Attributes
    ----------
    things
        By what means them in Python, in the order in which they are put back.
    is_done
        Whether they are deleted: what has such a name afterwards is something else.
    """

    things: dict[str, Any] = field(default_factory=dict)
    is_done: bool = False


class Shelf:
    """What was deleted last.

    Parameters
    ----------
    find
        Returns what a name means; raises where it means nothing.
    put
        Makes a name mean something again.
    """

    def __init__(self, find: Callable[[str], Any], put: Callable[[str, Any], None]) -> None:
        self._find = find
        self._put = put
        self._kept: _Deletion | None = None
        self._timer: threading.Timer | None = None
        self._changing = threading.RLock()

    def keep(self, names: Sequence[str], seconds: float = SECONDS) -> None:
        """Keep what names mean, from now on and after they are deleted; what was kept before is let go."""
        with self._changing:
            self.forget()
            self._kept = _Deletion({name: self._find(name) for name in names})
            self._timer = threading.Timer(seconds, self.forget)
            self._timer.daemon = True
            self._timer.start()

    def look_before(self) -> None:
        """Take up what the names mean before a cell runs, which may be the one that deletes them."""
        kept = self._kept
        if kept is None or kept.is_done:
            return
        with self._changing:
            for name in kept.things:
                if (found := self._found(name)) is not None:
                    kept.things[name] = found

    def look_after(self) -> None:
        """See after a cell whether they are deleted."""
        kept = self._kept
        if kept is not None and not kept.is_done:
            kept.is_done = all(self._found(name) is None for name in kept.things)

    def restore(self) -> Mapping[str, Any]:
        """Put everything back. In the main thread, between two cells.

        Raises
        ------
        NoSuchWorkspace
            Nothing is kept any more, or its group is gone.
        AlreadyThere
            A name means something else by now.
        """
        with self._changing:
            kept = self._kept
            if kept is None:
                raise NoSuchWorkspace("It is not kept any more. Its history, or the cells above, make it again.")
            taken = [name for name in kept.things if self._found(name) is not None]
            if taken and kept.is_done:
                raise AlreadyThere(f"There is a new {taken[0]}, and it would be lost. Rename it, and undo then.")
            for name, thing in kept.things.items():
                if name not in taken:
                    self._put(name, thing)
            self.forget()
            return {"names": list(kept.things)}

    def forget(self) -> None:
        """Let go what is kept."""
        with self._changing:
            self._kept = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _found(self, name: str) -> Any:
        try:
            return self._find(name)
        except Exception:  # noqa: BLE001  (whatever it is, the name means nothing now)
            return None

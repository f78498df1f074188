"""Which runs are without a page, when their outputs go to the disk, and who is handed them."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mantidlab.server.outputs.notebooks import Change
from mantidlab.server.outputs.run import Run

LOOK_EVERY = 1.0
CUT_OFF = 15.0
"""Seconds for a page to come back whose connection broke: shorter is the edge's restart, longer a closed laptop."""
OPENING = 60.0
"""Seconds for a page that has read a notebook to connect to its kernel; it must not find the file changed then."""
WRITE_EVERY = 5.0
TRY_AGAIN_AFTER = 30.0
WRITING_SHARE = 20
"""While a cell prints on, the file is written so rarely that it takes at most one part in these of the time."""

log = logging.getLogger("mantidlab.server.outputs")


class Notebooks(Protocol):
    """The notebooks of the session's home, see :class:`mantidlab.server.outputs.notebooks.ServersNotebooks`."""

    async def path_of(self, kernel: str) -> str | None:
        """Return the notebook that a kernel runs."""

    async def put(self, path: str, kernel: str, runs: list[Run]) -> Change | None:
        """Write outputs into a notebook, if there is one and it lacks them."""


@dataclass
class Kernel:
    """The runs of one kernel that matter still, and the pages that are connected to it."""

    runs: dict[str, Run] = field(default_factory=dict)
    """By cell: a run takes the place of the one before, as in the page."""
    spoke: Run | None = None
    """The one of which the last message was: nearly always, that of the next one too."""
    pages: dict[object, str] = field(default_factory=dict)
    """The session of each connection."""
    path: str | None = None
    write_from: float = 0.0
    """No writing before; a moment of the monotonic clock, as all here."""
    progress_from: float = 0.0
    """Nor, before this one, of what goes on."""
    wrote: dict[str, int] = field(default_factory=dict)
    """The revision of each request that is in the file."""
    may_come_back: set[str] = field(default_factory=set)
    """Sessions whose connection broke."""
    change: Change | None = None
    """What was written while such a session is away, and would be a stranger's doing to its page."""
    is_awaited: bool = False
    """Such a session is back, and its file is being written at this moment."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    writer: asyncio.Task[Any] | None = None
    """Who has the lock, and reads the notebook as well."""

    def waiting(self) -> list[Run]:
        """Return what should be in the file and is not."""
        return [run for run in self.runs.values() if run.begun and self.wrote.get(run.request) != run.revision]

    def is_due(self, now: float) -> bool:
        """Tell whether something should be written now."""
        waiting = self.waiting() if now >= self.write_from else []
        return any(run.ended or now >= self.progress_from for run in waiting)


class Keeper:
    """Takes note of what pages ask kernels to run and of what these answer, and acts when no page is there.

    The page is the one that writes, as long as there is one: two writers of a file would each find it changed by the
    other. Without a page, what came is written a moment after the run ends, and every few seconds while it goes on.
    """

    def __init__(self, notebooks: Notebooks) -> None:
        self._notebooks = notebooks
        self._kernels: dict[str, Kernel] = {}

    def connected(self, kernel: str, connection: object, session: str) -> None:
        """Take note that a page is there."""
        found = self._kernels.setdefault(kernel, Kernel())
        if session in found.may_come_back:
            self._undo(found)
        else:
            found.change = None
        if session in found.may_come_back or session in found.pages.values():
            # What the server sent until it noticed that the connection was broken has been lost, so all is told again.
            for run in found.runs.values():
                run.session = "" if run.session == session else run.session
        found.pages[connection] = session
        found.may_come_back.discard(session)

    def disconnected(self, kernel: str, connection: object, *, closed: bool) -> None:
        """Take note that a page has gone; *closed* if it said so, and so will not come back."""
        found = self._kernels.get(kernel)
        if found is None or connection not in found.pages:
            return
        session = found.pages.pop(connection)
        if not closed and session not in found.pages.values():
            found.may_come_back.add(session)
        found.write_from = time.monotonic() + (0 if closed else CUT_OFF)

    def asked(self, kernel: str, run: Run) -> None:
        """Take note that a page has asked for a run."""
        self._kernels.setdefault(kernel, Kernel()).runs[run.cell] = run

    def answered(self, kernel: str, request: str, message: str, kind: str, content: Mapping[str, Any]) -> None:
        """Take a message of a kernel about a request."""
        runs = self._kernels.get(kernel, Kernel()).runs
        if kind == "update_display_data":
            for other in runs.values():
                other.change_display(content)
        run = self._find(kernel, request)
        if run is None:
            return
        run.take(message, kind, content)
        if run.ended and not run.begun:
            del runs[run.cell]  # passed over, since a cell before it failed

    def is_kept(self, kernel: str, request: str) -> bool:
        """Tell whether messages about a request matter here."""
        return self._find(kernel, request) is not None

    def ended(self, kernel: str) -> None:
        """Take note that a kernel has ended, or begun anew."""
        for run in list(self._kernels.get(kernel, Kernel()).runs.values()):
            run.end()

    def hand_over(self, kernel: str, session: str) -> list[Run]:
        """Return the runs that no page follows; from now on the page of *session* does."""
        found = self._kernels.get(kernel, Kernel())
        here = set(found.pages.values())
        runs = [run for run in found.runs.values() if run.session not in here]
        if session in here:
            for run in runs:
                run.session = session
        return runs

    def saved(self, path: str) -> None:
        """Forget what a page has shown to its end and has now saved."""
        for found in self._kernels.values():
            if found.path != path or not found.pages:
                continue
            here = set(found.pages.values())
            for cell, run in list(found.runs.items()):
                if run.ended and run.session in here:
                    del found.runs[cell]

    async def before_reading(self, path: str) -> None:
        """Let the file have what came, and leave it as it is until the page that reads it is connected."""
        for kernel, found in list(self._kernels.items()):
            if found.pages or not found.runs or found.writer is asyncio.current_task():
                continue
            await self._learn_path(kernel, found)
            if found.path == path:
                await self._write(kernel, found)
                found.change = None
                found.write_from = time.monotonic() + OPENING

    def before_comparing(self, path: str) -> None:
        """Let a page that was cut off find its file as it left it, when it saves before it is connected again."""
        for found in self._kernels.values():
            if found.path == path:
                self._undo(found)

    async def look(self) -> None:
        """Write what is due."""
        for kernel, found in list(self._kernels.items()):
            if found.runs:
                await self._learn_path(kernel, found)
            if not found.pages and found.is_due(time.monotonic()):
                await self._write(kernel, found)

    async def leave(self, kernel: str) -> None:
        """Write what there is and forget the kernel: it is being ended."""
        found = self._kernels.get(kernel)
        if found is None:
            return
        self.ended(kernel)
        if not found.pages:
            await self._write(kernel, found)
        self._kernels.pop(kernel, None)

    def _find(self, kernel: str, request: str) -> Run | None:
        found = self._kernels.get(kernel)
        if found is None:
            return None
        if found.spoke is None or found.spoke.request != request or found.runs.get(found.spoke.cell) is not found.spoke:
            found.spoke = next((run for run in found.runs.values() if run.request == request), None)
        return found.spoke

    async def _learn_path(self, kernel: str, found: Kernel) -> None:
        """Learn which notebook a kernel runs, which a person may rename; the last is kept when the session is gone."""
        found.path = await self._notebooks.path_of(kernel) or found.path

    async def _write(self, kernel: str, found: Kernel) -> None:
        async with found.lock:
            await self._learn_path(kernel, found)
            runs = found.waiting()
            if not runs or found.path is None or found.pages:
                return
            found.writer = asyncio.current_task()
            revisions = {run.request: run.revision for run in runs}
            began = time.monotonic()
            try:
                change = await self._notebooks.put(found.path, kernel, runs)
            except Exception:
                # Such as a full disk: tried again, and the outputs are kept as long.
                log.warning("outputs could not be written to %s", found.path, exc_info=True)
                revisions = {}
                found.write_from = began + TRY_AGAIN_AFTER
            else:
                self._note(found, change)
            finally:
                found.writer = None
            now = time.monotonic()
            found.progress_from = now + max(WRITE_EVERY, WRITING_SHARE * (now - began))
            found.wrote.update(revisions)
            if found.is_awaited:
                self._undo(found)
            self._forget_written(found)

    def _note(self, found: Kernel, change: Change | None) -> None:
        if change is not None and (found.may_come_back or found.is_awaited):
            found.change = found.change.then(change) if found.change else change

    def _undo(self, found: Kernel) -> None:
        """Put back the file of a page that comes back: it is told all that it missed, and saves that itself."""
        found.is_awaited = found.writer is not None
        if found.is_awaited:
            return
        if found.change is not None and found.change.undo():
            found.wrote.clear()
            found.write_from = time.monotonic() + CUT_OFF
        found.change = None

    def _forget_written(self, found: Kernel) -> None:
        """Forget what is over and in the file, unless the page may come back that has not saved it."""
        for cell, run in list(found.runs.items()):
            is_written = found.wrote.get(run.request) == run.revision
            if run.ended and is_written and run.session not in found.may_come_back:
                del found.runs[cell]
                del found.wrote[run.request]

"""Keeps processes running: starts them, starts them again when they end, ends them in order."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mantidhub.files import write_whole

log = logging.getLogger(__name__)

LONG_ENOUGH = 10.0
"""Seconds after which a process counts as having worked, so that its next end is answered at once again."""
FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0
NOTE_AGAIN = 1.0
"""Seconds until a process's id is noted again where the disk was full."""


@dataclass(frozen=True)
class Service:
    """A process that has to run: its command and variables, where it works, writes its log and notes its id."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(repr=False)
    folder: Path
    log: Path
    record: Path
    descriptors: tuple[int, ...] = ()


class SupervisedService:
    """Runs one service until told to stop: one that dies is replaced at once, one that keeps dying ever slower."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._process: asyncio.subprocess.Process | None = None
        self._noted = False
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and go on keeping it."""
        await self._launch()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.service.name}")

    async def run_once(self) -> int:
        """Run the process to its own end instead, and return its exit code."""
        await self._launch()
        assert self._process is not None  # noqa: S101  # it was launched
        code = await self._process.wait()
        self.service.record.unlink(missing_ok=True)
        return code

    async def stop(self, *, grace: float) -> None:
        """End the process: ask first, make it after `grace` seconds."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), grace)
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()

    async def _launch(self) -> None:
        service = self.service
        with service.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(service.variables),
                cwd=service.folder,
                pass_fds=service.descriptors,
                # Ctrl-C in the terminal reaches the supervisor alone; it ends the others in their order.
                start_new_session=True,
            )
        self._noted = False
        self._note(self._process)

    def _note(self, process: asyncio.subprocess.Process) -> None:
        """Note the process's id, for :func:`end_remains`. That this fails must not end the keeping of the process."""
        try:
            write_whole(self.service.record, str(process.pid))
            self._noted = True
        except OSError as problem:
            log.warning("a service could not be noted", extra={"service": self.service.name, "reason": str(problem)})

    async def _until_ended(self, process: asyncio.subprocess.Process) -> int:
        while not self._noted:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(process.wait(), NOTE_AGAIN)
            self._note(process)
        return await process.wait()

    async def _keep(self) -> None:
        delay = 0.0
        while self._process is not None:
            began = time.monotonic()
            code = await self._until_ended(self._process)
            lived = time.monotonic() - began
            delay = 0.0 if lived > LONG_ENOUGH else min(max(FIRST_DELAY, delay * 2), LONGEST_DELAY)
            # What a killed service leaves of itself (bubblewrap's other half) would hold its socket.
            _signal_group(self._process.pid, signal.SIGKILL)
            log.warning(
                "service ended and is started again",
                extra={"service": self.service.name, "exit_code": code, "in_seconds": delay},
            )
            await asyncio.sleep(delay)
            await self._launch_at_last()

    async def _launch_at_last(self) -> None:
        """Start the process; where the host has no room for it now, try until it has."""
        while True:
            try:
                return await self._launch()
            except OSError as problem:
                extra = {"service": self.service.name, "reason": str(problem), "in_seconds": LONGEST_DELAY}
                log.warning("a service cannot be started and is tried again", extra=extra)
                await asyncio.sleep(LONGEST_DELAY)


def end_remains(records: Iterable[Path], mark: str) -> None:
    """End services of an earlier supervisor that was killed, so that two never run side by side.

    Parameters
    ----------
    records
        Files in which services noted their ids.
    mark
        Something that their process variables hold and no other program's do: an id may be another's by now.
    """
    for record in records:
        try:
            pid = int(record.read_text())
            variables = Path(f"/proc/{pid}/environ").read_bytes()
        except (OSError, ValueError):
            continue
        if mark.encode() in variables:
            _signal_group(pid, signal.SIGKILL)
            _wait_for_end(pid)
        record.unlink(missing_ok=True)


def _wait_for_end(group: int) -> None:
    """Wait until killed processes have let go of their sockets; a kernel under load takes some milliseconds."""
    deadline = time.monotonic() + 5
    while _has_living_member(group) and time.monotonic() < deadline:
        time.sleep(0.01)


def _has_living_member(group: int) -> bool:
    """Tell whether a process of this group runs; dead ones that wait to be reaped (``proc_pid_stat(5)``) do not.

    A killed program looks dead as soon as its first thread is. Until the last one is, its sockets are open.
    """
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        state, its_group, threads = fields[0], int(fields[2]), int(fields[17])
        if its_group == group and (state not in {"Z", "X"} or threads > 1):
            return True
    return False


def _signal_group(pid: int, what: signal.Signals) -> None:
    """Signal the process and what it started in its own session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, what)

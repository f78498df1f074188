"""The sandbox engine: starts a session's processes, waits for them, ends them, finds them again."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mantidhub.confinement.bubblewrap import Bubblewrap, find_bubblewrap
from mantidhub.confinement.seccomp import session_filter
from mantidhub.engines.sandbox import cgroups, processes
from mantidhub.engines.sandbox.command import session_command
from mantidhub.engines.sandbox.handle import SandboxHandle
from mantidhub.engines.sandbox.processes import Process
from mantidhub.errors import EngineError, SessionFailed
from mantidhub.files import write_whole
from mantidhub.sessions.boot import boot
from mantidhub.sessions.log import last_sentence
from mantidhub.sessions.spec import KILLED, EndCause, Handle, SessionEnd, SessionSpec

LABEL = "MANTIDHUB_SESSION"
"""Variable that marks every process of a session, by which they are found after a crash."""


class SandboxEngine:
    """Runs each session in bubblewrap, in namespaces of its own.

    Parameters
    ----------
    mark
        Name that tells this MantidHub from others on the host.
    folder
        Where the engine keeps a folder per session with bubblewrap's report of it.
    logs
        Where sessions print to.
    """

    def __init__(self, *, mark: str, folder: Path, logs: Path) -> None:
        self._mark = mark
        self._folder = folder
        self._logs = logs
        self._cgroups = cgroups.find_cgroups(mark)
        self._bubblewrap: Bubblewrap | None = None

    async def launch(self, spec: SessionSpec) -> Handle:
        """Start the session's processes. See :class:`mantidhub.engines.protocol.Engine`."""
        if self._bubblewrap is None:
            self._bubblewrap = find_bubblewrap()
        status_file = self._status_file(spec.key)
        status_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._noted(spec.key).unlink(missing_ok=True)
        try:
            limits = self._cgroups.create(spec.key, spec.limits)
        except OSError as error:
            raise EngineError(f"The limits of session {spec.key} cannot be set: {error}.") from error
        filter_program = session_filter()
        with (
            spec.log.open("ab") as log,
            status_file.open("wb") as status,
            (status_file.parent / "seccomp.bpf").open("w+b") as seccomp,
        ):
            seccomp.write(filter_program or b"")
            seccomp.flush()
            seccomp.seek(0)
            log_start = log.tell()
            command = session_command(
                spec,
                self._bubblewrap,
                cgroups=limits,
                memory=self._cgroups.memory_as_seen_inside(spec.key),
                status_descriptor=status.fileno(),
                filter_descriptor=seccomp.fileno() if filter_program else None,
            )
            try:
                started = subprocess.Popen(  # noqa: ASYNC220 - returns as soon as the shell is forked, a millisecond
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**spec.variables, LABEL: self._label(spec.key)},
                    pass_fds=(status.fileno(), seccomp.fileno()),
                    start_new_session=True,
                )
            except OSError as error:
                raise EngineError(f"Session {spec.key} cannot be started: {error}.") from error
        outer = processes.identify(started.pid) or Process(started.pid, 0)
        reporting = asyncio.create_task(self._inner(outer, status_file))
        try:
            inner = await asyncio.shield(reporting)
        except asyncio.CancelledError:
            # Who asked has gone. The sandbox is a few milliseconds from being whole; then all of it can be ended.
            await self._end_half_started(outer, await reporting, limits)
            raise
        if inner is None:
            started.wait()
            await cgroups.remove(limits)
            raise SessionFailed(
                f"The sandbox could not be made: {last_sentence(spec.log, log_start) or 'it ended without a word'}"
            )
        self._remember(spec.key, outer, inner)
        return SandboxHandle(
            key=spec.key,
            outer=outer,
            inner=inner,
            cgroups=limits,
            status_file=status_file,
            log=spec.log,
            log_start=log_start,
            started=processes.started_at(outer),
        )

    async def wait(self, handle: Handle) -> SessionEnd:
        """Return when the session has ended. See :class:`mantidhub.engines.protocol.Engine`."""
        session = SandboxHandle.of(handle)
        await _ended(session.outer)
        # What the session left in the background keeps its namespace alive: it ends with the server.
        _kill(session.inner, session.cgroups)
        exit_code = _report(session.status_file).get("exit-code")
        kills = cgroups.out_of_memory_kills(session.cgroups)
        await cgroups.remove(session.cgroups)
        self._noted(handle.key).unlink(missing_ok=True)
        # A kernel that was ended counts too, though the server lived on: its own end must be a kill.
        if kills and exit_code == KILLED:
            return SessionEnd(handle.key, EndCause.OUT_OF_MEMORY, exit_code, "It used more memory than its limit.")
        # Without a code, bubblewrap was killed with it, which may be before or after it could write one.
        if exit_code in {KILLED, None}:
            return SessionEnd(handle.key, EndCause.KILLED, exit_code, "It was killed.")
        message = "" if exit_code == 0 else last_sentence(handle.log, handle.log_start)
        return SessionEnd(handle.key, EndCause.EXITED, exit_code, message or f"It ended with exit code {exit_code}.")

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        """Ask the server to end, then make it. See :class:`mantidhub.engines.protocol.Engine`."""
        session = SandboxHandle.of(handle)
        inner = session.inner
        servers = processes.children(inner.pid) if grace and inner is not None and processes.is_alive(inner) else []
        for server in servers:
            if found := processes.identify(server):
                processes.send(found, signal.SIGTERM)
        if servers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_ended(session.outer), grace.total_seconds())
        _kill(session.inner, session.cgroups)
        await _ended(session.outer)

    async def find_all(self) -> list[Handle]:
        """Find every session of which anything is left. See :class:`mantidhub.engines.protocol.Engine`."""
        keys = [folder.name for folder in sorted(self._folder.iterdir())] if self._folder.is_dir() else []
        return [handle for key in keys if (handle := self._find(key)) is not None]

    def _find(self, key: str) -> SandboxHandle | None:
        """Find one session; None where it was settled, which is when the note of its processes goes."""
        limits = self._cgroups.existing(key)
        outer, inner = self._processes_of(key)
        if outer is None and not limits and not self._noted(key).exists():
            return None
        return SandboxHandle(
            key=key,
            outer=outer,
            inner=inner,
            cgroups=limits,
            status_file=self._status_file(key),
            log=self._logs / f"{key}.log",
            log_start=0,
            started=processes.started_at(outer) if outer is not None else datetime.now(UTC),
        )

    async def processor_time(self, handle: Handle) -> timedelta | None:
        """Return what the session's cgroup counts. See :class:`mantidhub.engines.protocol.Engine`."""
        return cgroups.processor_time(SandboxHandle.of(handle).cgroups)

    async def weaknesses(self) -> list[str]:
        """Say what cannot be enforced here. See :class:`mantidhub.engines.protocol.Engine`."""
        what = {
            "memory": "memory (only each of their processes has)",
            "cpu": "processor time",
            "pids": "the number of processes",
        }
        sentences = [
            f"Sessions have no limit on {what[name]}: {reason}." for name, reason in self._cgroups.missing.items()
        ]
        if os.getuid() != 0:
            sentences.append(
                "MantidHub was not started as root: all sessions run as your own user. Namespaces still keep them "
                "apart, but a hole in the kernel or in bubblewrap would open your own files."
            )
        if session_filter() is None:
            sentences.append("Sessions may make any system call: there is no filter for this processor.")
        return sentences

    async def close(self) -> None:
        """Remove the places of limits that no session uses any more."""
        self._cgroups.remove_if_empty()

    def _remember(self, key: str, outer: Process, inner: Process) -> None:
        """Note the processes where only the controller can write: nothing inside a session is to be believed."""
        noted = {"boot": boot(), "outer": [outer.pid, outer.started], "inner": [inner.pid, inner.started]}
        write_whole(self._noted(key), json.dumps(noted))

    def _processes_of(self, key: str) -> tuple[Process | None, Process | None]:
        """Find a session's outermost process and the first of its namespace; None for each that has ended."""
        try:
            noted = json.loads(self._noted(key).read_text())
        except (OSError, ValueError):
            return self._processes_by_label(key)
        if noted["boot"] != boot():
            return None, None
        outer, inner = Process(*noted["outer"]), Process(*noted["inner"])
        return (outer if processes.is_alive(outer) else None, inner if processes.is_alive(inner) else None)

    def _processes_by_label(self, key: str) -> tuple[Process | None, Process | None]:
        """Find them when the controller died before it could note them: by the label of the processes outside.

        Those outside the session's namespace cannot be touched from inside; the first inside can, so its own label
        proves nothing.
        """
        pid = _report(self._status_file(key)).get("child-pid")
        if pid is None or not processes.is_first_of_namespace(pid):
            return None, None
        outermost, above = None, processes.parent(pid)
        while above is not None and processes.variable(above, LABEL) == self._label(key):
            outermost, above = processes.identify(above), processes.parent(above)
        return outermost, None if outermost is None else processes.identify(pid)

    async def _end_half_started(self, outer: Process, inner: Process | None, limits: tuple[Path, ...]) -> None:
        _kill(inner, limits)
        processes.send(outer, signal.SIGKILL)
        await processes.wait_for_end(outer)
        await cgroups.remove(limits)

    async def _inner(self, outer: Process, status_file: Path) -> Process | None:
        """Wait until bubblewrap reports the session's first process; None if it ended without."""
        while True:
            report = _report(status_file)
            if "child-pid" in report:
                return processes.identify(report["child-pid"]) or Process(report["child-pid"], 0)
            if not processes.is_alive(outer):
                return None
            await asyncio.sleep(0.002)

    def _status_file(self, key: str) -> Path:
        return self._folder / key / "status.json"

    def _noted(self, key: str) -> Path:
        return self._folder / key / "processes.json"

    def _label(self, key: str) -> str:
        return f"{self._mark}:{key}"


async def _ended(outer: Process | None) -> None:
    if outer is not None:
        await processes.wait_for_end(outer)


def _kill(inner: Process | None, limits: tuple[Path, ...]) -> None:
    """End all of a session: with the first process of its namespace ends every other in it."""
    if inner is not None:
        processes.send(inner, signal.SIGKILL)
    for pid in cgroups.members(limits):
        if left := processes.identify(pid):
            processes.send(left, signal.SIGKILL)


def _report(status_file: Path) -> dict[str, int]:
    """Read what bubblewrap has written so far: JSON objects, one a line."""
    merged: dict[str, int] = {}
    try:
        lines = status_file.read_text().splitlines()
    except OSError:
        return merged
    for line in lines:
        try:
            merged.update(json.loads(line))
        except ValueError:
            continue
    return merged

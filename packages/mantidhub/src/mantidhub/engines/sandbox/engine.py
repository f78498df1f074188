"""The sandbox engine: starts a session's processes, waits for them, ends them, finds them again."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

from mantidhub.confinement.bubblewrap import Bubblewrap, find_bubblewrap
from mantidhub.confinement.seccomp import session_filter
from mantidhub.engines.sandbox import cgroups, processes
from mantidhub.engines.sandbox.command import session_command
from mantidhub.errors import EngineError, SessionFailed
from mantidhub.sessions.log import last_sentence
from mantidhub.sessions.spec import EndCause, Handle, Process, SessionEnd, SessionSpec

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
                memory_is_counted="memory" in self._cgroups.folders,
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
        inner = await self._inner(outer, status_file)
        if inner is None:
            started.wait()
            await cgroups.remove(limits)
            raise SessionFailed(
                f"The sandbox could not be made: {last_sentence(spec.log, log_start) or 'it ended without a word'}"
            )
        return Handle(
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
        await processes.wait_for_end(handle.outer)
        # What the session left in the background keeps its namespace alive: it ends with the server.
        await self._kill(handle)
        exit_code = _report(handle.status_file).get("exit-code")
        kills = cgroups.out_of_memory_kills(handle.cgroups)
        await cgroups.remove(handle.cgroups)
        if kills and exit_code not in {0, None}:
            return SessionEnd(handle.key, EndCause.OUT_OF_MEMORY, exit_code, "It used more memory than its limit.")
        if exit_code is None:
            return SessionEnd(handle.key, EndCause.VANISHED, None, "It was killed from outside.")
        message = "" if exit_code == 0 else last_sentence(handle.log, handle.log_start)
        return SessionEnd(handle.key, EndCause.EXITED, exit_code, message or f"It ended with exit code {exit_code}.")

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        """Ask the server to end, then make it. See :class:`mantidhub.engines.protocol.Engine`."""
        servers = processes.children(handle.inner.pid) if grace and processes.is_alive(handle.inner) else []
        for server in servers:
            if found := processes.identify(server):
                processes.send(found, signal.SIGTERM)
        if servers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(processes.wait_for_end(handle.outer), grace.total_seconds())
        await self._kill(handle)
        await processes.wait_for_end(handle.outer)

    async def running(self) -> list[Handle]:
        """Find every session that runs. See :class:`mantidhub.engines.protocol.Engine`."""
        handles = []
        for folder in sorted(self._folder.iterdir()) if self._folder.is_dir() else []:
            inner = self._first_process(folder.name)
            if inner is None:
                continue
            outer = self._outermost(inner, folder.name)
            if outer is None or "exit-code" in _report(self._status_file(folder.name)):
                processes.send(inner, signal.SIGKILL)
                continue
            handles.append(
                Handle(
                    key=folder.name,
                    outer=outer,
                    inner=inner,
                    cgroups=self._cgroups.existing(folder.name),
                    status_file=self._status_file(folder.name),
                    log=self._logs / f"{folder.name}.log",
                    log_start=0,
                    started=processes.started_at(outer),
                )
            )
        return handles

    def weaknesses(self) -> list[str]:
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

    def close(self) -> None:
        """Remove the places of limits that no session uses any more."""
        self._cgroups.remove_if_empty()

    def _first_process(self, key: str) -> Process | None:
        """Find the first process of a session's namespace, if it runs and the id is not another's by now."""
        pid = _report(self._status_file(key)).get("child-pid")
        if (
            pid is None
            or processes.variable(pid, LABEL) != self._label(key)
            or not processes.is_first_of_namespace(pid)
        ):
            return None
        return processes.identify(pid)

    def _outermost(self, inner: Process, key: str) -> Process | None:
        """Climb to the process that this engine started; None if it has ended."""
        outermost = None
        pid = processes.parent(inner.pid)
        while pid is not None and processes.variable(pid, LABEL) == self._label(key):
            outermost = processes.identify(pid)
            pid = processes.parent(pid)
        return outermost

    async def _inner(self, outer: Process, status_file: Path) -> Process | None:
        """Wait until bubblewrap reports the session's first process; None if it ended without."""
        while True:
            report = _report(status_file)
            if "child-pid" in report:
                return processes.identify(report["child-pid"]) or Process(report["child-pid"], 0)
            if not processes.is_alive(outer):
                return None
            await asyncio.sleep(0.002)

    async def _kill(self, handle: Handle) -> None:
        processes.send(handle.inner, signal.SIGKILL)
        for pid in cgroups.members(handle.cgroups):
            if left := processes.identify(pid):
                processes.send(left, signal.SIGKILL)

    def _status_file(self, key: str) -> Path:
        return self._folder / key / "status.json"

    def _label(self, key: str) -> str:
        return f"{self._mark}:{key}"


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

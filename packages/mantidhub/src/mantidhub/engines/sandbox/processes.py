"""Processes of this host as the kernel shows them in /proc."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process that stays the same one: its id and the kernel's start time (clock ticks since boot)."""

    pid: int
    started: int


def identify(pid: int) -> Process | None:
    """Return the process of this id, None if there is none (or only its unread exit code is left).

    Source: ``proc_pid_stat(5)``; the state is field 3, the start time field 22, counted from 1.
    """
    fields = _after_name(pid)
    return None if fields is None or fields[0] in {"Z", "X"} else Process(pid, int(fields[19]))


def is_alive(process: Process) -> bool:
    """Tell whether this very process runs, and not another that was given its id."""
    return identify(process.pid) == process


def started_at(process: Process) -> datetime:
    """Return the wall-clock time at which the process started, to a hundredth of a second."""
    since_boot = process.started / os.sysconf("SC_CLK_TCK")
    return datetime.now(UTC) - timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME) - since_boot)


def processor_time(pid: int) -> timedelta:
    """Return how long a process and the children that it has waited for have kept processors busy; 0 if it has ended.

    Source: fields 14 to 17 of ``proc_pid_stat(5)``.
    """
    fields = _after_name(pid)
    ticks = 0 if fields is None else sum(int(field) for field in fields[11:15])
    return timedelta(seconds=ticks / os.sysconf("SC_CLK_TCK"))


def parent(pid: int) -> int | None:
    """Return the id of the parent process."""
    fields = _after_name(pid)
    return None if fields is None else int(fields[1])


def _after_name(pid: int) -> list[str] | None:
    """Return the fields of ``/proc/PID/stat`` from the third on; the second, a name, may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    try:
        return [int(child) for child in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    except OSError:
        return []


def variable(pid: int, name: str) -> str | None:
    """Return a variable that the process was started with; None if it has none of that name or cannot be read."""
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return None
    marker = f"{name}=".encode()
    return next((os.fsdecode(entry[len(marker) :]) for entry in variables if entry.startswith(marker)), None)


def is_first_of_namespace(pid: int) -> bool:
    """Tell whether the process is number 1 of a process namespace below ours.

    Source: field NSpid of ``proc_pid_status(5)``. Nobody inside a sandbox can become number 1 of it.
    """
    try:
        status = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return False
    ids = next((line.split()[1:] for line in status if line.startswith("NSpid:")), [])
    return len(ids) > 1 and ids[-1] == "1"


def send(process: Process, what: signal.Signals) -> None:
    """Send a signal to this very process; to nobody if it has ended."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        # Holding the descriptor, the id cannot pass to another process between the look and the signal.
        if is_alive(process):
            signal.pidfd_send_signal(descriptor, what)
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)


async def wait_for_end(process: Process) -> None:
    """Return when the process has ended, whoever its parent is; reap it if that is us."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    try:
        if identify(process.pid) not in {process, None}:
            return
        loop.add_reader(descriptor, ended.set)
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    try:
        os.waitpid(process.pid, os.WNOHANG)  # noqa: ASYNC222 - it has ended
    except ChildProcessError:
        return

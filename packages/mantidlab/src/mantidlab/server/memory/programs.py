"""Which programs run in the session, what started them, and how much memory each has for itself.

Read from ``/proc``, and only from files that answer also while a program waits for memory: see ``proc_pid_stat(5)``
and ``proc_pid_statm(5)``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Program:
    """A process; ``memory`` is what it has for itself, in bytes, without what it maps or shares with others."""

    pid: int
    parent: int
    name: str
    memory: int


def running(proc: Path = PROC) -> dict[int, Program]:
    """Return the programs of the session by their process ids, without those that are over."""
    found = map(_find_program, proc.glob("[0-9]*"))
    return {program.pid: program for program in found if program is not None}


def find_kernel(pid: int, programs: Mapping[int, Program], kernels: Mapping[int, str]) -> str | None:
    """Return which of `kernels`, by process id, a program is or was started by, itself or through others."""
    passed: set[int] = set()
    while pid not in kernels:
        if pid not in programs or pid in passed:
            return None
        passed.add(pid)
        pid = programs[pid].parent
    return kernels[pid]


def _find_program(folder: Path) -> Program | None:
    try:
        # The name stands in brackets, and may hold brackets and blanks itself.
        before, _, after = (folder / "stat").read_text(errors="replace").rpartition(")")
        resident, shared = (folder / "statm").read_text().split()[1:3]
    except OSError:
        return None  # it has ended
    state, parent = after.split()[:2]
    if state in {"Z", "X"}:
        return None
    name = before.partition("(")[2]
    return Program(int(folder.name), int(parent), name, max(0, int(resident) - int(shared)) * PAGE)

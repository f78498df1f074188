"""Notices within two seconds what memory has ended, and finds out whose it was.

The kernel of the host says only how many processes it ended, not which. A notebook's kernel that ended by SIGKILL while
that number grew was ended for memory; one that ended so while it did not was killed by somebody, and nothing is said.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mantidlab.server.memory.counts import Counts
from mantidlab.server.memory.losses import Cause, Loss
from mantidlab.server.memory.programs import Program, find_kernel, running

FOLDERS_IN_MEMORY = ("/tmp", "/dev/shm")  # noqa: S108 - looked at, not written
PATIENCE = 2.0
"""Seconds in which what was ended should be found; a process with much memory takes a while to be gone."""
OFTEN, SELDOM = 0.5, 2.0
"""Seconds between two looks: when memory may soon be used up, and otherwise. Of seven programs, one takes 0.3 ms."""
KILLED = {-signal.SIGKILL, 128 + signal.SIGKILL}
"""How a kernel ends by SIGKILL: itself, or below a shell that started it."""

Kernels = Mapping[str, "subprocess.Popen[bytes]"]
"""The process of each kernel by the kernel's id."""


@dataclass
class _Missing:
    """What the kernel of the host says it ended and nobody has found yet.

    Attributes
    ----------
    number
        How many they are.
    since
        When the first of them was ended.
    cause
        Why.
    are_several
        Whether others were ended with them.
    active
        Kernels that may have started them.
    gone
        Programs that have ended since then, and the kernels that started them.
    """

    number: int
    since: float
    cause: Cause
    are_several: bool
    active: Sequence[str]
    gone: dict[int, tuple[Program, str | None]] = field(default_factory=dict)


class MemoryWatch:
    """Looks, whenever it is told to, and tells what it finds.

    Parameters
    ----------
    read
        Returns what is counted now.
    kernels
        Returns the kernels that there are.
    active
        Returns the ids of those that run a cell, or have run one since the look before.
    tell
        Called with the id of a kernel and with what was lost there.
    programs
        Returns the programs of the session.
    """

    def __init__(
        self,
        read: Callable[[], Counts],
        *,
        kernels: Callable[[], Kernels],
        active: Callable[[], Sequence[str]],
        tell: Callable[[str, Loss], None],
        programs: Callable[[], Mapping[int, Program]] = running,
    ) -> None:
        self._read = read
        self._find_kernels = kernels
        self._find_active = active
        self._tell = tell
        self._find_programs = programs
        self._before = read()
        self._kernels: Kernels = {}
        self._over: Kernels = {}  # of kernels that are not restarted yet, or never will be
        self._programs: dict[int, tuple[Program, str | None]] = {}
        self._missing: _Missing | None = None

    def look(self, now: float) -> float:
        """Look once.

        Parameters
        ----------
        now
            Seconds of a clock that does not jump.

        Returns
        -------
        float
            Seconds until it should look again.

        Raises
        ------
        OSError, ValueError
            If memory is no longer counted.
        """
        # First who has ended, then how many the kernel ended: that number grows before its victim ends.
        ended = {kernel: process for kernel, process in self._kernels.items() if process.poll() is not None}
        counts = self._read()
        if number := counts.ended - self._before.ended:
            self._miss(number, now, Cause.LIMIT if counts.at_limit > self._before.at_limit else Cause.MACHINE)
        self._look_at_programs()
        if self._missing is not None:
            killed = [kernel for kernel, process in ended.items() if process.returncode in KILLED]
            self._explain(self._missing, killed, counts, now)
        present = self._find_kernels()
        self._over = {kernel: process for kernel, process in {**self._over, **ended}.items() if kernel in present}
        self._kernels = {name: process for name, process in present.items() if process is not self._over.get(name)}
        self._before = counts
        return OFTEN if self._missing is not None or counts.held > counts.limit / 2 else SELDOM

    def _miss(self, number: int, now: float, cause: Cause) -> None:
        if self._missing is None:
            self._missing = _Missing(number, now, cause, are_several=number > 1, active=self._find_active())
        else:
            self._missing.number += number
            self._missing.are_several = True

    def _look_at_programs(self) -> None:
        programs = self._find_programs()
        kernels = {process.pid: kernel for kernel, process in self._kernels.items()}
        if self._missing is not None:
            self._missing.gone |= {pid: known for pid, known in self._programs.items() if pid not in programs}
        self._programs = {pid: (program, find_kernel(pid, programs, kernels)) for pid, program in programs.items()}

    def _explain(self, missing: _Missing, killed: Sequence[str], counts: Counts, now: float) -> None:
        """Tell what is found of what is missing, and at last also what is not."""
        for kernel in killed[: missing.number]:
            memory = sum(program.memory for program, whose in missing.gone.values() if whose == kernel)
            self._tell(kernel, self._loss(missing, counts, memory=memory, is_kernel=True))
            missing.gone = {pid: known for pid, known in missing.gone.items() if known[1] != kernel}
            missing.number -= 1
        if missing.number == 0:
            self._missing = None
        elif now - missing.since >= PATIENCE:
            self._missing = None
            self._tell_of_programs(missing, counts)

    def _tell_of_programs(self, missing: _Missing, counts: Counts) -> None:
        largest = sorted(missing.gone.values(), key=lambda known: known[0].memory)[-missing.number :]
        for program, kernel in largest:  # the largest of each kernel is told last, and stays
            if kernel is not None:
                self._tell(kernel, self._loss(missing, counts, memory=program.memory, program=program.name))
        if not any(kernel for _, kernel in largest):
            # Perhaps it came and went between two looks.
            for kernel in missing.active:
                self._tell(kernel, self._loss(missing, counts, memory=0))

    def _loss(
        self,
        missing: _Missing,
        counts: Counts,
        *,
        memory: int,
        is_kernel: bool = False,
        program: str = "",
    ) -> Loss:
        if missing.cause is Cause.LIMIT and not missing.are_several:
            # It may have grown fast since it was looked at: all was used, and the rest is still there.
            memory = max(memory, counts.limit - counts.held)
        return Loss(
            at=datetime.now(UTC),
            cause=missing.cause,
            is_kernel=is_kernel,
            limit=counts.limit,
            program=program,
            memory=memory or None,
            used=self._before.used,
            files=_files_in_memory(),
        )


def _files_in_memory() -> dict[str, int]:
    """Return what files use in folders that are memory: folder → bytes."""
    found = {}
    for folder in FOLDERS_IN_MEMORY:
        if os.path.ismount(folder):
            state = os.statvfs(folder)
            found[folder] = (state.f_blocks - state.f_bfree) * state.f_frsize
    return found

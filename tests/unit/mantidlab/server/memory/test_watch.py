"""Who is told of what, with real processes that are killed, and a copy of the files in which the kernel counts them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mantidlab.server.memory.counts import find_counts
from mantidlab.server.memory.losses import Cause, Loss
from mantidlab.server.memory.programs import Program, find_kernel, running
from mantidlab.server.memory.watch import OFTEN, PATIENCE, SELDOM, MemoryWatch

from .conftest import LIMIT, Write

KERNEL, OTHER = "k", "o"
SLEEPS = [sys.executable, "-c", "a = bytearray(30 * 2**20); print(flush=True); input()"]
STARTS_ONE = f"""
import subprocess, sys
child = subprocess.Popen({SLEEPS!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
input()
"""


@dataclass
class Session:
    """Kernels that are plain processes, and what they were told."""

    kernels: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    told: list[tuple[str, Loss]] = field(default_factory=list)

    def start(self, kernel: str, code: str = SLEEPS[2]) -> int:
        """Start it; return what it prints, which is a process id if it starts another."""
        self.kernels[kernel] = run(code)
        return int(self.kernels[kernel].stdout.readline().strip() or 0)

    def kill(self, kernel: str) -> None:
        self.kernels[kernel].kill()
        self.kernels[kernel].wait()

    def tell(self, kernel: str, loss: Loss) -> None:
        self.told.append((kernel, loss))


def run(code: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def programs_of_the_test() -> dict[int, Program]:
    """Return those that the test has started: in a session there are no others."""
    programs = running()
    return {pid: program for pid, program in programs.items() if find_kernel(pid, programs, {os.getpid(): "test"})}


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    yield session
    for process in session.kernels.values():
        process.kill()
        process.communicate()


@pytest.fixture
def watch(write: Write, session: Session, tmp_path: Path) -> MemoryWatch:
    write(used=LIMIT // 10)
    return MemoryWatch(
        find_counts(str(LIMIT), tmp_path / "cgroup"),
        kernels=lambda: dict(session.kernels),
        active=lambda: session.active,
        tell=session.tell,
        programs=programs_of_the_test,
    )


def test_a_kernel_that_memory_ended_is_told_with_what_it_used(watch: MemoryWatch, write: Write, session: Session):
    session.start(KERNEL)
    session.start(OTHER)
    watch.look(0.0)
    session.kill(KERNEL)
    write(used=LIMIT // 4, ended=1, met=1)
    watch.look(0.5)
    [(kernel, loss)] = session.told
    assert (kernel, loss.is_kernel, loss.cause) == (KERNEL, True, Cause.LIMIT)
    assert loss.limit == LIMIT
    assert loss.memory == LIMIT * 3 // 4, "what is free since then, however fast it had grown"
    watch.look(5.0)
    assert len(session.told) == 1


def test_one_that_somebody_killed_is_not(watch: MemoryWatch, session: Session):
    session.start(KERNEL)
    watch.look(0.0)
    session.kill(KERNEL)
    for at in (0.5, 1.0, 5.0):
        watch.look(at)
    assert session.told == []


def test_one_that_was_killed_earlier_is_not_taken_for_one_that_memory_ends_later(
    watch: MemoryWatch, write: Write, session: Session
):
    session.start(KERNEL)
    session.start(OTHER)
    watch.look(0.0)
    session.kill(KERNEL)
    watch.look(0.5)
    session.kill(OTHER)
    write(ended=1, met=1)
    watch.look(1.0)
    watch.look(1.5)
    assert [kernel for kernel, _ in session.told] == [OTHER]


def test_one_that_takes_a_while_to_be_gone_is_found(watch: MemoryWatch, write: Write, session: Session):
    session.start(KERNEL)
    watch.look(0.0)
    write(ended=1, met=1)
    assert watch.look(0.5) == OFTEN
    assert session.told == []
    session.kill(KERNEL)
    watch.look(1.0)
    assert [kernel for kernel, _ in session.told] == [KERNEL]


def test_a_program_is_told_where_it_was_started(watch: MemoryWatch, write: Write, session: Session):
    program = session.start(KERNEL, STARTS_ONE)
    session.start(OTHER)
    watch.look(0.0)
    watch.look(0.5)
    os.kill(program, signal.SIGKILL)
    while program in running():
        time.sleep(0.01)
    write(used=LIMIT - 20 * 2**20, ended=1, met=1)
    for at in (1.0, 1.5, 1.0 + PATIENCE):
        watch.look(at)
    [(kernel, loss)] = session.told
    assert (kernel, loss.is_kernel) == (KERNEL, False)
    assert loss.program.startswith("python")
    assert 30 * 2**20 < loss.memory < 50 * 2**20


def test_one_that_nobody_saw_may_be_that_of_a_notebook_which_ran_then(
    watch: MemoryWatch, write: Write, session: Session
):
    session.start(KERNEL)
    session.start(OTHER)
    session.active = ["o"]
    watch.look(0.0)
    write(used=LIMIT // 4, ended=1, met=1)
    for at in (0.5, 0.5 + PATIENCE):
        watch.look(at)
        session.active = []  # the cell is over by then
    [(kernel, loss)] = session.told
    assert (kernel, loss.program, loss.memory) == (OTHER, "", LIMIT * 3 // 4)


def test_one_that_no_notebook_started_is_not_told_of_where_nothing_runs(
    watch: MemoryWatch, write: Write, session: Session
):
    session.start(KERNEL)
    with run(SLEEPS[2]) as program:
        program.stdout.readline()
        watch.look(0.0)
        program.kill()
    write(ended=1, met=1)
    for at in (0.5, 0.5 + PATIENCE):
        watch.look(at)
    assert session.told == []


def test_the_machine_is_told_from_the_session(watch: MemoryWatch, write: Write, session: Session, is_version_two: bool):
    session.start(KERNEL)
    watch.look(0.0)
    session.kill(KERNEL)
    write(used=LIMIT // 10, ended=1, met=0)
    watch.look(0.5)
    [(_, loss)] = session.told
    assert loss.cause is (Cause.MACHINE if is_version_two else Cause.LIMIT), "only version 2 tells them apart"


def test_it_looks_more_often_when_memory_may_soon_be_used_up(watch: MemoryWatch, write: Write):
    assert watch.look(0.0) == SELDOM
    write(used=LIMIT * 2 // 3)
    assert watch.look(2.0) == OFTEN
    write(used=LIMIT * 2 // 3, active_file=LIMIT // 3)
    assert watch.look(4.0) == SELDOM, "copies of files can be taken back"

"""Which programs there are, and whose they are, on a made-up /proc and on the real one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mantidlab.server.memory.programs import PAGE, Program, find_kernel, running


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for pid, name, state, parent in (
        (1, "bwrap", "S", 0),
        (7, "python", "S", 1),
        (8, "a) R (b", "R", 7),
        (9, "sleep", "S", 8),
        (10, "python", "Z", 8),
    ):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "stat").write_text(f"{pid} ({name}) {state} {parent} 0 0\n")
        (folder / "statm").write_text(f"1000 {10 * pid} {pid} 1 0 1 0\n")
    (tmp_path / "11").mkdir()  # it has ended while we look
    return tmp_path


def test_programs_are_read_whatever_their_name_and_without_those_that_are_over(proc: Path):
    assert running(proc) == {
        1: Program(1, 0, "bwrap", 9 * PAGE),
        7: Program(7, 1, "python", 63 * PAGE),
        8: Program(8, 7, "a) R (b", 72 * PAGE),
        9: Program(9, 8, "sleep", 81 * PAGE),
    }


def test_a_program_belongs_to_the_kernel_that_started_it_or_what_started_it(proc: Path):
    programs = running(proc)
    kernels = {8: "notebook"}
    assert [find_kernel(pid, programs, kernels) for pid in (9, 8, 7, 1, 99)] == ["notebook", "notebook"] + 3 * [None]


def test_what_a_real_program_has_for_itself_is_counted():
    code = f"a = bytearray({50 * 2**20}); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        found = running()[child.pid]
        child.stdin.close()
    assert found.parent == os.getpid()
    assert 50 * 2**20 < found.memory < 70 * 2**20

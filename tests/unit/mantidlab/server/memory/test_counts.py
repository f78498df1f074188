"""What a session reads of its own memory, with either version of cgroups, on a copy of the kernel's files."""

from pathlib import Path

import pytest

from mantidlab.server.memory.counts import Counts, find_counts

from .conftest import LIMIT, Write


def test_all_counts_are_read(write: Write, is_version_two: bool):
    root = write(used=900, ended=3, met=2, active_file=100, inactive_file=50, shmem=200)
    found = find_counts(str(LIMIT), root)()
    assert found == Counts(used=900, limit=LIMIT, file_cache=150, ended=3, at_limit=2 if is_version_two else 3)
    assert found.held == 750, "files in /tmp cannot be taken back, copies of files on disks can"


def test_a_limit_in_whole_pages_is_the_sessions(write: Write):
    assert find_counts(str(LIMIT + 4095), write()) is not None


@pytest.mark.parametrize("limit", [LIMIT // 2, 2 * LIMIT, 2**63 - 4096])
def test_counts_of_something_else_are_not_the_sessions(write: Write, limit: int):
    assert find_counts(str(LIMIT), write(limit=limit)) is None


def test_without_a_limit_there_is_nothing_to_watch(write: Write, tmp_path: Path):
    assert find_counts(str(LIMIT), write(limit="max")) is None
    assert find_counts(str(LIMIT), tmp_path / "nowhere") is None
    assert find_counts("", write()) is None

"""What is kept is bounded, is found again by any process, and never is wrong."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mantidlab.interfaces.caching import Cache

KEYS = [f"{number:02x}" * 32 for number in range(100)]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept", 10_000_000)


def kept(cache: Cache, key: str) -> Any:
    found = cache.find(key)
    return None if found is None else found.value


def test_what_is_kept_is_found(cache: Cache, tmp_path: Path) -> None:
    assert cache.find(KEYS[0]) is None
    cache.keep(KEYS[0], {"counts": [1, 2]})
    assert kept(cache, KEYS[0]) == {"counts": [1, 2]}
    assert kept(Cache(tmp_path / "kept", 1), KEYS[0]) == {"counts": [1, 2]}
    assert cache.find(KEYS[1]) is None


def test_none_can_be_kept(cache: Cache) -> None:
    cache.keep(KEYS[0], None)
    assert cache.find(KEYS[0]) is not None


def test_each_finding_is_an_object_of_its_own(cache: Cache) -> None:
    cache.keep(KEYS[0], [1])
    kept(cache, KEYS[0]).append(2)
    assert kept(cache, KEYS[0]) == [1]


def test_over_the_limit_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 60_000)
    for place, key in enumerate(KEYS[:5]):
        cache.keep(key, "x" * 10_000)
        entry = tmp_path / "steps-1" / key[:2] / key
        os.utime(entry, (1000 + place, 1000 + place))
    assert kept(cache, KEYS[0])  # the oldest is used now
    cache.keep(KEYS[5], "x" * 10_000)
    assert cache.size() <= 60_000
    assert cache.find(KEYS[1]) is None
    assert kept(cache, KEYS[0])
    assert kept(cache, KEYS[5])


def test_clearing_frees_all(cache: Cache) -> None:
    cache.keep(KEYS[0], "x" * 10_000)
    assert cache.clear() > 10_000
    assert cache.size() == 0
    assert cache.find(KEYS[0]) is None


@pytest.mark.parametrize("damage", ["cut", "changed", "no description", "another", "nothing"])
def test_a_damaged_entry_counts_as_none_and_is_written_anew(cache: Cache, tmp_path: Path, damage: str) -> None:
    cache.keep(KEYS[0], {"counts": [1, 2]})
    entry = tmp_path / "kept" / "steps-1" / KEYS[0][:2] / KEYS[0]
    description = entry / "value.json"
    text = description.read_text()
    description.write_text(
        {
            "cut": text[: len(text) // 2],
            "changed": '{"value": {"what": 1}, "files": {}}',
            "no description": "",
            "another": '{"value": 1, "files": {"1.npy": "00"}}',
            "nothing": "null",
        }[damage]
    )
    assert cache.find(KEYS[0]) is None
    cache.keep(KEYS[0], {"counts": [3]})
    assert kept(cache, KEYS[0]) == {"counts": [3]}


def test_a_home_that_is_full_or_read_only_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder belongs")
    cache = Cache(tmp_path / "kept", 1000)
    cache.keep(KEYS[0], 1)
    assert cache.find(KEYS[0]) is None


def test_what_a_killed_process_was_writing_goes(cache: Cache, tmp_path: Path) -> None:
    cache.keep(KEYS[0], 1)
    left = tmp_path / "kept" / "steps-1" / ".writing-1-1"
    left.mkdir()
    (left / "1.npy").write_text("x")
    os.utime(left, (1, 1))
    cache.clear()
    assert not left.exists()


PROGRAM = """
import sys
from pathlib import Path
from mantidlab.interfaces.caching import Cache
cache = Cache(Path(sys.argv[1]), 40_000)
wrong = found = 0
for turn in range(60):
    for number in range(6):
        key = f"{number:02x}" * 32
        there = cache.find(key)
        if there is None:
            cache.keep(key, [number] * 3000)
        else:
            found += 1
            wrong += there.value != [number] * 3000
print(wrong, found)
"""


def test_several_processes_write_read_and_clear_at_once(tmp_path: Path) -> None:
    call = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    running = [subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in running:
        said, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
        wrong, found = map(int, said.split())
        assert wrong == 0
        assert found > 0


def test_a_process_that_is_killed_while_it_writes_leaves_nothing_that_is_found(tmp_path: Path) -> None:
    program = PROGRAM.replace("40_000", "10**9").replace("3000", "300_000")
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.DEVNULL)
        time.sleep(0.25)
        process.kill()
        process.wait()
        cache = Cache(tmp_path, 10**9)
        for number in range(6):
            assert kept(cache, KEYS[number]) in (None, [number] * 300_000)
        cache.clear()


def test_a_folder_of_many_small_entries_is_not_looked_at_for_each(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    look = Cache._entries
    monkeypatch.setattr(Cache, "_entries", lambda self: looks.append(1) or look(self))
    for key in KEYS:
        cache.keep(key, 1)
    assert len(looks) == 1

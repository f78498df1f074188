"""A file is read once, and again when it may have changed."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from mantidlab.interfaces import checksums
from mantidlab.interfaces.checksums import checksum


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grow by one with each file that is read."""
    counted: list[int] = []
    digest = hashlib.file_digest

    def counting(file: object, name: str) -> object:
        counted.append(1)
        return digest(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(checksums.hashlib, "file_digest", counting)  # type: ignore[attr-defined]
    monkeypatch.setattr(checksums, "YOUNG", 0.05)
    return counted


def old(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    time.sleep(0.1)
    return path


def test_it_is_the_sha256_and_read_once(tmp_path: Path, readings: list[int]) -> None:
    path = old(tmp_path / "run.nxs", b"counts")
    assert checksum(path).sha256 == hashlib.sha256(b"counts").hexdigest()
    assert checksum(path) == checksum(path)
    assert checksum(path).size == 6
    assert len(readings) == 1


def test_a_change_is_seen_also_with_the_same_size_and_an_old_date(tmp_path: Path, readings: list[int]) -> None:
    path = old(tmp_path / "run.nxs", b"counts")
    state = path.stat()
    first = checksum(path)
    path.write_bytes(b"stnuoc")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # as a program does that restores dates
    assert checksum(path).sha256 != first.sha256
    assert len(readings) == 2


def test_a_file_that_changed_just_now_is_not_remembered(
    tmp_path: Path, readings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "YOUNG", 100)
    path = old(tmp_path / "run.nxs", b"counts")
    checksum(path)
    checksum(path)
    assert len(readings) == 2


def test_damaged_notes_are_passed_over(tmp_path: Path, readings: list[int], cache_folder: Path) -> None:
    path = old(tmp_path / "run.nxs", b"counts")
    checksum(path)
    (note,) = (cache_folder / "checksums").iterdir()
    for damage in ("", "[]", "{}", note.read_text().replace('"sha256": "', '"sha256": "x')):
        note.write_text(damage)
        assert checksum(path).sha256 == hashlib.sha256(b"counts").hexdigest()
    assert len(readings) == 5

"""A lock of conda packages is the same text for the same solution, names no host, and is refused when damaged."""

import dataclasses
import json
from pathlib import Path

import pytest

from mantidhub.environments.conda.lock_file import LockedPackage, LockFile, Request
from mantidhub.errors import EnvironmentFailed

RECORD = {
    "name": "granite",
    "version": "1.0",
    "build": "h0_0",
    "build_number": 0,
    "subdir": "linux-64",
    "depends": ["__glibc >=2.17,<3.0.a0"],
    "constrains": [],
    "sha256": "ab" * 32,
    "size": 1234,
    "url": "https://mirror.example.org/rocks/linux-64/granite-1.0-h0_0.conda",
    "channel": "https://mirror.example.org/rocks/",
    "indexed_timestamp": 1700000000000,
}


def a_lock() -> LockFile:
    granite = LockedPackage.from_record(RECORD, "rocks", "granite-1.0-h0_0.conda")
    basalt = LockedPackage.from_record({**RECORD, "name": "basalt"}, "rocks", "basalt-1.0-h0_0.conda")
    request = Request(("rocks",), ("granite", "basalt"), (), ("linux-64",))
    return LockFile(request, {"__linux": "4.18", "__glibc": "2.28"}, {"linux-64": [granite, basalt]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stones.lock.json"
    path.write_text(a_lock().to_json())
    return path


def test_it_reads_what_it_wrote(path: Path) -> None:
    read = LockFile.read(path)
    assert read.request == a_lock().request
    assert read.to_json() == path.read_text()


def test_the_order_in_which_a_solver_answers_does_not_show() -> None:
    lock = a_lock()
    backwards = dataclasses.replace(lock, platforms={"linux-64": list(reversed(lock.platforms["linux-64"]))})
    assert backwards.to_json() == lock.to_json()


def test_it_names_the_channel_and_no_place(path: Path) -> None:
    text = path.read_text()
    assert "example.org" not in text
    assert "://" not in text
    entry = json.loads(text)["platforms"]["linux-64"][0]
    assert entry == {
        "name": "basalt",
        "version": "1.0",
        "build": "h0_0",
        "build_number": 0,
        "subdir": "linux-64",
        "depends": ["__glibc >=2.17,<3.0.a0"],
        "sha256": "ab" * 32,
        "size": 1234,
        "channel": "rocks",
        "file": "basalt-1.0-h0_0.conda",
    }


def test_what_identifies_a_package_does_not_depend_on_its_channel() -> None:
    package = a_lock().platforms["linux-64"][0]
    elsewhere = dataclasses.replace(package, channel="copies")
    assert elsewhere.line == package.line == f"granite 1.0 h0_0 linux-64 sha256:{'ab' * 32}"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('"format": 1', '"format": 2', "is of format 2, this MantidHub reads 1"),
        ("{", "", "is damaged"),
        ('"sha256": "ab', '"sha256": "', "is damaged"),
        ('"file": "basalt', '"file": "../../basalt', "is damaged"),
        ('"name"', '"nome"', "is damaged"),
    ],
)
def test_a_lock_that_cannot_be_used_says_so(path: Path, old: str, new: str, found: str) -> None:
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(EnvironmentFailed, match=found) as failure:
        LockFile.read(path)
    assert str(path) in str(failure.value)
    assert "mantidhub environment lock" in str(failure.value)


def test_a_missing_lock_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"nowhere cannot be read .* `mantidhub environment lock`"):
        LockFile.read(tmp_path / "nowhere")


def test_a_machine_that_the_lock_was_not_made_for_is_named(path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match="is for linux-64, this machine needs linux-aarch64"):
        LockFile.read(path).packages_for("linux-aarch64", path)

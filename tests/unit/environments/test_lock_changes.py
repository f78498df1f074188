"""A new lock says what it changes, and the former one stays until it is whole."""

import json
from pathlib import Path

import pytest

from mantidhub.environments import Sources, Specification, lock_changes
from mantidhub.environments.lock_changes import compare, read_versions, renew_lock
from mantidhub.errors import EnvironmentFailed

LOCK = """\
# made by hand
idna==3.7 ; python_version >= "3.11" \\
    --hash=sha256:00
    # via other==1.0
Some.Name[extra]==2.0
numpy==1.26.0 ; python_version < "3.12"
numpy==2.0.0 ; python_version >= "3.12"
"""


def test_versions_are_read_of_both_kinds_of_lock(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text(LOCK)
    assert read_versions(tmp_path / "lock.txt") == {"idna": "3.7", "some.name": "2.0", "numpy": "1.26.0, 2.0.0"}
    package = {"name": "mantid", "version": "6.16.0", "build": "py311_0"}
    (tmp_path / "lock.json").write_text(json.dumps({"format": 1, "platforms": {"linux-64": [package]}}))
    assert read_versions(tmp_path / "lock.json") == {"mantid": "6.16.0 py311_0"}
    assert read_versions(tmp_path / "missing.txt") == {}


def test_each_change_is_a_line() -> None:
    changes = compare({"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"})
    assert [str(change) for change in changes] == ["removed  a 1", "changed  b 1 → 2", "added    d 1"]


def renew(specification: Specification, root: Path, *, upgrade: bool) -> lock_changes.NewLock:
    return renew_lock(specification, upgrade=upgrade, sources=Sources(), progress=lambda one: None, root=root)


@pytest.mark.parametrize("upgrade", [False, True])
def test_versions_that_fit_stay_unless_all_shall_be_new(
    load, folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch, upgrade: bool
) -> None:
    def solve(specification: Specification, **others: object) -> Path:
        path = specification.beside(specification.lock)
        path.write_text("six==1.17.0\n" if path.exists() else "six==1.18.0\n")
        return path

    monkeypatch.setattr(lock_changes, "lock", solve)
    new = renew(load(), root, upgrade=upgrade)
    assert [str(change) for change in new.changes] == (["changed  six 1.17.0 → 1.18.0"] if upgrade else [])
    assert (new.path, new.packages, new.is_first) == (folder / "small.txt", 1, False)
    assert new.path.read_text() == ("six==1.18.0\n" if upgrade else "six==1.17.0\n")


def test_a_failed_upgrade_leaves_the_former_lock(
    load, folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(specification: Specification, **others: object) -> Path:
        specification.beside(specification.lock).write_text("half")
        raise EnvironmentFailed("no connection")

    monkeypatch.setattr(lock_changes, "lock", fail)
    before, names = (folder / "small.txt").read_text(), sorted(folder.iterdir())
    with pytest.raises(EnvironmentFailed):
        renew(load(), root, upgrade=True)
    assert (folder / "small.txt").read_text() == before
    assert sorted(folder.iterdir()) == names

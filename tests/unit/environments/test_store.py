"""The folder of environments shows what is finished and hides the rest."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.environments import Environment, find, list_built, remove
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.locking import build_lock
from mantidhub.environments.store import clear_remains, delete_tree, leftovers, remains, size_of
from mantidhub.errors import EnvironmentFailed

Copy = Callable[..., Environment]


def test_an_empty_or_missing_folder_holds_nothing(root: Path) -> None:
    assert list_built(root) == []
    assert list_built(root / "missing") == []
    assert find(root, "small") is None


def test_they_are_listed_by_name_and_then_the_newest_first(root: Path, environment: Environment, copy: Copy) -> None:
    older = copy("small", "b", younger_by=-timedelta(days=1))
    newer = copy("small", "c", younger_by=timedelta(days=1))
    first = copy("another", "d", younger_by=timedelta(0))
    assert list_built(root) == [first, newer, environment, older]
    assert find(root, "small") == newer


def test_names_that_begin_alike_are_kept_apart(root: Path, environment: Environment, copy: Copy) -> None:
    copy("small-dev", "b", younger_by=timedelta(days=1))
    assert find(root, "small") == environment


def test_one_is_found_by_its_id_whether_or_not_it_is_the_newest(
    root: Path, environment: Environment, copy: Copy
) -> None:
    newer = copy("small", "b", younger_by=timedelta(days=1))
    assert find(root, environment.id) == environment
    assert find(root, newer.id) == newer
    assert find(root, f"small-{'c' * 12}") is None
    (newer.prefix / MANIFEST).write_text("{")
    assert find(root, newer.id) is None, "damaged"
    assert find(root, "small") == environment


def test_a_name_is_no_pattern(root: Path, environment: Environment) -> None:
    assert find(root, "s*") is None
    assert find(root, "../built/small") is None


def test_what_is_half_built_or_damaged_is_not_listed(root: Path, environment: Environment, copy: Copy) -> None:
    broken = copy("small", "b", younger_by=timedelta(days=1))
    (broken.prefix / MANIFEST).write_text("{")
    hidden = copy("small", "c", younger_by=timedelta(days=1))
    hidden.prefix.rename(root / f".small-{'c' * 12}")
    assert list_built(root) == [environment]


def test_a_removed_environment_is_gone_although_it_was_read_only(
    root: Path, environment: Environment, copy: Copy
) -> None:
    for folder in (environment.prefix, *environment.prefix.rglob("*")):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o555)
    other = copy("other", "b", younger_by=timedelta(0))
    remove(environment)
    assert list_built(root) == [other]
    assert not [path for path in root.iterdir() if path.name.startswith(".small-")]
    assert environment.interpreter.is_dir(), "what a symlink points to stays"


def test_leftovers_are_those_of_one_name(root: Path) -> None:
    for name in (f".small-{'a' * 12}", f".small-dev-{'a' * 12}", ".small.lock", f"small-{'a' * 12}"):
        (root / name).mkdir()
    assert leftovers(root, "small") == [root / f".small-{'a' * 12}"]


def test_deleting_what_is_not_there_is_no_error(root: Path) -> None:
    delete_tree(root / "missing")


def test_an_objection_brings_it_back_as_it_was(root: Path, environment: Environment) -> None:
    seen: list[list[Environment]] = []

    def object_to_it() -> str:
        seen.append(list_built(root))
        return "somebody runs in it"

    with pytest.raises(EnvironmentFailed, match=rf"{environment.id} stays: somebody runs in it"):
        remove(environment, objection=object_to_it)
    assert seen == [[]], "nobody can begin to use it while the objection is asked for"
    assert list_built(root) == [environment]


def test_a_removal_that_is_interrupted_while_sessions_are_looked_for_brings_it_back(
    root: Path, environment: Environment
) -> None:
    def be_interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove(environment, objection=be_interrupted)
    assert list_built(root) == [environment]


def test_remains_are_what_is_hidden_or_has_no_manifest(root: Path, environment: Environment, copy: Copy) -> None:
    damaged = copy("small", "b")
    (damaged.prefix / MANIFEST).unlink()
    half_built = root / f".other-{'c' * 12}"
    half_built.mkdir()
    (root / "small.log").write_text("")
    assert remains(root) == [half_built, damaged.prefix]
    for folder in (half_built, damaged.prefix):
        assert clear_remains(root, folder, objection=lambda: None, waiting=lambda who: None)
    assert (remains(root), list_built(root)) == ([], [environment])


def test_remains_are_cleared_only_with_the_lock_and_without_objection(root: Path) -> None:
    half_built = root / f".small-{'c' * 12}"
    half_built.mkdir()

    def refuse(who: str) -> None:
        raise EnvironmentFailed(who)

    assert not clear_remains(root, half_built, objection=lambda: "a session", waiting=refuse)
    with (
        build_lock(root, "small", waiting=refuse),
        pytest.raises(EnvironmentFailed, match=f"{os.getpid()} builds small"),
    ):
        clear_remains(root, half_built, objection=lambda: None, waiting=refuse)
    assert half_built.is_dir()


def test_a_build_that_ended_meanwhile_is_not_cleared(root: Path, environment: Environment) -> None:
    assert not clear_remains(root, environment.prefix, objection=lambda: None, waiting=lambda who: None)
    assert list_built(root) == [environment]


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    before = size_of(tmp_path)
    (tmp_path / "inner" / "one").write_bytes(b"x" * 100_000)
    once = size_of(tmp_path) - before
    (tmp_path / "two").hardlink_to(tmp_path / "inner" / "one")
    assert 100_000 <= once < 120_000
    assert size_of(tmp_path) - before == once

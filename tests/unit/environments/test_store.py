"""The folder of environments shows what is finished and hides the rest."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mantidhub.environments import Environment, find, list_built, remove
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.store import delete_tree, leftovers


def copy(environment: Environment, name: str, letter: str, *, younger_by: timedelta) -> Environment:
    """Add another environment beside one."""
    prefix = environment.prefix.with_name(f"{name}-{letter * 12}")
    shutil.copytree(environment.prefix, prefix, symlinks=True)
    another = replace(
        environment,
        name=name,
        hash=letter * 64,
        prefix=prefix,
        python=prefix / "bin" / "python",
        created=environment.created + younger_by,
    )
    (prefix / MANIFEST).write_text(another.to_json())
    return another


def test_an_empty_or_missing_folder_holds_nothing(root: Path) -> None:
    assert list_built(root) == []
    assert list_built(root / "missing") == []
    assert find(root, "small") is None


def test_they_are_listed_by_name_and_then_the_newest_first(root: Path, environment: Environment) -> None:
    older = copy(environment, "small", "b", younger_by=-timedelta(days=1))
    newer = copy(environment, "small", "c", younger_by=timedelta(days=1))
    first = copy(environment, "another", "d", younger_by=timedelta(0))
    assert list_built(root) == [first, newer, environment, older]
    assert find(root, "small") == newer


def test_names_that_begin_alike_are_kept_apart(root: Path, environment: Environment) -> None:
    copy(environment, "small-dev", "b", younger_by=timedelta(days=1))
    assert find(root, "small") == environment


def test_what_is_half_built_or_damaged_is_not_listed(root: Path, environment: Environment) -> None:
    broken = copy(environment, "small", "b", younger_by=timedelta(days=1))
    (broken.prefix / MANIFEST).write_text("{")
    hidden = copy(environment, "small", "c", younger_by=timedelta(days=1))
    hidden.prefix.rename(root / f".small-{'c' * 12}")
    assert list_built(root) == [environment]


def test_a_removed_environment_is_gone_although_it_was_read_only(root: Path, environment: Environment) -> None:
    for folder in (environment.prefix, *environment.prefix.rglob("*")):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o555)
    other = copy(environment, "other", "b", younger_by=timedelta(0))
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

"""The commands of `mantidhub environment`, on prefixes that look built."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mantidhub.environments import Environment, list_built
from mantidhub.environments.commands import environment_group
from mantidhub.environments.inventory import Workplace
from mantidhub.errors import EnvironmentFailed, PersonsError
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.model import EnvironmentSettings

Copy = Callable[..., Environment]
Run = Callable[..., Result]
DAY = timedelta(days=1)


@pytest.fixture
def state(root: Path, tmp_path: Path) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    state.root.mkdir()
    state.environments.symlink_to(root)
    return state


@pytest.fixture
def run(state: StateFolder, folder: Path) -> Run:
    settings = Settings(environments=EnvironmentSettings(offered=("small", "other"), specifications=folder))
    group = environment_group(lambda: Workplace(settings, state, lambda words: f"mantidhub {words}"))
    return lambda *words, answer=None: CliRunner().invoke(group, list(words), input=answer)


def open_notebook(state: StateFolder, name: str, environment: Environment) -> None:
    path = state.homes / "alice" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = {"hash": environment.hash, "lock": environment.lock_hash}
    path.write_text(json.dumps({"cells": [], "metadata": {"mantidhub": mark}, "nbformat": 4, "nbformat_minor": 5}))


def start_session(state: StateFolder, key: str, environment: Environment) -> Path:
    record = state.controller / "records" / f"{key}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"key": key, "user": key, "server": "", "environment": environment.id}))
    return record


def failure(result: Result) -> str:
    assert isinstance(result.exception, PersonsError), result.output
    return str(result.exception)


# --- list ----------------------------------------------------------------------------------------------------------


def test_list_shows_who_uses_and_who_needs_each(run: Run, state: StateFolder, environment: Environment, copy: Copy):
    newer = copy("small", "c", younger_by=DAY, lock="e" * 64)
    open_notebook(state, "a.ipynb", environment)
    start_session(state, "bob", newer)
    shown = run("list").output
    old = shown[shown.index(environment.id) :]
    assert "needed by 1 notebook of 1 person (latest: alice/a.ipynb)" in old
    new = shown[shown.index(newer.id) : shown.index(environment.id)]
    assert "used by 1 session: bob; needed by no notebook" in new
    assert "new sessions start in it" in new
    assert "scipp  scipp: not built" in shown


def test_list_as_json_holds_the_same(run: Run, state: StateFolder, environment: Environment):
    open_notebook(state, "a.ipynb", environment)
    (one,) = json.loads(run("list", "--json").stdout)["environments"]
    assert (one["id"], one["python"], one["notebooks"], one["people"]) == (environment.id, "3.11.2", 1, 1)
    assert one["bytes"] > 0
    assert one["kept"].keys() == {"default", "notebooks"}


def test_list_shows_why_the_last_try_failed(run: Run, root: Path, folder: Path):
    (folder / "small.txt").unlink()
    assert "cannot be read" in failure(run("build", "small"))
    shown = run("list").output
    assert "small  Small: not built, the last try failed" in shown
    assert "small.txt cannot be read" in shown


# --- verify --------------------------------------------------------------------------------------------------------


def test_verify_names_what_differs_and_how_to_mend_it(run: Run, environment: Environment):
    assert (run("verify").exit_code, run("verify", "small").exit_code) == (0, 0)
    (environment.prefix / "lib/python3.11/site-packages/six.py").write_text("import os\n")
    (environment.prefix / "new").write_text("")
    result = run("verify", environment.id[:8])
    assert result.exit_code == 1
    assert "changed  lib/python3.11/site-packages/six.py" in result.output
    assert "added    new" in result.output
    assert f"mantidhub environment remove --force {environment.id}" in result.output


def test_verify_goes_on_after_one_that_cannot_be_verified(run: Run, environment: Environment, copy: Copy):
    other = copy("other", "d")
    (other.prefix / "environment.sha256").unlink()
    result = run("verify")
    assert "Without it nobody can tell" in failure(result)
    assert f"{environment.id}: 4 files, all as they were built." in result.output


# --- remove --------------------------------------------------------------------------------------------------------


def test_remove_refuses_what_new_sessions_start_in_unless_forced(run: Run, root: Path, environment: Environment):
    assert "new sessions start in it" in failure(run("remove", environment.id))
    assert run("remove", environment.id, "--force").exit_code == 0
    assert list_built(root) == []


def test_remove_refuses_it_also_by_force_while_mantidhub_runs(
    run: Run, state: StateFolder, root: Path, environment: Environment
):
    import fcntl

    with (state.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "stop MantidHub first" in failure(run("remove", environment.id, "--force"))
    assert list_built(root) == [environment]


def test_remove_never_takes_it_from_under_a_session(
    run: Run, state: StateFolder, root: Path, environment: Environment, copy: Copy
):
    copy("small", "c", younger_by=DAY)
    start_session(state, "bob", environment)
    assert "in use by 1 session: bob" in failure(run("remove", environment.id, "--force"))
    assert environment in list_built(root)


def test_remove_of_what_notebooks_need_takes_force(
    run: Run, state: StateFolder, root: Path, environment: Environment, copy: Copy
):
    newer = copy("small", "c", younger_by=DAY)
    open_notebook(state, "a.ipynb", environment)
    assert "needed by 1 notebook of 1 person (latest: alice/a.ipynb)" in failure(run("remove", environment.id))
    assert run("remove", environment.id, "--force").exit_code == 0
    assert list_built(root) == [newer]


def test_remove_of_an_unknown_one_names_those_that_are_there(run: Run, environment: Environment):
    assert f"Did you mean {environment.id}?" in failure(run("remove", "smal-aaaaaaaaaaaa"))


# --- collect -------------------------------------------------------------------------------------------------------


def test_collect_shows_and_frees_nothing_unless_told(run: Run, root: Path, environment: Environment, copy: Copy):
    newer = copy("small", "c", younger_by=DAY)
    result = run("collect")
    assert f"goes   {environment.id}" in result.output
    assert f"stays  {newer.id}" in result.output
    assert "`mantidhub environment collect --yes` frees it" in result.output
    assert list_built(root) == [newer, environment]
    assert run("collect", "--yes").exit_code == 0
    assert list_built(root) == [newer]


def test_collect_keeps_what_a_notebook_or_a_session_needs(
    run: Run, state: StateFolder, root: Path, environment: Environment, copy: Copy
):
    copy("small", "f", younger_by=DAY)
    used = copy("small", "c", younger_by=-DAY)
    freed = copy("small", "d", younger_by=-DAY)
    open_notebook(state, "a.ipynb", environment)
    start_session(state, "bob", used)
    assert run("collect", "--yes").exit_code == 0
    assert {environment, used} < set(list_built(root))
    assert freed not in list_built(root)


def test_collect_frees_nothing_that_an_unreadable_notebook_may_need(
    run: Run, state: StateFolder, root: Path, environment: Environment, copy: Copy
):
    copy("small", "c", younger_by=DAY)
    open_notebook(state, "a.ipynb", environment)
    notebook = state.homes / "alice" / "a.ipynb"
    notebook.write_text(notebook.read_text().replace(f'"{environment.hash}"', "5"))
    result = run("collect", "--yes")
    assert "Nothing can be freed." in result.output
    assert "alice/a.ipynb: what it says of the environment it ran in is damaged" in result.output
    assert environment in list_built(root)


def test_a_session_that_starts_meanwhile_keeps_its_environment(
    run: Run, state: StateFolder, root: Path, environment: Environment, copy: Copy, monkeypatch: pytest.MonkeyPatch
):
    from mantidhub.environments import collecting

    copy("small", "c", younger_by=DAY)
    judged = collecting.find_collection

    def judge_and_start(*arguments: object) -> collecting.Collection:
        collection = judged(*arguments)
        start_session(state, "bob", environment)
        return collection

    monkeypatch.setattr("mantidhub.environments.commands.find_collection", judge_and_start)
    assert "in use by bob" in failure(run("collect", "--yes"))
    assert environment in list_built(root)


def test_collect_clears_what_killed_builds_left_but_not_a_build(run: Run, root: Path):
    from mantidhub.environments.locking import build_lock

    left, growing = root / f".small-{'b' * 12}", root / f".other-{'c' * 12}"
    left.mkdir()
    growing.mkdir()
    with build_lock(root, "other", lambda who: None):
        result = run("collect", "--yes")
    assert "other is being built or removed" in result.output
    assert (left.exists(), growing.exists()) == (False, True)


def test_nothing_there_is_said(run: Run):
    assert "There are no environments yet." in run("collect").output
    assert "There is no environment in" in run("verify").output


def test_build_says_what_is_wrong_with_each_and_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch):
    tried = []

    def fail(specification, *others, **more):
        tried.append(specification.name)
        raise EnvironmentFailed(f"{specification.name} has no network")

    monkeypatch.setattr("mantidhub.environments.commands.build", fail)
    result = run("build", "small", "scipp")
    assert tried == ["small", "scipp"]
    assert "small has no network" in result.output
    assert failure(result) == "scipp has no network"

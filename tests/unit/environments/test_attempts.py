"""A build that goes on, failed or was killed can be read beside the environments."""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from mantidhub.environments import Progress, Specification, Step
from mantidhub.environments.attempts import Board, announced, attempt_file, find_attempt, forget_interrupted
from mantidhub.environments.locking import build_lock
from mantidhub.errors import EnvironmentFailed


def progress(step: Step, done: int = 0, total: int = 0) -> Progress:
    return Progress(step, done, total, "", timedelta(seconds=1))


@pytest.fixture
def specification(load) -> Specification:
    return load()


def test_a_build_shows_how_far_it_is_and_nothing_when_it_is_done(root: Path, specification: Specification) -> None:
    told: list[Progress] = []
    with build_lock(root, "small", lambda who: None), announced(specification, root, told.append) as report:
        report(progress(Step.INTERPRETER))
        assert find_attempt(root, "small") is None
        report(progress(Step.INSTALLING, 3, 17))
        file = attempt_file(root, "small")
        content = json.loads(file.read_text())
        assert file.stat().st_mode & 0o777 == 0o644
    assert content.pop("updated")
    assert content == {
        "environment": "small",
        "title": "Small",
        "state": "building",
        "message": "installing packages",
        "done": 3,
        "total": 17,
    }
    assert [one.step for one in told] == [Step.INTERPRETER, Step.INSTALLING]
    assert not file.exists()


def test_a_failure_stays_until_the_next_try(root: Path, specification: Specification) -> None:
    with pytest.raises(EnvironmentFailed), announced(specification, root, lambda one: None):
        raise EnvironmentFailed("no connection")
    failed = find_attempt(root, "small")
    assert failed is not None
    assert (failed.state, failed.message) == ("failed", "no connection")
    with announced(specification, root, lambda one: None):
        pass
    assert find_attempt(root, "small") is None


def test_an_interrupted_build_leaves_nothing(root: Path, specification: Specification) -> None:
    with pytest.raises(KeyboardInterrupt), announced(specification, root, lambda one: None) as report:
        report(progress(Step.INSTALLING))
        raise KeyboardInterrupt
    assert find_attempt(root, "small") is None


HOLDER = """
import sys
from pathlib import Path
from mantidhub.environments.locking import build_lock
with build_lock(Path(sys.argv[1]), "small", lambda who: None):
    print("there", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", [KeyboardInterrupt(), EnvironmentFailed("no connection"), None])
def test_whoever_waits_for_another_build_leaves_its_file_alone(
    root: Path, specification: Specification, end: BaseException | None
) -> None:
    command = [sys.executable, "-c", HOLDER, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "there\n"
        Board(specification, root).write("building", "running checks")
        with suppress(KeyboardInterrupt, EnvironmentFailed), announced(specification, root, lambda one: None) as report:
            report(progress(Step.WAITING))
            if end is not None:
                raise end
        attempt = find_attempt(root, "small")
        builder.communicate()
    assert attempt is not None
    assert (attempt.state, attempt.message) == ("building", "running checks")


def test_a_killed_build_is_told_from_one_that_goes_on(root: Path, specification: Specification) -> None:
    with announced(specification, root, lambda one: None) as report:
        report(progress(Step.INSTALLING))
        text = attempt_file(root, "small").read_text()
    attempt_file(root, "small").write_text(text)
    with build_lock(root, "small", lambda who: None):
        going_on = find_attempt(root, "small")
        forget_interrupted(root)
    killed = find_attempt(root, "small")
    assert going_on is not None
    assert killed is not None
    assert (going_on.state, killed.state) == ("building", "failed")
    forget_interrupted(root)
    assert not attempt_file(root, "small").exists()

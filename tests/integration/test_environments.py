"""Several environments on a running platform: prepared beside it, kept while sessions and notebooks need them.

The second environment is one package that the tests make themselves, so that it needs no network and a second.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.pace import Stopwatch
from support.person import Person
from support.platform import SHARED_STATE, Platform, wait_until

from mantidhub.environments import find, list_built, remove
from mantidhub.environments.attempts import find_attempt
from mantidhub.environments.occupants import find_occupants

SPECIFICATION = """\
name = "pebble"
title = "Pebble"
description = "One package"
python = ["3.11", "3.12", "3.13"]
requirements = "pebble.in"
lock = "pebble.txt"
free_space_gb = 0.001

[checks]
imports = ["pebble"]
"""


@pytest.fixture
def supply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make the package of this source, the specification, and the configuration that offers it after scipp."""
    folder = tmp_path / "facility"
    (folder / "wheels").mkdir(parents=True)
    monkeypatch.setenv("UV_FIND_LINKS", str(folder / "wheels"))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))

    def supply(source: str) -> Path:
        digest = make_wheel(folder / "wheels", source)
        (folder / "pebble.toml").write_text(SPECIFICATION)
        (folder / "pebble.in").write_text("pebble\n")
        (folder / "pebble.txt").write_text(f"pebble==1.0 \\\n    --hash=sha256:{digest}\n")
        config = tmp_path / "mantidhub.toml"
        config.write_text('[environments]\noffered = ["scipp", "pebble"]\nspecifications = "facility"\n')
        return config

    return supply


def make_wheel(folder: Path, source: str) -> str:
    """Write ``pebble-1.0`` and return its hash."""
    content = {
        "pebble/__init__.py": source.encode(),
        "pebble-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n",
        "pebble-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}"
        for name, data in content.items()
    ]
    record = "pebble-1.0.dist-info/RECORD"
    wheel = folder / "pebble-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in {**content, record: "\n".join([*lines, f"{record},,"]).encode()}.items():
            archive.writestr(name, data)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state folder with an environment of its own: a shared one may be mounted by somebody else's session."""
    state = tmp_path / "State"
    (state / "environments").mkdir(parents=True)
    scipp = find(SHARED_STATE / "environments", "scipp")
    assert scipp is not None, "the environment of the tests is built before"
    shutil.copytree(scipp.prefix, state / "environments" / scipp.id, symlinks=True, copy_function=os.link)
    yield state
    for environment in list_built(state / "environments"):
        remove(environment)


@pytest.fixture
def platform_with(state: Path) -> Iterator[Callable[[Path], Platform]]:
    started: list[Platform] = []

    def start(config: Path) -> Platform:
        started.append(Platform(state, options=("--config", str(config))))
        return started[-1].start()

    yield start
    for platform in started:
        platform.stop()


def processes_with(word: str) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_a_further_environment_is_prepared_while_people_work(supply, platform_with, state: Path):
    config = supply("import time\ntime.sleep(4)\n")
    platform = platform_with(config)
    environments = state / "environments"
    # It has only the time that nobody else wants, so it may take long on a machine that is busy.
    wait_until(lambda: find_attempt(environments, "pebble"), limit=120, what="somebody builds it")

    def importing() -> set[int]:
        """Return the process that stays for a while; what runs before it may be gone when it is looked at."""
        return set(processes_with(f"{environments}/.pebble-")) & set(processes_with("check_imports.py"))

    wait_until(importing, limit=120, what="it is imported")
    seen = [(os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid)) for pid in importing()]
    assert seen == [(os.SCHED_IDLE, 19)]
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()
    assert person.kernel().run("print(6 * 7)").text == "42\n"
    wait_until(lambda: find(environments, "pebble"), limit=120, what="it is built")
    wait_until(lambda: not (environments / "pebble.state.json").exists(), limit=60, what="nothing is being built")
    assert "Being prepared meanwhile: pebble." in platform.text
    platform.wait_for_line(r"The environment pebble is ready: pebble-[0-9a-f]{12}\.", limit=60)


def test_one_that_cannot_be_prepared_is_said_and_the_rest_runs(
    supply, platform_with, state: Path, monkeypatch: pytest.MonkeyPatch
):
    config = supply("")
    shutil.rmtree(config.parent / "facility" / "wheels")
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    platform = platform_with(config)

    def has_failed() -> bool:
        attempt = find_attempt(state / "environments", "pebble")
        return attempt is not None and attempt.state == "failed"

    wait_until(has_failed, limit=120, what="the build failed")
    person = Person.from_link(platform.invite("alice"), "alice")
    watch = Stopwatch()
    person.start_session()
    assert watch.within(30), watch
    listed = platform.command("environment", "list", "--config", str(config)).stdout
    assert "pebble  Pebble: not built, the last try failed" in listed
    assert "could not be downloaded" in listed
    checked = platform.command("check", "--config", str(config)).stdout
    assert "weak     The environment pebble is not built:" in checked
    tried = platform.command("environment", "build", "pebble", "--config", str(config), check=False)
    assert tried.returncode == 1
    assert "could not be downloaded" in tried.stderr
    platform.wait_for_line("The environment pebble is not there", limit=60)
    (line,) = [line for line in platform.output if "The environment pebble is not there" in line]
    assert "could not be downloaded" in line


def test_stopping_ends_a_build_and_leaves_nothing_of_it(supply, platform_with, state: Path):
    config = supply("import time\ntime.sleep(300)\n")
    platform = platform_with(config)
    building = f"{state}/environments/.pebble-"
    wait_until(lambda: processes_with(building), limit=120, what="it is imported")
    watch = Stopwatch()
    platform.stop()
    assert watch.within(15), watch
    assert processes_with(building) == []
    names = {path.name for path in (state / "environments").iterdir() if "pebble" in path.name}
    assert names <= {"pebble.log", ".pebble.lock"}


def test_a_running_session_and_its_notebooks_keep_their_environment(supply, platform_with, state: Path):
    config = supply("")
    platform = platform_with(config)
    scipp = find(state / "environments", "scipp")
    assert scipp is not None
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()

    def command(*words: str) -> str:
        done = platform.command("environment", *words, "--config", str(config), check=False)
        return f"{done.returncode} {done.stdout}{done.stderr}"

    assert re.match(r"1 .* stays: in use by 1 session: alice", command("remove", "--force", "scipp"))
    mark = {"environment": "scipp", "title": "scipp", "hash": scipp.hash, "lock": scipp.lock_hash}
    notebook = {"cells": [], "metadata": {"mantidhub": mark}, "nbformat": 4, "nbformat_minor": 5}
    saved = person.session("PUT", "/api/contents/run.ipynb", json={"type": "notebook", "content": notebook})
    assert saved.status_code == 201, saved.text
    listed = json.loads(platform.command("environment", "list", "--json", "--config", str(config)).stdout)
    shown = next(one for one in listed["environments"] if one["id"] == scipp.id)
    assert (shown["sessions"], shown["notebooks"], shown["latest_notebook"]) == (["alice"], 1, "alice/run.ipynb")
    # Also where the record is gone: the kernel knows what is mounted.
    (state / "controller" / "records" / "alice.json").unlink()
    assert find_occupants(state / "controller" / "records").of(scipp) == ["one that has it mounted"]
    person.stop_session()
    assert find_occupants(state / "controller" / "records").of(scipp) == []
    assert "new sessions start in it" in command("remove", "--force", "scipp")
    assert "0 " in command("collect", "--yes")[:2]
    assert scipp.prefix.is_dir()

"""`mantidhub check --isolation` on this host, with each engine."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from support.platform import MANTIDHUB


@pytest.fixture(params=["sandbox", "docker"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    text = f'[sessions]\nengine = "{request.param}"\n'
    if request.param == "docker":
        text += f'[docker]\nsocket = "{request.getfixturevalue("docker").socket}"\n'
    file = tmp_path / "mantidhub.toml"
    file.write_text(text)
    return file


def check(config: Path, state: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [*MANTIDHUB, "check", "--isolation", "--config", str(config), "--state", str(state), *options]
    variables = {**os.environ, "TMPDIR": str(config.parent)}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, env=variables)


def test_every_harmless_attack_is_blocked_and_nothing_is_left(config: Path, tmp_path: Path):
    done = check(config, tmp_path / "state")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "None succeeded." in done.stdout and "could not be tried" not in done.stdout
    assert "\x1b" not in done.stdout, "no colours into a pipe"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mantidhub.toml"]


def test_programs_read_it_too(config: Path, tmp_path: Path):
    done = check(config, tmp_path / "state", "--json")
    rows = json.loads(done.stdout)
    assert {row["outcome"] for row in rows} == {"blocked"}
    assert len(rows) > 60


def test_what_is_within_reach_is_found(config: Path, tmp_path: Path):
    """A state folder where every session sees it: below /usr, as if an administrator had put it there."""
    if 'engine = "docker"' in config.read_text():
        pytest.skip("a container has the image's /usr, not the host's")
    if os.getuid() != 0:
        pytest.skip("only root can put something below /usr")
    state = Path("/usr/local/share") / f"mantidhub-trial-{os.getpid()}"
    (state / "homes").mkdir(parents=True)
    try:
        done = check(config, state)
    finally:
        (state / "homes").rmdir()
        state.rmdir()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "succeeded  list the homes of others" in done.stdout and "1 SUCCEEDED" in done.stdout

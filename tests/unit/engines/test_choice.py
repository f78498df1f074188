"""Which engine runs the sessions, as far as it can be told without a daemon."""

import subprocess
import sys
from pathlib import Path

import pytest

from mantidhub.engines.choice import choose_engine, weaknesses_of
from mantidhub.engines.docker.errors import DaemonAway
from mantidhub.settings import Settings, StateFolder


def settings(engine: str, folder: Path) -> Settings:
    return Settings.model_validate({"sessions": {"engine": engine}, "docker": {"socket": folder / "docker.sock"}})


async def test_the_sandbox_is_taken_where_nobody_asks_for_anything_else(tmp_path: Path):
    choice = await choose_engine(Settings(), StateFolder(tmp_path))
    assert (choice.name, choice.reason) == ("sandbox", 'sessions.engine is "sandbox".')


async def test_docker_that_was_asked_for_must_be_there(tmp_path: Path):
    with pytest.raises(DaemonAway, match="Start Docker"):
        await choose_engine(settings("docker", tmp_path), StateFolder(tmp_path))
    with pytest.raises(DaemonAway, match="Start Docker"):
        await weaknesses_of("docker", settings("docker", tmp_path), StateFolder(tmp_path))


async def test_left_to_choose_it_says_why_docker_is_not_taken(tmp_path: Path):
    choice = await choose_engine(settings("auto", tmp_path), StateFolder(tmp_path))
    assert choice.name == "sandbox"
    assert "Docker cannot be used" in choice.reason
    assert f"there is no {tmp_path}/docker.sock" in choice.reason


def test_the_sandbox_needs_nothing_of_docker(tmp_path: Path):
    """Not even its library, which cannot be imported by a user without a home."""
    code = """
import asyncio, sys
from pathlib import Path
from mantidhub.engines.choice import choose_engine, make_engine
from mantidhub.settings import Settings, StateFolder
state = StateFolder(Path(sys.argv[1]))
choice = asyncio.run(choose_engine(Settings(), state))
make_engine(choice.name, Settings(), state)
print([name for name in sys.modules if "docker" in name])
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

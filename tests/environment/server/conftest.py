"""Fixtures: a hub for all tests, a server for each file, and a starter of servers for each test."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from real_sessions import Hub, Session, Starter, wait_for  # noqa: E402


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    # Short, since a socket's path has 107 bytes; and open to a user other than root.
    folder = Path(tempfile.mkdtemp(prefix="hub-", dir="/tmp"))
    folder.chmod(0o755)
    hub = Hub(folder, secrets.token_hex(16))
    variables = {"TEST_HUB_FOLDER": str(folder), "TEST_HUB_TOKEN": hub.token, "CONFIGPROXY_AUTH_TOKEN": "unused"}
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(HERE / "hub_config.py")],
            env={**os.environ, **variables},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(hub.answers, what=f"the hub; see {folder}/hub.log")
        hub.socket.chmod(0o666)
        yield hub
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sessions(hub: Hub) -> Iterator[Starter]:
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir="/tmp"))
    folder.chmod(0o755)
    starter = Starter(hub, folder)
    yield starter
    starter.end_all()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def session(hub: Hub) -> Iterator[Session]:
    """One server for the tests of a file that only use it."""
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir="/tmp"))
    folder.chmod(0o755)
    starter = Starter(hub, folder)
    yield starter.start()
    starter.end_all()
    shutil.rmtree(folder, ignore_errors=True)

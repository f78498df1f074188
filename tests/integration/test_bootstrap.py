"""The set-up of a fresh checkout: safe to interrupt at a bad moment and to run again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.platform import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the set-up needs of a checkout, with nothing installed."""
    for name in ("tools", "requirements", "packages"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def bootstrap(checkout: Path, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", str(checkout / "tools" / "bootstrap.py"), "hub"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **options,
    )


def test_a_set_up_that_was_killed_while_it_installed_is_whole_after_the_next(checkout: Path):
    first = bootstrap(checkout)
    packages = checkout / ".venv" / "lib"
    deadline = time.monotonic() + 120
    while not list(packages.glob("*/site-packages/sqlalchemy*")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (checkout / ".venv" / ".hub-ready").exists(), "it was killed too late to show anything"

    second = bootstrap(checkout)
    output, _ = second.communicate(timeout=200)
    assert second.returncode == 0, output
    imports = "import alembic.script.revision, jupyterhub.app, mantidhub.cli, sqlalchemy.orm"
    python = checkout / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", imports], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    third = bootstrap(checkout)
    assert third.communicate()[0] == "", "what is up to date is left alone"


def test_without_a_network_one_sentence_says_so(checkout: Path):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    # The packages may lie in a folder that pip is told of: that is no network either.
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    output, _ = bootstrap(checkout, env={**variables, **nowhere, "PIP_NO_CACHE_DIR": "1"}).communicate(timeout=200)
    last = output.strip().splitlines()[-1]
    assert last.startswith(
        "Set-up stopped: uv: the package index that pip and uv are configured for cannot be reached."
    )

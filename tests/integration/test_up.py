"""`mantidhub up` and `mantidhub check`: what stands in the way is said in one sentence."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.person import Person
from support.platform import MANTIDHUB, Platform, share_state


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MANTIDHUB, *arguments], capture_output=True, text=True, check=False, timeout=120)


def test_a_taken_port_is_named(fresh_state: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("up", "--state", str(fresh_state), "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = run("up", "--state", str(tmp_path / "file" / "state"), "--port", "0")
    assert done.returncode == 1
    assert "cannot be prepared: Not a directory" in done.stderr
    assert "--state" in done.stderr


def test_mistakes_in_the_configuration_stop_it_before_anything_is_made(tmp_path: Path):
    config = tmp_path / "mantidhub.toml"
    config.write_text('[server]\nport = "eighty"\n')
    for command in ("up", "check"):
        done = run(command, "--config", str(config), "--state", str(tmp_path / "state"))
        assert done.returncode == 1
        assert f"{config}:2: server.port: found 'eighty'" in done.stderr
    assert not (tmp_path / "state").exists()


def test_check_tells_what_this_host_can_do(fresh_state: Path):
    share_state(fresh_state)
    done = run("check", "--state", str(fresh_state))
    assert done.returncode == 0, done.stdout
    assert "Sandboxes are made by" in done.stdout
    assert "free space" in done.stdout


def test_check_warns_of_passwords_in_clear_text(tmp_path: Path):
    config = tmp_path / "mantidhub.toml"
    config.write_text('[server]\nhost = "0.0.0.0"\n')
    done = run("check", "--config", str(config), "--state", str(tmp_path / "state"))
    assert "weak     Passwords and data cross the network in clear text" in done.stdout


def test_a_deep_state_folder_with_capitals_works(tmp_path: Path):
    """Socket paths are short and JupyterHub lower-cases them; a state folder is where people put it."""
    deep = tmp_path / ("Deep Folder With Capitals" * 3) / ("And Another" * 6) / "State"
    assert len(str(deep)) > 150
    running = Platform(deep).start()
    try:
        person = Person.from_link(running.invite("alice"), "alice")
        person.start_session()
        assert person.kernel().run("print(6 * 7)").text == "42\n"
    finally:
        running.stop()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, which pytest's own are not (it closes them whenever one of it starts)."""
    folder = Path(tempfile.mkdtemp(prefix="mantidhub-"))
    folder.chmod(0o755)
    yield folder
    subprocess.run(["rm", "-rf", "--", str(folder)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_started_by_an_ordinary_user_it_works_and_check_says_what_is_weaker(open_folder: Path):
    """As somebody without rights: the same start, from a copy that they can read."""
    done = subprocess.run(
        ["bash", str(Path(__file__).with_name("as_ordinary_user.sh")), str(open_folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "MantidHub is ready" in done.stdout
    assert "all sessions run as your own user" in done.stdout
    assert "42 from uid 61001" in done.stdout

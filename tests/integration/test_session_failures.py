"""A session that cannot start says why, in words, to the person who waits and in the log."""

import contextlib
import itertools
import json
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.person import Person
from support.platform import Platform, wait_until

MUST_BE_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can set limits and mount file systems here")


@pytest.fixture
def started() -> Iterator[list[Platform]]:
    running: list[Platform] = []
    yield running
    for platform in running:
        platform.stop()


def message_of_failed_start(person: Person) -> str:
    answer = person.hub("POST", f"/users/{person.name}/server")
    assert answer.status_code == 503, answer.text
    return answer.json()["message"]


def test_a_missing_environment_is_named(fresh_state: Path, started: list[Platform]):
    platform = Platform(fresh_state).start()
    started.append(platform)
    person = Person.from_link(platform.invite("alice"), "alice")
    shared = (fresh_state / "environments").readlink()
    (fresh_state / "environments").unlink()
    (fresh_state / "environments").mkdir()
    message = message_of_failed_start(person)
    assert "The environment scipp is not there or was damaged" in message
    assert str(fresh_state) not in message, "where things lie on the host is not for users"
    assert "environment scipp" in (fresh_state / "logs" / "controller.log").read_text()
    (fresh_state / "environments").rmdir()
    (fresh_state / "environments").symlink_to(shared)
    person.start_session()
    assert person.session("GET", "/api/status").status_code == 200, "mended, it starts without more ado"


@MUST_BE_ROOT
def test_too_little_memory_is_named_with_the_limit(fresh_state: Path, tmp_path: Path, started: list[Platform]):
    config = tmp_path / "mantidhub.toml"
    config.write_text('[sessions.sizes.tiny]\ntitle = "Too little"\nmemory = "40 MiB"\ncpus = 1\n')
    platform = Platform(fresh_state, ("--config", str(config))).start()
    started.append(platform)
    message = message_of_failed_start(Person.from_link(platform.invite("alice"), "alice"))
    assert "used up its memory of 40 MiB while it started" in message


@pytest.fixture
def small_disk_for_homes(fresh_state: Path) -> Iterator[Path]:
    homes = fresh_state / "homes"
    homes.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=200", "tmpfs", str(homes)], check=True)
    yield homes
    subprocess.run(["umount", "-l", str(homes)], check=True)


@MUST_BE_ROOT
def test_a_full_disk_is_named_and_does_not_lock_anybody_out(
    small_disk_for_homes: Path, fresh_state: Path, started: list[Platform]
):
    platform = Platform(fresh_state).start()
    started.append(platform)
    person = Person.from_link(platform.invite("alice"), "alice")
    person.start_session()
    person.stop_session()
    home = small_disk_for_homes / "alice"
    with contextlib.suppress(OSError):
        (home / "filler").write_bytes(b"x" * 1_000_000)
    with contextlib.suppress(OSError):
        for number in range(300):
            (home / f"empty-{number}").touch()
    message = message_of_failed_start(Person.from_link(platform.invite("bob"), "bob"))
    assert "Your home could not be made: No space left on device" in message
    person.start_session()
    answer = person.session("DELETE", "/api/contents/filler")
    assert answer.status_code == 204, "whose home is full can still start a session, and make room"


def test_a_session_that_ends_by_itself_is_noticed_and_starts_again(platform: Platform):
    person = Person.from_link(platform.invite("ivan"), "ivan")
    person.start_session()
    assert person.session("POST", "/api/shutdown").status_code == 200
    wait_until(lambda: not person.hub("GET", "/users/ivan").json()["servers"], limit=20, what="the hub notices the end")
    person.start_session()
    assert person.session("GET", "/api/status").status_code == 200


def test_a_server_that_was_killed_is_said_on_the_home_page_and_in_the_list_of_sessions(platform: Platform):
    person = Person.from_link(platform.invite("trent"), "trent")
    person.start_session()
    assert "running" in _listed(platform, "trent")
    person.kernel().send("import os, signal; os.kill(os.getppid(), signal.SIGKILL)")
    noticed_after = wait_until(
        lambda: not person.hub("GET", "/users/trent").json()["servers"], limit=30, what="the hub notices the end"
    )
    assert noticed_after < 5, "it is told, and does not find out when it looks the next time"
    sentence = "It ended because its server was killed."
    assert sentence in _listed(platform, "trent")
    for page in ("/hub/home", "/user/trent/lab"):
        assert sentence in person.web.get(f"{person.address}{page}").text
    person.start_session()
    assert sentence not in _listed(platform, "trent")


def test_an_administrator_ends_a_session_from_the_command_line(platform: Platform):
    person = Person.from_link(platform.invite("niaj"), "niaj")
    person.start_session("second")
    assert platform.command("sessions", "stop", "NIAJ~second").stdout == "The session niaj~second has ended.\n"
    (state,) = [
        state
        for state in json.loads(platform.command("sessions", "list", "--json").stdout)["sessions"]
        if state["key"] == "niaj~second"
    ]
    assert (state["phase"], state["cause"]) == ("ended", "administrator")
    assert "It was stopped by an administrator." in _listed(platform, "niaj~second")
    again = platform.command("sessions", "stop", "niaj~second", check=False)
    assert again.returncode == 1
    assert "No session niaj~second runs." in again.stderr


def test_a_start_waits_for_a_database_that_is_locked(platform: Platform):
    person = Person.from_link(platform.invite("kim"), "kim")
    locker = sqlite3.connect(
        platform.state / "hub" / "jupyterhub.sqlite", isolation_level=None, check_same_thread=False
    )
    locker.execute("BEGIN EXCLUSIVE")
    released = threading.Timer(8, lambda: locker.execute("ROLLBACK"))
    began = time.monotonic()
    released.start()
    try:
        person.start_session()
    finally:
        released.join()
        locker.close()
    assert time.monotonic() - began > 7
    assert person.session("GET", "/api/status").status_code == 200


def test_a_session_that_the_hubs_database_forgot_does_not_lock_its_person_out(platform: Platform):
    person = Person.from_link(platform.invite("lee"), "lee")
    person.start_session()
    with sqlite3.connect(platform.state / "hub" / "jupyterhub.sqlite") as database:
        database.execute(
            "UPDATE spawners SET server_id = NULL WHERE user_id = (SELECT id FROM users WHERE name = 'lee')"
        )
    database.close()
    platform.kill_service("hub")
    wait_until(lambda: person.hub("GET", "/users/lee").ok, limit=30, what="the hub is back")
    assert person.hub("GET", "/users/lee").json()["servers"] == {}
    assert "running" in _listed(platform, "lee")
    person.start_session()
    assert person.session("GET", "/api/status").status_code == 200


def _listed(platform: Platform, key: str) -> str:
    """Return what the list of sessions says of one session: its row, and the sentence below it if it ended."""
    _, row, *below = platform.command("sessions", "list").stdout.partition(f"\n{key} ")
    assert row, f"the list names {key}"
    lines = "".join(below).split("\n")
    return row + "\n".join([lines[0], *itertools.takewhile(lambda line: line.startswith(" "), lines[1:])])

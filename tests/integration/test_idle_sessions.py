"""Idle sessions on the whole platform, with seconds in the place of hours."""

import json
import time
from collections.abc import Iterator

import pytest
import websocket
from support.person import Person
from support.platform import Platform, wait_until

IDLE_AFTER = 24


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("idle")
    config = folder / "mantidhub.toml"
    config.write_text(f'[sessions]\nidle_after = "{IDLE_AFTER} s"\n')
    platform = Platform(folder / "state", ("--config", str(config))).start()
    yield platform
    platform.stop()


def in_a_terminal(person: Person, command: str) -> None:
    """Type a command into a new terminal and close the connection, as a tab that is closed."""
    name = person.session("POST", "/api/terminals").json()["name"]
    address = f"{person.address.replace('http', 'ws', 1)}/user/{person.name}/terminals/websocket/{name}"
    connection = websocket.create_connection(address, header=[f"Authorization: token {person.token}"], timeout=60)
    connection.send(json.dumps(["stdin", f"{command}\r"]))
    time.sleep(1)
    connection.close()


def test_only_the_session_that_nobody_uses_is_told_and_stopped_and_it_is_said_why(platform: Platform):
    people = {name: Person.from_link(platform.invite(name), name) for name in ("alice", "bob", "carol", "dan", "erin")}
    for person in people.values():
        person.start_session()
    people["bob"].kernel().send("import time; time.sleep(300)")
    in_a_terminal(people["carol"], "sleep 300")
    burn = "import subprocess; subprocess.Popen(['sh', '-c', 'while :; do :; done'], start_new_session=True)"
    people["dan"].kernel().run(burn)
    people["erin"].kernel().run("print('counts')")
    began = time.monotonic()

    def told(name: str) -> str | None:
        time.sleep(1)  # asked without a break, a server is busy
        return people[name].session("GET", "/mantidlab/idle").json()["ends"]

    def running() -> set[str]:
        found = json.loads(platform.command("sessions", "list", "--json").stdout)["sessions"]
        return {state["key"] for state in found if state["phase"] == "running"}

    wait_until(lambda: told("alice") and told("erin"), limit=IDLE_AFTER, what="the idle ones are told")
    assert {name for name in people if told(name)} == {"alice", "erin"}
    assert people["erin"].session("POST", "/mantidlab/idle").status_code == 204
    wait_until(lambda: running() == people.keys() - {"alice"}, limit=IDLE_AFTER, what="the idle one is stopped")
    assert time.monotonic() - began > IDLE_AFTER / 2
    assert not told("erin"), "who keeps it has all of the time again"
    why = f"It was stopped because it had not been used for {IDLE_AFTER} s. Your files are kept."
    assert why in people["alice"].web.get(f"{people['alice'].address}/hub/home").text
    assert why in platform.command("sessions", "list").stdout
    wait_until(lambda: running() == {"bob", "carol", "dan"}, limit=2 * IDLE_AFTER, what="the kept one ends later")
    time.sleep(IDLE_AFTER)
    assert running() == {"bob", "carol", "dan"}, "what works is never stopped, whether or not a tab is open"

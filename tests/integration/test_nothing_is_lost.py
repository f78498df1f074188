"""Processes are killed at bad moments; kernels, outputs and sessions are still there."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from support.pace import Stopwatch
from support.person import Kernel, Person
from support.platform import MANTIDHUB, Platform, processes_of, wait_until

from mantidhub.sessions.address import short_address

SLOW_CELL = "import time\nfor n in range(40):\n    time.sleep(0.1)\nprint('done', n)"


@pytest.fixture(scope="module")
def own_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("killed") / "state").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def erin(own_platform: Platform) -> Person:
    person = Person.from_link(own_platform.invite("erin"), "erin")
    person.start_session()
    return person


@pytest.fixture
def kernel(erin: Person) -> Kernel:
    kernel = erin.kernel()
    kernel.run("kept = 'in memory'")
    return kernel


def hub_is_up(platform: Platform) -> bool:
    """Ask the hub's own socket: through the edge a request would wait for it."""
    connection = http.client.HTTPConnection("hub", timeout=2)
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        with short_address(platform.state / "run" / "hub" / "hub.sock") as address:
            connection.sock.connect(address)
        connection.request("GET", "/hub/api")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_the_hub_is_killed_while_a_cell_runs(own_platform: Platform, erin: Person, kernel: Kernel):
    cell = kernel.send(SLOW_CELL)
    own_platform.kill_service("hub")
    assert erin.session("GET", "/api/kernels").status_code in {200, 403, 500, 503}
    watch = Stopwatch()
    wait_until(lambda: hub_is_up(own_platform), limit=60, what="the hub is back")
    soon = watch.within(5)
    assert kernel.output_of(cell).text == "done 39\n", "the cell went on and its output reached the open tab"
    assert kernel.run("print(kept)").text == "in memory\n"
    model = erin.hub("GET", "/users/erin").json()
    assert model["servers"][""]["ready"], "the hub knows the session"
    assert soon, watch


def test_the_edge_is_killed(own_platform: Platform, kernel: Kernel):
    own_platform.kill_service("edge")
    watch = Stopwatch()
    assert requests.get(f"{own_platform.address}/hub/api", timeout=60).status_code == 200
    assert watch.within(1), watch
    kernel.connect()
    assert kernel.run("print(kept)").text == "in memory\n"


def test_the_controller_is_killed(own_platform: Platform, erin: Person, kernel: Kernel):
    killed = own_platform.kill_service("controller")
    record = own_platform.state / "controller" / "controller.pid"
    wait_until(lambda: int(record.read_text()) != killed, limit=1, what="the controller is started again")
    assert kernel.run("print(kept)").text == "in memory\n"
    before = kernel.run("import os; print(os.readlink('/proc/self/ns/pid'))").text
    erin.start_session("beside")
    erin.stop_session("beside")
    assert erin.hub("GET", "/users/erin").json()["servers"][""]["ready"]
    assert kernel.run("import os; print(os.readlink('/proc/self/ns/pid'))").text == before


def test_a_found_session_can_be_stopped_and_its_end_is_noticed(own_platform: Platform):
    frank = Person.from_link(own_platform.invite("frank"), "frank")
    frank.start_session()
    own_platform.kill_service("controller")
    frank.stop_session()
    frank.start_session()
    assert frank.kernel().run("print(1)").text == "1\n"
    frank.stop_session()
    assert not processes_of(own_platform.state, "frank")


def test_everything_is_killed_at_once(own_platform: Platform, erin: Person, kernel: Kernel):
    for name in ("hub", "edge", "controller"):
        own_platform.kill_service(name)
    wait_until(lambda: hub_is_up(own_platform), limit=10, what="the hub is back")
    kernel.connect()
    assert kernel.run("print(kept)").text == "in memory\n"
    assert erin.hub("GET", "/users/erin").json()["servers"][""]["ready"]


def test_stopped_with_keep_sessions_everything_goes_on(fresh_state: Path):
    first = Platform(fresh_state).start("--keep-sessions")
    gina = Person.from_link(first.invite("gina"), "gina")
    gina.start_session()
    kernel = gina.kernel()
    kernel.run("kept = 'in memory'")
    port = first.port
    first.stop()
    assert processes_of(fresh_state, "gina")
    second = Platform(fresh_state).start(port=port)
    try:
        kernel.connect()
        assert kernel.run("print(kept)").text == "in memory\n"
        assert gina.hub("GET", "/users/gina").json()["servers"][""]["ready"]
    finally:
        second.stop()
    assert not processes_of(fresh_state, "gina"), "without --keep-sessions they end"


def test_a_supervisor_that_was_killed_leaves_nothing_in_the_way(fresh_state: Path):
    first = Platform(fresh_state).start()
    henry = Person.from_link(first.invite("henry"), "henry")
    henry.start_session()
    kernel = henry.kernel()
    kernel.run("kept = 'in memory'")
    port = first.port
    first.process.kill()
    first.process.wait()
    second = Platform(fresh_state).start(port=port)
    try:
        kernel.connect()
        assert kernel.run("print(kept)").text == "in memory\n"
    finally:
        second.stop()


def test_a_second_start_on_the_same_folder_is_refused(own_platform: Platform):
    done = subprocess.run(
        [*MANTIDHUB, "up", "--state", str(own_platform.state), "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "MantidHub runs already on" in done.stderr
    assert str(own_platform.process.pid) in done.stderr

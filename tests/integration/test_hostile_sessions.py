"""What a hostile session leaves or forges does not get in the way of its end, its administrator or anybody else."""

import asyncio
import os
import signal
import textwrap
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.person import Person
from support.platform import Platform, processes_of, wait_until

from mantidhub.sessions.client import ControllerClient
from mantidhub.sessions.request import SessionRequest


@pytest.fixture
def mallory(platform: Platform) -> Iterator[Person]:
    person = Person.from_link(platform.invite("mallory"), "mallory")
    person.start_session()
    yield person
    platform.command("user", "remove", "mallory")


def test_a_folder_deeper_than_python_recurses_does_not_keep_a_session_from_ending(mallory: Person, platform: Platform):
    deep = """
    import os
    os.chdir('/run/mantidhub/session')
    for _ in range(1500):
        os.mkdir('d'); os.chdir('d')
    print('made')
    """
    assert mallory.kernel().run(textwrap.dedent(deep)).text == "made\n"
    mallory.stop_session()
    assert not (platform.state / "run" / "sessions" / "mallory").exists()
    mallory.start_session()
    assert mallory.session("GET", "/api/status").status_code == 200


def test_a_session_cannot_hide_from_a_restarted_controller(mallory: Person, platform: Platform):
    forge = """
    stat = open('/proc/1/stat').read().rpartition(')')[2].split()
    start, end = int(stat[47]), int(stat[48])
    with open('/proc/1/mem', 'r+b', buffering=0) as memory:
        memory.seek(start)
        variables = memory.read(end - start)
        at = variables.index(b'MANTIDHUB_SESSION=')
        memory.seek(start + at)
        memory.write(b'X')
    print('forged', b'MANTIDHUB_SESSION=' not in open('/proc/1/environ', 'rb').read())
    """
    assert mallory.kernel().run(textwrap.dedent(forge)).text == "forged True\n"
    before = platform.kill_service("controller")
    record = platform.state / "controller" / "controller.pid"
    wait_until(lambda: int(record.read_text()) != before, limit=15, what="the controller is back")
    assert mallory.session("GET", "/api/status").status_code == 200
    mallory.stop_session()
    assert processes_of(platform.state, "mallory") == []


@pytest.mark.parametrize("milliseconds", [1, 5, 15, 30, 60])
def test_a_start_that_nobody_waits_for_any_more_leaves_nothing(platform: Platform, milliseconds: int):
    """As when the hub dies in the middle of a start."""
    name = f"gone{milliseconds}"
    variables = {"JUPYTERHUB_SERVICE_PREFIX": f"/user/{name}/", "JUPYTERHUB_API_TOKEN": "none"}
    request = SessionRequest.model_validate({"user": name, "choice": {"environment": "scipp"}, "variables": variables})

    async def start_and_go() -> None:
        client = ControllerClient(
            platform.state / "run" / "controller" / "controller.sock", patience=timedelta(seconds=9)
        )
        await asyncio.wait_for(client.start(request, lambda step: None), milliseconds / 1000)

    with pytest.raises(TimeoutError):
        asyncio.run(start_and_go())
    record = platform.state / "controller" / "records" / f"{name}.json"
    time.sleep(0.3)  # by now it would run if it was going to
    wait_until(
        lambda: not processes_of(platform.state, name) and not record.exists(),
        limit=10,
        what="nothing of the session is left",
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can end the monitor of somebody else's sandbox")
def test_a_sandbox_whose_monitor_was_killed_is_ended_whole(mallory: Person, platform: Platform):
    for pid in processes_of(platform.state, "mallory"):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    wait_until(lambda: not processes_of(platform.state, "mallory"), limit=10, what="nothing of the session runs")
    wait_until(
        lambda: not mallory.hub("GET", "/users/mallory").json()["servers"], limit=20, what="the hub notices the end"
    )


def test_sockets_beyond_the_network_namespace_cannot_be_made(mallory: Person):
    code = "import socket\ntry:\n    socket.socket(socket.AF_VSOCK)\nexcept OSError as error:\n    print(error.errno)"
    assert mallory.kernel().run(code).text == "97\n"

"""Games with the folder of the session's socket, the one place that session, hub and edge all see.

Each is played in a session of its own, which is stopped afterwards: that must work too.
"""

import contextlib
import os
from collections.abc import Iterator

import pytest
import requests
from support.attack import Attack, Attacker, Ground, Tried
from support.platform import wait_until

FOLDER = "/run/mantidhub/session"


@pytest.fixture
def mallory(ground: Ground) -> Iterator[Attacker]:
    person = ground.newcomer("mallory")
    person.run(f"import os, socket; os.chdir('{FOLDER}')")
    yield person
    person.person.stop_session()
    assert not (ground.platform.state / "run" / "sessions" / "mallory").exists()
    ground.platform.command("user", "remove", "mallory")
    ground.still_answers()


def lead(mallory: Attacker, target: str) -> None:
    """Put a symlink in the place of the socket; the socket itself stays beside it."""
    said = mallory.run(
        f"os.path.lexists('kept.sock') or os.rename('server.sock', 'kept.sock'); "
        f"os.symlink({target!r}, 'aside'); os.rename('aside', 'server.sock'); print('led')"
    )
    assert said.text == "led\n", said


def ask(mallory: Attacker, path: str, method: str = "GET") -> requests.Response:
    """Ask below one's own address, with the path as it stands: not tidied on the way."""
    request = requests.Request(method, mallory.person.address, headers=headers(mallory)).prepare()
    request.url = f"{mallory.person.address}/user/mallory{path}"
    with requests.Session() as web:
        return web.send(request, timeout=60, allow_redirects=False)


def headers(mallory: Attacker) -> dict[str, str]:
    return {"Authorization": f"token {mallory.person.token}"}


def led_to_oneself(mallory: Attacker) -> Tried:
    """Look whether requests follow a link at all: else the games that lead them elsewhere prove nothing."""
    lead(mallory, "kept.sock")
    answer = ask(mallory, "/api/status")
    return Tried("followed" if answer.status_code == 200 else "", f"status {answer.status_code}")


PATHS = ("/api/contents", "/../alice/api/contents", "/..%2falice/api/contents", "/%2e%2e/alice/api/contents")


def test_lead_ones_address_to_anothers_server(ground: Ground, attack: Attack, mallory: Attacker):
    ground.alice.run("open('secret.txt', 'w').write('of alice')")
    attack.control(led_to_oneself(mallory))
    lead(mallory, "../alice/server.sock")
    for path in PATHS:
        answer = ask(mallory, path)
        attack.attempt(Tried("secret.txt" if "secret.txt" in answer.text else "", f"status {answer.status_code}"))


def test_lead_ones_address_to_the_hub(ground: Ground, attack: Attack, mallory: Attacker):
    """As if the question came from elsewhere: without the edge's word, and past its rules."""
    attack.control(led_to_oneself(mallory))
    lead(mallory, "../../hub/hub.sock")
    for path in ("/hub/api/users", "/../../hub/api/users", "/..%2f..%2fhub/api/users/alice"):
        answer = ask(mallory, path)
        gained = "alice" in answer.text and answer.headers["Content-Type"] == "application/json"
        attack.attempt(Tried("told of others" if gained else "", f"status {answer.status_code}"))


def test_lead_ones_address_to_the_controller(ground: Ground, attack: Attack, mallory: Attacker):
    """The controller obeys hub and root: neither must be made to carry a message of mallory's."""
    attack.control(led_to_oneself(mallory))
    lead(mallory, "../../controller/controller.sock")
    for method, path in (("GET", "/../../offer"), ("DELETE", "/../../sessions/alice"), ("DELETE", "/sessions/alice")):
        answer = ask(mallory, path, method)
        gained = "choices" in answer.text or answer.status_code == 204
        attack.attempt(Tried("the controller obeyed" if gained else "", f"status {answer.status_code}"))
    ground.still_answers()


OTHERS = {
    "a pipe": "os.mkfifo('server.sock')",
    "a folder": "os.makedirs('server.sock/a')",
    "a link to itself": "os.symlink('server.sock', 'server.sock')",
    "a file without an end": "open('server.sock', 'w').truncate(2**40)",
    "a socket of datagrams": "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('server.sock')",
    "a socket that nobody answers": "s = socket.socket(socket.AF_UNIX); s.bind('server.sock'); s.listen(0)",
    "names that are no text": r"[open(b'\xff\n\x1b[31m' + bytes([n]), 'w') for n in range(1, 40)]",
}


@pytest.mark.parametrize("what", OTHERS, ids=str)
def test_hold_the_edge_up_with(ground: Ground, attack: Attack, mallory: Attacker, what: str):
    """Others are answered meanwhile, and the session can be stopped, which the fixture does."""
    attack.control(Tried("answers" if ask(mallory, "/api/status").status_code == 200 else ""))
    said = mallory.run(f"os.rename('server.sock', 'kept.sock'); {OTHERS[what]}; print('put')")
    assert said.text == "put\n", said
    with contextlib.suppress(requests.Timeout):  # mallory may wait for what mallory broke
        requests.get(f"{mallory.person.address}/user/mallory/api/status", headers=headers(mallory), timeout=3)
    answer = ground.alice.person.session("GET", "/api/status")
    slow = answer.elapsed.total_seconds() > 5 or answer.status_code != 200
    attack.attempt(Tried("others waited" if slow else "", f"answered in {answer.elapsed.total_seconds():.2f} s"))


@pytest.mark.skipif(os.getuid() != 0, reason="started as an ordinary user, everything has one user id")
def test_lead_the_controller_to_another_socket_at_a_start(ground: Ground, attack: Attack):
    """Root's question whether the session answers must not go to a socket of the attacker's choice."""
    who = (
        "import os, socket, struct, threading\n"
        "def listen(name):\n"
        "    server = socket.socket(socket.AF_UNIX); server.bind(name); server.listen(); os.chmod(name, 0o777)\n"
        "    def note():\n"
        "        while True:\n"
        "            peer = server.accept()[0]\n"
        "            who = struct.unpack('3i', peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]\n"
        "            if who != os.getuid():  # Jupyter itself looks whether somebody listens there\n"
        "                open('/home/led/asked', 'a').write('x')\n"
        "            peer.close()\n"
        "    threading.Thread(target=note, daemon=True).start()\n"
        "folder = '/run/mantidhub/session/'\n"
        "listen(folder + 'other.sock')\n"
        "if MODE == 'link':\n    os.symlink('other.sock', folder + 'server.sock')\n"
        "else:\n    os.link(folder + 'other.sock', folder + 'server.sock')\n"
        "import time; time.sleep(12)\n"
    )
    led = ground.newcomer("led")
    led.person.stop_session()
    configuration = ground.home("led") / ".jupyter" / "jupyter_server_config.py"
    configuration.parent.mkdir(exist_ok=True)
    owner = ground.home("led").stat()
    asked = {}
    for mode in ("socket", "link"):
        configuration.write_text(f"MODE = {mode!r}\n{who}")
        for path in (configuration.parent, configuration):
            os.chown(path, owner.st_uid, owner.st_gid)
        (ground.home("led") / "asked").unlink(missing_ok=True)
        led.person.hub("POST", "/users/led/server")
        wait_until(
            lambda: not led.person.hub("GET", "/users/led").json()["servers"].get("", {}).get("pending"),
            limit=90,
            what="the start is over",
        )
        asked[mode] = (ground.home("led") / "asked").exists()
        if led.person.hub("GET", "/users/led").json()["servers"]:
            led.person.stop_session()
    attack.control(
        Tried("root asked a socket" if asked["socket"] else "", "the configuration of the home was not read")
    )
    attack.attempt(Tried("root followed a link" if asked["link"] else "", "root follows no link"))

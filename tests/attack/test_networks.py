"""Attacks by networks and sockets: the host, the platform, other people, other machines."""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.attack import OWN_NAMESPACES, Attack, Ground, Tried, probe_on_host

from mantidhub.operations.isolation.attacks import INTERNET, METADATA, PRIVATE

as_root = pytest.mark.skipif(os.getuid() != 0, reason="the control makes a network of its own, which needs root")


def own_addresses() -> list[str]:
    """Return every address of this host: its loopback, its networks, its bridges."""
    listed = subprocess.run(["hostname", "--all-ip-addresses"], capture_output=True, text=True, check=False).stdout
    return ["127.0.0.1", "::1", *listed.split()]


@pytest.fixture
def echo() -> Iterator[int]:
    """An echo of datagrams on all addresses of the host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", 0))  # noqa: S104 - what an attacker must not reach on any address
        server.settimeout(0.2)
        done = threading.Event()

        def answer() -> None:
            while not done.is_set():
                try:
                    said, sender = server.recvfrom(100)
                    server.sendto(said, sender)
                except TimeoutError:
                    continue

        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        yield server.getsockname()[1]
        done.set()
        answering.join()


@pytest.fixture
def listener() -> Iterator[int]:
    """Somebody who listens on all addresses of the host."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        yield server.getsockname()[1]


def test_connect_to_tcp_ports_of_the_host(ground: Ground, attack: Attack, listener: int):
    every = [(address, port) for address in own_addresses() for port in (listener, ground.platform.port)]
    for pair in every[:2]:
        attack.control(probe_on_host("connect_tcp", addresses=[pair]))
    attack.attempt(ground.eve.probe("connect_tcp", addresses=every))


def test_scan_the_tcp_ports_of_the_host(ground: Ground, attack: Attack, listener: int):
    attack.control(probe_on_host("scan_tcp", hosts=["127.0.0.1"], own=[]))
    listening = (
        "lines = [line for file in ('tcp', 'tcp6') for line in list(open(f'/proc/net/{file}'))[1:]]\n"
        "print([int(line.split()[1].split(':')[1], 16) for line in lines])"
    )
    own = json.loads(ground.eve.run(listening).text)
    assert listener not in own
    attack.attempt(ground.eve.probe("scan_tcp", hosts=own_addresses(), own=own))


def test_reach_udp_ports_of_the_host(ground: Ground, attack: Attack, echo: int):
    addresses = [address for address in own_addresses() if ":" not in address]
    attack.control(probe_on_host("send_udp", host="127.0.0.1", port=echo))
    for address in addresses:
        attack.attempt(ground.eve.probe("send_udp", host=address, port=echo))


def test_reach_a_port_that_another_session_opened(ground: Ground, attack: Attack):
    ground.alice.run("import socket; server = socket.create_server(('0.0.0.0', 0)); port = server.getsockname()[1]")
    port = int(ground.alice.run("print(port)").text)
    attack.control(ground.alice.probe("connect_tcp", addresses=[("127.0.0.1", port)]))
    attack.attempt(ground.eve.probe("connect_tcp", addresses=[(address, port) for address in own_addresses()]))
    ground.alice.run("server.close()")


@as_root
@pytest.mark.parametrize(
    "addresses", [METADATA, PRIVATE, INTERNET],
    ids=["of the metadata of a cloud", "of private networks", "of the internet"],
)  # fmt: skip
def test_find_a_way_to_addresses(ground: Ground, attack: Attack, addresses: tuple[str, ...]):
    """Nothing is sent. The control has an interface with a default route; there the kernel knows a way."""
    network = (
        "ip link set lo up && ip addr add 198.51.100.1/32 dev lo && ip route add default dev lo"
        " && ip -6 route add default dev lo"
    )
    within = (*OWN_NAMESPACES, "sh", "-c", f'{network} && exec "$@"', "sh")
    attack.control(probe_on_host("route_to", within=within, addresses=addresses))
    attack.attempt(ground.eve.probe("route_to", addresses=addresses))


def test_ask_a_name_server(ground: Ground, attack: Attack):
    attack.control(probe_on_host("resolve", name="localhost"))
    attack.attempt(ground.eve.probe("resolve", name="example.org"))
    attack.attempt(ground.eve.probe("send_udp", host="127.0.0.53", port=53))


@pytest.mark.skipif(len(socket.if_nameindex()) < 2, reason="This host has no network interface but its loopback")
def test_find_a_network_interface(ground: Ground, attack: Attack):
    attack.control(probe_on_host("find_interfaces"))
    attack.attempt(ground.eve.probe("find_interfaces"))


def test_connect_to_an_abstract_socket_of_the_host(ground: Ground, attack: Attack):
    name = f"mantidhub-attack-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0" + name)
        server.listen()
        attack.control(probe_on_host("connect_unix", path=f"@{name}"))
        attack.attempt(ground.eve.probe("connect_unix", path=f"@{name}"))


SOCKETS = {
    "the controller": "run/controller/controller.sock",
    "another session": "run/sessions/alice/server.sock",
}


@pytest.mark.parametrize("whose", SOCKETS, ids=str)
def test_connect_to_the_socket_of(ground: Ground, attack: Attack, whose: str):
    path = str(ground.platform.state / SOCKETS[whose])
    attack.control(probe_on_host("connect_unix", path=path))
    attack.attempt(ground.eve.probe("connect_unix", path=path))
    attack.attempt(ground.eve.probe("connect_unix", path="/run/mantidhub/session/../../alice/server.sock"))


def test_connect_to_the_socket_of_an_engine(ground: Ground, attack: Attack, tmp_path: Path):
    """Whoever reaches Docker's socket is root of the host."""
    path = str(ground.docker.socket) if ground.docker else str(tmp_path / "docker.sock")
    with socket.socket(socket.AF_UNIX) as server:
        if ground.docker is None:
            server.bind(path)
            server.listen()
        attack.control(probe_on_host("connect_unix", path=path))
        for where in (path, "/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock"):
            attack.attempt(ground.eve.probe("connect_unix", path=where))


def test_share_memory_with_another(ground: Ground, attack: Attack):
    """A covert way between two sessions, and into another's arrays."""
    ground.alice.run("open('/dev/shm/covert', 'w').write('hello')")
    attack.control(ground.alice.probe("read_file", path="/dev/shm/covert"))
    attack.attempt(ground.eve.probe("read_file", path="/dev/shm/covert"))


@pytest.mark.skipif(shutil.which("ipcmk") is None, reason="there is no ipcmk on this host to make shared memory")
def test_attach_to_shared_memory_of_the_host(ground: Ground, attack: Attack):
    made = subprocess.run(["ipcmk", "-M", "4096", "-p", "0666"], capture_output=True, text=True, check=True).stdout
    number = made.split()[-1]
    try:
        attack.control(probe_on_host("find_shared_memory", identifier=int(number)))
        attack.attempt(ground.eve.probe("find_shared_memory", identifier=int(number)))
    finally:
        subprocess.run(["ipcrm", "-m", number], check=True)


def test_read_a_kernels_connection_file_of_another(ground: Ground, attack: Attack):
    """Whoever has it can run code as its owner."""
    found = ground.alice.run("import ipykernel; print(ipykernel.get_connection_file())").text.strip()
    attack.control(ground.alice.probe("read_file", path=found))
    attack.attempt(ground.eve.probe("read_file", path=found))


ASK = """
import http.client, os, socket
class Hub(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX); self.sock.connect('/run/mantidhub/hub/hub.sock')
def ask(method, path, body=None):
    hub = Hub('hub')
    hub.request(method, '/hub/api' + path, body, {'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']})
    return hub.getresponse().status
"""
FOREIGN = [
    ("GET", "/users"), ("GET", "/users/alice"), ("POST", "/users/alice/server"), ("DELETE", "/users/alice/server"),
    ("POST", "/users/alice/tokens"), ("POST", "/users/eve/tokens"), ("PATCH", "/users/eve"), ("POST", "/users/evil"),
    ("POST", "/shutdown"), ("GET", "/proxy"), ("GET", "/services"), ("GET", "/groups"), ("POST", "/groups/x"),
    ("POST", "/users/alice/activity"),
]  # fmt: skip


def test_ask_the_hub_for_more_than_ones_own(ground: Ground, attack: Attack):
    ground.eve.run(ASK)
    own = ground.eve.attempt("print('its own' if ask('GET', '/user') == 200 else '')")
    attack.control(own)
    for method, path in FOREIGN:
        code = f"status = ask({method!r}, {path!r}, '{{}}'); print('' if status in (400, 403, 404, 405) else status)"
        attack.attempt(ground.eve.attempt(code))


def test_flood_the_hub_with_questions(ground: Ground, attack: Attack):
    """The hub still answers others while one session asks as fast as it can."""
    ground.eve.run(ASK)
    flood = (
        "import threading, time\nuntil, done = time.monotonic() + 8, []\n"
        "def flood():\n    while time.monotonic() < until:\n        done.append(ask('GET', '/user'))\n"
        "threads = [threading.Thread(target=flood) for _ in range(16)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]; print(len(done))"
    )
    message = ground.eve.kernel.send(flood)
    answers = [ground.alice.person.hub("GET", "/users/alice") for _ in range(5)]
    slowest = max(answer.elapsed.total_seconds() for answer in answers)
    asked = int(ground.eve.kernel.output_of(message).text)
    attack.control(Tried(f"asked {asked} times" if asked > 50 else "", f"only {asked} questions were asked"))
    attack.attempt(Tried("" if slowest < 5 else f"others waited {slowest:.1f} s", "others were answered"))
    ground.still_answers()

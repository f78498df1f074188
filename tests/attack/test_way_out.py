"""Attacks by the way out that an administrator opened: into private networks, the host, other sessions, other names."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.attack import Attack, Attacker, Ground, Tried, probe_on_host
from support.internet import Internet, knowing
from support.platform import wait_until

from mantidhub.network.relay import MOST_CONNECTIONS

from .conftest import ENGINES, live_ground

TUNNEL = """
import socket
def tunnel(host, port, further=''):
    with socket.create_connection(('127.0.0.1', 3128), 10) as way:
        way.sendall(f'CONNECT {host}:{port} HTTP/1.1\\r\\nHost: x\\r\\n{further}\\r\\n'.encode())
        answer = way.recv(100).decode()
        if ' 200 ' in answer:
            print('a connection to', host, port)
        else:
            raise ConnectionRefusedError(answer.partition('\\r')[0])
"""


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A service of the host, for its own use, on a port that sessions may reach elsewhere."""
    with socket.create_server(("", 0)) as server:
        yield server


@pytest.fixture(scope="module", params=ENGINES)
def ground(
    request: pytest.FixtureRequest,
    internet: Internet,
    listener: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ground]:
    """A platform that lets sessions reach every public host: what gives an attacker most."""
    engine: str = request.param
    daemon = request.getfixturevalue("docker") if engine == "docker" else None
    folder = tmp_path_factory.mktemp(f"open-{engine}")
    port = listener.getsockname()[1]
    settings = f'[network]\npolicy = "open"\nports = [80, 443, {port}]\n'
    with live_ground(engine, daemon, folder, within=knowing(internet, folder), settings=settings) as ground:
        for person in (ground.eve, ground.alice):
            person.run(TUNNEL)
        yield ground


def tunnel(attacker: Attacker, host: str, port: int, further: str = "") -> Tried:
    return attacker.attempt(f"tunnel({host!r}, {port}, {further!r})")


def from_host(address: str, port: int) -> Tried:
    return probe_on_host("connect_tcp", addresses=[(address, port)])


def test_reach_a_private_network_through_the_proxy(ground: Ground, attack: Attack, internet: Internet):
    attack.control(tunnel(ground.eve, "good.example", 443))
    attack.control(from_host(internet.private, 443))
    for host in (internet.private, "private.example", f"[::ffff:{internet.private}]"):
        attack.attempt(tunnel(ground.eve, host, 443))


def test_reach_link_local_addresses_and_metadata_through_the_proxy(ground: Ground, attack: Attack, internet: Internet):
    attack.control(tunnel(ground.eve, "good.example", 80))
    attack.control(from_host(internet.link_local, 80))
    for host in (internet.link_local, "link.example", "169.254.169.254", "metadata.example"):
        attack.attempt(tunnel(ground.eve, host, 80))


SPELLINGS = ("127.0.0.1", "localhost", "loopback.example", "both.example", "127.1", "2130706433", "0x7f.1", "0.0.0.1")


def test_reach_a_service_of_the_host_through_the_proxy(
    ground: Ground, attack: Attack, internet: Internet, listener: socket.socket
):
    port = listener.getsockname()[1]
    attack.control(tunnel(ground.eve, "good.example", 80))
    attack.control(from_host("127.0.0.1", port))
    attack.control(from_host(internet.here, port))
    for host in (*SPELLINGS, "[::ffff:127.0.0.1]", internet.here, "here.example"):
        attack.attempt(tunnel(ground.eve, host, port))


def test_lead_the_proxy_to_the_host_by_a_name_that_changes(ground: Ground, attack: Attack, listener: socket.socket):
    """The name's owner answers with a public address and the host's loopback in turn, for no second each."""
    port = listener.getsockname()[1]
    attack.control(from_host("127.0.0.1", port))
    listener.setblocking(False)
    try:
        while True:
            listener.accept()[0].close()
    except BlockingIOError:
        pass
    for _ in range(100):
        ground.eve.attempt(f"tunnel('flip.example', {port})")
    try:
        listener.accept()[0].close()
        attack.attempt(Tried("a connection to the host"))
    except BlockingIOError:
        attack.attempt(Tried("", "nobody connected to the host"))


def test_reach_a_port_that_is_not_open(ground: Ground, attack: Attack, internet: Internet):
    attack.control(tunnel(ground.eve, "good.example", 443))
    attack.control(from_host(internet.public, 8080))
    attack.attempt(tunnel(ground.eve, "good.example", 8080))


def test_go_past_the_proxy(ground: Ground, attack: Attack, internet: Internet):
    attack.control(from_host(internet.public, 80))
    attack.attempt(ground.eve.probe("connect_tcp", addresses=[(internet.public, 80), (internet.here, 80)]))
    attack.attempt(ground.eve.probe("route_to", addresses=[internet.public]))


def test_ask_a_name_server_past_the_proxy(ground: Ground, attack: Attack, internet: Internet):
    attack.control(from_host(internet.public, 80))
    attack.attempt(ground.eve.probe("send_udp", host=internet.public, port=53))


def test_use_the_way_out_of_another(ground: Ground, attack: Attack):
    path = ground.platform.state / "run" / "network" / "alice" / "proxy.sock"
    attack.control(ground.eve.probe("connect_unix", path="/run/mantidhub/network/proxy.sock"))
    attack.control(probe_on_host("connect_unix", path=str(path)))
    for way in (str(path), "/run/mantidhub/network/../alice/proxy.sock", "/run/mantidhub/alice/proxy.sock"):
        attack.attempt(ground.eve.probe("connect_unix", path=way))


def test_change_the_folder_of_the_way_out(ground: Ground, attack: Attack):
    attack.control(ground.eve.probe("write_file", path="/run/mantidhub/session/new"))
    attack.attempt(ground.eve.probe("write_file", path="/run/mantidhub/network/new"))
    code = "import os; os.rename('/run/mantidhub/network/proxy.sock', '/run/mantidhub/network/{}'); print('renamed')"
    attack.attempt(ground.eve.attempt(code.format("other.sock")))
    attack.attempt(ground.eve.attempt("os.chmod('/run/mantidhub/network/proxy.sock', 0); print('closed')"))
    ground.still_answers()


FORGERIES = (
    "Proxy-Authorization: Basic YWxpY2U6\\r\\n", "X-Forwarded-For: alice\\r\\n", "Forwarded: for=alice\\r\\n",
    "X-MantidHub-User: alice\\r\\n",
)  # fmt: skip


def test_ask_in_the_name_of_another(ground: Ground, attack: Attack):
    """Who asked for what is all that an administrator has afterwards."""
    log = ground.platform.state / "network" / "access.log"

    def asked(name: str) -> int:
        return sum(line.split()[1] == name for line in log.read_text().splitlines())

    of_eve, of_alice = asked("eve"), asked("alice")
    attack.control(tunnel(ground.alice, "good.example", 80))
    wait_until(lambda: asked("alice") == of_alice + 1, limit=5, what="what alice asks for is logged as hers")
    for forgery in FORGERIES:
        ground.eve.run(f"tunnel('good.example', 80, '{forgery}')")
    header = "PROXY TCP6 fd00::1 ::1 1 1\\r\\nCONNECT good.example:80 HTTP/1.1\\r\\n\\r\\n"
    ground.eve.run(
        "way = socket.create_connection(('127.0.0.1', 3128), 10)\n"
        f"way.sendall('{header}'.encode()); print(way.recv(100)); way.close()"
    )
    expected = of_eve + len(FORGERIES) + 1
    wait_until(lambda: asked("eve") >= expected, limit=5, what="what eve asks for is logged as hers")
    forged = asked("alice") - of_alice - 1
    attack.attempt(Tried(f"{forged} requests are logged as another's" if forged else "", "all are logged as eve's"))


def test_reach_the_server_of_another_session_through_the_proxy(ground: Ground, attack: Attack):
    ground.alice.run("server = socket.create_server(('0.0.0.0', 0)); port = server.getsockname()[1]")
    port = int(ground.alice.run("print(port)").text)
    attack.control(ground.alice.probe("connect_tcp", addresses=[("127.0.0.1", port)]))
    for host in ("127.0.0.1", "localhost", "mantidhub"):
        attack.attempt(tunnel(ground.eve, host, port))
    ground.alice.run("server.close()")


def test_ask_the_proxy_about_others(ground: Ground, attack: Attack):
    """squid answers its manager with what everybody does."""
    attack.control(tunnel(ground.eve, "good.example", 80))
    ask = (
        "way = socket.create_connection(('127.0.0.1', 3128), 10)\n"
        "way.sendall(b'GET {} HTTP/1.0\\r\\n\\r\\n'); said = way.recv(100).decode(); way.close()\n"
        "print('' if ' 403 ' in said or ' 400 ' in said else said)"
    )
    for address in ("http://127.0.0.1/squid-internal-mgr/active_requests", "cache_object://localhost/active_requests"):
        attack.attempt(ground.eve.attempt(ask.format(address)))


def test_take_all_connections_of_the_proxy(ground: Ground, attack: Attack):
    hold = (
        f"held = [socket.create_connection(('127.0.0.1', 3128), 10) for _ in range({3 * MOST_CONNECTIONS})]\n"
        "for way in held:\n    way.sendall(b'CONNECT good.example:80 HTTP/1.1\\r\\n')\n"
        "print(len(held), 'connections')"
    )
    attack.control(ground.eve.attempt(hold))
    gained = tunnel(ground.alice, "good.example", 80)
    attack.attempt(Tried("" if gained.gained else f"others are refused: {gained.refused}", "others go on"))
    ground.eve.run("for way in held: way.close()")
    ground.still_answers()


def test_read_the_proxys_secrets(ground: Ground, attack: Attack):
    """Who knows how the relay says who it is could ask in any name, from the host's loopback."""
    folder: Path = ground.platform.state / "network"
    for name in ("squid.conf", "access.log"):
        attack.control(probe_on_host("read_file", path=str(folder / name)))
        attack.attempt(ground.eve.probe("read_file", path=str(folder / name)))

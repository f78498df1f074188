"""What the proxy lets through, refuses, and says; asked at the sessions' own sockets."""

import errno
import os
import shutil
import socket
from pathlib import Path

import pytest
from support.internet import Internet
from support.platform import wait_until

from mantidhub.network.relay import MOST_CONNECTIONS
from mantidhub.sessions.log_length import KEPT, LARGEST_LOG, cut

from .conftest import Proxy, Start


@pytest.fixture(scope="module")
def listed(start: Start) -> Proxy:
    hosts = [
        "good.example",
        "gone.example",
        "*.good.example:8080",
        "private.example:8080",
        "link.example",
        "loopback.example",
    ]
    return start(policy="hosts", hosts=hosts)


@pytest.fixture(scope="module")
def opened(start: Start) -> Proxy:
    return start(policy="open", hosts=["private.example:8080"])


def test_a_listed_host_is_reached_by_its_name(listed: Proxy, internet: Internet):
    assert listed.get("good.example").text == f"hello from {internet.public}"
    assert listed.tunnel("good.example").text == f"hello from {internet.public}"
    for host in ("good.example", "sub.good.example"):
        assert listed.tunnel(host, 8080).text == f"hello from {internet.public}"
    assert listed.get("private.example", 8080).text == f"hello from {internet.private}", "the administrator's choice"


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("other.example", 443),
        ("good.example", 22),
        ("sub.good.example", 443),
        ("private.example", 443),
        ("good.example.other.example", 443),
        ("evilgood.example", 443),
        ("{public}", 443),
        ("unknown.example", 443),
    ],
)
def test_whatever_is_not_listed_is_refused_in_words(listed: Proxy, internet: Internet, host: str, port: int):
    host = host.format(public=internet.public)
    for answer in (listed.tunnel(host, port), listed.get(host, port)):
        assert answer.status == 403
        assert f"{host}, port {port}, is not among the hosts and ports that sessions may reach" in answer.text


@pytest.mark.parametrize("host", ["link.example", "loopback.example"])
def test_a_listed_name_that_leads_to_the_machine_or_its_link_is_refused(listed: Proxy, host: str):
    answer = listed.tunnel(host)
    assert answer.status == 403
    assert "an address of the machine itself, of a link or of a group" in answer.text


def test_a_name_that_is_not_listed_is_not_asked_for(listed: Proxy, internet: Internet):
    """Whoever answers for it would learn what a session puts into it."""
    assert listed.tunnel("gone.example").status >= 500
    assert internet.was_asked_for("gone.example"), "the control: it is listed"
    for answer in (listed.tunnel("my-secret.example"), listed.get("my-secret.example")):
        assert answer.status == 403
    assert not internet.was_asked_for("my-secret.example")


def test_open_reaches_public_hosts_on_the_usual_ports(opened: Proxy, internet: Internet):
    for host in ("good.example", "other.example", internet.public):
        assert opened.get(host).text == f"hello from {internet.public}"
        assert opened.tunnel(host).text == f"hello from {internet.public}"
    answer = opened.tunnel("good.example", 8080)
    assert answer.status == 403
    assert "may not reach the port" in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "private.example", "here.example", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200",
        "[fc00::1]", "[fd00::1]", "[64:ff9b::a01:203]", "[2002:a01:203::1]", "[::ffff:10.1.2.3]", "167838211",
    ],
)  # fmt: skip
def test_open_refuses_private_addresses_and_names_that_lead_there(opened: Proxy, host: str):
    for answer in (opened.tunnel(host), opened.get(host)):
        assert answer.status == 403
        assert "an address of a private network or of this machine" in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "loopback.example", "six.example", "link.example", "metadata.example", "both.example", "localhost",
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.1", "[::1]", "[::]", "[::127.0.0.1]",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "168.63.129.16",
        "192.0.0.192", "224.0.0.1", "255.255.255.255", "[ff02::1]",
    ],
)  # fmt: skip
def test_open_refuses_the_machine_itself_its_links_and_the_metadata(opened: Proxy, host: str):
    for answer in (opened.tunnel(host), opened.get(host)):
        assert answer.status == 403
        assert "an address of the machine itself, of a link or of a group" in answer.text


def test_what_is_listed_is_reached_beside_what_is_open(opened: Proxy, internet: Internet):
    assert opened.tunnel("private.example", 8080).text == f"hello from {internet.private}"


def test_registries_are_the_mirrors_of_the_environments(start: Start, internet: Internet):
    proxy = start(
        {"pypi": "http://good.example:8080/simple", "local": "/srv"},
        policy="registries",
        hosts=["other.example:443"],
    )
    assert proxy.get("good.example", 8080).text == f"hello from {internet.public}"
    assert proxy.tunnel("other.example").text == f"hello from {internet.public}"
    assert proxy.get("good.example", 80).status == 403


def test_the_log_tells_who_asked_for_what_and_what_became_of_it(listed: Proxy, internet: Internet):
    listed.get("good.example", key="ann~second", header="Authorization: secret\r\n")
    listed.tunnel("other.example", key="ben")
    wait_until(lambda: any(" ben " in line for line in listed.log()), limit=5, what="both are logged")
    (ann,) = [line for line in listed.log() if " ann~second " in line]
    (ben,) = [line for line in listed.log() if " ben " in line]
    assert f" ann~second GET good.example:80 200 TCP_MISS {internet.public} " in ann
    assert " ben CONNECT other.example:443 403 TCP_DENIED - " in ben


def test_squid_goes_on_behind_what_is_kept_of_a_log_that_was_cut(listed: Proxy):
    log = listed.state.network / "access.log"
    with log.open("ab") as file:
        file.write(b"x" * 99 + b"\n" + b"\n" * LARGEST_LOG)
    cut(log)
    listed.tunnel("other.example", key="ida")
    wait_until(lambda: " ida " in listed.log()[-1], limit=5, what="it is logged")
    assert log.stat().st_size < KEPT + 1000, "squid appends, wherever the end is"


@pytest.mark.parametrize(
    "forged",
    [
        "X-Forwarded-For: 127.0.0.1\r\n", "Proxy-Authorization: Basic Ym9iOmJvYg==\r\n", "Forwarded: for=127.0.0.1\r\n",
        "Host: good.example\r\n",
    ],
)  # fmt: skip
def test_what_a_session_says_of_itself_changes_nothing(listed: Proxy, forged: str):
    assert listed.tunnel("other.example", key="cat", header=forged).status == 403
    assert listed.get("other.example", key="cat", header=forged).status == 403
    wait_until(lambda: [line.split()[1] for line in listed.log()[-2:]] == ["cat", "cat"], limit=5, what="it is logged")


def test_a_second_header_of_the_proxy_protocol_is_no_request(listed: Proxy):
    assert listed.say("PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n\r\n", key="dan").status == 400
    wait_until(lambda: " dan " in listed.log()[-1], limit=5, what="it is logged")


def test_a_program_of_the_host_that_is_not_the_relay_is_not_served(listed: Proxy):
    """It reaches the port, but does not know the address by which squid knows the relay."""
    with socket.create_connection(("127.0.0.1", listed.port), 5) as asking:
        asking.sendall(b"GET http://good.example/ HTTP/1.0\r\n\r\n")
        assert asking.recv(1) == b""
    with socket.create_connection(("127.0.0.1", listed.port), 5) as asking:
        asking.sendall(b"PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\nGET http://good.example/ HTTP/1.0\r\n\r\n")
        assert b"403 Forbidden" in asking.recv(100)


ODD_TARGETS = (
    "good.example@127.0.0.1", "127.0.0.1#good.example", "127.0.0.1?good.example", "127.0.0.1%00.good.example",
    "127.0.0.1%2egood.example", "127.0.0.1\\.good.example", "127.0.0.1/.good.example", "127.0.0.1\t.good.example",
    "127.0.0.1;good.example", "[::1%25good.example]", "127.0.0.1,good.example",
)  # fmt: skip


@pytest.mark.parametrize("target", ODD_TARGETS)
@pytest.mark.parametrize("form", ["CONNECT {}:{} HTTP/1.1", "GET http://{}:{}/ HTTP/1.1", "GET //{}:{}/ HTTP/1.1"])
def test_a_target_that_two_readers_could_read_differently_leads_nowhere(listed: Proxy, form: str, target: str):
    """It holds a listed name and the host's own address; what is judged and what is used must be the same."""
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        port = inside.getsockname()[1]
        answer = listed.say(f"{form.format(target, port)}\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
        assert answer.status in {400, 403, 503}
        with pytest.raises(BlockingIOError):
            inside.accept()


@pytest.mark.parametrize("address", ["http://127.0.0.1/squid-internal-mgr/info", "cache_object://localhost/info"])
def test_squid_is_not_managed_by_sessions(opened: Proxy, address: str):
    assert opened.say(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status == 403


def test_no_other_protocol_is_spoken(opened: Proxy):
    assert opened.say("GET ftp://good.example:80/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 403


def test_a_session_does_not_take_the_connections_of_others(listed: Proxy):
    held = [listed.connect("eve") for _ in range(MOST_CONNECTIONS)]
    for connection in held:
        connection.sendall(b"CONNECT good.example:443 HTTP/1.1\r\n")
    refused = listed.tunnel("good.example", key="eve")
    assert (refused.status, "too many connections" in refused.text) == (503, True)
    assert listed.tunnel("good.example", key="fay").status == 200
    for connection in held:
        connection.close()
    wait_until(lambda: listed.tunnel("good.example", key="eve").status == 200, limit=10, what="places are free again")


def test_a_session_that_is_started_again_at_once_has_its_way_out(listed: Proxy):
    way = listed.open_way("hal")
    shutil.rmtree(way.parent)
    assert listed.tunnel("good.example", key="hal").status == 200


def test_the_way_of_a_session_that_ended_is_closed(listed: Proxy):
    way = listed.open_way("gus")
    assert listed.tunnel("good.example", key="gus").status == 200
    kept = os.open(way, os.O_PATH)
    shutil.rmtree(way.parent)

    def is_closed() -> bool:
        with socket.socket(socket.AF_UNIX) as later:
            return later.connect_ex(f"/proc/self/fd/{kept}") == errno.ECONNREFUSED

    wait_until(is_closed, limit=5, what="nobody listens on it")
    os.close(kept)


@pytest.mark.skipif(os.getuid() != 0, reason="started as an ordinary user, everything has that user's rights")
def test_squid_and_relay_have_no_rights(listed: Proxy):
    for process in listed.processes:
        inner = process.pid
        while children := Path(f"/proc/{inner}/task/{inner}/children").read_text().split():
            inner = int(children[0])
        lines = Path(f"/proc/{inner}/status").read_text().splitlines()
        status = dict(line.split(":\t", 1) for line in lines)
        assert status["Uid"].split()[0] == "1900000003"
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1"
        assert not Path(f"/proc/{inner}/root{listed.state.hub}").exists()


def test_a_name_that_leads_elsewhere_with_every_question_is_asked_for_once(start: Start, internet: Internet):
    """Else it could lead to a public address when it is judged, and to the machine itself when it is used."""
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        proxy = start(policy="open", ports=[80, inside.getsockname()[1]])
        first = proxy.get("flip.example")
        answers = {proxy.get("flip.example").status for _ in range(20)}
        assert answers == {first.status}
        for _ in range(20):
            proxy.tunnel("flip.example", inside.getsockname()[1])
        with pytest.raises(BlockingIOError):
            inside.accept()

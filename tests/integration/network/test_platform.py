"""Sessions that reach what the administrator opened, and nothing else, with each engine."""

from collections.abc import Iterator

import pytest
from support.docker import DockerDaemon
from support.internet import Internet, knowing
from support.person import Kernel, Person
from support.platform import Platform, wait_until

ASK = """
import subprocess, sys, urllib.error, urllib.request
def ask(address):
    try:
        return urllib.request.urlopen(address, timeout=10).read().decode()
    except urllib.error.HTTPError as refusal:
        return f'{refusal.code} {refusal.read().decode()}'
    except OSError as refusal:
        return str(refusal)
"""


@pytest.fixture(scope="module", params=["sandbox", "docker"])
def opened(request: pytest.FixtureRequest, internet: Internet, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    folder = tmp_path_factory.mktemp("network")
    text = '[environments]\noffered = ["scipp"]\n[network]\npolicy = "hosts"\nhosts = ["good.example"]\n'
    if request.param == "docker":
        daemon: DockerDaemon = request.getfixturevalue("docker")
        text += f'[sessions]\nengine = "docker"\n[docker]\nsocket = "{daemon.socket}"\n'
    file = folder / "mantidhub.toml"
    file.write_text(text)
    before = knowing(internet, folder)
    running = Platform(folder / "State", ("--config", str(file)), within=before)
    request.addfinalizer(running.stop)
    return running.start()


@pytest.fixture(scope="module")
def olaf(opened: Platform) -> Person:
    person = Person.from_link(opened.invite("olaf"), "olaf")
    person.start_session()
    return person


@pytest.fixture(scope="module")
def kernel(olaf: Person) -> Iterator[Kernel]:
    kernel = olaf.kernel()
    kernel.run(ASK)
    return kernel


def test_programs_reach_the_listed_host_without_being_told_how(kernel: Kernel, internet: Internet):
    assert kernel.run("print(ask('http://good.example/'))").text == f"hello from {internet.public}\n"
    said = kernel.run("print(ask('https://good.example/'))").text
    assert "SSL" in said, "the tunnel is there, and at its end somebody who knows nothing of TLS"


def test_another_host_is_refused_in_words(kernel: Kernel):
    said = kernel.run("print(ask('http://other.example/'))").text
    assert said.startswith("403 ")
    assert "other.example, port 80, is not among the hosts and ports that sessions may reach" in said
    assert "Tunnel connection failed: 403 Forbidden" in kernel.run("print(ask('https://other.example/'))").text


def test_there_is_no_way_past_the_proxy(kernel: Kernel, internet: Internet):
    code = f"import socket; print(socket.socket().connect_ex(({internet.public!r}, 80)))"
    assert kernel.run(code).text == "101\n", "the network is unreachable"


def test_everything_comes_back_after_it_was_killed(kernel: Kernel, opened: Platform, internet: Internet):
    for name in ("squid", "relay"):
        opened.kill_service(name)
        wait_until(
            lambda: kernel.run("print(ask('http://good.example/'))").text == f"hello from {internet.public}\n",
            limit=15,
            what=f"sessions reach the host again after the end of {name}",
        )


def test_a_session_that_ended_leaves_no_way_out(olaf: Person, opened: Platform):
    way = opened.state / "run" / "network" / "olaf~second"
    olaf.start_session("second")
    wait_until((way / "proxy.sock").exists, limit=5, what="the second session has its way out")
    olaf.stop_session("second")
    wait_until(lambda: not way.exists(), limit=5, what="it is gone")

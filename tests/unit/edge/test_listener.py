"""Opening the public socket, and one clear sentence when that is not possible."""

import os
import socket

import pytest

from mantidhub.edge.listener import open_listener
from mantidhub.errors import SettingsError


def can_connect(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_port_0_lets_the_system_choose() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        assert can_connect("127.0.0.1", listener.getsockname()[1])
        assert not os.get_inheritable(listener.fileno())


def test_no_host_means_every_address() -> None:
    with open_listener("", 0) as listener:
        assert can_connect("127.0.0.1", listener.getsockname()[1])
        if listener.family == socket.AF_INET6:
            assert can_connect("::1", listener.getsockname()[1])


def test_localhost_is_ipv4() -> None:
    with open_listener("localhost", 0) as listener:
        assert listener.family == socket.AF_INET


def test_the_port_of_the_last_run_can_be_taken_at_once() -> None:
    first = open_listener("127.0.0.1", 0)
    port = first.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)):
        accepted, _ = first.accept()
        accepted.close()  # this side closes first, so the address stays in TIME_WAIT
    first.close()
    open_listener("127.0.0.1", port).close()


def test_a_taken_port_names_the_process_that_has_it() -> None:
    with open_listener("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} .* is taken by .* \(process {os.getpid()}\)"):
            open_listener("127.0.0.1", port)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its rights")
def test_a_port_that_belongs_to_root_is_explained() -> None:
    if child := os.fork():
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        return
    outcome = 1
    try:
        os.setuid(65534)
        with pytest.raises(SettingsError, match="only root may use ports below 1024"):
            open_listener("127.0.0.1", 80)
        outcome = 0
    finally:
        os._exit(outcome)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("192.0.2.1", 0, "'192.0.2.1': that is not an address of this machine"),
        ("no-such-host.invalid", 0, "no address is known under this name"),
        ("a" * 300, 0, "no address is known under this name"),
        ("127.0.0.1", 70000, "Port 70000 does not exist"),
    ],
)
def test_addresses_that_are_not_ours_are_explained(host: str, port: int, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        open_listener(host, port)

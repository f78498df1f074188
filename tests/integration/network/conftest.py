"""The real squid and the real relay, as `mantidhub up` runs them, without a hub."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.internet import Internet, knowing
from support.platform import wait_until

from mantidhub.confinement.bubblewrap import find_bubblewrap
from mantidhub.operations.network import prepare_network
from mantidhub.sessions.layout import NETWORK_SOCKET
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.deployment import Deployment
from mantidhub.settings.state import service_identities


@dataclass(frozen=True)
class Answer:
    """What a session is told."""

    status: int
    text: str


@dataclass
class Proxy:
    """What runs, and the sessions' ways to it."""

    state: StateFolder
    port: int
    processes: list["subprocess.Popen[bytes]"]

    def open_way(self, key: str) -> Path:
        """Make the folder of a session, as the controller does, and wait for the socket."""
        folder = self.state.ways_out / key
        folder.mkdir(exist_ok=True)
        if os.getuid() == 0:
            identity = service_identities(Settings())
            os.chown(folder, identity.network.uid, identity.network.gid)
        way = folder / NETWORK_SOCKET
        wait_until(way.exists, limit=10, what="the relay opens the session's way")
        return way

    def connect(self, key: str = "alice") -> socket.socket:
        way = socket.socket(socket.AF_UNIX)
        way.settimeout(10)
        way.connect(str(self.open_way(key)))
        return way

    def say(self, words: str | bytes, *, key: str = "alice") -> Answer:
        """Say something and read the answer; a tunnel that is opened is asked for the page behind it."""
        with self.connect(key) as way:
            way.sendall(words.encode() if isinstance(words, str) else words)
            answer = http.client.HTTPResponse(way, method=words[:7] if isinstance(words, str) else None)
            answer.begin()
            return Answer(answer.status, answer.read().decode())

    def get(self, host: str, port: int = 80, *, key: str = "alice", header: str = "") -> Answer:
        """Ask for a page, as for ``http://``."""
        return self.say(
            f"GET http://{host}:{port}/ HTTP/1.1\r\nHost: {host}\r\n{header}Connection: close\r\n\r\n", key=key
        )

    def tunnel(self, host: str, port: int = 443, *, key: str = "alice", header: str = "") -> Answer:
        """Ask for a tunnel, as for ``https://``, and for a page through it."""
        with self.connect(key) as way:
            way.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\n".encode())
            opened = http.client.HTTPResponse(way, method="CONNECT")
            opened.begin()
            if opened.status != 200:
                length = int(opened.headers.get("Content-Length", 0))
                return Answer(opened.status, opened.fp.read(length).decode())
            way.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(way)
            answer.begin()
            return Answer(answer.status, answer.read().decode())

    def log(self) -> list[str]:
        return (self.state.network / "access.log").read_text().splitlines()


Start = Callable[..., Proxy]


@pytest.fixture(scope="module")
def start(internet: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start what `mantidhub up` would start for settings of the network."""
    started: list[Proxy] = []

    def start(mirrors: dict[str, str] | None = None, **network: object) -> Proxy:
        folder = tmp_path_factory.mktemp("proxy")
        # Sockets far below pytest's folders would have names too long for a test that connects to them.
        state = StateFolder(Path("/tmp") / f"{folder.name}-{os.getpid()}")
        settings = Settings.model_validate({"network": network, "environments": {"mirrors": mirrors or {}}})
        services = service_identities(settings)
        state.prepare(services)
        prepared = prepare_network(settings, state, services)
        assert prepared is not None
        deployment = Deployment(
            settings=settings, state=state, examples=folder, address="", services=services, engine="sandbox"
        )
        before = knowing(internet, folder)
        processes = []
        for service in prepared.services(deployment, deployment.write(), find_bubblewrap()):
            with service.log.open("ab") as log:
                command = [*before, *service.command]
                options = {"cwd": service.folder, "stdout": log, "stderr": log, "start_new_session": True}
                processes.append(subprocess.Popen(command, env=dict(service.variables), **options))
        proxy = Proxy(state, prepared.port, processes)
        started.append(proxy)
        wait_until(lambda: _listens(prepared.port), limit=10, what="squid listens")
        return proxy

    yield start
    for proxy in started:
        for process in proxy.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in proxy.processes:
            process.wait(timeout=20)
        shutil.rmtree(proxy.state.root)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True

"""A real hub and real servers, for the tests beside this file.

They run in the environment that they test (``PREFIX/bin/python -m pytest tests/environment/server``), or in another
that names it: ``MANTIDLAB_TEST_PREFIX=PREFIX``.
"""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websocket import WebSocket, create_connection

HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("MANTIDLAB_TEST_PREFIX", sys.prefix)) / "bin" / "python"
OURS = [str(PYTHON), "-I", "-m", "mantidlab.server"]


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self.path))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    path: Path, method: str, url: str, *, token: str = "", body: Any = None, headers: dict[str, str] | None = None
) -> Answer:
    """Send one request to the socket *path*."""
    connection = UnixConnection(path)
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"token {token}"
    data = body if isinstance(body, bytes | str | None) else json.dumps(body)
    connection.request(method, url, body=data, headers=sent)
    answer = connection.getresponse()
    read = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return read


@dataclass
class Hub:
    """A running JupyterHub."""

    folder: Path
    token: str

    @property
    def socket(self) -> Path:
        return self.folder / "hub.sock"

    def answers(self) -> bool:
        """Tell whether it answers: its socket is there a moment before."""
        try:
            return self.ask("GET", "/").status == 200
        except OSError:
            return False

    def ask(self, method: str, url: str, *, token: str = "", body: Any = None) -> Answer:
        return ask(self.socket, method, f"/hub/api{url}", token=token or self.token, body=body)

    def session_variables(self, user: str) -> dict[str, str]:
        """Have the hub start a session, and return the variables that it gives to it."""
        self.ask("POST", f"/users/{user}")
        written = self.folder / "variables" / f"{user}.json"
        if not written.exists():
            request = UnixConnection(self.socket)  # answers when the server does, so nobody waits for it
            request.request("POST", f"/hub/api/users/{user}/server", headers={"Authorization": f"token {self.token}"})
            wait_for(written.exists, what=f"the hub to start a session of {user}")
        return json.loads(written.read_text())

    def user_token(self, user: str) -> str:
        self.ask("POST", f"/users/{user}")
        return self.ask("POST", f"/users/{user}/tokens", body={}).json["token"]


@dataclass
class Session:
    """A running server."""

    process: subprocess.Popen
    socket: Path
    prefix: str
    token: str
    home: Path
    log_file: Path
    seconds_to_answer: float = 0.0

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def ask(self, method: str, url: str, **named: Any) -> Answer:
        return ask(self.socket, method, f"{self.prefix}{url}", token=named.pop("token", self.token), **named)

    def websocket(self, url: str) -> WebSocket:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.socket))
        connection.settimeout(60)
        return create_connection(
            f"ws://localhost{self.prefix}{url}", socket=connection, header=[f"Authorization: token {self.token}"]
        )

    def send_cell(self, code: str, kernel: str | None = None) -> tuple[WebSocket, str]:
        """Have *code* run the way a browser does; return where the answers come, and the request's id."""
        kernel = kernel or self.ask("POST", "api/kernels", body={"name": "python3"}).json["id"]
        connection = self.websocket(f"api/kernels/{kernel}/channels")
        header = {"msg_id": secrets.token_hex(8), "msg_type": "execute_request", "session": "s", "username": "u"}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        message = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}, "content": content}
        connection.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        return connection, header["msg_id"]

    def run_cell(self, code: str, kernel: str | None = None) -> str:
        """Run *code* to its end and return what it printed."""
        connection, request = self.send_cell(code, kernel)
        printed = ""
        while True:
            reply = json.loads(connection.recv())
            if reply["parent_header"].get("msg_id") != request:
                continue
            if reply["msg_type"] == "stream":
                printed += reply["content"]["text"]
            if reply["msg_type"] == "error":
                printed += "\n".join(reply["content"]["traceback"])
            if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                connection.close()
                return printed

    def stop(self) -> int:
        """Send SIGTERM and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@dataclass
class Starter:
    """Starts servers, and ends them with the test."""

    hub: Hub
    folder: Path
    started: list[subprocess.Popen] = field(default_factory=list)

    def launch(
        self,
        user: str = "ann",
        *,
        home: Path | None = None,
        command: list[str] | None = None,
        before: list[str] | None = None,
        uid: int | None = None,
        keep_socket: bool = False,
        **variables: str | None,
    ) -> Session:
        """Start a server without waiting for it; a variable that is None is left out."""
        given = self.hub.session_variables(user)
        listens_on = Path(given.pop("TEST_SOCKET"))
        if not keep_socket:
            listens_on.unlink(missing_ok=True)
        home = home or self.make_home()
        surroundings: dict[str, str | None] = {
            **given,
            "HOME": str(home),
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:8888{given['JUPYTERHUB_SERVICE_PREFIX']}",
            "MANTIDHUB_SOCKET": str(listens_on),
            "MANTIDHUB_ENVIRONMENT": "scipp",
            **variables,
        }
        log_file = self.folder / f"{len(self.started)}.log"
        if uid is not None:
            os.chown(listens_on.parent, uid, uid)
        with log_file.open("w") as log:
            process = subprocess.Popen(
                [*(before or []), *(command or OURS)],
                env={name: value for name, value in surroundings.items() if value is not None},
                stdout=log,
                stderr=log,
                cwd="/",
                user=uid,
                group=uid,
                extra_groups=None if uid is None else [],
            )
        self.started.append(process)
        return Session(
            process, listens_on, given["JUPYTERHUB_SERVICE_PREFIX"], given["JUPYTERHUB_API_TOKEN"], home, log_file
        )

    def start(self, user: str = "ann", **named: Any) -> Session:
        """Start a server and wait for its first answer."""
        began = time.perf_counter()
        session = self.launch(user, **named)
        while True:
            try:
                assert session.ask("GET", "api").status == 200
                break
            except (FileNotFoundError, ConnectionRefusedError):
                assert session.process.poll() is None, session.log
                assert time.perf_counter() - began < 60, session.log
                time.sleep(0.005)
        session.seconds_to_answer = time.perf_counter() - began
        return session

    def make_home(self) -> Path:
        home = self.folder / f"home{len(self.started)}"
        home.mkdir(mode=0o755)
        return home

    def end_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(condition: Any, *, what: str, seconds: float = 120) -> Any:
    """Wait until *condition* returns something true, and return it."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)
    return found

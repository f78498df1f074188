"""A person with a browser's cookies, and the notebook kernels that they run."""

import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import websocket

PASSWORD = "correct horse battery staple"


class Person:
    """Signs in as people do, then uses the hub's and the session's REST interfaces."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self.name = name
        self.web = requests.Session()

    @classmethod
    def from_link(cls, link: str, name: str) -> "Person":
        """Open the one-time link and choose a password."""
        parts = urlsplit(link)
        person = cls(f"{parts.scheme}://{parts.netloc}", name)
        page = person.web.get(link)
        form = {"_xsrf": person._xsrf(page.text), "password": PASSWORD, "repeated": PASSWORD}
        token = re.search(r"token=([^&]+)", link)[1]
        answer = person.web.post(link, data={**form, "token": token}, allow_redirects=False)
        assert answer.status_code == 302, answer.text[-2000:]
        person.make_token()
        return person

    def make_token(self) -> None:
        """Get a token for the REST interfaces, as the page of tokens gives one."""
        home = self.web.get(f"{self.address}/hub/home")
        answer = self.web.post(
            f"{self.address}/hub/api/users/{self.name}/tokens",
            params={"_xsrf": self._xsrf(home.text)},
            json={"note": "test"},
            headers={"Referer": f"{self.address}/hub/token"},
        )
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]

    def hub(self, method: str, path: str, **options) -> requests.Response:
        """Ask the hub's REST interface."""
        return requests.request(
            method,
            f"{self.address}/hub/api{path}",
            headers={"Authorization": f"token {self.token}"},
            timeout=120,
            **options,
        )

    def start_session(self, server: str = "", *, choice: dict[str, object] | None = None, limit: float = 60) -> float:
        """Start a session, with what was chosen, and wait until it is ready; return the seconds that it took."""
        began = time.monotonic()
        path = f"/users/{self.name}/servers/{server}" if server else f"/users/{self.name}/server"
        answer = self.hub("POST", path, json=choice)
        assert answer.status_code in {201, 202}, answer.text
        if answer.status_code == 202:
            self.wait_for_session(server, limit=limit)
        return time.monotonic() - began

    def wait_for_session(self, server: str = "", *, limit: float = 60) -> None:
        """Wait until a session that somebody started is ready."""
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if self.hub("GET", f"/users/{self.name}").json()["servers"].get(server, {}).get("ready"):
                return
            time.sleep(0.05)
        raise AssertionError(f"the session {server} of {self.name} was not ready within {limit} s")

    def stop_session(self, server: str = "") -> None:
        path = f"/users/{self.name}/servers/{server}" if server else f"/users/{self.name}/server"
        answer = self.hub("DELETE", path)
        assert answer.status_code in {202, 204}, answer.text
        while server in self.hub("GET", f"/users/{self.name}").json()["servers"]:
            time.sleep(0.05)

    def session(self, method: str, path: str, *, server: str = "", of: str | None = None, **options):
        """Ask the REST interface of one's own session, or of somebody else's."""
        prefix = f"/user/{of or self.name}" + (f"/{server}" if server else "")
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.address}{prefix}{path}", headers=headers, timeout=60, **options)

    def kernel_specifications(self, *, server: str = "") -> dict[str, dict[str, Any]]:
        """Return which kernels one's session offers, by name."""
        return self.session("GET", "/api/kernelspecs", server=server).json()["kernelspecs"]

    def kernel(self, name: str = "python3", *, server: str = "") -> "Kernel":
        """Start a kernel in one's session."""
        answer = self.session("POST", "/api/kernels", server=server, json={"name": name})
        assert answer.status_code == 201, answer.text
        return Kernel(self, answer.json()["id"], server)

    def _xsrf(self, page: str) -> str:
        found = re.search(r'name="_xsrf" value="([^"]+)"|xsrf_token: "([^"]+)"', page)
        assert found is not None, page[:3000]
        return found[1] or found[2]


@dataclass
class Output:
    """What a cell printed, and the error that ended it."""

    text: str
    error: str = ""


class Kernel:
    """A running kernel and the connection to it, as a browser's tab holds it."""

    def __init__(self, person: Person, kernel_id: str, server: str) -> None:
        self._person = person
        self.id = kernel_id
        self._server = server
        self.connect()

    def connect(self) -> None:
        """Open the connection, or open it again."""
        prefix = f"/user/{self._person.name}" + (f"/{self._server}" if self._server else "")
        address = self._person.address.replace("http", "ws", 1)
        self._socket = websocket.create_connection(
            f"{address}{prefix}/api/kernels/{self.id}/channels",
            header=[f"Authorization: token {self._person.token}"],
            timeout=60,
        )

    def send(self, code: str) -> str:
        """Send a cell without waiting; return the id by which its output is known."""
        message = str(uuid.uuid4())
        header = {
            "msg_id": message,
            "username": "",
            "session": self.id,
            "msg_type": "execute_request",
            "version": "5.3",
            "date": "",
        }
        content = {"code": code, "silent": False, "store_history": False, "stop_on_error": True, "allow_stdin": False}
        body = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self._socket.send(json.dumps(body))
        return message

    def output_of(self, message: str) -> Output:
        """Wait until the cell is done and return what it printed."""
        output = Output("")
        while True:
            received = json.loads(self._socket.recv())
            if received.get("parent_header", {}).get("msg_id") != message:
                continue
            kind, content = received["header"]["msg_type"], received["content"]
            if kind == "stream":
                output.text += content["text"]
            elif kind == "execute_result":
                output.text += content["data"].get("text/plain", "")
            elif kind == "error":
                output.error = f"{content['ename']}: {content['evalue']}"
            elif kind == "status" and content["execution_state"] == "idle":
                return output

    def run(self, code: str) -> Output:
        """Run a cell and return what it printed."""
        return self.output_of(self.send(code))

"""A web server for a folder of channels, on this machine only, that cuts, refuses and asks for passwords when told."""

import base64
import gzip
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import unquote


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    path: str
    range: str | None


@dataclass
class ChannelServer:
    """Serves files below a folder, with ranges.

    Attributes
    ----------
    cuts
        How often the connection ends in the middle of a package; -1 for always.
    after
        Bytes of the body that are sent before a cut.
    knows_ranges
        Whether a range is answered with that range, else with everything.
    account
        ``user:password`` that is asked for; empty for none.
    bearer
        Token that is asked for in a header; empty for none.
    compresses
        Whether what is sent is compressed for those who take that.
    token
        Must stand in the path as ``/t/TOKEN/``; empty for none.
    statuses
        Beginning of a path → status that is answered instead.
    """

    folder: Path
    cuts: int = 0
    after: int = 1000
    knows_ranges: bool = True
    account: str = ""
    token: str = ""
    bearer: str = ""
    compresses: bool = False
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                served.answer(self)

            def do_HEAD(self) -> None:
                served.answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def address(self, channel: str) -> str:
        return f"http://{self.host}/{channel}"

    def asked_for(self, name: str) -> list[Asked]:
        """Return the requests for a file."""
        return [asked for asked in self.asked if asked.path.endswith("/" + name)]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        path = unquote(request.path)
        self.asked.append(Asked(path, wanted))
        if self.token:
            beginning = f"/t/{self.token}/"
            if not path.startswith(beginning):
                return self._refuse(request, 401)
            path = "/" + path.removeprefix(beginning)
        if self.account and request.headers.get("Authorization") != "Basic " + encode(self.account):
            return self._refuse(request, 401)
        if self.bearer and request.headers.get("Authorization") != f"Bearer {self.bearer}":
            return self._refuse(request, 401)
        status = next((status for start, status in self.statuses.items() if path.startswith(start)), None)
        file = self.folder / path.lstrip("/")
        if file.is_dir():
            file /= "index.html"
        if status or not file.is_file():
            return self._refuse(request, status or 404)
        return self._send(request, file.read_bytes(), wanted, path)

    def _send(self, request: BaseHTTPRequestHandler, content: bytes, wanted: str | None, path: str) -> None:
        found = re.fullmatch(r"bytes=(\d+)-", wanted or "")
        if found and self.knows_ranges:
            start = int(found[1])
            if start >= len(content):
                return self._refuse(request, 416)
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            content = content[start:]
        else:
            request.send_response(200)
        request.send_header("Content-Type", "text/html" if path.endswith("/") else "application/octet-stream")
        if self.compresses and "gzip" in request.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content)
            request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if request.command == "HEAD":
            return None
        if path.endswith((".conda", ".tar.bz2")) and self.cuts and len(content) > self.after:
            self.cuts -= 1
            request.wfile.write(content[: self.after])
            request.wfile.flush()
            request.close_connection = True
            return None
        request.wfile.write(content)
        return None

    def _refuse(self, request: BaseHTTPRequestHandler, status: int) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()


def encode(account: str) -> str:
    return base64.b64encode(account.encode()).decode()

"""Attacks on the edge with bytes that no browser and no server sends. Which engine runs sessions is nothing to it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.attack import Attack, Tried
from support.edge import Edge, telling
from support.hostile import answers_in, exchange, get, hostile_session
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPServerRequest, ResponseStartLine
from tornado.netutil import bind_unix_socket

SMUGGLED = "GET /hub/smuggled HTTP/1.1\r\nHost: hub.example\r\nX-MantidHub-Edge: forged\r\n\r\n"
"""A request that the edge would not let through like this: with its own word, forged."""


class Hub:
    """Tornado, on which hub and sessions are built, and the requests that it understood."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.requests: list[HTTPServerRequest] = []
        self._server = HTTPServer(self._answer)
        self._server.add_socket(bind_unix_socket(str(socket)))

    def _answer(self, request: HTTPServerRequest) -> None:
        self.requests.append(request)
        connection = request.connection
        assert connection is not None
        body = f"hub {request.uri}".encode()
        fields = HTTPHeaders({"Content-Length": str(len(body))})
        connection.write_headers(ResponseStartLine("HTTP/1.1", 200, "OK"), fields, body)
        connection.finish()

    @property
    def forged(self) -> list[str]:
        """What it was asked with the edge's word forged."""
        return [str(one.uri) for one in self.requests if "forged" in one.headers.get_list("X-MantidHub-Edge")]

    def close(self) -> None:
        self._server.stop()


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    edge = Edge(tmp_path)
    edge.start()
    await edge.session("alice", telling("alice"))
    yield edge
    await edge.close()


@pytest.fixture
async def hub(edge: Edge) -> AsyncIterator[Hub]:
    hub = Hub(edge.settings.hub)
    yield hub
    hub.close()


def post(*fields: str, body: str, end: str = "\r\n") -> bytes:
    """Write a request with a body, each field as it is given."""
    return (end.join(["POST /hub/login HTTP/1.1", "Host: hub.example", *fields, "", ""]) + body).encode("latin-1")


CHUNK = f"{len(SMUGGLED):x}\r\n{SMUGGLED}\r\n0\r\n\r\n"
HIDDEN = f"0\r\n\r\n{SMUGGLED}"
LENGTH = f"Content-Length: {len(HIDDEN)}"
CHUNKED = "Transfer-Encoding: chunked"
SMUGGLING = {
    "a length and chunks": post(LENGTH, CHUNKED, body=HIDDEN),
    "chunks and a length": post(CHUNKED, "Content-Length: 4", body=CHUNK),
    "two lengths": post("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
    "two lengths in one": post(f"Content-Length: 0, {len(SMUGGLED)}", body=SMUGGLED),
    "a length with a sign": post("Content-Length: +0", body=SMUGGLED),
    "a length in other digits": post("Content-Length: 0x0", body=SMUGGLED),
    "a length below nothing": post("Content-Length: -1", body=SMUGGLED),
    "a space before the colon": post(LENGTH, "Transfer-Encoding : chunked", body=HIDDEN),
    "a space before the name": post(LENGTH, " Transfer-Encoding: chunked", body=HIDDEN),
    "a folded line": post(LENGTH, "X-Fold: a\r\n Transfer-Encoding: chunked", body=HIDDEN),
    "a tab": post(LENGTH, "Transfer-Encoding:\tchunked", body=HIDDEN),
    "a vertical tab": post(LENGTH, "Transfer-Encoding: \x0bchunked", body=HIDDEN),
    "a zero byte": post(LENGTH, "Transfer-Encoding: chunked\x00", body=HIDDEN),
    "two codings": post(LENGTH, CHUNKED, "Transfer-Encoding: identity", body=HIDDEN),
    "two codings in one": post(LENGTH, "Transfer-Encoding: identity, chunked", body=HIDDEN),
    "another coding": post(LENGTH, "Transfer-Encoding: xchunked", body=HIDDEN),
    "a coding in quotes": post(LENGTH, 'Transfer-Encoding: "chunked"', body=HIDDEN),
    "capital letters": post(LENGTH, "TRANSFER-ENCODING: CHUNKED", body=HIDDEN),
    "an underscore": post(LENGTH, "Transfer_Encoding: chunked", body=HIDDEN),
    "a line feed alone": post(LENGTH, f"X-Line: a\n{CHUNKED}", body=HIDDEN),
    "line feeds alone": post(LENGTH, CHUNKED, body=HIDDEN, end="\n"),
    "a carriage return alone": post(LENGTH, f"X-Line: a\r{CHUNKED}", body=HIDDEN),
    "a line feed in the size of a chunk": post(CHUNKED, body=f"2;\nxx\r\n{len(SMUGGLED):x}\r\n{SMUGGLED}\r\n0\r\n\r\n"),
    "a size of a chunk that is too large": post(CHUNKED, body=f"{'f' * 17}\r\n{SMUGGLED}"),
    "a size of a chunk with a sign": post(CHUNKED, body=f"+0\r\n\r\n{SMUGGLED}"),
    "trailing fields": post(CHUNKED, "Trailer: X-MantidHub-Edge", body="0\r\nX-MantidHub-Edge: forged\r\n\r\n"),
    "an older version": post(LENGTH, CHUNKED, body=HIDDEN).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "a line in the path": get("/hub/login HTTP/1.1\r\nX-MantidHub-Edge: forged\r\nX-Rest:"),
    "a field named by the connection": get("/hub/login", "X-MantidHub-Edge: forged", "Connection: X-MantidHub-Edge"),
}  # fmt: skip


@pytest.mark.parametrize("way", SMUGGLING)
async def test_smuggle_a_request_past_the_edge_by(edge: Edge, hub: Hub, attack: Attack, way: str):
    """The hub must not be made to see a request that the edge did not see, nor one with the edge's word forged."""
    await exchange(hub.socket, get("/hub/first") + SMUGGLED.encode(), patience=0.3)
    attack.control(Tried("the hub took both" if hub.forged == ["/hub/smuggled"] else "", "the hub itself took none"))
    hub.requests.clear()
    answer = await exchange(edge.port, SMUGGLING[way], get("/user/alice/"), patience=0.5)
    answered = [status.decode() for status in re.findall(rb"HTTP/1.[01] (\d+)", answer)]
    gained = hub.forged or [str(one.uri) for one in hub.requests if len(one.headers.get_list("X-MantidHub-Edge")) != 1]
    attack.attempt(Tried(f"the hub took {gained}" if gained else "", f"answered with {answered}"))


async def test_speak_another_protocol_to_the_hub(edge: Edge, hub: Hub, attack: Attack):
    """A connection that became a tunnel would be past the edge (h2c)."""
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__")
    switching = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\ntunnel"
    async with hostile_session(edge, "eve", switching):
        own = await exchange(edge.port, get("/user/eve/", "Connection: Upgrade", "Upgrade: websocket"), patience=0.5)
    attack.control(Tried("one's own session may switch" if b"101" in own and b"tunnel" in own else "", repr(own)))
    for protocol in ("h2c", "HTTP/2.0", "TLS/1.0", "websocket"):
        asked = get("/hub/login", *upgrade, f"Upgrade: {protocol}")
        answer = await exchange(edge.port, asked, SMUGGLED.encode(), patience=0.5)
        gained = b" 101 " in answer or hub.forged
        attack.attempt(Tried(f"switched to {protocol}" if gained else "", answer[:60].decode()))
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
    answer = await exchange(edge.port, preface, patience=0.5)
    attack.attempt(Tried("the hub was asked" if hub.forged else "", repr(answer[:60])))


# Answers


OK = b"HTTP/1.1 200 OK\r\n"
LENGTH_3 = b"Content-Length: 3\r\n"
OWN = OK + LENGTH_3 + b"\r\neve"
FORGED = OK + b"Content-Length: 7\r\n\r\nforged!"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
MISLEADING = {
    "more bytes than said": OWN + FORGED,
    "two lengths": OK + LENGTH_3 + b"Content-Length: 60\r\n\r\neve" + FORGED,
    "a length and chunks": OK + LENGTH_3 + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + FORGED,
    "a size of a chunk that is too large": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n" + FORGED,
    "a body where there is none": b"HTTP/1.1 204 No Content\r\n" + LENGTH_3 + b"\r\neve" + FORGED,
    "a body of what has not changed": b"HTTP/1.1 304 Not Modified\r\n" + LENGTH_3 + b"\r\neve" + FORGED,
    "line feeds in a field": OK + LENGTH_3 + b"X-A: b\n\n" + FORGED + b"\r\n\r\neve" + FORGED,
    "a carriage return in a field": OK + LENGTH_3 + b"X-A: b\r\r" + FORGED + b"\r\n\r\neve" + FORGED,
    "interim answers before": b"HTTP/1.1 103 Early Hints\r\nContent-Length: 60\r\n\r\n" * 3 + OWN + FORGED,
    "a switch that nobody asked for": SWITCH + FORGED,
    "no status": b"\r\n\r\n" + FORGED,
    "another version": b"HTTP/9.9 200 OK\r\n" + LENGTH_3 + b"\r\neve" + FORGED,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + LENGTH_3 + b"\r\neve" + FORGED,
}


@pytest.mark.parametrize("answer", MISLEADING)
async def test_answer_for_another_session_by(edge: Edge, hub: Hub, attack: Attack, answer: str):
    """On a connection that goes on, such as that of a proxy before the edge, the next answer is from whom was asked."""
    asked = get("/user/eve/"), get("/user/alice/", close=True)
    async with hostile_session(edge, "eve", OWN):
        own, others = answers_in(await exchange(edge.port, *asked))
    attack.control(Tried("both answered" if own == "eve" and '"who": "alice"' in others else "", f"{own} {others}"))
    async with hostile_session(edge, "eve", MISLEADING[answer]) as eve:
        answered = answers_in(await exchange(edge.port, *asked, patience=1))
    stolen = "the other's request came to eve" * (b"/user/alice/" in eve.received)
    injected = [body for body in answered[1:] if '"who": "alice"' not in body]
    attack.attempt(Tried(stolen or "".join(injected), f"answered with {answered}"))


FIELDS = {
    "a cookie for the hub": "Set-Cookie: jupyterhub-hub-login=forged; Path=/hub/",
    "a cookie for another session": "Set-Cookie: jupyterhub-user-alice=forged; Path=/user/alice/; HttpOnly",
    "a cookie for everything": "set-cookie: _xsrf=forged; SameSite=Lax;\tPATH = /",
    "a cookie for the whole domain": "Set-Cookie: _xsrf=forged; Path=/hub/; Domain=hub.example; Secure",
    "a cookie for the domain in disguise": "Set-Cookie: _xsrf=forged;DoMaIn\t= .hub.example;domain=hub.example",
    "a cookie after a line feed": "X-A: b\nSet-Cookie: _xsrf=forged; Path=/hub/",
    "a worker for every page": "Service-Worker-Allowed: /",
    "what the browser keeps cleared": 'Clear-Site-Data: "*"',
    "leave to read for others": "Access-Control-Allow-Origin: https://evil.example",
    "leave to read with cookies": "Access-Control-Allow-Credentials: true",
    "another server for the address": 'Alt-Svc: h2="evil.example:443"; ma=86400',
    "reports of all that fails": 'NEL: {"report_to": "evil", "max_age": 86400, "include_subdomains": true}',
    "encryption that nobody set up": "Strict-Transport-Security: max-age=86400; includeSubDomains",
    "another page after a while": "Refresh: 1; url=https://evil.example/",
    "a window that others can act in": "Cross-Origin-Opener-Policy: unsafe-none",
}
END = b"\r\n\r\neve"
INTERIM = "HTTP/1.1 103 Early Hints\r\n{}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\neve"
SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{}\r\n\r\neve"
ANSWERS = {
    "the answer": "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n{}\r\n\r\neve",
    "an interim answer": INTERIM,
    "a switch": SWITCHING,
}


@pytest.mark.parametrize("field", FIELDS)
async def test_have_a_browser_keep(edge: Edge, attack: Attack, field: str):
    """What a browser would take from a session for more than the session's own pages does not come through."""
    asked = get("/user/eve/lab", "Connection: Upgrade", "Upgrade: websocket")
    for answer in ANSWERS.values():
        own = "Set-Cookie: eve=own; HttpOnly; Path=/user/eve/"
        async with hostile_session(edge, "eve", answer.format(own).encode()):
            passed = (await exchange(edge.port, asked, until=END)).decode()
        attack.control(Tried("a cookie of its own" if own in passed else "", passed))
        async with hostile_session(edge, "eve", answer.format(FIELDS[field]).encode()):
            got = await exchange(edge.port, asked, until=END)
        attack.attempt(Tried("\n".join(line for line in lines_of(got) if reaches_others(line)), got.decode()))


def lines_of(answer: bytes) -> list[str]:
    return re.split(r"[\r\n]+", answer.decode())


def reaches_others(line: str) -> bool:
    """Tell whether a browser would apply a line of an answer to more than the pages of eve."""
    name, _, value = (part.strip() for part in line.partition(":"))
    if name.lower() == "set-cookie":
        attributes = [tuple(part.strip() for part in one.partition("=")) for one in value.lower().split(";")[1:]]
        paths = [text for attribute, _, text in attributes if attribute == "path"]
        return any(one[0] == "domain" for one in attributes) or paths[-1:] != ["/user/eve/"]
    if name.lower() == "cross-origin-opener-policy":
        return value != "noopener-allow-popups"
    return any(line.startswith(given) for given in FIELDS.values())


async def test_loosen_the_policy_of_ones_pages(edge: Edge, attack: Attack):
    """All policies of an answer hold (CSP3, 4.2): what a session says can only take away."""
    loose = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Security-Policy: default-src *\r\n\r\neve"
    for fields in ((), ("Sec-Fetch-Dest: document",), ("Sec-Fetch-Dest: iframe",)):
        for path in ("/user/eve/lab", "/user/eve", "/user/eve/files/a.html"):
            async with hostile_session(edge, "eve", loose):
                got = (await exchange(edge.port, get(path, *fields, close=True))).decode()
            policies = re.findall(r"(?im)^content-security-policy: (.*)\r$", got)
            attack.control(Tried("its own is there too" if "default-src *" in policies else "", got))
            strict = any("connect-src http://hub.example/user/eve/ ws:" in policy for policy in policies)
            if "files" in path:
                strict = strict and "sandbox allow-scripts" in policies
            attack.attempt(Tried("" if strict else "the edge's policy is gone", f"{policies}"))


@pytest.mark.parametrize("kind", ["empty", "iframe", "script", "worker", "image"])
async def test_lead_past_the_policy_by_a_redirect(edge: Edge, attack: Attack, kind: str):
    """A policy does not look at paths after a redirect, so nothing but a whole page is led elsewhere (CSP3, 7.6)."""
    there = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /user/alice/api/contents\r\n\r\n"
    async with hostile_session(edge, "eve", there):
        page = await exchange(edge.port, get("/user/eve/a", "Sec-Fetch-Dest: document", close=True))
        part = await exchange(edge.port, get("/user/eve/a", f"Sec-Fetch-Dest: {kind}", close=True))
    attack.control(Tried("a page is led on" if b"\nLocation: /user/alice/" in page else "", page.decode()))
    attack.attempt(Tried("led on" if b"\nLocation:" in part else "", part.decode()))


@pytest.mark.parametrize(
    "answer", ["a header that does not end", "interim answers without end", "a body that does not end", "silence"]
)
async def test_hold_up_others_by_answering_with(edge: Edge, hub: Hub, attack: Attack, answer: str):
    """Twenty requests at once for a session that answers without end: others must not notice, nor the edge grow."""
    endless = {
        "a header that does not end": (b"HTTP/1.1 200 OK\r\n", b"X-Filling: " + b"x" * 8000 + b"\r\n"),
        "interim answers without end": (b"", b"HTTP/1.1 103 Early Hints\r\nX-Filling: " + b"x" * 8000 + b"\r\n\r\n"),
        "a body that does not end": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
        "silence": (b"", b""),
    }
    first, again = endless[answer]

    async def write(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while again:
            writer.write(again)
            await writer.drain()

    async def of_alice() -> float:
        began = time.monotonic()
        for path in ("/user/alice/", "/hub/home"):
            assert b" 200 " in await exchange(edge.port, get(path, close=True), patience=30)
        return time.monotonic() - began

    attack.control(Tried(f"undisturbed in {await of_alice():.2f} s"))
    before = memory_of(edge)
    async with hostile_session(edge, "eve", write) as eve:
        asking = [asyncio.create_task(exchange(edge.port, get("/user/eve/"), patience=30)) for _ in range(20)]
        await asyncio.sleep(1)
        slowest = max([await of_alice() for _ in range(5)])
        grown = memory_of(edge) - before
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert eve.connections == 20
        await asyncio.wait_for(eve.left_alone.wait(), 10)  # the edge goes when the person who asked is gone
    attack.attempt(Tried(f"others waited {slowest:.1f} s" if slowest > 5 else "", f"at most {slowest:.2f} s"))
    attack.attempt(Tried(f"the edge grew by {grown} MB" if grown > 500 else "", f"the edge grew by {grown} MB"))


def memory_of(edge: Edge) -> int:
    """Return the memory of the edge in MB."""
    assert edge.caddy is not None
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{edge.caddy.pid}/status").read_text())
    assert found is not None
    return int(found[1]) // 1000

"""The edge, with a real Caddy in front of small servers on Unix sockets that stand for the hub and for sessions."""

import asyncio
import gzip
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web

from mantidhub.edge.caddyfile import Certificate, EdgeSettings, caddyfile
from mantidhub.edge.command import edge_command, find_caddy
from mantidhub.edge.listener import open_listener
from mantidhub.edge.routes import Routes

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Edge:
    """A running Caddy with its listening socket, its folder of routes and a hub behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("routes", "sockets", "state"):
            (folder / name).mkdir()
        self.listener = open_listener("127.0.0.1", 0)
        self.port: int = self.listener.getsockname()[1]
        self.settings = EdgeSettings(
            port=self.port,
            routes=folder / "routes",
            hub=folder / "hub.sock",
            access_log=folder / "access.json",
            descriptor=self.listener.fileno(),
        )
        self.routes = Routes(self.settings.routes)
        self.url = f"http://127.0.0.1:{self.port}"
        self.caddy: subprocess.Popen[bytes] | None = None
        self._runners: list[web.AppRunner] = []

    def start(self) -> None:
        configuration = self.folder / "Caddyfile"
        configuration.write_text(caddyfile(self.settings))
        command = edge_command(
            self.settings,
            caddy=find_caddy(),
            configuration=configuration,
            state=self.folder / "state",
            secret="known-to-edge-and-hub",
        )
        self.caddy = subprocess.Popen(
            command.arguments,
            env=command.environment,
            cwd=command.folder,
            pass_fds=(self.listener.fileno(),),
            stderr=(self.folder / "messages").open("ab"),
        )

    def kill(self) -> None:
        assert self.caddy is not None
        self.caddy.kill()
        self.caddy.wait()

    async def serve(self, path: Path, handler: Handler, *, backlog: int = 128) -> web.AppRunner:
        """Answer requests on a socket."""
        application = web.Application(client_max_size=0)
        application.router.add_route("*", "/{rest:.*}", handler)
        runner = web.AppRunner(application, shutdown_timeout=0)
        await runner.setup()
        await web.UnixSite(runner, str(path), backlog=backlog).start()
        self._runners.append(runner)
        return runner

    async def session(self, key: str, handler: Handler | None = None) -> web.AppRunner:
        """Start a session of this key and add its route."""
        path = self.folder / "sockets" / f"{key}.{len(self._runners)}"
        runner = await self.serve(path, handler or telling(key))
        self.routes.add(key, path)
        return runner

    def requests_logged(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.settings.access_log.read_text().splitlines()]

    async def close(self) -> None:
        if self.caddy is not None:
            self.kill()
        self.listener.close()
        for runner in self._runners:
            await runner.cleanup()


def telling(who: str) -> Handler:
    """Make a handler that answers who it is and what it received."""

    async def handler(request: web.Request) -> web.StreamResponse:
        size = 0
        async for piece in request.content.iter_chunked(1 << 20):
            size += len(piece)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.json_response({"who": who, "path": request.raw_path, "headers": headers, "size": size})

    return handler


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    edge = Edge(tmp_path)
    await edge.serve(edge.settings.hub, telling("hub"))
    edge.start()
    yield edge
    await edge.close()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


async def ask(edge: Edge, path: str, *headers: str) -> dict[str, object]:
    """Send a path exactly as written, and return what the server behind the edge received."""
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    lines = [f"GET {path} HTTP/1.1", "Host: hub.example", "Connection: close", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    answer = await reader.read()
    writer.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


async def who_answers(browser: aiohttp.ClientSession, url: str, body: bytes | None = None) -> str:
    async with browser.request("GET" if body is None else "POST", url, data=body) as answer:
        assert answer.status == 200
        return (await answer.json())["who"]


# Which server gets a request


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", "hub"),
        ("/hub/home", "hub"),
        ("/user/alice", "alice"),
        ("/user/alice?token=1", "alice"),
        ("/user/alice/", "alice"),
        ("/user/alice/lab/tree/my%20notebook.ipynb", "alice"),
        ("/user/alice/second", "alice~second"),
        ("/user/alice/second/lab", "alice~second"),
        ("/user/alice/third/lab", "alice"),
        ("/user/bob/lab", "hub"),
        ("http://hub.example/user/alice/", "alice"),
    ],
)
async def test_requests_go_to_the_session_that_the_path_names(edge: Edge, path: str, who: str) -> None:
    await edge.session("alice")
    await edge.session("alice~second")

    answer = await ask(edge, path)

    assert answer["who"] == who
    assert str(answer["path"]) in path


@pytest.mark.parametrize(
    "path",
    [
        "/user/%61lice/",
        "/user/alice%2F",
        "/user/alice%2Fsecond/",
        "/user/alice/%73econd/",
        "/user/alice~second/",
        "/user/alice%7Esecond/",
        "/user/alice%7esecond/lab",
        "/user/Alice/",
        "/user/alice;/",
        "/user/alice%00/",
        "/user//alice/",
        "//user/alice/",
        "/user/./alice/",
        "/x/../user/alice/",
        "/user/../alice/",
        "/user/..%2f..%2fsockets/",
        "/user/../../sockets/alice",
        "/user/*/",
        "/user/a*/",
        "/user/al?ce/",
        "/user/{env.MANTIDHUB_EDGE_SECRET}/",
        "/USER/alice/",
    ],
)
async def test_other_spellings_of_a_name_reach_no_session(edge: Edge, path: str) -> None:
    await edge.session("alice")
    await edge.session("alice~second")

    assert (await ask(edge, path))["who"] == "hub"


async def test_stopped_sessions_are_answered_by_the_hub(edge: Edge, browser: aiohttp.ClientSession) -> None:
    never_started = edge.folder / "sockets" / "never"
    killed = edge.folder / "sockets" / "killed"
    with socket.socket(socket.AF_UNIX) as unanswered:
        unanswered.bind(str(killed))
    edge.routes.add("dave", never_started)
    edge.routes.add("erin", killed)
    await edge.session("alice")
    edge.routes.add("alice~killed", killed)

    for path in ("/user/dave/lab", "/user/erin/lab", "/user/alice/killed/lab"):
        assert await who_answers(browser, edge.url + path) == "hub"


async def test_an_upload_to_a_stopped_session_reaches_the_hub_whole(edge: Edge, browser: aiohttp.ClientSession) -> None:
    edge.routes.add("dave", edge.folder / "sockets" / "never")
    async with browser.post(f"{edge.url}/user/dave/api", data=b"x" * 5_000_000) as answer:
        received = await answer.json()
    assert (received["who"], received["size"]) == ("hub", 5_000_000)


async def test_an_error_of_the_session_itself_passes_unchanged(edge: Edge, browser: aiohttp.ClientSession) -> None:
    async def failing(_: web.Request) -> web.Response:
        return web.Response(status=502, text="my own trouble", headers={"X-Mine": "yes"})

    await edge.session("alice", failing)
    async with browser.get(f"{edge.url}/user/alice/proxy") as answer:
        assert (answer.status, await answer.text(), answer.headers["X-Mine"]) == (502, "my own trouble", "yes")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/user/alice/run", "/hub/run"])
async def test_a_request_that_was_received_is_not_sent_again_nor_given_to_another(
    tmp_path: Path, browser: aiohttp.ClientSession, method: str, path: str
) -> None:
    received = []

    async def dying(request: web.Request) -> web.StreamResponse:
        received.append(await request.read())
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    edge = Edge(tmp_path)
    await edge.serve(edge.settings.hub, dying if path.startswith("/hub") else telling("hub"))
    await edge.session("alice", dying)
    edge.start()
    try:
        if (method, path) == ("GET", "/hub/run"):
            with pytest.raises(TimeoutError):  # tried again until the hub is back
                await asyncio.wait_for(browser.get(edge.url + path), 0.5)
            return
        async with browser.request(method, edge.url + path, data=b"once" if method == "POST" else None) as answer:
            assert answer.status == 502
        assert len(received) == 1
    finally:
        await edge.close()


# Headers


@pytest.mark.parametrize("trick", ["X-Nothing: else", "Connection: X-MantidHub-Edge"])
async def test_only_the_hub_learns_that_a_request_came_through_the_edge(edge: Edge, trick: str) -> None:
    await edge.session("alice")
    forged = ("X-MantidHub-Edge: forged", "X_MantidHub_Edge: forged", trick)

    hub = (await ask(edge, "/hub/", *forged))["headers"]
    stopped = (await ask(edge, "/user/bob/", *forged))["headers"]
    session = (await ask(edge, "/user/alice/", *forged))["headers"]

    assert hub["x-mantidhub-edge"] == stopped["x-mantidhub-edge"] == "known-to-edge-and-hub"
    assert "forged" not in str(hub)
    assert "edge" not in str(session)
    assert "known-to-edge-and-hub" not in (edge.folder / "Caddyfile").read_text()


@pytest.mark.parametrize("path", ["/hub/", "/user/alice/"])
async def test_where_a_request_comes_from_is_said_by_the_edge_alone(edge: Edge, path: str) -> None:
    await edge.session("alice")
    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "666",
        "X-Real-IP": "6.6.6.6",
        "X-Scheme": "https",
        "X-ProxyScheme": "https",
        "Forwarded": "for=6.6.6.6;proto=https",
    }

    headers = (await ask(edge, path, *(f"{name}: {value}" for name, value in forged.items())))["headers"]

    told = {name: headers[name] for name in headers if "forwarded" in name or name.startswith("x-")}
    told.pop("x-mantidhub-edge", None)
    assert told == {
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "hub.example",
    }


async def test_answers_carry_security_headers_once(edge: Edge, browser: aiohttp.ClientSession) -> None:
    async def careful(_: web.Request) -> web.Response:
        return web.Response(headers={"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})

    await edge.session("alice", careful)
    async with browser.get(edge.url) as plain, browser.get(f"{edge.url}/user/alice/") as own:
        assert plain.headers.getall("X-Content-Type-Options") == ["nosniff"]
        assert plain.headers.getall("Referrer-Policy") == ["same-origin"]
        assert own.headers.getall("X-Content-Type-Options") == ["nosniff"]
        assert own.headers.getall("Referrer-Policy") == ["no-referrer"]


async def test_the_log_holds_no_tokens(edge: Edge) -> None:
    edge.routes.add("dave", edge.folder / "sockets" / "never")
    secrets = ("Cookie: jupyterhub=SECRET", "Authorization: token SECRET", "Referer: http://hub.example/?token=SECRET")
    for path in ("/hub/api?token=SECRET", "/user/dave/api?%74oken=SECRET&a=b"):
        await ask(edge, path, *secrets)
    while len(edge.requests_logged()) < 2:
        await asyncio.sleep(0.02)

    assert "SECRET" not in edge.settings.access_log.read_text() + (edge.folder / "messages").read_text()
    first = edge.requests_logged()[0]
    assert first["status"] == 200
    assert first["request"]["uri"].startswith("/hub/api")  # type: ignore[index]


# Long and large things


async def test_websockets_pass_both_ways(edge: Edge, browser: aiohttp.ClientSession) -> None:
    async def echo(request: web.Request) -> web.WebSocketResponse:
        channel = web.WebSocketResponse(max_msg_size=0)
        await channel.prepare(request)
        async for message in channel:
            await channel.send_bytes(message.data)
        return channel

    await edge.session("alice", echo)
    async with browser.ws_connect(f"{edge.url}/user/alice/api/kernels/1/channels", max_msg_size=0) as channel:
        for size in (1, 100_000, 5_000_000):
            await channel.send_bytes(b"x" * size)
            assert len(await channel.receive_bytes()) == size


async def test_events_arrive_when_they_are_sent(edge: Edge, browser: aiohttp.ClientSession) -> None:
    go_on = asyncio.Event()

    async def events(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b"data: one\n\n")
        await go_on.wait()
        await stream.write(b"data: two\n\n")
        return stream

    await edge.session("alice", events)
    async with browser.get(f"{edge.url}/user/alice/events") as answer:
        assert await asyncio.wait_for(answer.content.readany(), 2) == b"data: one\n\n"
        go_on.set()
        assert await asyncio.wait_for(answer.content.readany(), 2) == b"data: two\n\n"


async def test_a_large_upload_streams_through(edge: Edge, browser: aiohttp.ClientSession) -> None:
    gigabyte, piece = 1 << 30, b"x" * (1 << 20)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(gigabyte // len(piece)):
            yield piece

    await edge.session("alice")
    async with browser.put(f"{edge.url}/user/alice/api/contents/big", data=body()) as answer:
        assert (await answer.json())["size"] == gigabyte
    assert edge.caddy is not None
    status = Path(f"/proc/{edge.caddy.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < 150_000, "kilobytes; a tenth of what was sent"


@pytest.mark.parametrize("accepted", ["gzip", "zstd"])
async def test_text_is_compressed_where_the_session_did_not(edge: Edge, accepted: str) -> None:
    async def script(_: web.Request) -> web.Response:
        return web.Response(text="let a = 1;\n" * 10_000, content_type="text/javascript")

    await edge.session("alice", script)
    async with (
        aiohttp.ClientSession(auto_decompress=False) as browser,
        browser.get(f"{edge.url}/user/alice/static/main.js", headers={"Accept-Encoding": accepted}) as answer,
    ):
        assert answer.headers["Content-Encoding"] == accepted
        assert len(await answer.read()) < 2000


async def test_what_is_compressed_or_data_already_passes_as_it_is(edge: Edge) -> None:
    async def packed(_: web.Request) -> web.Response:
        body = gzip.compress(b"x" * 100_000)
        return web.Response(body=body, content_type="text/css", headers={"Content-Encoding": "gzip"})

    async def data(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 100_000)

    await edge.session("alice", packed)
    await edge.session("bob", data)
    accepted = {"Accept-Encoding": "gzip, zstd"}
    async with aiohttp.ClientSession(auto_decompress=False) as browser:
        async with browser.get(f"{edge.url}/user/alice/", headers=accepted) as answer:
            assert gzip.decompress(await answer.read()) == b"x" * 100_000
        async with browser.get(f"{edge.url}/user/bob/", headers=accepted) as answer:
            assert "Content-Encoding" not in answer.headers
            assert answer.content_length == 100_000


# Things that come and go


async def test_a_route_for_a_new_session_never_leads_to_the_old_one(edge: Edge, browser: aiohttp.ClientSession) -> None:
    await edge.session("alice", telling("session 0"))
    for number in range(1, 20):
        assert await who_answers(browser, f"{edge.url}/user/alice/") == f"session {number - 1}"
        edge.routes.remove("alice")
        assert await who_answers(browser, f"{edge.url}/user/alice/") == "hub"
        # The old session still runs and would answer on a connection that was kept.
        await edge.session("alice", telling(f"session {number}"))


async def test_replacing_a_route_under_load_loses_no_request(edge: Edge, browser: aiohttp.ClientSession) -> None:
    await edge.session("alice", telling("old"))
    await edge.session("bob", telling("bob"))
    answers: list[tuple[float, str]] = []
    stop = asyncio.Event()

    async def load() -> None:
        while not stop.is_set():
            sent = time.monotonic()
            answers.append((sent, await who_answers(browser, f"{edge.url}/user/alice/", b"body")))
            assert await who_answers(browser, f"{edge.url}/user/bob/") == "bob"

    clients = [asyncio.create_task(load()) for _ in range(8)]
    await asyncio.sleep(0.3)
    await edge.session("alice", telling("new"))
    replaced = time.monotonic()
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.gather(*clients)

    assert {who for _, who in answers} == {"old", "new"}
    assert {who for sent, who in answers if sent > replaced} == {"new"}


HUB = """
import sys
from aiohttp import web

async def answer(request):
    return web.json_response({"who": "hub", "size": len(await request.read())})

application = web.Application()
application.router.add_route("*", "/{rest:.*}", answer)
web.run_app(application, path=sys.argv[1], print=None)
"""


@asynccontextmanager
async def hub_process(path: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a hub that can be killed."""
    path.unlink(missing_ok=True)
    process = subprocess.Popen([sys.executable, "-c", HUB, str(path)])  # noqa: ASYNC220 does not block
    while not path.exists():
        await asyncio.sleep(0.02)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_while_the_hub_restarts_its_requests_wait_and_sessions_go_on(
    tmp_path: Path, browser: aiohttp.ClientSession
) -> None:
    edge = Edge(tmp_path)
    await edge.session("alice")
    edge.start()
    answers: Counter[str] = Counter()
    slowest_session = 0.0
    stop = asyncio.Event()

    async def ask_hub() -> None:
        while not stop.is_set():
            answers[await who_answers(browser, f"{edge.url}/hub/home")] += 1

    async def ask_session() -> None:
        nonlocal slowest_session
        while not stop.is_set():
            sent = time.monotonic()
            answers[await who_answers(browser, f"{edge.url}/user/alice/", b"cell")] += 1
            slowest_session = max(slowest_session, time.monotonic() - sent)

    try:
        async with hub_process(edge.settings.hub) as hub:
            clients = [asyncio.create_task(work()) for work in (ask_hub, ask_hub, ask_session)]
            await asyncio.sleep(0.3)
            hub.send_signal(signal.SIGKILL)
            hub.wait()
        posted_meanwhile = asyncio.create_task(who_answers(browser, f"{edge.url}/hub/login", b"x" * 1_000_000))
        before = answers["alice"]
        await asyncio.sleep(1)
        assert answers["alice"] > before + 10
        assert not posted_meanwhile.done()
        async with hub_process(edge.settings.hub):
            assert await posted_meanwhile == "hub"
            before = answers["hub"]
            await asyncio.sleep(0.3)
            stop.set()
            await asyncio.gather(*clients)
            assert answers["hub"] > before
        assert slowest_session < 1
    finally:
        await edge.close()


async def test_after_the_edge_is_killed_connections_wait_for_the_next_one(
    edge: Edge, browser: aiohttp.ClientSession
) -> None:
    await edge.session("alice")
    await who_answers(browser, f"{edge.url}/user/alice/")
    edge.kill()
    started = time.monotonic()
    async with aiohttp.ClientSession() as another:
        waiting = asyncio.create_task(who_answers(another, f"{edge.url}/user/alice/", b"body"))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        edge.start()
        assert await waiting == "alice"
    assert time.monotonic() - started < 1


async def test_a_session_too_busy_to_accept_is_waited_for(edge: Edge, browser: aiohttp.ClientSession) -> None:
    path = edge.folder / "sockets" / "busy"
    with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as queued:
        busy.bind(str(path))
        busy.listen(0)
        edge.routes.add("alice", path)
        queued.connect(str(path))  # the queue is full
        answer = asyncio.create_task(who_answers(browser, f"{edge.url}/user/alice/", b"body"))
        await asyncio.sleep(0.3)
        assert not answer.done()
        path.unlink()
        await edge.serve(path, telling("alice"))
        assert await answer == "alice"


def make_certificate(folder: Path) -> Certificate:
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=hub.example", "-addext", "subjectAltName=DNS:hub.example", "-keyout", key, "-out", chain],
        check=True, capture_output=True,
    )  # fmt: skip
    return Certificate(chain=chain, key=key)


async def test_https_with_the_administrators_certificate(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    edge = Edge(tmp_path)
    edge.settings = replace(edge.settings, certificate=certificate)
    await edge.serve(edge.settings.hub, telling("hub"))
    edge.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate.chain))
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(f"https://127.0.0.1:{edge.port}/", ssl=trust, server_hostname="hub.example") as answer,
        ):
            assert (await answer.json())["headers"]["x-forwarded-proto"] == "https"
    finally:
        await edge.close()


async def test_caddy_leaves_nothing_outside_its_folder(edge: Edge, browser: aiohttp.ClientSession) -> None:
    await who_answers(browser, edge.url)
    assert edge.caddy is not None
    environment = Path(f"/proc/{edge.caddy.pid}/environ").read_bytes().decode()
    assert os.environ.get("PATH", "-") not in environment
    assert {entry.name for entry in edge.folder.iterdir()} <= {
        "Caddyfile", "access.json", "hub.sock", "messages", "routes", "sockets", "state",
    }  # fmt: skip


HUB_CONFIGURATION = """
from mantidhub.edge.proxy import EdgeProxy

c.JupyterHub.proxy_class = EdgeProxy
c.EdgeProxy.routes_folder = "{routes}"
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = "http+unix://{socket}"
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "test", "api_token": "{token}", "admin": True}}]
"""


async def test_a_real_hub_lives_behind_the_edge(tmp_path: Path, browser: aiohttp.ClientSession) -> None:
    token = "a" * 64
    edge = Edge(tmp_path)
    await edge.session("left-over")
    (tmp_path / "config.py").write_text(
        HUB_CONFIGURATION.format(
            routes=edge.settings.routes, socket=quote(str(edge.settings.hub), safe=""), token=token
        )
    )
    log = (tmp_path / "hub.log").open("wb")
    hub = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jupyterhub", "-f", "config.py", cwd=tmp_path, stdout=log, stderr=log
    )
    edge.start()
    try:
        while not edge.settings.hub.exists():
            await asyncio.sleep(0.1)
        known = {"Authorization": f"token {token}"}
        async with browser.get(f"{edge.url}/hub/login") as page:
            assert page.status == 200
            assert "Sign in" in await page.text()
        async with browser.post(f"{edge.url}/hub/api/users/alice", headers=known) as created:
            assert created.status == 201
        async with browser.get(f"{edge.url}/user/alice/api/status", headers=known) as stopped:
            assert stopped.status == 424, "JupyterHub's own status for a server that does not run"
        async with browser.get(f"{edge.url}/hub/api/proxy", headers=known) as routes:
            assert set(await routes.json()) == {"/"}, "the route of a session that nobody knows is removed"
    finally:
        hub.terminate()
        await hub.wait()
        log.close()
        await edge.close()

"""Which server gets a request, and what it learns from the edge."""

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from support.edge import Edge, ask, telling, who_answers


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

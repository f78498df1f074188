"""With a host for each person, a session is reached under its person's host alone, and the hub under its own alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.edge import Edge, telling

from mantidhub.edge.hosts import host_label

HUB = "hub.example"
DOTTED = f"{host_label('ann.b')}.{HUB}"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    edge = Edge(tmp_path)
    edge.settings = replace(edge.settings, persons_below=f"https://{HUB}:8443")
    await edge.serve(edge.settings.hub, telling("hub"))
    edge.start()
    for key in ("alice", "alice~second", "bob", "ann.b"):
        await edge.session(key)
    edge.routes.add("carl", tmp_path / "sockets" / "never")
    yield edge
    await edge.close()


async def answer(edge: Edge, host: str, target: str) -> str:
    """Return who answers, or the status and where it leads."""
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    if body.startswith('{"who"'):
        return body.split('"')[3]
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return f"{head.split()[1]} {fields.get('Location', '')}".strip()


@pytest.mark.parametrize(
    ("host", "target", "who"),
    [
        ("alice.hub.example", "/user/alice/lab", "alice"),
        ("alice.hub.example:8443", "/user/alice/second/lab", "alice~second"),
        ("alice.hub.example", "/user/alice?token=1", "alice"),
        (DOTTED, "/user/ann.b/", "ann.b"),
        ("hub.example", "/hub/home", "hub"),
        ("hub.example:8443", "/", "hub"),
    ],
)
async def test_each_is_reached_under_its_own_host(edge: Edge, host: str, target: str, who: str) -> None:
    assert await answer(edge, host, target) == who


@pytest.mark.parametrize(
    "host",
    [
        "bob.hub.example", "ann.b.hub.example", "alice.bob.hub.example", "alice.hub.example.evil.example",
        "127.0.0.1", "alice", "alicexhub.example", "evil.example", "alice.hub.example.", "..hub.example",
        "alice%2ehub.example", "alice/../alice.hub.example",
    ],
)  # fmt: skip
async def test_no_other_host_leads_to_a_session(edge: Edge, host: str) -> None:
    assert await answer(edge, host, "/user/alice/lab") not in {"alice", "hub"}


async def test_under_the_hubs_own_host_there_is_no_session(edge: Edge) -> None:
    assert await answer(edge, HUB, "/user/alice/lab") == "hub"


@pytest.mark.parametrize(
    "target", ["/hub/home", "/hub/api/user", "/", "/services/x", "//evil.example/", "/user/../hub/"]
)
async def test_under_a_persons_host_there_is_no_hub_but_the_way_to_it(edge: Edge, target: str) -> None:
    assert await answer(edge, "alice.hub.example", target) == f"302 https://{HUB}:8443{target}"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "sub.alice.hub.example", "xhub.example", ""])
@pytest.mark.parametrize("target", ["/hub/home", "/user/alice/"])
async def test_under_any_other_name_there_is_nothing(edge: Edge, host: str, target: str) -> None:
    assert (await answer(edge, host, target))[:3] in {"421", "400"}


@pytest.mark.parametrize(
    ("host", "name"), [("carl.hub.example", "carl"), ("dora.hub.example", "dora"), ("bob.hub.example", "alice")]
)
async def test_a_session_that_is_not_there_is_started_at_the_hub(edge: Edge, host: str, name: str) -> None:
    """`carl` has a route and nobody listens, `dora` has none, `bob`'s host is not that of `alice`."""
    assert await answer(edge, host, f"/user/{name}/lab?a=b") == f"302 https://{HUB}:8443/hub/user/{name}/lab?a=b"
    # JupyterLab asks whether its server runs; only 424 and 503 make it say that it does not.
    assert await answer(edge, host, f"/user/{name}/api/kernels") == "424"

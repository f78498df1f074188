"""Sessions, the hub and the edge itself come and go; no request is lost or misled."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from support.edge import Edge, telling, who_answers
from support.pace import Stopwatch, slowness


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
    while len(answers) < 50:
        await asyncio.sleep(0.01)
    await edge.session("alice", telling("new"))
    replaced = time.monotonic()
    while sum(sent > replaced for sent, _ in answers) < 50:
        await asyncio.sleep(0.01)
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
        assert slowest_session < slowness()
    finally:
        await edge.close()


async def test_after_the_edge_is_killed_connections_wait_for_the_next_one(
    edge: Edge, browser: aiohttp.ClientSession
) -> None:
    await edge.session("alice")
    await who_answers(browser, f"{edge.url}/user/alice/")
    edge.kill()
    watch = Stopwatch()
    async with aiohttp.ClientSession() as another:
        waiting = asyncio.create_task(who_answers(another, f"{edge.url}/user/alice/", b"body"))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        edge.start()
        assert await waiting == "alice"
    assert watch.within(1), watch


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

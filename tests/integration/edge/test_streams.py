"""Long and large things pass the edge as they are."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from support.edge import Edge


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

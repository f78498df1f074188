"""Lets programs of the session reach the platform's proxy, where the platform gives one.

The session has no network but its own loopback. Programs expect a proxy at an address and a port, so the server listens
there and passes everything on to the Unix socket behind which the proxy decides.
"""

import asyncio
import contextlib
import os
from typing import Any

PIECE = 2**16


def pass_on_to_proxy(server: Any) -> None:
    """Listen as soon as the server runs, if the platform gave the session a way out."""
    socket, port = os.environ.get("MANTIDHUB_NETWORK_SOCKET"), os.environ.get("MANTIDHUB_NETWORK_PORT")
    if socket and port:
        server.io_loop.add_callback(_listen, server, int(port), socket)


async def _listen(server: Any, port: int, socket: str) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            try:
                from_proxy, to_proxy = await asyncio.open_unix_connection(socket, limit=PIECE)
            except OSError:
                writer.write(b"HTTP/1.1 503 No proxy at present\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                return
            with contextlib.closing(to_proxy):
                asking = asyncio.create_task(_copy(reader, to_proxy))
                await _copy(from_proxy, writer)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    try:
        server.mantidlab_proxy = await asyncio.start_server(take, "127.0.0.1", port, limit=PIECE)
    except OSError as problem:
        server.log.error("Programs of this session reach no other host: port %d is taken (%s).", port, problem)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until one side has had enough."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

"""A session whose person wrote the server: it answers with any bytes. And a client that sends any."""

import asyncio
import contextlib
import http.client
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from support.edge import Edge

Writing = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HostileSession:
    """Answers each request with what its person likes, and notes what it was sent."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self.received = b""
        self.connections = 0
        self.left_alone = asyncio.Event()
        """Set once the edge has gone away from a connection."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.received += await reader.readuntil(b"\r\n\r\n")
            await self._writing(reader, writer)
            await writer.drain()
            while more := await reader.read(65536):
                self.received += more
        self.left_alone.set()
        writer.close()


@contextlib.asynccontextmanager
async def hostile_session(edge: Edge, key: str, writing: Writing | bytes) -> AsyncIterator[HostileSession]:
    """Let a hostile session listen behind the edge.

    Parameters
    ----------
    writing
        What it does once it has the head of a request, or the bytes that it then writes.
    """
    if isinstance(writing, bytes):
        written = writing

        async def writing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(written)

    session = HostileSession(writing)
    path = Path(edge.folder / "sockets" / f"{key}.hostile")
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(session.answer, path, limit=2**20)
    edge.routes.add(key, path)
    try:
        yield session
    finally:
        server.close()
        edge.routes.remove(key)


async def exchange(
    address: int | Path, *sent: bytes, patience: float = 3, pause: float = 0.2, until: bytes = b"\0"
) -> bytes:
    """Send bytes as they are on one connection, to a port or to a socket, and return all that comes back.

    Several pieces are sent one after the other with a pause between. It ends when the other side closes, or has been
    silent for ``patience`` seconds, or has sent what it waits ``until``, or more than 1 MB.
    """
    if isinstance(address, Path):
        reader, writer = await asyncio.open_unix_connection(address)
    else:
        reader, writer = await asyncio.open_connection("127.0.0.1", address)
    received = b""
    try:
        for number, piece in enumerate(sent):
            await asyncio.sleep(pause if number else 0)
            writer.write(piece)
            await writer.drain()
        while (
            len(received) < 2**20
            and until not in received
            and (more := await asyncio.wait_for(reader.read(65536), patience))
        ):
            received += more
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
    return received


def answers_in(received: bytes) -> list[str]:
    """Take bytes apart into answers as a client does, and return their bodies; interim answers are left out."""
    stream = io.BytesIO(received)
    bodies = []
    while stream.tell() < len(received):
        answer = http.client.HTTPResponse(_Received(stream))  # type: ignore[arg-type] it takes a file from it alone
        try:
            answer.begin()
            body = answer.read().decode(errors="replace")
        except http.client.HTTPException as broken:
            return [*bodies, f"broken: {broken!r}"]
        if answer.status >= http.client.OK:
            bodies.append(body)
    return bodies


class _Received:
    """What `http.client` takes for a socket; it closes the file after each answer."""

    def __init__(self, stream: io.BytesIO) -> None:
        self._stream = stream

    def makefile(self, *_: object) -> "_Received":
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


def get(path: str, *fields: str, close: bool = False) -> bytes:
    """Write a request as a browser does."""
    lines = [f"GET {path} HTTP/1.1", "Host: hub.example", *fields]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode()

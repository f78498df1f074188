"""``python -m mantidhub.network.relay``: passes what sessions say to squid, and tells squid whose session it is.

Each session has a socket of its own here, in a folder that it can neither see another of nor change. So the socket says
who speaks. Nothing that is said is read: the session's key goes before it, once for each connection, in the PROXY
protocol, which squid takes from us alone.

Which sessions there are, the folder says: the controller makes a folder for each, and removes it.
"""

import asyncio
import contextlib
import logging
import os
import resource
import socket
import sys
from ipaddress import IPv6Address
from pathlib import Path

from mantidhub.logs import log_as_lines
from mantidhub.network.proxy_protocol import header
from mantidhub.sessions.address import short_address
from mantidhub.sessions.layout import NETWORK_SOCKET
from mantidhub.sessions.log_length import keep_logs_short

log = logging.getLogger(__name__)

SOURCE_VARIABLE = "MANTIDHUB_RELAY_SOURCE"
"""Process variable with the address by which squid knows this relay."""
LOOK_EVERY = 0.25
"""Seconds between looks for new sessions, which take a second to start."""
MOST_CONNECTIONS = 128
"""Of one session at a time, so that none takes all that the relay and squid can have."""
PIECE = 2**16

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
NO_SQUID = b"The proxy of MantidHub does not answer. It is started again by itself; try again in some seconds.\n"
TOO_MANY = b"This session has too many connections at once. Close some and try again.\n"


class Relay:
    """Keeps one socket open for each session that has a folder.

    Parameters
    ----------
    folder
        With a folder for each session, of the name of its key.
    port
        Where squid listens on the loopback.
    source
        Address by which squid knows this relay.
    """

    def __init__(self, folder: Path, *, port: int, source: IPv6Address) -> None:
        self._folder = folder
        self._port = port
        self._source = source
        self._doors: dict[str, asyncio.Server] = {}

    async def run(self) -> None:
        """Open and close sockets as folders come and go, until cancelled."""
        while True:
            keys = {entry.name for entry in self._folder.iterdir()}
            for gone in self._doors.keys() - keys:
                self._doors.pop(gone).close()
            for key in keys:
                try:
                    # A session that ended and was started again between two looks has a new folder.
                    if key not in self._doors or not self._door(key).exists():
                        former, self._doors[key] = self._doors.get(key), await self._open(key)
                        if former is not None:
                            former.close()
                except OSError as problem:  # removed meanwhile, or the disk is full: the next look sees it
                    log.warning("session has no way out yet", extra={"key": key, "reason": str(problem)})
            await asyncio.sleep(LOOK_EVERY)

    def _door(self, key: str) -> Path:
        return self._folder / key / NETWORK_SOCKET

    async def _open(self, key: str) -> asyncio.Server:
        door = self._door(key)
        aside = door.with_suffix(".new")
        aside.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        with short_address(aside) as address:
            listener.bind(address)
        aside.chmod(0o666)  # who sees the folder may use it
        passage = _Passage(header(key, self._source), self._port)
        # Enough that whoever comes too much is told so, instead of finding the door full.
        backlog = 2 * MOST_CONNECTIONS
        server = await asyncio.start_unix_server(passage.take, sock=listener, limit=PIECE, backlog=backlog)
        aside.replace(door)
        return server


class _Passage:
    """The connections of one session."""

    def __init__(self, greeting: bytes, port: int) -> None:
        self._greeting = greeting
        self._port = port
        self._open = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection until squid ends it."""
        self._open += 1
        try:
            if self._open > MOST_CONNECTIONS:
                writer.write(UNAVAILABLE % (len(TOO_MANY), TOO_MANY))
                return
            try:
                from_squid, to_squid = await asyncio.open_connection("127.0.0.1", self._port, limit=PIECE)
            except OSError:
                writer.write(UNAVAILABLE % (len(NO_SQUID), NO_SQUID))
                return
            to_squid.write(self._greeting)
            with contextlib.closing(to_squid):
                asking = asyncio.create_task(_copy(reader, to_squid))
                await _copy(from_squid, writer)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
        finally:
            self._open -= 1
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until one side has had enough."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _raise_limit_of_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _run(folder: Path, logs: Path, port: int) -> None:
    relay = Relay(folder, port=port, source=IPv6Address(os.environ[SOURCE_VARIABLE]))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_logs_short(logs), name="keep logs short")
        tasks.create_task(relay.run(), name="relay")


def main() -> None:
    """Run with the arguments: folder of the sessions, folder of squid's log, squid's port."""
    log_as_lines()
    _raise_limit_of_files()
    folder, logs, port = sys.argv[1:]
    asyncio.run(_run(Path(folder), Path(logs), int(port)))


if __name__ == "__main__":
    main()

"""Waiting until a session's server answers."""

import asyncio
import contextlib
from pathlib import Path

from mantidhub.sessions.address import short_address
from mantidhub.sessions.deadline import Deadline

LOOK_AGAIN = 0.01
"""Seconds between looks for the socket: small beside a start, and a look costs microseconds."""


async def wait_until_answering(socket: Path, path: str, deadline: Deadline) -> bool:
    """Return True as soon as the server answers a request, False when the deadline passed."""
    while not deadline.passed:
        if socket.exists() and await _answers(socket, path, deadline):
            return True
        await asyncio.sleep(LOOK_AGAIN)
    return False


async def _answers(socket: Path, path: str, deadline: Deadline) -> bool:
    """Ask once. A server that is still starting holds the question until it can answer."""
    try:
        with short_address(socket) as address:
            reader, writer = await asyncio.open_unix_connection(address)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: session\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.readline(), deadline.left())
        return answer.startswith(b"HTTP/1.") and b" 5" not in answer[:12]
    except (OSError, TimeoutError, ValueError):  # ValueError: a first line without an end is no answer
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

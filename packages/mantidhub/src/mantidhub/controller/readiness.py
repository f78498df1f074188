"""Waiting until a session's server answers."""

import asyncio
import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

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
        with _itself(socket) as address:
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


@contextlib.contextmanager
def _itself(socket: Path) -> Iterator[str]:
    """Give an address of this very socket: its folder is the session's, which may put a link to another there.

    Raises
    ------
    OSError
        If it is no socket, or not there.
    """
    found = os.open(socket, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISSOCK(os.fstat(found).st_mode):
            raise FileNotFoundError(f"{socket} is no socket")
        yield f"/proc/self/fd/{found}"
    finally:
        os.close(found)

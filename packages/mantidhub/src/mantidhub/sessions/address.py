"""Reaching a Unix socket, also one whose path is longer than the 107 bytes that a socket's address holds."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def short_address(socket: Path) -> Iterator[str]:
    """Give a short name of the socket that is valid in this process until the end of the block.

    Raises
    ------
    OSError
        If the folder of the socket is not there or cannot be entered.
    """
    folder = os.open(socket.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{socket.name}"
    finally:
        os.close(folder)


async def is_listening(socket: Path) -> bool:
    """Tell whether somebody takes connections on the socket."""
    try:
        with short_address(socket) as address:
            _, writer = await asyncio.open_unix_connection(address)
    except OSError:
        return False
    writer.close()
    return True

"""Keeping logs from filling the disk: a notebook can write to its server's log as fast as it likes."""

import asyncio
import logging
from pathlib import Path

logger = logging.getLogger(__name__)

LARGEST_LOG = 20 * 2**20
KEPT = 2 * 2**20
"""Bytes at the end of a log that stay when it is cut."""
LOOK_EVERY = 20.0
"""Seconds."""


async def keep_logs_short(folder: Path) -> None:
    """Cut every log that has become too long, again and again until cancelled."""
    while True:
        for log in folder.glob("*.log"):
            try:
                cut(log)
            except OSError as error:  # a full disk, for one, must not end the looking
                logger.warning("log cannot be cut", extra={"log": str(log), "reason": str(error)})
        await asyncio.sleep(LOOK_EVERY)


def cut(log: Path) -> None:
    """Keep the end of a log that is too long. Whoever writes to it appends, and so goes on behind what is kept."""
    with log.open("r+b") as file:
        if file.seek(0, 2) <= LARGEST_LOG:
            return
        file.seek(-KEPT, 2)
        end = file.read()
        file.seek(0)
        file.write(b"(earlier lines were removed, this log had become too long)\n" + end.partition(b"\n")[2])
        file.truncate()

"""Writes files in a home so that they appear whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(target: Path, content: bytes, *, replace: bool) -> None:
    """Write *target* so that nobody ever sees a part of it; without *replace*, never over something."""
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        if replace:
            Path(aside).replace(target)
        else:
            _link_or_rename(Path(aside), target)
    finally:
        with suppress(FileNotFoundError):
            Path(aside).unlink()


def _link_or_rename(aside: Path, target: Path) -> None:
    try:
        target.hardlink_to(aside)
    except FileExistsError:
        return  # the user was faster
    except OSError:
        # a file system without hard links
        if not os.path.lexists(target):
            aside.replace(target)

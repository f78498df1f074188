"""Writing a small file so that whoever reads it sees the old or the new one, whole."""

import os
from pathlib import Path


def write_whole(
    file: Path, text: str, *, mode: int = 0o600, owner: tuple[int, int] | None = None, durable: bool = False
) -> None:
    """Write aside, then rename. Where that fails, such as on a full disk, nothing is left of it.

    Parameters
    ----------
    mode
        Permissions, whatever the umask.
    owner
        Numeric user and group; those of this process if None.
    durable
        Wait until the disk has it, so that not even a power cut can lose it.
    """
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)
    # Made anew and never followed: the folder may belong to somebody with fewer rights, who could put a link there.
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            os.fchmod(descriptor, mode)
            opened.write(text)
            if owner is not None:
                os.fchown(descriptor, *owner)
            opened.flush()
            if durable:
                os.fsync(descriptor)
        aside.replace(file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise

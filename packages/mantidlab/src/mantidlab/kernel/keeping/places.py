"""The private folder in which a kernel's variables lie until the kernel that takes its place has them."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
WRITER = "writer"
"""Has the process id of who writes the journal."""
SHARE_OF_FREE = 0.5
"""Of what is free on the disk: one that is full would cost the person more than a variable."""
TAKEN = ".taken"
FORGOTTEN_AFTER = 24 * 3600.0


def folder_of_this_kernel() -> Path | None:
    """Return the folder, which need not be there; by the connection file, which a restart leaves as it is."""
    try:
        from ipykernel.kernelapp import IPKernelApp
    except ImportError:
        return None
    if not IPKernelApp.initialized():
        return None
    connection: Any = IPKernelApp.instance().connection_file
    return _kept() / Path(connection).stem if connection else None


def room_for_bytes() -> int:
    """Return how many bytes may be written: half of what is free there."""
    folder = next(each for each in (_kept(), *_kept().parents) if each.is_dir())
    try:
        return int(SHARE_OF_FREE * shutil.disk_usage(folder).free)
    except OSError:
        return 0


def make(folder: Path) -> None:
    """Make the folder, empty, such that nobody else can enter it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)


def take(folder: Path) -> Path:
    """Rename the folder, so that a kernel that fails with what is in it does not find it again, and return it."""
    taken = folder.with_name(folder.name + TAKEN)
    shutil.rmtree(taken, ignore_errors=True)
    folder.rename(taken)
    return taken


def remove_forgotten() -> None:
    """Remove what was written for kernels that never came."""
    try:
        found = list(_kept().iterdir())
    except OSError:
        return
    for folder in found:
        try:
            if time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _kept() -> Path:
    cache = os.environ.get("MANTIDLAB_CACHE")
    if cache:
        return Path(cache).expanduser().absolute() / "kept"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().absolute() / "mantidlab" / "kept"

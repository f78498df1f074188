"""Writes a file beside its place and renames it: whoever looks finds the file before or the whole new one."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from mantidlab.workspaces.errors import AlreadyThere, CannotSave

FULL = (errno.ENOSPC, errno.EDQUOT)


def write_aside(path: Path, write: Callable[[Path], None], *, replace: bool) -> None:
    """Let `write` fill a file of its own, then give it its name.

    Parameters
    ----------
    path
        Of the file.
    write
        Gets the path to write to, which ends as `path` does: programs choose the format by it.
    replace
        Whether a file that is there may go.

    Raises
    ------
    AlreadyThere
        There is one, and it may not.
    CannotSave
        The folder is not there or may not be written, or the disk is full.
    """
    _refuse(path, replace=replace)
    aside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write(aside)
        if replace:
            aside.replace(path)
        else:
            _name_unless_taken(aside, path)
    except OSError as error:
        raise CannotSave(_told(path, error)) from error
    finally:
        with contextlib.suppress(OSError):  # a folder that may not be written: what is said of it counts
            aside.unlink(missing_ok=True)


def _refuse(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise CannotSave(f"{path} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise CannotSave(f"There is no folder {path.parent}. Make it first, or choose another.")
    if path.exists() and not replace:
        raise _taken(path)


def _taken(path: Path) -> AlreadyThere:
    return AlreadyThere(f"{path} is there already and was left alone. Choose another name, or say replace=True.")


def _name_unless_taken(aside: Path, path: Path) -> None:
    """Give a file its name unless one came to be there meanwhile, which a rename would overwrite."""
    try:
        os.link(aside, path)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError:  # a file system without hard links
        aside.replace(path)


def _told(path: Path, error: OSError) -> str:
    if error.errno in FULL:
        return f"There is no room left on the disk of {path.parent}. Delete what is not needed, or save elsewhere."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Nothing may be written in {path.parent}. Save into your home, or a folder of your own."
    return f"{path} could not be written: {error.strerror or error}."

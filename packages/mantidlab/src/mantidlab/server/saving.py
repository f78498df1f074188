"""Saves that are done or not done, whatever is killed and whichever disk is full: a file is never left half written."""

import errno
import os
import secrets
import shutil
import sqlite3
import stat
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

LEFT_BEHIND_AFTER = timedelta(hours=1)
"""No save takes as long: what is as old was left by a server that was killed within a save."""
CHECKPOINT = "checkpoint"
"""Jupyter's name for the one copy that it keeps of a file."""
LISTINGS_MORE = 5
"""Of a folder in which files are renamed meanwhile."""
KEPT_OF_NAME = 60
"""Characters of a file's name that the file aside bears: with four bytes each, a name (255 bytes) still holds them."""


class WholeSaves(AsyncLargeFileManager):
    """Jupyter's files, each written aside and renamed.

    Jupyter itself writes over the file, and puts a copy back if that fails. A server that is killed within cannot, and
    leaves a notebook cut off, although an earlier save was acknowledged.
    """

    before_reading: Callable[[str], Awaitable[None]] | None = None
    """Asked to bring a notebook up to date before somebody reads it; see :mod:`mantidlab.server.outputs`."""
    before_comparing: Callable[[str], None] | None = None
    """Told when a page is about to compare a file with what it read, as it does before it saves."""

    async def get(self, path: str, content: bool = True, *args: Any, **options: Any) -> Any:
        """Return a file or folder."""
        if content and self.before_reading is not None and path.endswith(".ipynb"):
            await self.before_reading(path.strip("/"))
        elif not content and options.get("require_hash") and self.before_comparing is not None:
            self.before_comparing(path.strip("/"))
        for _ in range(LISTINGS_MORE):
            try:
                return await super().get(path, content, *args, **options)
            except HTTPError as problem:
                if not (content and problem.status_code == HTTPStatus.NOT_FOUND and self._is_folder(path)):
                    raise
        return await super().get(path, content, *args, **options)

    def _is_folder(self, path: str) -> bool:
        """Tell whether a folder is there: then what was not found is a file that went while the folder was listed.

        Jupyter lists a folder file by file, and tells of one that was renamed meanwhile that the folder is not there.
        """
        return Path(self._get_os_path(path)).is_dir()

    def version(self, path: str) -> "Version | None":
        """Return what a file holds now, or None if nothing else can be put in its place."""
        file = Path(os.path.realpath(self._get_os_path(path)))
        return Version.of(file) if _can_be_replaced(file) else None

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Save a file; where there is no room for it, say so in words that its person can act on."""
        try:
            saved: dict[str, Any] = await super().save(model, path)
            return saved
        except HTTPError as refusal:
            if sentence := _no_room(refusal.__cause__, path, Path(self.root_dir)):
                raise HTTPError(507, sentence, reason="No room left") from refusal
            raise

    def check_and_sign(self, nb: Any, path: str = "", **options: Any) -> None:
        """Sign a notebook. One that cannot be signed is saved all the same, and has to be trusted anew."""
        try:
            super().check_and_sign(nb, path, **options)
        except sqlite3.Error as problem:
            self.log.warning("%s is saved without a signature: %s", path, problem)

    async def create_checkpoint(self, path: str) -> dict[str, Any]:
        """Keep a copy to go back to; without room for one, none, since a notebook opens only if this succeeds."""
        try:
            copied: dict[str, Any] = await super().create_checkpoint(path)
            return copied
        except OSError as problem:
            if problem.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            Path(self.checkpoints.checkpoint_path(CHECKPOINT, path)).unlink(missing_ok=True)  # a part of the copy
            self.log.warning("There is no room for a copy of %s to go back to: %s", path, problem)
            return {"id": CHECKPOINT, "last_modified": datetime.now(UTC)}

    @contextmanager
    def atomic_writing(self, os_path: str, *args: Any, **options: Any) -> Iterator[Any]:
        """Open a file that takes the place of the one at this path when it has been written."""
        target = Path(os.path.realpath(os_path))
        if not (self.use_atomic_writing and _can_be_replaced(target)):
            with super().atomic_writing(os_path, *args, **options) as file:
                yield file
            return
        with self.perm_to_403(os_path), replaced(target, *args, **options) as file:
            yield file


@dataclass(frozen=True)
class Version:
    """What a file held at some time, so that it can be put back as if nothing had been."""

    file: Path
    content: bytes
    modified: int

    @classmethod
    def of(cls, file: Path) -> "Version":
        """Read a file."""
        return cls(file, file.read_bytes(), file.stat().st_mtime_ns)

    def is_current(self) -> bool:
        """Tell whether the file is still the same."""
        with suppress(OSError):
            return Version.of(self.file) == self
        return False

    def put_back(self) -> None:
        """Write it again, with its time."""
        with replaced(self.file, text=False) as file:
            file.write(self.content)
        os.utime(self.file, ns=(self.modified, self.modified))


@contextmanager
def replaced(target: Path, text: bool = True, encoding: str = "utf-8") -> Iterator[Any]:
    """Write what stands in the place of a file from the end of the block on, on the disk too; nothing if it fails."""
    beginning = f".~{target.name[:KEPT_OF_NAME]}."
    _remove_what_was_left(target.parent, beginning)
    aside = target.with_name(beginning + secrets.token_hex(4))
    try:
        with aside.open("x", encoding=encoding, newline="\n") if text else aside.open("xb") as file:
            if target.exists():
                former = target.stat()
                os.fchmod(file.fileno(), stat.S_IMODE(former.st_mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        with suppress(OSError):
            aside.unlink()
    _sync(target.parent)


def _remove_what_was_left(folder: Path, beginning: str) -> None:
    """Remove what saves of the same file left in which the server was killed."""
    latest = time.time() - LEFT_BEHIND_AFTER.total_seconds()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            is_aside = entry.name.startswith(beginning) and len(entry.name) == len(beginning) + 8
            if is_aside and entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < latest:
                Path(entry).unlink()


def _no_room(cause: BaseException | None, path: str, home: Path) -> str | None:
    """Say that a file was not saved because its disk or its owner's share is used up; None if it was not that."""
    if not isinstance(cause, OSError):
        return None
    unchanged = (
        "What was saved before is unchanged. Delete files that you no longer need and save again; "
        "until then keep this page open."
    )
    if cause.errno == errno.EDQUOT:
        return f"{path} was not saved: your share of the disk is used up. {unchanged}"
    if cause.errno == errno.ENOSPC:
        return f"{path} was not saved: the disk that holds your files is full ({_free(home)} MB free). {unchanged}"
    return None


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free / 1e6:.1f}"
    except OSError:
        return "0"


def _can_be_replaced(target: Path) -> bool:
    """Tell whether a new file in this one's place is the same to everybody: one name, one owner, no further rights."""
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return False
    try:
        former = target.stat()
    except FileNotFoundError:
        return True
    if not os.access(target, os.W_OK):
        return False
    is_plain = stat.S_ISREG(former.st_mode) and former.st_nlink == 1 and not os.listxattr(target)
    parent = target.parent.stat()
    group = parent.st_gid if parent.st_mode & stat.S_ISGID else os.getegid()
    return is_plain and (former.st_uid, former.st_gid) == (os.geteuid(), group)


def _sync(folder: Path) -> None:
    """Let the disk know the new name, without which a power cut brings the former file back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # file systems that cannot, such as some of networks
            os.fsync(descriptor)
    finally:
        os.close(descriptor)

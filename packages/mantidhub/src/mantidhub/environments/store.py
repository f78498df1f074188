"""The folder of environments: which are built, and how one goes.

A finished environment is a folder ``NAME-HASH``. Everything that begins with a dot is on its way in or out and is
deleted by the next one who holds the lock of its name.
"""

import glob
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from mantidhub.environments.environment import Environment
from mantidhub.environments.identity import SHORT
from mantidhub.environments.locking import build_lock
from mantidhub.errors import EnvironmentFailed

FINISHED = re.compile(rf"(?P<name>[a-z0-9][a-z0-9.-]*)-[0-9a-f]{{{SHORT}}}")


def folder_of(root: Path, name: str, identity: str) -> Path:
    """Return where a finished environment lies."""
    return root / f"{name}-{identity[:SHORT]}"


def hidden(prefix: Path) -> Path:
    """Return where an environment lies while it is built or removed."""
    return prefix.with_name(f".{prefix.name}")


def list_built(root: Path) -> list[Environment]:
    """Return the environments of a folder, by name and, of one name, the newest first.

    A folder whose manifest cannot be read is left out: it is none.
    """
    newest_first = _read(root.glob("*") if root.is_dir() else ())
    return sorted(newest_first, key=lambda environment: environment.name)


def _read(folders: Iterable[Path], name: str | None = None) -> list[Environment]:
    """Return the environments among folders, all or those of a name, the newest first."""
    environments = []
    for folder in folders:
        found = FINISHED.fullmatch(folder.name)
        if found and name in {None, found["name"]}:
            try:
                environments.append(Environment.read(folder.resolve()))
            except EnvironmentFailed:
                continue
    return sorted(environments, key=lambda environment: environment.created, reverse=True)


def find(root: Path, name_or_id: str) -> Environment | None:
    """Return the newest environment of a name, or the one with an id; ``None`` if there is none that can be read.

    Only manifests that can be meant are read, since a session that starts waits for it.
    """
    if FINISHED.fullmatch(name_or_id) and (root / name_or_id).is_dir():
        try:
            return Environment.read((root / name_or_id).resolve())
        except EnvironmentFailed:
            return None
    return next(iter(_read(root.glob(f"{glob.escape(name_or_id)}-*"), name_or_id)), None)


def remove(
    environment: Environment,
    *,
    objection: Callable[[], str | None] = lambda: None,
    waiting: Callable[[str], None] = lambda who: None,
) -> None:
    """Delete an environment.

    It is put out of sight first and the objection asked for then: a session that began to start before that is seen,
    one that begins after it finds another environment.

    Parameters
    ----------
    environment
        What goes.
    objection
        Returns why it must stay after all.
    waiting
        Told who builds or removes environments of this name meanwhile.

    Raises
    ------
    EnvironmentFailed
        There is an objection, or the folder cannot be changed.
    """
    root = environment.prefix.parent
    try:
        with build_lock(root, environment.name, waiting):
            set_aside(environment.prefix)
            aside = hidden(environment.prefix)
            try:
                if why := objection():
                    raise EnvironmentFailed(f"{environment.id} stays: {why}.")
            except BaseException:
                # Interrupted, too: nobody knows yet whether a session runs in it.
                aside.rename(environment.prefix)
                raise
            delete_tree(aside)
    except OSError as error:
        raise EnvironmentFailed(
            f"{environment.prefix} cannot be removed: {error.strerror} ({error.filename})."
        ) from error


def clear_remains(
    root: Path, folder: Path, *, objection: Callable[[], str | None], waiting: Callable[[str], None]
) -> bool:
    """Delete what an interrupted build or removal left, or a finished folder that is damaged.

    Returns
    -------
    bool
        False where it is gone already, or there is an objection.
    """
    found = FINISHED.fullmatch(folder.name.removeprefix("."))
    if found is None:
        return False
    with build_lock(root, found["name"], waiting):
        # A build may have begun or ended while we waited for its lock.
        if folder not in remains(root) or objection():
            return False
        aside = root / f".{folder.name.removeprefix('.')}"
        if folder != aside:
            set_aside(folder)
        delete_tree(aside)
    return True


def remains(root: Path) -> list[Path]:
    """Return the folders that are no environments.

    They are what builds and removals hide while they go on or after they were killed, and finished folders whose
    manifest cannot be read.
    """
    folders = [
        folder
        for folder in (sorted(root.iterdir()) if root.is_dir() else ())
        if FINISHED.fullmatch(folder.name.removeprefix("."))
    ]
    whole = {environment.prefix for environment in list_built(root)}
    return [folder for folder in folders if folder.resolve() not in whole]


def set_aside(prefix: Path) -> None:
    """Make a finished environment invisible at once; as a leftover. The caller holds the lock of its name."""
    aside = hidden(prefix)
    if aside.exists():
        delete_tree(aside)
    prefix.rename(aside)


def leftovers(root: Path, name: str) -> list[Path]:
    """Return what interrupted builds and removals of a name left; whoever holds its lock may delete that."""
    return [folder for folder in root.glob(f".{name}-*") if is_unfinished(folder, name)]


def is_unfinished(folder: Path, name: str) -> bool:
    """Tell whether a folder is an unfinished environment of exactly this name."""
    found = FINISHED.fullmatch(folder.name.removeprefix("."))
    return found is not None and found["name"] == name


def delete_tree(folder: Path) -> None:
    """Delete a folder, if it is there, whose folders may be read-only."""
    if folder.exists():
        for parent, _, _ in os.walk(folder):
            Path(parent).chmod(stat.S_IRWXU)
        shutil.rmtree(folder)


def size_of(folder: Path) -> int:
    """Return the bytes that a folder takes on the disk; files with several names count once."""
    seen: set[int] = set()
    total = 0
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                state = entry.stat(follow_symlinks=False)
                if state.st_nlink > 1 and stat.S_ISREG(state.st_mode):
                    if state.st_ino in seen:
                        continue
                    seen.add(state.st_ino)
                total += state.st_blocks * 512
                if stat.S_ISDIR(state.st_mode):
                    waiting.append(entry.path)
    return total

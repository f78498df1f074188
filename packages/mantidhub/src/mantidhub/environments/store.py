"""The folder of environments: which are built, and how one goes.

A finished environment is a folder ``NAME-HASH``. Everything that begins with a dot is on its way in or out and is
deleted by the next one who holds the lock of its name.
"""

import os
import re
import shutil
import stat
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
    environments = []
    for folder in root.glob("*") if root.is_dir() else ():
        if FINISHED.fullmatch(folder.name):
            try:
                environments.append(Environment.read(folder.resolve()))
            except EnvironmentFailed:
                continue
    newest_first = sorted(environments, key=lambda environment: environment.created, reverse=True)
    return sorted(newest_first, key=lambda environment: environment.name)


def find(root: Path, name: str) -> Environment | None:
    """Return the newest environment of a name, or ``None``."""
    return next((environment for environment in list_built(root) if environment.name == name), None)


def remove(environment: Environment) -> None:
    """Delete an environment; the caller knows that no session uses it.

    Raises
    ------
    EnvironmentFailed
        The folder cannot be changed.
    """
    root = environment.prefix.parent
    try:
        with build_lock(root, environment.name, waiting=lambda who: None):
            set_aside(environment.prefix)
            for folder in leftovers(root, environment.name):
                delete_tree(folder)
    except OSError as error:
        raise EnvironmentFailed(
            f"{environment.prefix} cannot be removed: {error.strerror} ({error.filename})."
        ) from error


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

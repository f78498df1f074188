"""What a new lock changes: packages added, removed, of another version."""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mantidhub.environments.locks import lock
from mantidhub.environments.progress import Report
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """One package that a new lock treats differently; ``before`` or ``after`` is empty where it was or is absent."""

    package: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"added    {self.package} {self.after}"
        if not self.after:
            return f"removed  {self.package} {self.before}"
        return f"changed  {self.package} {self.before} → {self.after}"


@dataclass(frozen=True)
class NewLock:
    """A lock that was made anew: where it lies, how many packages it names, and what changed."""

    path: Path
    packages: int
    changes: tuple[Change, ...]
    is_first: bool


def renew_lock(
    specification: Specification, *, upgrade: bool, sources: Sources, progress: Report, root: Path
) -> NewLock:
    """Make the lock of a specification anew.

    Parameters
    ----------
    specification
        Whose.
    upgrade
        Take the newest of everything; otherwise versions that still fit stay.
    sources, progress, root
        As for `lock`.

    Raises
    ------
    EnvironmentFailed
        It cannot be made; the former one is untouched.
    """
    path = specification.lock_file(root)
    before = read_versions(path)
    if upgrade:
        # Without the former lock nothing holds a version back; it stays in place until the new one is whole.
        aside = path.with_name(f".{path.name}.upgrade")
        aside.unlink(missing_ok=True)
        try:
            lock(specification.with_lock(aside), progress=progress, sources=sources, root=root).replace(path)
        finally:
            aside.unlink(missing_ok=True)
    else:
        lock(specification, progress=progress, sources=sources, root=root)
    after = read_versions(path)
    return NewLock(path, len(after), tuple(compare(before, after)), is_first=not before)


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return what differs between two locks, by package."""
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def read_versions(path: Path) -> dict[str, str]:
    """Return package → version of a lock, of either kind; nothing if there is none.

    One that names several versions of a package, for several machines, has them all, with commas.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    versions: dict[str, set[str]] = defaultdict(set)
    if text.lstrip().startswith("{"):
        content: dict[str, Any] = json.loads(text)
        for package in itertools.chain.from_iterable(content["platforms"].values()):
            versions[package["name"]].add(f"{package['version']} {package['build']}")
    else:
        for found in PINNED.finditer(text):
            versions[found["name"].lower()].add(found["version"])
    return {name: ", ".join(sorted(several)) for name, several in versions.items()}

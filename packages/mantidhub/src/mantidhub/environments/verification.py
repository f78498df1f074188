"""Is an environment still what was built? Every file's hash for certainty, a glance for the start of the platform."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mantidhub.environments.environment import HASHES, MANIFEST, Environment
from mantidhub.errors import EnvironmentFailed

LINK = "-> "
"""A symlink stands in the list as a comment line, which ``sha256sum --check`` passes over."""

BATCH = 500
"""Files hashed between two reports."""


@dataclass(frozen=True, order=True)
class Difference:
    """A file that is not as it was when the environment was built."""

    path: Path
    kind: Literal["changed", "missing", "added"]


def verify(environment: Environment, hashed: Callable[[int, int], None] | None = None) -> list[Difference]:
    """Compare every file with the hash that was recorded when the environment was built.

    Parameters
    ----------
    environment
        What was built.
    hashed
        Told now and then how many files of how many are done.

    Returns
    -------
    list of Difference
        With paths relative to the prefix; empty when all is as it was.

    Raises
    ------
    EnvironmentFailed
        The list of hashes is gone or damaged.
    """
    recorded = read_hashes(environment.prefix)
    found = hash_tree(environment.prefix, hashed)
    return sorted(
        [Difference(Path(path), "missing") for path in recorded.keys() - found.keys()]
        + [Difference(Path(path), "added") for path in found.keys() - recorded.keys()]
        + [
            Difference(Path(path), "changed")
            for path in recorded.keys() & found.keys()
            if recorded[path] != found[path]
        ]
    )


def find_fault(environment: Environment) -> str | None:
    """Look for what can be seen in a few milliseconds: interpreter, Python, and each package's metadata.

    Returns
    -------
    str or None
        What is wrong, as a sentence; ``None`` when it looks whole.
    """
    prefix = environment.prefix
    if not environment.interpreter.is_dir() or not os.access(environment.python, os.X_OK):
        return f"its interpreter {os.path.realpath(environment.python)} is gone"
    if not (prefix / HASHES).is_file():
        return f"{prefix / HASHES} is missing"
    recorded = dict(environment.packages)
    if missing := recorded.items() - installed_packages(prefix).items():
        return f"packages are missing: {', '.join(sorted(name for name, _ in missing))}"
    return None


def looks_whole(environment: Environment) -> bool:
    """Tell whether a glance finds nothing wrong; `find_fault` says what it is, `verify` looks at every file."""
    return find_fault(environment) is None


def installed_packages(prefix: Path) -> dict[str, str]:
    """Return name → version of the packages whose metadata lies in a prefix; of one name, what conda says wins."""
    folders = prefix.glob("lib/python3*/site-packages/*.dist-info")
    parts = (folder.name.removesuffix(".dist-info").partition("-") for folder in folders)
    python = {name.replace("_", "-").lower(): version for name, _, version in parts}
    notes = (note.name.removesuffix(".json").rsplit("-", 2) for note in prefix.glob("conda-meta/*.json"))
    return {**python, **{name: version for name, version, _ in notes}}


def hash_tree(prefix: Path, hashed: Callable[[int, int], None] | None = None) -> dict[str, str]:
    """Hash everything below a prefix except its two manifest files.

    Parameters
    ----------
    prefix
        The folder.
    hashed
        Told now and then how many files of how many are done.

    Returns
    -------
    dict
        Path relative to the prefix → SHA-256 (hexadecimal), or an arrow and the target of a symlink.
    """
    paths = sorted(path for path in walk(prefix) if path not in {str(prefix / MANIFEST), str(prefix / HASHES)})
    batches = [paths[first : first + BATCH] for first in range(0, len(paths), BATCH)]
    results: dict[str, str] = {}
    # Threads: reading waits for the disk. A task for each file would cost more than its hash.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for batch, digests in zip(batches, pool.map(describe_all, batches), strict=True):
            results.update(zip((path[len(str(prefix)) + 1 :] for path in batch), digests, strict=True))
            if hashed:
                hashed(len(results), len(paths))
    return results


def walk(folder: Path) -> Iterator[str]:
    """Yield every file and symlink below a folder; symlinks are not followed.

    Strings, since making a `Path` of each takes longer than all else here.
    """
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry.path


def describe_all(paths: Sequence[str]) -> list[str]:
    """Return for each file its hash, and for each symlink where it points to."""
    return [describe(path) for path in paths]


def describe(path: str) -> str:
    """Return a file's hash, or where a symlink points to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return LINK + str(Path(path).readlink())
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def write_hashes(prefix: Path, hashes: dict[str, str]) -> None:
    """Write the list of hashes into a prefix."""
    lines = (
        f"# {path} {digest}" if digest.startswith(LINK) else f"{digest}  {path}" for path, digest in hashes.items()
    )
    (prefix / HASHES).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_hashes(prefix: Path) -> dict[str, str]:
    """Read the list of hashes of a prefix."""
    try:
        lines = (prefix / HASHES).read_text(encoding="utf-8").splitlines()
        return dict(read_line(line) for line in lines)
    except (OSError, ValueError) as error:
        raise EnvironmentFailed(
            f"{prefix / HASHES} cannot be read ({error}). Without it nobody can tell whether the environment is what "
            "was built: remove it and build it again."
        ) from error


def read_line(line: str) -> tuple[str, str]:
    """Split a line of the list into path and hash or target."""
    if line.startswith("# "):
        path, arrow, target = line[2:].partition(f" {LINK}")
        if not arrow:
            raise ValueError(f"the line {line!r} is not of this format")
        return path, LINK + target
    digest, _, path = line.partition("  ")
    if len(digest) != 64 or not path:
        raise ValueError(f"the line {line!r} is not of this format")
    return path, digest

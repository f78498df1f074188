"""Is an environment still what was built? Every file's hash for certainty, a glance for the start of the platform.

The list of hashes is in the format that ``sha256sum --check`` reads. What that does not know stands in comment lines,
which it passes over::

    # mode 444                                      of the files that follow
    6d2c…  lib/python3.11/site-packages/six.py
    # mode 555
    91b5…  bin/jupyter
    # bin/python -> /usr/bin/python3.11             a symlink
"""

import errno
import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mantidhub.environments.environment import HASHES, MANIFEST, Environment
from mantidhub.errors import EnvironmentFailed

LINK = "-> "
MODE = "# mode "

BATCH = 500
"""Files hashed between two reports."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a path holds.

    Attributes
    ----------
    text
        SHA-256 (hexadecimal) of a file, an arrow and the target of a symlink, or what keeps it from being read.
    mode
        Permissions of a file; None for a symlink, and where a list of an earlier version says nothing of them.
    """

    text: str
    mode: int | None = None


@dataclass(frozen=True, order=True)
class Difference:
    """A file that is not as it was when the environment was built; of ``mode`` only its permissions are others."""

    path: Path
    kind: Literal["changed", "missing", "added", "mode"]


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
    if MANIFEST not in recorded:
        found.pop(MANIFEST, None)  # lists of earlier versions leave it out
    return sorted(
        [Difference(Path(path), "missing") for path in recorded.keys() - found.keys()]
        + [Difference(Path(path), "added") for path in found.keys() - recorded.keys()]
        + [
            Difference(Path(path), kind)
            for path in recorded.keys() & found.keys()
            if (kind := compare(recorded[path], found[path]))
        ]
    )


def compare(recorded: Content, found: Content) -> Literal["changed", "mode"] | None:
    """Return how a file differs from what was recorded of it."""
    if recorded.text != found.text:
        return "changed"
    return "mode" if recorded.mode not in {None, found.mode} else None


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


def hash_tree(prefix: Path, hashed: Callable[[int, int], None] | None = None) -> dict[str, Content]:
    """Hash everything below a prefix except the list of hashes itself.

    Parameters
    ----------
    prefix
        The folder.
    hashed
        Told now and then how many files of how many are done.

    Returns
    -------
    dict
        Path relative to the prefix → what is there.
    """
    paths = sorted(path for path in walk(prefix) if path != str(prefix / HASHES))
    batches = [paths[first : first + BATCH] for first in range(0, len(paths), BATCH)]
    results: dict[str, Content] = {}
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


def describe_all(paths: Sequence[str]) -> list[Content]:
    """Return what each path holds."""
    return [describe(path) for path in paths]


def describe(path: str) -> Content:
    """Return a file's hash, or where a symlink points to; whatever lies there, nothing waits for it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return Content(LINK + str(Path(path).readlink()))
        if error.errno in {errno.EACCES, errno.ENXIO}:
            return Content("it cannot be read", stat.S_IMODE(os.lstat(path).st_mode))
        raise
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            return Content("it is no file", stat.S_IMODE(state.st_mode))
        return Content(hashlib.sha256(stream.read()).hexdigest(), stat.S_IMODE(state.st_mode))


def write_hashes(prefix: Path, contents: Mapping[str, Content]) -> None:
    """Write the list of hashes into a prefix: its files by their permissions, then its symlinks."""
    files: dict[int, list[str]] = defaultdict(list)
    links = []
    for path, content in contents.items():
        if content.mode is None:
            links.append(f"# {path} {content.text}")
        else:
            files[content.mode].append(f"{content.text}  {path}")
    lines = [line for mode in sorted(files) for line in (f"{MODE}{mode:o}", *files[mode])]
    (prefix / HASHES).write_text("\n".join([*lines, *links]) + "\n", encoding="utf-8", errors="surrogateescape")


def read_hashes(prefix: Path) -> dict[str, Content]:
    """Read the list of hashes of a prefix."""
    try:
        text = (prefix / HASHES).read_text(encoding="utf-8", errors="surrogateescape")
        return dict(read_lines(text.removesuffix("\n").split("\n")))
    except (OSError, ValueError) as error:
        raise EnvironmentFailed(
            f"{prefix / HASHES} cannot be read ({error}). Without it nobody can tell whether the environment is what "
            "was built: remove it and build it again."
        ) from error


def read_lines(lines: Iterable[str]) -> Iterator[tuple[str, Content]]:
    """Yield path and content of the lines of a list."""
    mode = None
    for line in lines:
        if line.startswith(MODE) and LINK not in line:
            mode = int(line.removeprefix(MODE), 8)
        elif line.startswith("# "):
            path, arrow, target = line[2:].partition(f" {LINK}")
            if not arrow:
                raise ValueError(f"the line {line!r} is not of this format")
            yield path, Content(LINK + target)
        else:
            digest, _, path = line.partition("  ")
            if len(digest) != 64 or not path:
                raise ValueError(f"the line {line!r} is not of this format")
            yield path, Content(digest, mode)

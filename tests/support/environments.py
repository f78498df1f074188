"""Several real environments for one platform: the shipped one, a second one, and an earlier build."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from mantidhub.environments import Environment, Specification, build, choose_interpreter, shipped_specifications
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.locking import build_lock
from mantidhub.environments.progress_display import show_progress
from support.platform import SHARED_STATE

FURTHER = SHARED_STATE / "further-environments"
"""Beside the folder that all suites share, so that only those see them that ask for them."""
SECOND_TEMPLATE = "threads={threads}\nmemory={memory}\nfacility={facility}\ndata={archive}\nhome={home}\nown={own}\n"


def shipped_environment() -> Environment:
    """Build the scipp environment, or return the one that is built."""
    return _build(_shipped(), SHARED_STATE / "environments")


def second_environment() -> Environment:
    """Build an environment with a name, a variable and a settings file of its own, or return the one that is built."""
    FURTHER.mkdir(parents=True, exist_ok=True)
    template = FURTHER / "second.properties"
    template.write_text(SECOND_TEMPLATE)
    second = _shipped().model_copy(
        update={
            "name": "second",
            "title": "Second software",
            "description": "Another environment, for tests",
            "labels": ("nightly",),
            "variables": {"SECOND_VARIABLE": "from the second"},
            "session_files": {"/etc/second.properties": template},
        }
    )
    return _build(second, FURTHER)


def earlier_build(environment: Environment, folder: Path) -> Environment:
    """Make a build of other packages, as far as the manifest says: files are shared with a build that is there."""
    prefix = folder / f"{environment.name}-{'e' * 12}"
    shutil.copytree(environment.prefix, prefix, symlinks=True, copy_function=os.link)
    prefix.chmod(0o755)
    manifest = json.loads((environment.prefix / MANIFEST).read_text())
    manifest |= {"hash": "e" * 64, "lock_hash": "e" * 64, "created": "2024-02-03T04:05:06+00:00"}
    manifest["packages"] |= {"scipp": "24.2.0"}
    (prefix / MANIFEST).unlink()
    (prefix / MANIFEST).write_text(json.dumps(manifest))
    return Environment.read(prefix)


def use_environments(state: Path, environments: Iterable[Environment]) -> Path:
    """Let a state folder that has not been used yet see exactly these environments."""
    folder = state / "environments"
    folder.mkdir(parents=True)
    for environment in environments:
        (folder / environment.id).symlink_to(environment.prefix)
    return folder


@contextmanager
def looks_built(folder: Path, names: Iterable[str]) -> Iterator[list[str]]:
    """Offer environments that can be chosen, and have nothing in them to start."""
    manifest = json.loads((second_environment().prefix / MANIFEST).read_text())
    prefixes = []
    try:
        for number, name in enumerate(names):
            hash_ = f"{number:x}" * 64
            prefix = folder / f"{name}-{hash_[:12]}"
            (prefix / "bin").mkdir(parents=True)
            (prefix / "bin" / "python").symlink_to(sys.executable)
            manifest |= {"name": name, "title": f"Kernel {number}", "labels": [], "hash": hash_, "lock_hash": hash_}
            (prefix / MANIFEST).write_text(json.dumps(manifest))
            prefixes.append(prefix)
        yield [prefix.name.rpartition("-")[0] for prefix in prefixes]
    finally:
        for prefix in prefixes:
            shutil.rmtree(prefix)


@contextmanager
def preparation(folder: Path, name: str) -> Iterator[Callable[..., None]]:
    """Stand for whoever builds an environment: hold the lock of its name, and write how far it is."""
    file = folder / f"{name}.state.json"

    def write(**what: object) -> None:
        now = datetime.now(UTC).isoformat()
        file.write_text(json.dumps({"environment": name, "updated": now, **what}))

    try:
        with build_lock(folder, name, waiting=print):
            yield write
    finally:
        file.unlink(missing_ok=True)


def _shipped() -> Specification:
    return next(found for found in shipped_specifications() if found.name == "scipp")


def _build(specification: Specification, root: Path) -> Environment:
    with show_progress(f"{specification.name} environment", Console(stderr=True)) as progress:
        return build(specification, root, interpreter=choose_interpreter(specification), progress=progress)

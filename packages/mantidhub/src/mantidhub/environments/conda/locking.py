"""The lock of a specification of conda packages: made, found, and kept where it can be carried away."""

import hashlib
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from mantidhub.environments.conda.jobs import SolveJob, Supply, run_job
from mantidhub.environments.conda.lock_file import LockFile, Request
from mantidhub.environments.progress import Reporter
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification
from mantidhub.environments.workshop import Workshop
from mantidhub.errors import EnvironmentFailed
from mantidhub.files import write_whole


def make_lock(
    specification: Specification, path: Path, reporter: Reporter, sources: Sources, descriptor: int | None = None
) -> Path:
    """Choose packages and write the lock; return where it lies.

    Parameters
    ----------
    descriptor
        That of the build's lock, which the process that solves shall inherit.

    Raises
    ------
    EnvironmentFailed
        A channel cannot be read, or the packages do not fit together.
    """
    conda = specification.conda
    assert conda is not None  # noqa: S101  # whoever makes such a lock has looked
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mantidhub-lock-") as folder:
        scratch = Path(folder)
        job = SolveJob(
            supply=Supply.of(conda, sources),
            specification=str(specification.path),
            packages=conda.packages,
            excluded=tuple(specification.excluded),
            platforms=conda.platforms,
            output=str(scratch / "lock.json"),
        )
        log = sources.conda_cache / f"{specification.name}.lock.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        run_job(job, scratch, Workshop(log=log, lock=descriptor), reporter)
        # Here and not by the process that solves: that one may be done although its asker was interrupted.
        write_whole(path, Path(job.output).read_text(encoding="utf-8"), mode=0o644, durable=True)
    keep(path, specification, sources)
    return path


def find_lock(specification: Specification, root: Path, sources: Sources) -> Path | None:
    """Return the lock that a build shall use; None where one has to be made first.

    A specification that names its lock must have one that was made for it. Another one's lies in the folder of
    environments, or in a cache that was carried here, and is made anew when the specification asks for something else.

    Raises
    ------
    EnvironmentFailed
        The named lock is missing or was made for something else.
    """
    path = specification.lock_file(root)
    request = Request.of(specification)
    if specification.lock is not None:
        if LockFile.read(path).request != request:
            raise EnvironmentFailed(
                f"The lock {path} was made for other channels, packages or platforms than {specification.path} asks "
                f"for now. Make it anew: mantidhub environment lock {specification.name}."
            )
        return path
    if answers(path, request):
        return path
    carried = carried_lock(specification, sources)
    if not answers(carried, request):
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, carried.read_text(encoding="utf-8"), mode=0o644)
    return path


def answers(lock: Path, request: Request) -> bool:
    """Tell whether a lock is there, whole, and made for a request."""
    try:
        return LockFile.read(lock).request == request
    except EnvironmentFailed:
        return False


def keep(lock: Path, specification: Specification, sources: Sources) -> None:
    """Put a copy of a lock into the cache, so that it travels with the packages; offline a cache is only read."""
    copy = carried_lock(specification, sources)
    if sources.offline or (copy.is_file() and copy.read_bytes() == lock.read_bytes()):
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_whole(copy, lock.read_text(encoding="utf-8"), mode=0o644)


def carried_lock(specification: Specification, sources: Sources) -> Path:
    """Return where the cache keeps the lock of what a specification asks for."""
    asked = json.dumps(asdict(Request.of(specification)), sort_keys=True)
    short = hashlib.sha256(asked.encode()).hexdigest()[:12]
    return sources.conda_cache / "locks" / f"{specification.name}-{short}.json"

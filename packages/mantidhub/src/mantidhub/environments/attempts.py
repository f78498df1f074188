"""How the building of an environment stands, for others to read: ``NAME.state.json`` beside the environments.

The file is there while an environment is built and after a try that failed; the spawn page and the commands show it.
Once it is built, the file goes. A builder that was killed leaves ``building`` behind; whoever reads it can tell from
the lock that nobody builds.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mantidhub.environments.locking import find_holder, is_locked
from mantidhub.environments.progress import Progress, Report, Step
from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed
from mantidhub.files import write_whole

SUFFIX = ".state.json"
INTERRUPTED = "The last try was interrupted."
BETWEEN = 1.0
"""Seconds between two writes of the file while a step goes on."""


class Attempt(BaseModel):
    """A build that goes on, or the last one if it failed.

    Attributes
    ----------
    environment, title
        Of its specification.
    state
        ``building`` or ``failed``.
    message
        What is being done, or why it failed, in words for a person.
    done, total
        Counted things of the step at hand; ``total`` is 0 while nobody can know it.
    updated
        When this was written.
    """

    model_config = ConfigDict(frozen=True)

    environment: str
    title: str
    state: Literal["building", "failed"]
    message: str
    done: int = 0
    total: int = 0
    updated: datetime


def attempt_file(root: Path, name: str) -> Path:
    """Return where the file of an environment lies."""
    return root / f"{name}{SUFFIX}"


def find_attempt(root: Path, name: str) -> Attempt | None:
    """Return how the last try stands; None when there was none or it succeeded.

    One that was killed is shown as failed.
    """
    try:
        attempt = Attempt.model_validate_json(attempt_file(root, name).read_bytes())
    except (OSError, ValidationError):
        return None
    if attempt.state == "building" and not is_locked(root, name):
        return attempt.model_copy(update={"state": "failed", "message": INTERRUPTED})
    return attempt


def list_attempts(root: Path) -> list[Attempt]:
    """Return how the last try of every environment stands that has not succeeded, by name."""
    names = sorted(file.name.removesuffix(SUFFIX) for file in root.glob(f"*{SUFFIX}"))
    return [attempt for name in names if (attempt := find_attempt(root, name))]


def forget_interrupted(root: Path) -> None:
    """Remove the files of builds that were killed, so that nobody waits for them."""
    for attempt in list_attempts(root):
        if attempt.state == "failed" and attempt.message == INTERRUPTED:
            attempt_file(root, attempt.environment).unlink(missing_ok=True)


@contextmanager
def announced(specification: Specification, root: Path, progress: Report) -> Iterator[Report]:
    """Keep the file while an environment is built.

    Parameters
    ----------
    specification
        What is built.
    root
        The folder of environments; it is made.
    progress
        Told everything too.

    Yields
    ------
    Callable
        For the ``progress`` of `build`.
    """
    root.mkdir(parents=True, exist_ok=True)
    board = Board(specification, root)

    def both(report: Progress) -> None:
        progress(report)
        board.show(report)

    try:
        yield both
    except EnvironmentFailed as problem:
        with suppress(OSError):  # such as the full disk that made it fail
            board.fail(str(problem))
        raise
    except BaseException:
        board.clear()
        raise
    board.clear()


class Board:
    """Writes the file of one build, at every step and once a second of a long one.

    While another process builds, the file is that one's: whoever only waits, is interrupted or fails leaves it alone.
    """

    def __init__(self, specification: Specification, root: Path) -> None:
        self._specification = specification
        self._file = attempt_file(root, specification.name)
        self._step: Step | None = None
        self._written = 0.0

    def show(self, progress: Progress) -> None:
        """Write one report, unless it is too soon or says nothing that others want to know."""
        if progress.step in {Step.INTERPRETER, Step.WAITING, Step.DONE}:
            return
        if progress.step is self._step and time.monotonic() - self._written < BETWEEN:
            return
        self._step, self._written = progress.step, time.monotonic()
        self.write("building", str(progress.step.value), progress.done, progress.total)

    def write(self, state: Literal["building", "failed"], message: str, done: int = 0, total: int = 0) -> None:
        """Write the file; everybody may read it."""
        attempt = Attempt(
            environment=self._specification.name,
            title=self._specification.title,
            state=state,
            message=message,
            done=done,
            total=total,
            updated=datetime.now(UTC),
        )
        write_whole(self._file, attempt.model_dump_json(indent=1) + "\n", mode=0o644)

    def fail(self, message: str) -> None:
        """Write why it failed."""
        if not self._is_another_s():
            self.write("failed", message)

    def clear(self) -> None:
        """Remove the file."""
        if not self._is_another_s():
            self._file.unlink(missing_ok=True)

    def _is_another_s(self) -> bool:
        root, name = self._file.parent, self._specification.name
        if not is_locked(root, name):
            return False
        holder = find_holder(root, name)
        # A program of our own build that was ended just now may have held the lock for a moment longer.
        return is_locked(root, name) if holder is None else holder != os.getpid()

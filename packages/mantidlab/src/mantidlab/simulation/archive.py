"""Which runs there are, and how they are put into a folder that is laid out like a facility's archive.

A run is written beside its place and then renamed, so that a file that is there is complete.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from mantidlab.archive import ArchiveError, run_file_name
from mantidlab.simulation import diffraction, reflectometry, sans
from mantidlab.simulation.measurement import Header, Run, Source
from mantidlab.simulation.nexus import to_nexus

CYCLE = "cycle_26_1"
FIRST_START = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
BETWEEN_RUNS = timedelta(minutes=5)
SEED = 20260203


class ArchiveNotWritten(ArchiveError):
    """The folder could not be written; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """A run that is to be simulated."""

    header: Header
    measure: Callable[..., Run]
    """Does it, from `header` and `rng`."""

    def place(self, archive: Path) -> Path:
        """Where its file belongs."""
        header = self.header
        return archive / header.instrument / header.cycle / run_file_name(header.instrument, header.number)

    def simulate(self, seed: int) -> bytes:
        """The file. Each run has random numbers of its own, so that it does not matter which others are made."""
        rng = np.random.default_rng([seed, self.header.number])
        return to_nexus(self.measure(header=self.header, rng=rng), rng)


def plans() -> list[Plan]:
    """Every run, instrument by instrument, in the order in which they were measured."""
    return [*_sans_plans(), *_reflectometry_plans(), *_diffraction_plans()]


def write_archive(
    archive: Path, *, force: bool = False, seed: int = SEED, progress: Callable[[int, int, str], None] | None = None
) -> list[Path]:
    """Write every run that is not there yet.

    Parameters
    ----------
    archive:
        The folder; made if it is not there.
    force:
        Write also what is there already.
    seed:
        Where the random numbers begin: the same seed gives the same bytes.
    progress:
        Called with how many runs are done, of how many, and what happened last.

    Returns
    -------
    :
        The files that were written.

    Raises
    ------
    ArchiveNotWritten
        If the folder cannot be written, is full, or is being written by someone else.
    """
    tell = progress or (lambda done, total, what: None)
    chosen = plans()
    written = []
    with _translated(archive):
        archive.mkdir(parents=True, exist_ok=True)
        with _alone(archive):
            tell(0, len(chosen), "simulated instruments")
            for done, plan in enumerate(chosen, start=1):
                place = plan.place(archive)
                if place.exists() and not force:
                    tell(done, len(chosen), f"{place.name} is there")
                    continue
                _write_aside(place, plan.simulate(seed))
                written.append(place)
                tell(done, len(chosen), f"{place.name} {plan.header.title}")
    return written


def _write_aside(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}.partial")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _translated(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or str(problem)
        where = problem.filename or archive
        raise ArchiveNotWritten(
            f"Writing the simulated instruments to {archive} stopped: {reason} ({where}). "
            "Free some space or choose another folder, and run the same command again: what is complete is kept."
        ) from problem


@contextmanager
def _alone(archive: Path) -> Iterator[None]:
    """Keep a second writer out of the folder; the lock ends with the process."""
    descriptor = os.open(archive, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise ArchiveNotWritten(
                f"Another process is writing the simulated instruments to {archive}. Wait until it has finished."
            ) from problem
        yield
    finally:
        os.close(descriptor)


def _sans_plans() -> Iterator[Plan]:
    runs = {
        "sample": ("silica spheres in heavy water, scattering", 40.0),
        "cell": ("empty cell, scattering", 40.0),
        "sample transmission": ("silica spheres in heavy water, transmission", 10.0),
        "cell transmission": ("empty cell, transmission", 10.0),
        "empty beam": ("empty beam, transmission", 10.0),
    }
    headers = _headers(sans.NAME, 1001, list(runs.values()), sans.SOURCE)
    for name, header in zip(runs, headers, strict=True):
        yield Plan(header, partial(sans.measure, arrangement=sans.ARRANGEMENTS[name]))


def _reflectometry_plans() -> Iterator[Plan]:
    runs = {
        "direct beam, narrow slits": ("direct beam for 0.5 degrees", 0.5),
        "film, 0.5 degrees": ("polystyrene film on silicon, 0.5 degrees", 3.0),
        "direct beam, wide slits": ("direct beam for 2.0 degrees", 6.0),
        "film, 2.0 degrees": ("polystyrene film on silicon, 2.0 degrees", 120.0),
    }
    headers = _headers(reflectometry.NAME, 2001, list(runs.values()), reflectometry.SOURCE)
    for name, header in zip(runs, headers, strict=True):
        yield Plan(header, partial(reflectometry.measure, arrangement=reflectometry.ARRANGEMENTS[name]))


def _diffraction_plans() -> Iterator[Plan]:
    runs = {"silicon": ("silicon powder", 640.0), "vanadium": ("vanadium rod", 320.0), "empty": ("empty", 320.0)}
    headers = _headers(diffraction.NAME, 3001, list(runs.values()), diffraction.SOURCE)
    for name, header in zip(runs, headers, strict=True):
        yield Plan(header, partial(diffraction.measure, rod=diffraction.ARRANGEMENTS[name]))


def _headers(instrument: str, first: int, runs: list[tuple[str, float]], source: Source) -> Iterator[Header]:
    """Number the runs and let one start after the other."""
    start = FIRST_START
    for number, (title, charge) in enumerate(runs, start=first):
        yield Header(instrument, number, title, start, charge, CYCLE)
        start += source.duration(charge) + BETWEEN_RUNS

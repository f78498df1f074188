"""Looks through instruments' folders beside whoever asks, so that an archive of any size lets nobody wait.

An instrument with 50,000 files takes 2 s to walk through, on a slow network far longer. A walk goes on in a thread of
its own while somebody waits for it, and ends by itself when nobody does any more. What it found is kept for a while.
"""

import threading
import time
from pathlib import Path

from mantidlab.archive import ArchiveError, Files, RunNotFound, archive_folder, files_of_runs, find_run
from mantidlab.run_files import StillLooking

KEPT_FOR, ASKED_AGAIN_AFTER, WAITED_FOR = 60.0, 5.0, 10.0
"""Seconds: what was found is kept; how old it may be when a run is not in it; a walk goes on that nobody waits for."""


class _Abandoned(Exception):
    """Nobody waits for a walk any more."""


class _Walk:
    """One walk through the folder of an instrument."""

    def __init__(self, instrument: str, folder: Path) -> None:
        self.begun = self.asked = time.monotonic()
        self.seen = 0
        self.ended = threading.Event()
        self.files: Files = {}
        self.others: dict[Path, tuple[Path, ...]] = {}
        self.problem: ArchiveError | None = None
        self._instrument, self._folder = instrument, folder
        # A thread and no task: a folder on a network that has gone away holds whoever looks into it.
        threading.Thread(target=self._walk, name=f"looking through {instrument}", daemon=True).start()

    @property
    def age(self) -> float:
        return time.monotonic() - self.begun

    @property
    def is_abandoned(self) -> bool:
        return not self.ended.is_set() and time.monotonic() - self.asked > WAITED_FOR

    def _walk(self) -> None:
        try:
            files = files_of_runs(self._instrument, self._folder, self._saw)
            self.others = {paths[0]: paths[1:] for paths in files.values() if len(paths) > 1}
            self.files = files
        except ArchiveError as problem:
            self.problem = problem
        except (_Abandoned, OSError) as problem:
            self.problem = StillLooking(f"The folder of {self._instrument} could not be looked through: {problem}.")
        finally:
            self.ended.set()

    def _saw(self, count: int) -> None:
        self.seen = count
        if self.is_abandoned:
            raise _Abandoned("nobody waited for it any more")


class Walks:
    """What the folders of instruments hold, for all who ask this process."""

    def __init__(self) -> None:
        self._walks: dict[tuple[Path, str], _Walk] = {}
        self._lock = threading.Lock()

    def find(self, instrument: str, run: int | str, until: float) -> tuple[Path, tuple[Path, ...]]:
        """Return the file of a run, and others that the run has too.

        Parameters
        ----------
        until
            When to give up for now, by the monotonic clock.

        Raises
        ------
        StillLooking
            The folder has not been looked through by then.
        ArchiveError
            There is no such run, as `mantidlab.archive.find_run` says.
        """
        try:
            return self._find(instrument, run, until, KEPT_FOR)
        except RunNotFound:  # it may have been measured just now
            return self._find(instrument, run, until, ASKED_AGAIN_AFTER)

    def _find(self, instrument: str, run: int | str, until: float, oldest: float) -> tuple[Path, tuple[Path, ...]]:
        walks: list[_Walk] = []

        def files_of(instrument: str, archive: Path | str | None) -> Files:
            walks.append(self._walked(instrument, until, oldest))
            return walks[0].files

        path = find_run(instrument, run, files_of=files_of)
        return path, walks[0].others.get(path, ())

    def _walked(self, instrument: str, until: float, oldest: float) -> _Walk:
        folder = archive_folder()
        key = (folder, instrument.casefold())
        with self._lock:
            walk = self._walks.get(key)
            if walk is None or walk.is_abandoned or (walk.ended.is_set() and walk.age > oldest):
                walk = self._walks[key] = _Walk(instrument, folder)
            walk.asked = time.monotonic()
        if not walk.ended.wait(max(0.0, until - time.monotonic())):
            raise StillLooking(
                f"{folder / instrument} is being looked through; {walk.seen:,} files so far.".replace(",", " ")
            )
        if walk.problem is not None:
            raise walk.problem
        return walk

"""Watching the algorithms that Mantid runs, from handlers that only take notes.

Mantid calls observers in the thread that works, within the algorithm: what a handler raises aborts it, and a handler
that waits holds it up. One observer of starts ties a new observer to each algorithm (one that ties itself is told
nothing). An observer must outlive its algorithm's last word, which nobody announces (a finish may follow an error, and
an algorithm that is kept may be run again): so it is cut loose, and let go, only between two cells, or when many later
ones have started.
"""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from mantidlab.frameworks import mantid_calls as calls

TERMINATED = "Algorithm terminated"
"""What an algorithm of C++ says that was cancelled; one of Python has words of its own, or none."""
KEPT = 64
"""Finished algorithms whose observers are kept while a cell runs."""

log = logging.getLogger(__name__)


class AlgorithmNotes:
    """What is noted of one algorithm. A listener overrides these; each is called within the algorithm.

    None may wait, raise, or ask Mantid anything.
    """

    def progress(self, fraction: float, message: str) -> None:
        """Note how far it is."""

    def ended(self, error: str | None, *, cancelled: bool) -> None:
        """Note that it is over: with an error, or without. Called once."""


class AlgorithmWatcher:
    """Notes of each algorithm that starts.

    Parameters
    ----------
    begin
        Returns the notes for an algorithm of a name. Called within it.
    """

    def __init__(self, begin: Callable[[str], AlgorithmNotes]) -> None:
        self._begin = begin
        self._starts: calls.AlgorithmObserver | None = None
        self._observer: Callable[[AlgorithmNotes], Any] = _nothing
        self._tied: dict[int, tuple[calls.AlgorithmObserver, calls.RunningAlgorithm]] = {}
        self._over: deque[int] = deque()
        self.handlers: list[Callable[..., Any]] = []
        """The functions that Mantid calls."""

    def watch(self, base: type[Any]) -> None:
        """Begin to watch; `base` is Mantid's ``AlgorithmObserver``. A second call changes nothing."""
        if self._starts is not None:
            return
        watcher = self

        class Starts(base):  # type: ignore[misc]
            """Ties an observer to each algorithm that starts."""

            def startingHandle(self, algorithm: calls.RunningAlgorithm, *more: object) -> None:  # noqa: N802
                """Tie one."""
                try:
                    watcher._tie(algorithm)
                except BaseException:
                    log.debug("an algorithm is not watched", exc_info=True)

        observer = _observer_class(base, self._done)
        self._observer = observer
        self.handlers = [Starts.startingHandle, *(getattr(observer, name) for name in HANDLERS)]
        starts: calls.AlgorithmObserver = Starts()
        starts.observeStarting()
        self._starts = starts

    def let_go(self) -> None:
        """Let go of the observers of algorithms that are over. In the main thread, between two cells."""
        self._let_go(0)

    def _tie(self, algorithm: calls.RunningAlgorithm) -> None:
        self._let_go(KEPT)
        observer = self._observer(self._begin(str(algorithm.name())))
        self._tied[id(observer)] = (observer, algorithm)
        observer.observeProgress(algorithm)
        observer.observeFinish(algorithm)
        observer.observeError(algorithm)

    def _done(self, observer: object) -> None:
        self._over.append(id(observer))

    def _let_go(self, keep: int) -> None:
        while len(self._over) > keep:
            observer, algorithm = self._tied.pop(self._over.popleft(), (None, None))
            if observer is not None and algorithm is not None:
                observer.stopObserving(algorithm)


def _nothing(notes: AlgorithmNotes) -> None:
    return None


HANDLERS = ("progressHandle", "finishHandle", "errorHandle")


def _observer_class(base: type[Any], done: Callable[[object], None]) -> type[Any]:
    class Observer(base):  # type: ignore[misc]
        """Notes what one algorithm says.

        What later versions add to what they hand over is let pass: a handler that refuses it ends the algorithm.
        """

        def __init__(self, notes: AlgorithmNotes) -> None:
            super().__init__()
            self._notes = notes
            self._is_over = False

        def progressHandle(self, fraction: float, message: str, *more: object) -> None:  # noqa: N802
            """Note it. In 6.x the time that Mantid expects follows, and how many digits to show."""
            try:
                self._notes.progress(fraction, message)
            except BaseException:
                log.debug("a report is not noted", exc_info=True)

        def finishHandle(self, *more: object) -> None:  # noqa: N802
            """Note it, unless an error came before."""
            self._end(None)

        def errorHandle(self, what: str, *more: object) -> None:  # noqa: N802
            """Note it; a finish may follow."""
            self._end(str(what))

        def _end(self, error: str | None) -> None:
            try:
                if not self._is_over:
                    self._is_over = True
                    self._notes.ended(error, cancelled=error == TERMINATED)
                    done(self)
            except BaseException:
                log.debug("an end is not noted", exc_info=True)

    return Observer

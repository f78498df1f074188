"""A stand-in for the part of Mantid that runs algorithms, written from what a real 3.13 was seen to do.

* An algorithm computes outside of Python: nothing interrupts the thread that waits for it, until it is over.
* Observers are told in the thread that works, here one of the algorithm's own; about a hundred reports, none of 1.0.
* An error is followed by a finish; of a cancelling there is an error alone, and who waits gets a KeyboardInterrupt
  without a text, at the algorithm's next report.
* What a handler raises aborts the algorithm.
* An observer that ties itself to the algorithm of its own ``startingHandle`` is told nothing of it.
* Mantid 6 hands ``progressHandle`` four things, 3.13 two: a method that takes others raises, as everywhere in Python.
"""

import ctypes
import os
import threading
from typing import Any

from support.recorded_parts import CALLED, Answering

LIBC = ctypes.CDLL(None)
LATER = os.environ.get("MANTIDHUB_STAND_IN", "6") == "6"
"""Whether it answers as Mantid 6 does, or as 3.13."""


class RunningAlgorithm(Answering):
    """A proxy for an algorithm that runs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._observers: list[tuple[str, Any]] = []
        self._cancelled = threading.Event()

    def name(self) -> str:
        return self._name

    def _progress(self, fraction: float, message: str) -> None:
        self._tell("progressHandle", fraction, message, *((0.0, 0) if LATER else ()))

    def _tell(self, handler: str, *said: Any) -> None:
        for kind, observer in list(self._observers):
            if kind == handler:
                getattr(observer, handler)(*said)


class AlgorithmObserver(Answering):
    """Mantid's base class; `_starts` are the observers of starts of one Mantid."""

    _starts = None

    def __getattribute__(self, name: str) -> Any:
        CALLED.add(("AlgorithmObserver", name))  # for subclasses too
        return super().__getattribute__(name)

    def observeStarting(self) -> None:
        self._starts.append(self)

    def observeProgress(self, algorithm: RunningAlgorithm) -> None:
        self._observe(algorithm, "progressHandle")

    def observeFinish(self, algorithm: RunningAlgorithm) -> None:
        self._observe(algorithm, "finishHandle")

    def observeError(self, algorithm: RunningAlgorithm) -> None:
        self._observe(algorithm, "errorHandle")

    def stopObserving(self, algorithm: RunningAlgorithm) -> None:
        algorithm._observers = [(kind, observer) for kind, observer in algorithm._observers if observer is not self]

    def _observe(self, algorithm: RunningAlgorithm, handler: str) -> None:
        if self not in self._starts:
            algorithm._observers.append((handler, self))


class AlgorithmManager(Answering):
    def __init__(self, running: list[RunningAlgorithm]) -> None:
        self._running = running

    def cancelAll(self) -> None:
        for algorithm in list(self._running):
            algorithm._cancelled.set()


class Algorithms:
    """The algorithms of one Mantid."""

    def __init__(self) -> None:
        self._running: list[RunningAlgorithm] = []
        self._starts: list[Any] = []
        self.manager = AlgorithmManager(self._running)

    def observer_base(self) -> type[AlgorithmObserver]:
        """Return Mantid's ``AlgorithmObserver``."""
        return type("AlgorithmObserver", (AlgorithmObserver,), {"_starts": self._starts})

    def run(self, name: str, *, steps: int = 100, each: float = 0.01, error: str = "") -> None:
        """Run an algorithm of so many steps, of so many seconds each, and wait for it as C++ waits."""
        algorithm = RunningAlgorithm(name)
        for observer in self._starts:
            observer.startingHandle(algorithm)
        self._running.append(algorithm)
        outcome: list[BaseException] = []
        mutex = ctypes.create_string_buffer(64)
        LIBC.pthread_mutex_lock(mutex)

        def work() -> None:
            try:
                self._compute(algorithm, steps, each, error)
            except BaseException as problem:  # noqa: BLE001  (whoever waits is told)
                outcome.append(problem)
            LIBC.pthread_mutex_unlock(mutex)

        threading.Thread(target=work, daemon=True).start()
        # Signals do not end this wait, and Python sees none of them meanwhile.
        LIBC.pthread_mutex_lock(mutex)
        self._running.remove(algorithm)
        if outcome:
            raise outcome[0]

    def _compute(self, algorithm: RunningAlgorithm, steps: int, each: float, error: str) -> None:
        for step in range(steps):
            LIBC.usleep(int(each * 1e6))
            if algorithm._cancelled.is_set():
                algorithm._tell("errorHandle", "Algorithm terminated")
                raise KeyboardInterrupt
            algorithm._progress(step / steps, "Convert to dSpacing" if step % 2 else "")
        if error:
            algorithm._tell("errorHandle", error)
            algorithm._tell("finishHandle")
            raise RuntimeError(error)
        algorithm._tell("finishHandle")

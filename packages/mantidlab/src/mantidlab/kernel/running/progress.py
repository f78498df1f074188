"""How far a loop or a function of Python is, said by itself.

``with progress("Reducing") as report: report(0.3, "bank 2")``; ``for run in progress.each(runs, "Reducing"): …``
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from mantidlab.kernel.running.stopping import Stopped, stops
from mantidlab.kernel.running.tasks import TASKS, How

Reporter: TypeAlias = Callable[..., None]
T = TypeVar("T")


@contextmanager
def progress(name: str) -> Iterator[Reporter]:
    """Show how far something is, in the panels, for as long as this lasts.

    Parameters
    ----------
    name
        What is worked on, for a person.

    Yields
    ------
    Callable
        ``report(fraction, message="")``: how much is done, 0 to 1 (None where nobody can tell), and what is done now.
        It costs a microsecond, so it may be called as often as one likes. In a thread other than the main one it raises
        `Stopped` once a person has stopped the kernel, since an interrupt reaches the main thread alone.
    """
    task = TASKS.begin(name, "python")
    begun = stops()
    elsewhere = threading.current_thread() is not threading.main_thread()

    def report(fraction: float | None = None, message: str = "") -> None:
        if elsewhere and stops() != begun:
            raise Stopped(f"{name} was stopped.")
        task.fraction = None if fraction is None else min(1.0, max(0.0, float(fraction)))
        task.message = message

    try:
        yield report
    except (KeyboardInterrupt, Stopped):
        TASKS.end(task, How.STOPPED)
        raise
    except GeneratorExit:  # `each` in a loop that was left
        TASKS.end(task, How.DONE)
        raise
    except BaseException as problem:
        TASKS.end(task, How.FAILED, f"{type(problem).__name__}: {problem}")
        raise
    TASKS.end(task, How.DONE)


def each(things: Iterable[T], name: str, total: int | None = None) -> Iterator[T]:
    """Go through things, and show how far that is.

    Parameters
    ----------
    things
        To go through.
    name
        What is done with them, for a person.
    total
        How many there are, where that cannot be asked of `things`.
    """
    count = total if total is not None else _length(things)
    with progress(name) as report:
        for place, thing in enumerate(things):
            report(place / count if count else None, f"{place + 1} of {count}" if count else f"{place + 1}")
            yield thing


def _length(things: Iterable[T]) -> int | None:
    try:
        return len(things)  # type: ignore[arg-type]
    except TypeError:
        return None

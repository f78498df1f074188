"""What a kernel works on now, and the thread that tells panels of it four times a second.

Whoever works only sets attributes, so that it can say how far it is thousands of times a second. What is over before it
was told is never told: a loop of a thousand short algorithms makes no flicker.
"""

import itertools
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mantidlab.kernel import channel
from mantidlab.kernel.pushes import PER_SECOND, push

OLD_ENOUGH = 0.3
"""Seconds after which something is told."""
LINES_AT_ONCE = 100
"""Of a log that are told in one round; more are counted."""
SAMPLES = 40
"""Of the fraction, a quarter of a second apart, from which the time left is computed."""

log_of_ours = logging.getLogger("mantidlab.kernel")


class How(StrEnum):
    """How something ended."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass
class Task:
    """One thing that a kernel works on.

    Attributes
    ----------
    id
        Unlike that of any other in this kernel.
    name
        For a person: the algorithm, the title of an interface.
    kind
        ``algorithm`` or ``python``.
    cell
        The notebook's id of the cell that works on it; None where nobody knows.
    fraction
        How much is done, 0 to 1; None where nobody can tell.
    message
        What is done now.
    in_main
        Whether a cell works on it itself, and no thread beside it.
    """

    id: str
    name: str
    kind: str
    cell: str | None
    fraction: float | None = None
    message: str = ""
    in_main: bool = field(default_factory=lambda: threading.current_thread() is threading.main_thread())
    began: float = field(default_factory=time.monotonic)
    told: bool = False
    _samples: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def left(self, now: float) -> float | None:
        """Return the seconds until it is done, at the pace of the last ten seconds; None where nobody can tell."""
        if self.fraction is None or not self._samples:
            return None
        begun, first = self._samples[0]
        pace = (self.fraction - first) / (now - begun) if now > begun else 0.0
        return (1 - self.fraction) / pace if pace > 0 and now - self.began > 1 else None

    def sample(self, now: float) -> None:
        """Take down how far it is."""
        if self.fraction is not None:
            self._samples.append((now, self.fraction))

    def to_json(self, now: float) -> dict[str, Any]:
        """Return what panels are told."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "cell": self.cell,
            "fraction": self.fraction,
            "message": self.message,
            "seconds": round(now - self.began, 2),
            "left": None if (left := self.left(now)) is None else round(left, 1),
        }


class Tasks:
    """All that this kernel works on."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._lines: deque[dict[str, Any]] = deque()
        self._left_out = 0
        self._thread: threading.Thread | None = None

    def begin(self, name: str, kind: str) -> Task:
        """Take something up."""
        task = Task(f"{kind}-{next(self._numbers)}", name, kind, cell_at_work())
        with self._changed:
            self._tasks[task.id] = task
            self._wake()
        return task

    def end(self, task: Task, how: How, message: str = "") -> None:
        """Say that something is over."""
        with self._changed:
            if self._tasks.pop(task.id, None) is not None and task.told:
                # Within the lock, so that no news of it come after its end.
                push("running", "ended", {"id": task.id, "how": how, "message": message})

    def end_of_cell(self) -> None:
        """End what a cell left that was stopped: the interrupt came before its own end was reached."""
        for task in self.now():
            if task.in_main:
                self.end(task, How.STOPPED)

    def note(self, level: str, line: str, task: str | None = None) -> None:
        """Take a line of a log, for the task of that id, or the newest of that name."""
        with self._changed:
            if len(self._lines) >= LINES_AT_ONCE:
                self._left_out += 1
                return
            self._lines.append({"id": self._id_of(task), "level": level, "line": line})
            self._wake()

    def now(self) -> list[Task]:
        """Return what goes on."""
        with self._changed:
            return list(self._tasks.values())

    def _wake(self) -> None:
        if self._thread is None and channel.this_kernel() is not None:
            self._thread = threading.Thread(target=self._work, name="mantidlab-running", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _id_of(self, task: str | None) -> str | None:
        if task is None or task in self._tasks:
            return task
        return next((found.id for found in reversed(list(self._tasks.values())) if found.name == task), None)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._tasks or self._lines)
            try:
                self._tell()
            except Exception:  # what cannot be sent must not end the telling
                log_of_ours.exception("Progress could not be told")
            time.sleep(1 / PER_SECOND)

    def _tell(self) -> None:
        now = time.monotonic()
        with self._changed:
            for task in list(self._tasks.values()):
                task.sample(now)
                if now - task.began >= OLD_ENOUGH:
                    task.told = True
                    push("running", "progress", task.to_json(now))
            lines, left_out = list(self._lines), self._left_out
            self._lines.clear()
            self._left_out = 0
        if left_out:
            lines.append({"id": None, "level": "notice", "line": f"… {left_out} more lines are left out here"})
        for line in lines:
            push("running", "log", line)


def cell_at_work() -> str | None:
    """Return the notebook's id of the cell that this kernel works on."""
    kernel = channel.this_kernel()
    parent = kernel.get_parent("shell") if kernel is not None else None
    found = ((parent or {}).get("metadata") or {}).get("cellId")
    return None if found is None else str(found)


TASKS = Tasks()


def now() -> list[Task]:
    """Return what this kernel works on."""
    return TASKS.now()


def log(line: str, level: str = "information") -> None:
    """Tell panels a line of a log, beside what is worked on. May be called from any thread."""
    TASKS.note(level, line)

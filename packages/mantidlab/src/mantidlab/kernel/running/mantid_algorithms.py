"""Mantid's algorithms as tasks: how far they are, what they log, and how they are cancelled."""

import re
import sys
from typing import Any

from mantidlab.frameworks import mantid
from mantidlab.frameworks.mantid_algorithms import AlgorithmNotes, AlgorithmWatcher
from mantidlab.kernel import cells
from mantidlab.kernel.running.signals import Signals
from mantidlab.kernel.running.stopping import Stopping, stops
from mantidlab.kernel.running.tasks import TASKS, How, Task

LEVELS = "Fatal|Critical|Error|Warning|Notice|Information|Debug"
LINE = re.compile(rf"^(?P<name>[\w:. ]+)-\[(?P<level>{LEVELS})\] (?P<line>.*)$")
"""How Mantid writes a line of its log to standard error."""
LONGEST_LINE = 4096


class _Notes(AlgorithmNotes):
    """Sets the attributes of a task, which costs microseconds; another thread tells."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._stops = stops()

    def progress(self, fraction: float, message: str) -> None:
        """Note how far it is."""
        self._task.fraction = min(1.0, max(0.0, fraction))
        self._task.message = message or self._task.message

    def ended(self, error: str | None, *, cancelled: bool) -> None:
        """Note that it is over. Whatever it says, one that fails after a person stopped it was stopped.

        Mantid says so of algorithms of C++ alone: of Python's it has the lines of a traceback, without a word.
        """
        stopped = cancelled or (error is not None and stops() > self._stops)
        how = How.STOPPED if stopped else How.DONE if error is None else How.FAILED
        TASKS.end(self._task, how, "" if stopped else error or "")


def show_algorithms(stopping: Stopping, signals: Signals) -> None:
    """Show algorithms of Mantid, and let them be stopped. Called once Mantid is imported, in the main thread."""
    watcher = AlgorithmWatcher(lambda name: _Notes(TASKS.begin(name, "algorithm")))
    if not mantid.algorithms_watched_by(watcher):
        return
    for handler in watcher.handlers:
        signals.never_within(handler)
    stopping.cancels.append(mantid.cancel_algorithms)
    cells.at_end(watcher.let_go)
    # Which of the two is a setting of Mantid's (logging.channels.consoleChannel.class).
    for log in (_Log("stderr"), _Log("stdout")):
        log.listen()
        # IPython puts back at the end of a cell what it found at its beginning, which was not ours in the first one.
        cells.at_begin(log.listen)


class _Log:
    """Reads the lines of Mantid's log as the kernel passes them on.

    Mantid writes to file descriptor 2 or 1, which ipykernel reads and hands to its own stream for the cell's output, or
    to Python's standard output (``PythonStdoutChannel``).

    Parameters
    ----------
    stream
        The name of Python's: ``stderr`` or ``stdout``.
    """

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._ours: Any = None
        self._begun = ""

    def listen(self) -> None:
        """Begin, or go on."""
        stream: Any = getattr(sys, self._stream)
        if stream is None or stream.write is self._ours:
            return
        write = stream.write

        def written(text: str) -> Any:
            self._read(text)
            return write(text)

        stream.write = self._ours = written

    def _read(self, text: str) -> None:
        *lines, begun = (self._begun + text).split("\n")
        self._begun = begun[-LONGEST_LINE:]
        for line in lines:
            found = LINE.match(line) if "-[" in line else None
            if found:
                TASKS.note(found["level"].lower(), found["line"], found["name"])

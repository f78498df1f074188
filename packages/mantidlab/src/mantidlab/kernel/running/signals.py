"""How an interrupt reaches the main thread, and a thread of ours at once.

Python runs a signal's handler in the main thread, between two of its own steps: not while that thread is in an
algorithm of C++. But it writes the signal's number into a pipe at once (`signal.set_wakeup_fd`), which a thread of ours
reads: so it hears of JupyterLab's button, of the terminal and of a panel alike.

A second signal, `INSIST`, raises KeyboardInterrupt again and again until the person's code is left: it ends a loop that
catches everything. It starts an alarm that comes every 50 microseconds: sooner or later one finds the loop between the
end of one round and the beginning of the next, where nothing catches it.
"""

import os
import select
import signal
import sys
from collections.abc import Callable
from types import FrameType, FunctionType
from typing import Any

from mantidlab.kernel.running import tracebacks
from mantidlab.kernel.running.main_thread import persons_frame

INSIST = signal.SIGRTMIN + 9
"""One that no library here uses."""
BOOKKEEPING = frozenset(("mantidlab.kernel.channel", "mantidlab.kernel.pushes", "mantidlab.kernel.running.tasks"))
"""Modules that are left to end what they do: else a page was never told that something is over."""
AGAIN = 5e-5
"""Seconds from one alarm to the next."""


class Signals:
    """The handlers of a kernel's main thread. Made, and asked to `take_over`, in that thread.

    Parameters
    ----------
    variables
        The notebook's.
    """

    def __init__(self, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._reads, self._writes = os.pipe()
        os.set_blocking(self._writes, False)
        self._others = -1
        self._callbacks: set[Any] = set()
        self.owed = False
        self._alarm: Any = None
        self._inside = False
        signal.signal(INSIST, self._insist)
        self.take_over()

    def take_over(self) -> None:
        """See to it that interrupts come here: ipykernel sets its own handler before each cell."""
        before = signal.set_wakeup_fd(self._writes, warn_on_full_buffer=False)
        if before not in (-1, self._writes):
            self._others = before  # an event loop's; it is told as well
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)

    def wait(self) -> set[int]:
        """Wait for signals, and return their numbers. In a thread of ours."""
        data = os.read(self._reads, 4096)
        if self._others >= 0:
            try:
                os.write(self._others, data)
            except OSError:
                self._others = -1
        return set(data)

    def forget(self) -> None:
        """Take no notice of signals that came meanwhile: they were for the cell that is over. In a thread of ours."""
        while select.select([self._reads], [], [], 0)[0]:
            self.wait()

    def never_within(self, callback: Callable[..., Any]) -> None:
        """Raise nothing within a function that C++ calls, and which must not fail: the interrupt is owed then."""
        if isinstance(callback, FunctionType):
            self._callbacks.add(callback.__code__)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._within_a_callback(frame) or _keeps_books(frame):
            self.owed = True
            return
        if _telling_of_an_error(frame):
            return  # the cell has ended by the interrupt already
        raise KeyboardInterrupt

    def _insist(self, number: int, frame: FrameType | None) -> None:
        if self._inside:  # an alarm that found this very handler
            return
        self._inside = True
        try:
            wanted = self._insists_on(frame)
        finally:
            self._inside = False
        if wanted:
            raise KeyboardInterrupt

    def _insists_on(self, frame: FrameType | None) -> bool:
        """Return whether an interrupt is to be raised again where the main thread is now, and see to the alarm."""
        if persons_frame(frame, self._variables) is None:
            self._calm()
            return False
        if self._within_a_callback(frame):
            self.owed = True
            return False
        if self._alarm is None:
            self._alarm = signal.signal(signal.SIGALRM, self._insist) or signal.SIG_DFL
            signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        return not _keeps_books(frame)  # the next alarm comes soon

    def _calm(self) -> None:
        if self._alarm is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._alarm)
            self._alarm = None

    def _within_a_callback(self, frame: FrameType | None) -> bool:
        while frame is not None and self._callbacks:
            if frame.f_code in self._callbacks:
                return True
            frame = frame.f_back
        return False


def _keeps_books(frame: FrameType | None) -> bool:
    """Return whether a task is begun or ended, or panels are told."""
    while frame is not None:
        name = frame.f_globals.get("__name__")
        if name in BOOKKEEPING:
            return True
        frame = frame.f_back
    return False


def _telling_of_an_error(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "showtraceback" and "IPython" in sys.modules:
            return frame.f_globals.get("__name__") in (tracebacks.__name__, "IPython.core.interactiveshell")
        frame = frame.f_back
    return False

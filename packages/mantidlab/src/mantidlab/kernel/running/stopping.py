"""Stops what a kernel works on, from wherever a person says so: a panel, JupyterLab's button, a terminal, a cell.

All ways lead to one: SIGINT, of which a thread of ours hears at once. It has Mantid's algorithms cancelled, which
compute outside of Python, and watches the cell. If the interrupt was swallowed, it insists. If the main thread is in a
computation that nothing can interrupt, the panels are told what is waited for, and what a restart would lose.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mantidlab.kernel import cells, channel
from mantidlab.kernel.errors import KernelError
from mantidlab.kernel.keeping.forking import PROBES, Probe
from mantidlab.kernel.pushes import push
from mantidlab.kernel.running.main_thread import Place, place
from mantidlab.kernel.running.signals import INSIST, Signals
from mantidlab.kernel.running.tasks import TASKS
from mantidlab.kernel.running.tracebacks import leave_out_our_frames

SWALLOWED_AFTER = 0.4
"""Seconds from the interrupt until a cell that still runs, and does not clean up, has swallowed it."""
TOLD_AFTER = 1.0
"""Seconds until a person is told what is waited for."""
TOLD_AGAIN = 2.0
STEP = 0.02

log = logging.getLogger("mantidlab.kernel")


class Stopped(KernelError):
    """A person stopped it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a stop.

    Attributes
    ----------
    stopped
        Names of what was worked on and is over.
    seconds
        From the interrupt.
    ended
        Whether the cell is over.
    waiting
        What is waited for, as a sentence; empty where nothing is.
    keeps
        Whether the kernel can be started anew with what it holds (`mantidlab.kernel.keeping`).
    """

    stopped: tuple[str, ...]
    seconds: float
    ended: bool
    waiting: str = ""
    keeps: bool = False

    def __repr__(self) -> str:
        if self.waiting:
            return self.waiting
        what = ", ".join(self.stopped) or "nothing was worked on"
        return f"Stopped within {self.seconds:.2f} s: {what}."


class Stopping:
    """The thread that hears of interrupts, and what it does about them.

    Parameters
    ----------
    signals
        The handlers of the main thread.
    variables
        The notebook's.
    """

    def __init__(self, signals: Signals, variables: dict[str, Any]) -> None:
        self._signals = signals
        self._variables = variables
        self._thread = threading.Thread(target=self._hear, name="mantidlab-stop", daemon=True)
        self._ended = threading.Event()
        self._cell = 0
        self._stops_before = 0
        self.cancels: list[Callable[[], object]] = []
        """What ends computations outside of Python; called in this thread, again and again while a cell goes on."""

    def start(self) -> None:
        """Begin to hear. In the main thread."""
        cells.at_begin(self._begin)
        cells.at_end(self._end)
        self._thread.start()

    def stop(self, seconds: float) -> Outcome:
        """Interrupt what is worked on, and wait for its end, so long at most. In any thread but the main one."""
        before, begun = TASKS.now(), time.monotonic()
        if not cells.cell_runs():
            _count()
            self._cancel()
            return Outcome(_over(before), time.monotonic() - begun, ended=True)
        number = self._cell
        interrupt()
        while not (ended := self._over(number)) and time.monotonic() - begun < seconds:
            self._ended.wait(STEP)
        took = time.monotonic() - begun
        where = None if ended else place(self._variables)
        offered = _offer(where)
        waiting = "" if ended else self._sentence(where, took, offered)
        over = _over(before) or (("the cell",) if ended else ())
        return Outcome(over, took, ended, waiting, keeps=offered is not None)

    def _begin(self) -> None:
        self._cell += 1
        self._stops_before = stops()
        self._signals.owed = False
        self._ended.clear()
        self._signals.take_over()

    def _end(self) -> None:
        if stops() != self._stops_before:
            TASKS.end_of_cell()
        self._ended.set()

    def _over(self, number: int) -> bool:
        return self._ended.is_set() or self._cell != number

    def _hear(self) -> None:
        while True:
            if signal.SIGINT in self._signals.wait():
                try:
                    _count()
                    self._see_to_it()
                    self._signals.forget()
                except Exception:  # the next interrupt must be heard
                    log.exception("What a person stopped could not be seen to its end")

    def _see_to_it(self) -> None:
        """Cancel, insist and tell until the cell that was interrupted is over."""
        number, begun, tell = self._cell, time.monotonic(), TOLD_AFTER
        insisted = 0.0
        self._cancel()
        while not self._over(number) and cells.cell_runs():
            self._ended.wait(STEP)
            since = time.monotonic() - begun
            where = place(self._variables)
            if self._over(number):
                return
            if self._signals.owed:
                self._signals.owed = False
                os.kill(os.getpid(), signal.SIGINT)
            self._cancel()
            swallowed = where is not None and not where.cleaning
            if swallowed and since > SWALLOWED_AFTER and time.monotonic() - insisted > SWALLOWED_AFTER:
                insisted = time.monotonic()
                signal.pthread_kill(threading.main_thread().ident or 0, INSIST)
            if since > tell and not self._over(number):
                tell = since + TOLD_AGAIN
                self._tell(where, since)

    def _cancel(self) -> None:
        for cancel in self.cancels:
            try:
                cancel()
            except Exception:  # one that cannot must not keep the others
                log.exception("A computation could not be cancelled")

    def _tell(self, where: Place | None, seconds: float) -> None:
        offered = _offer(where)
        content = {
            "seconds": round(seconds, 1),
            "message": self._sentence(where, seconds, offered),
            "line": where.line if where else "",
            "function": where.function if where else "",
            "cleaning": bool(where and where.cleaning),
            "lost": _lost(),
            "keeps": offered is not None,
        }
        push("running", "waiting", content)

    def _sentence(self, where: Place | None, seconds: float, offered: Mapping[str, Any] | None) -> str:
        if where is None:
            return (
                f"The kernel was stopped {seconds:.0f} s ago, and what it does outside of the cell goes on. Wait for "
                "its end, or restart the kernel."
            )
        what = f"{where.function or 'a computation'} (line {where.number}: {where.line})"
        if where.cleaning:
            return (
                f"The cell was stopped {seconds:.0f} s ago and is cleaning up: {what}. Wait for its end; restarting "
                "the kernel ends it now, and what it writes may stay half done."
            )
        lost, further = _lost(), "" if offered is None else f" {offered['sentence']}"
        return (
            f"The cell was stopped {seconds:.0f} s ago, and waits for {what}, which computes outside of Python where "
            "nothing can interrupt it. It ends as soon as that is done. Restarting the kernel ends it now"
            f"{_in_words(lost)}.{further}"
        )


def _in_words(lost: dict[str, int]) -> str:
    if not lost["items"]:
        return ""
    return f", and loses {lost['items']} thing{'' if lost['items'] == 1 else 's'} ({lost['memory'] / 1e6:.0f} MB)"


def _offer(where: Place | None) -> Mapping[str, Any] | None:
    """Return what can be kept of a kernel whose cell is there; None where it is over, cleans up, or nothing can be."""
    if where is None or where.cleaning:
        return None
    from mantidlab.kernel.keeping.ending import offer  # it needs NumPy, which takes longer than a start may

    return offer()


def interrupt() -> None:
    """Send SIGINT as JupyterLab's button does: to programs that a cell has started, too."""
    own = os.getpid()
    if os.getpgid(own) == own:
        os.killpg(own, signal.SIGINT)
    else:
        os.kill(own, signal.SIGINT)


def stops() -> int:
    """Return how often this kernel was stopped."""
    return _stops


def stop() -> Outcome:
    """Stop what this kernel works on: Mantid's algorithms, and in threads what shows its `progress`.

    Called in a cell, it stops what goes on beside that cell. To stop a cell itself, use the panel's button or
    JupyterLab's: they do the same.

    Raises
    ------
    KernelError
        This process is no kernel that can be stopped.
    """
    stopping = the_stopping()
    if threading.current_thread() is not threading.main_thread():
        return stopping.stop(TOLD_AFTER + STEP)
    before, begun = TASKS.now(), time.monotonic()
    _count()
    stopping._cancel()
    time.sleep(STEP)
    return Outcome(_over(before), time.monotonic() - begun, ended=False)


_stops = 0
_stopping: list[Stopping] = []


def the_stopping() -> Stopping:
    """Return what stops this kernel.

    Raises
    ------
    KernelError
        This process is no kernel that can be stopped.
    """
    if not _stopping:
        raise KernelError("Nothing can be stopped here: this is no kernel, or mantidlab.kernel.start() was not called.")
    return _stopping[0]


def let_it_be_stopped(kernel: Any) -> tuple[Stopping, Signals]:
    """Begin to hear of interrupts. In the kernel's main thread, once."""
    variables = kernel.shell.user_ns
    signals = Signals(variables)
    leave_out_our_frames(kernel.shell)
    stopping = Stopping(signals, variables)
    # ipykernel cancels a cell that awaits by a callback of the loop, which sleeps until something else wakes it.
    stopping.cancels.append(lambda: kernel.io_loop.add_callback(_nothing))
    _stopping.append(stopping)
    PROBES.append(Probe())
    stopping.start()
    return stopping, signals


def _nothing() -> None:
    pass


def _count() -> None:
    global _stops  # noqa: PLW0603  (one kernel, one count)
    _stops += 1


def _over(before: list[Any]) -> tuple[str, ...]:
    there = {task.id for task in TASKS.now()}
    return tuple(task.name for task in before if task.id not in there)


def _lost() -> dict[str, int]:
    """Return how many things, and how many bytes, a restart would lose."""
    from mantidlab.kernel.inventory.live import live_inventory

    live = live_inventory()
    if live is None or channel.this_kernel() is None:
        return {"items": 0, "memory": 0}
    return {"items": live.count(), "memory": live.memory()}

"""How far a run of an interface is: said by the function, shown wherever the person is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Reporter = Callable[[float | None, str], None]
"""Takes the fraction that is done, 0 to 1 (None where nobody can tell), and what is done now."""

WIDTH = 79


@dataclass(frozen=True)
class Progress:
    """What a function that is written as a generator yields: ``yield Progress(0.3, "bank 2")``.

    Attributes
    ----------
    fraction
        How much is done, 0 to 1; None where nobody can tell.
    message
        What is done now.
    """

    fraction: float | None
    message: str = ""


@contextmanager
def shown(title: str) -> Iterator[Reporter]:
    """Show progress for as long as this lasts: in the panels where this is a kernel, else on a terminal."""
    if is_kernel():
        from mantidlab.kernel.running import progress

        with progress(title) as report:
            yield report
    elif sys.stderr is not None and sys.stderr.isatty():
        terminal = _TerminalLine(title)
        try:
            yield terminal.show
        finally:
            terminal.clear()
    else:
        yield lambda fraction, message: None


def is_kernel() -> bool:
    """Whether this process is a kernel."""
    # Not imported for this: where nobody has imported ipykernel, this is no kernel.
    kernelapp = sys.modules.get("ipykernel.kernelapp")
    return kernelapp is not None and bool(kernelapp.IPKernelApp.initialized())


class _TerminalLine:
    """One line of a terminal, written anew at most ten times a second."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._started = time.monotonic()
        self._last = 0.0

    def show(self, fraction: float | None, message: str) -> None:
        now = time.monotonic()
        if now - self._last < 0.1 and fraction != 1:
            return
        self._last = now
        percent = "" if fraction is None else f" {fraction:4.0%}"
        left = ""
        if fraction and fraction < 1 and now - self._started > 2:
            left = f", {(now - self._started) * (1 - fraction) / fraction:.0f} s left"
        self._write(f"{self._title}{percent} {message}{left}")

    def clear(self) -> None:
        self._write("")
        sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text[:WIDTH]:<{WIDTH}}")
        sys.stderr.flush()

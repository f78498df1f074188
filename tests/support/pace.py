"""Limits of time that people set, judged on machines that do much else: what took long there may have been quick."""

import subprocess
import sys
import threading
import time

STEP = 0.01
"""Seconds between two looks at the clock."""
NOTHING = (sys.executable, "-S", "-c", "pass")
IDLE = 0.02
"""Seconds that a start of a Python that does nothing takes at most on a machine with nothing else to do."""


class Stopwatch:
    """Counts seconds from its making on, and none while the machine stands still for everybody."""

    def __init__(self) -> None:
        self.counted = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        before = time.monotonic()
        while True:
            stopped = self._stopped.wait(STEP)
            now = time.monotonic()
            # Who was to wake up after a hundredth of a second and slept for three was given no processor meanwhile.
            self.counted += min(now - before, 5 * STEP)
            before = now
            if stopped:
                return

    def stop(self) -> float:
        """Stop it and return the seconds counted."""
        self._stopped.set()
        self._thread.join()
        return self.counted

    def within(self, seconds: float) -> bool:
        """Stop it and tell whether it was within a limit of an idle machine; a busy one is allowed as much more."""
        taken = self.stop()
        return taken <= seconds or taken <= seconds * slowness()

    def __repr__(self) -> str:
        return f"{self.counted:.2f} s counted"


def slowness() -> float:
    """Return how many times slower than idle this machine is now; never below 1."""
    began = time.monotonic()
    subprocess.run(NOTHING, check=True)
    return max(1.0, (time.monotonic() - began) / IDLE)

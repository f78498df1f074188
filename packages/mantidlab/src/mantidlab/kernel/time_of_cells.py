"""The time that cells have: the clock's, less what the main thread waits while other programs have the processors.

On a busy machine a script has a fifth of the clock's time. What takes one part in a hundred of the clock's from it
would take one in twenty of its own.
"""

import os
import time
from pathlib import Path


def time_of_cells() -> float:
    """Return the seconds that cells have had since some moment; only differences mean something."""
    return time.monotonic() - _waited()


def _waited() -> float:
    """Return the seconds in which the main thread could have run and had no processor; none where nobody counts them.

    Linux does: https://docs.kernel.org/scheduler/sched-stats.html
    """
    try:
        nanoseconds = Path(f"/proc/self/task/{os.getpid()}/schedstat").read_bytes().split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(nanoseconds) / 1e9

"""One time limit per operation, passed down instead of many."""

import time
from datetime import timedelta


class Deadline:
    """The moment by which an operation has to be done."""

    def __init__(self, allowed: timedelta) -> None:
        self.allowed = allowed
        self._end = time.monotonic() + allowed.total_seconds()

    def left(self) -> float:
        """Return the seconds that are left, 0 when it has passed."""
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.left() == 0

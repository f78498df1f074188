"""What a kernel tells panels that they did not ask for; of news that replace each other, at most four a second."""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from mantidlab.kernel import channel

MESSAGE = "mantidlab_push"
PER_SECOND = 4
SECONDS_WITHOUT_WORK = 10.0
"""After which the thread that waits for the next moment to tell ends."""

log = logging.getLogger("mantidlab.kernel")


def push(room: str, kind: str, content: Mapping[str, Any], *, latest: bool = False) -> None:
    """Tell the panels something. May be called from any thread; does nothing where this process is no kernel.

    Parameters
    ----------
    room, kind
        By which a panel knows that it is meant.
    content
        What JSON can hold.
    latest
        Whether this makes what was pushed before under the same room and kind superfluous. Then at most `PER_SECOND`
        are told a second, and the last one always is.
    """
    if latest:
        _latest.put((room, kind), content)
    else:
        _send(room, kind, content)


def _send(room: str, kind: str, content: Mapping[str, Any]) -> None:
    kernel = channel.this_kernel()
    if kernel is not None:
        channel.publish(kernel, MESSAGE, {"room": room, "kind": kind, "content": dict(content)})


class _Latest:
    """The newest news of each kind that wait until it is their time, and the thread that tells them."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._told: dict[tuple[str, str], float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, key: tuple[str, str], content: Mapping[str, Any]) -> None:
        """Take news; never blocks for long."""
        with self._changed:
            self._waiting[key] = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="mantidlab-push", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _work(self) -> None:
        while (due := self._next()) is not None:
            for (room, kind), content in due:
                try:
                    _send(room, kind, content)
                except Exception:  # what cannot be sent must not keep the rest
                    log.exception("News could not be told")

    def _next(self) -> list[tuple[tuple[str, str], Mapping[str, Any]]] | None:
        """Wait for the next news that may be told; None when there were none for long, so that the thread ends."""
        with self._changed:
            while True:
                if not self._changed.wait_for(lambda: self._waiting, SECONDS_WITHOUT_WORK):
                    self._thread = None
                    return None
                now = time.monotonic()
                waits = {key: self._told.get(key, 0.0) + 1 / PER_SECOND - now for key in self._waiting}
                due = [(key, self._waiting.pop(key)) for key, wait in waits.items() if wait <= 0]
                if due:
                    self._told.update((key, now) for key, _ in due)
                    return due
                self._changed.wait(min(waits.values()))


_latest = _Latest()

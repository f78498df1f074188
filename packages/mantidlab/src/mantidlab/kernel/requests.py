"""Requests of a panel or a plot that wait, and one thread that answers them beside the cell that runs.

Moving a plot asks for many pictures of which only the last is wanted: of the requests with the same key that wait, the
newest stays. The one that is being answered goes on, so that a hand which never rests sees pictures too.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SECONDS_WITHOUT_WORK = 10.0
"""After which a thread ends; the next request starts another."""

log = logging.getLogger("mantidlab.kernel")
_at_hand = threading.local()


@dataclass(frozen=True)
class Request:
    """What the browser asked for.

    Attributes
    ----------
    id
        By which the browser knows the answer.
    kind
        What answers it.
    parameters
        What that is given.
    latest
        The key of requests that make each other superfluous; None where each counts.
    """

    id: str
    kind: str
    parameters: Mapping[str, Any]
    latest: str | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "Request":
        """Read what the browser sent."""
        return cls(message["id"], message["kind"], message.get("params") or {}, message.get("latest"))


def cancelled() -> bool:
    """Return whether the answer that this thread works on is no longer wanted; False outside of such work."""
    asked: Callable[[], bool] | None = getattr(_at_hand, "cancelled", None)
    return asked is not None and asked()


class Requests:
    """The requests of one plot or room that wait, and the thread that answers them in their order.

    Parameters
    ----------
    answer
        Called in the thread with each request.
    superseded
        Called with each request whose place a newer one has taken.
    name
        Of the thread.
    """

    def __init__(
        self, answer: Callable[[Request], None], superseded: Callable[[Request], None], name: str = "mantidlab-plot"
    ) -> None:
        self._answer = answer
        self._name = name
        self._superseded = superseded
        self._waiting: deque[Request] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, request: Request) -> None:
        """Add a request, which takes the place of one with the same key that waits. Never blocks for long."""
        with self._changed:
            if self._closed:
                return
            former = self._replace(request)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()
        if former is not None:
            self._superseded(former)

    def close(self) -> None:
        """Forget what waits, and let the thread end after what it has at hand."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()

    def _replace(self, request: Request) -> Request | None:
        former = next((other for other in self._waiting if self._same(other, request)), None)
        if former is not None:
            self._waiting.remove(former)
        self._waiting.append(request)
        return former

    @staticmethod
    def _same(one: Request, other: Request) -> bool:
        return one.latest is not None and one.latest == other.latest

    def _work(self) -> None:
        while (request := self._next()) is not None:
            with self._cancellable(request):
                try:
                    self._answer(request)
                except Exception:
                    # The connection to the browser, at worst: the next request may find it again.
                    log.exception("An answer could not be sent")

    def _next(self) -> Request | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, SECONDS_WITHOUT_WORK)
            if self._waiting:
                return self._waiting.popleft()
            self._thread = None
            return None

    @contextmanager
    def _cancellable(self, request: Request) -> Iterator[None]:
        def asked() -> bool:
            return self._closed or any(self._same(other, request) for other in tuple(self._waiting))

        _at_hand.cancelled = asked
        try:
            yield
        finally:
            del _at_hand.cancelled

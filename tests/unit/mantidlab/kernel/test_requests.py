"""One thread answers the requests of a plot or room in order, and of those that replace each other the newest."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from mantidlab.kernel import requests
from mantidlab.kernel.requests import Request, Requests, cancelled

A_MOMENT = 5.0


def ask(name: str, latest: str | None = None) -> Request:
    return Request(name, "window", {}, latest)


class Plot:
    """Answers each request when it is let, and records what happens."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.superseded: list[str] = []
        self.threads: set[threading.Thread] = set()
        self.at_work = threading.Event()
        self.go_on = threading.Semaphore(0)
        self.requests = Requests(self._answer, lambda request: self.superseded.append(request.id))

    def _answer(self, request: Request) -> None:
        self.threads.add(threading.current_thread())
        self.at_work.set()
        assert self.go_on.acquire(timeout=A_MOMENT)
        self.answered.append(request.id)

    def finish(self, count: int) -> None:
        self.go_on.release(count)


@pytest.fixture
def plot() -> Iterator[Plot]:
    plot = Plot()
    yield plot
    plot.requests.close()
    plot.finish(100)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + A_MOMENT
    while not holds():
        assert time.monotonic() < deadline, "it never came so far"
        time.sleep(0.005)


def test_requests_are_answered_in_their_order_by_one_thread_that_is_not_the_callers(plot: Plot) -> None:
    for name in "abc":
        plot.requests.put(ask(name))
    plot.finish(3)
    wait_until(lambda: plot.answered == ["a", "b", "c"])
    assert len(plot.threads) == 1
    assert threading.current_thread() not in plot.threads


def test_the_newest_of_a_key_replaces_those_that_wait_but_not_the_one_at_hand(plot: Plot) -> None:
    plot.requests.put(ask("at hand", "zoom"))
    assert plot.at_work.wait(A_MOMENT)
    for name, latest in [("old", "zoom"), ("other", "cut"), ("kept", None), ("kept too", None), ("new", "zoom")]:
        plot.requests.put(ask(name, latest))
    assert plot.superseded == ["old"]
    plot.finish(5)
    wait_until(lambda: plot.answered == ["at hand", "other", "kept", "kept too", "new"])


def test_work_at_hand_learns_that_something_newer_waits() -> None:
    seen: list[bool] = []
    newer_waits = threading.Event()
    at_work = threading.Event()

    def answer(request: Request) -> None:
        seen.append(cancelled())
        at_work.set()
        newer_waits.wait(A_MOMENT)
        seen.append(cancelled())

    one = Requests(answer, lambda request: None)
    one.put(ask("old", "zoom"))
    assert at_work.wait(A_MOMENT)
    one.put(ask("new", "zoom"))
    newer_waits.set()
    wait_until(lambda: len(seen) == 4)
    one.close()
    assert seen == [False, True, False, False]


def test_outside_of_an_answer_nothing_is_cancelled() -> None:
    assert cancelled() is False


def test_closing_forgets_what_waits_cancels_what_is_at_hand_and_ends_the_thread(plot: Plot) -> None:
    plot.requests.put(ask("at hand"))
    plot.requests.put(ask("waiting"))
    assert plot.at_work.wait(A_MOMENT)
    plot.requests.close()
    plot.requests.put(ask("too late"))
    plot.finish(3)
    (thread,) = plot.threads
    thread.join(A_MOMENT)
    assert not thread.is_alive()
    assert plot.answered == ["at hand"]


def test_a_thread_without_work_ends_and_the_next_request_starts_another(
    plot: Plot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "SECONDS_WITHOUT_WORK", 0.01)
    plot.finish(2)
    plot.requests.put(ask("first"))
    wait_until(lambda: plot.answered == ["first"])
    (first,) = plot.threads
    first.join(A_MOMENT)
    assert not first.is_alive()
    plot.requests.put(ask("second"))
    wait_until(lambda: plot.answered == ["first", "second"])
    assert len(plot.threads) == 2


def test_an_answer_that_cannot_be_sent_does_not_end_the_thread() -> None:
    answered: list[str] = []

    def answer(request: Request) -> None:
        if request.id == "broken":
            raise OSError("the connection is gone")
        answered.append(request.id)

    one = Requests(answer, lambda request: None)
    one.put(ask("broken"))
    one.put(ask("whole"))
    wait_until(lambda: answered == ["whole"])
    one.close()

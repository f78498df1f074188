"""A listener that follows the changes always ends with what the service holds, and no handler touches anything."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.frameworks.mantid_watch import (
    PER_SECOND,
    Change,
    Delivery,
    Watcher,
    What,
    apply,
    coalesced,
    observer_of,
)

NAMES = list("abcd")


class Untouchable:
    """A workspace that nobody may look at while a handler runs."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"a handler touched the workspace: {name}")

    def __repr__(self) -> str:
        raise AssertionError("a handler printed the workspace")


class Service:
    """Mantid's list: it tells its observers in the order that a real one was seen to."""

    def __init__(self, names: set[str]) -> None:
        self.names = set(names)
        self.contents = dict.fromkeys(names, 0)
        self.made = 0
        self.observers: list[object] = []

    def _tell(self, handler: str, *arguments: object) -> None:
        for observer in self.observers:
            for called in ("anyChangeHandle", handler):
                act: Callable[..., None] | None = getattr(observer, called, None)
                if act is not None:
                    act(*(arguments if called == handler else ()))

    def _new(self, name: str) -> None:
        self.made += 1
        self.contents[name] = self.made

    def put(self, name: str) -> None:
        kind = "replaceHandle" if name in self.names else "addHandle"
        self.names.add(name)
        self._new(name)
        self._tell(kind, name, Untouchable())

    def delete(self, name: str) -> None:
        if name in self.names:
            self.names.remove(name)
            del self.contents[name]
            self._tell("deleteHandle", name, Untouchable())

    def rename(self, name: str, new: str) -> None:
        if name in self.names and name != new:
            self.names.remove(name)
            self.names.add(new)
            self.contents[new] = self.contents.pop(name)
            self._tell("renameHandle", name, new)
            self._tell("replaceHandle", new, Untouchable())

    def group(self, name: str) -> None:
        self._tell("groupHandle", "", None)
        self.put(name)

    def clear(self) -> None:
        self.names.clear()
        self.contents.clear()
        self._tell("clearHandle")


class Base:
    """Mantid's AnalysisDataServiceObserver, as far as it matters: each kind is switched on by itself."""

    def __init__(self) -> None:
        self.on: set[str] = set()

    def __getattr__(self, name: str) -> Callable[[bool], None]:
        if not name.startswith("observe"):
            raise AttributeError(name)
        return lambda on: self.on.add(name)


ACTS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(NAMES)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("group"), st.sampled_from(NAMES)),
    st.tuples(st.just("clear")),
)


@given(st.sets(st.sampled_from(NAMES)), st.lists(ACTS, max_size=14))
def test_the_listener_ends_with_what_the_service_holds(first: set[str], acts: list[tuple[str, ...]]) -> None:
    service, watcher = Service(first), Watcher()
    service.observers.append(observer_of(watcher, Base))
    watcher.begin(first)
    before = dict(service.contents)
    for act, *arguments in acts:
        getattr(service, act)(*arguments)
    changes = watcher.changes()

    seen = set(first)
    # What stands behind a name, as a listener that keeps objects by name would know it; None: must be read again.
    known: dict[str, int | None] = dict(before)
    for change in changes:
        if change.what is What.RENAMED:
            assert change.name in seen and change.new not in seen
            known[change.new] = known.pop(change.name)
        elif change.what is What.DELETED:
            assert change.name in seen
            del known[change.name]
        elif change.what is What.CLEARED:
            known.clear()
        else:
            assert (change.name in seen) is (change.what is What.CHANGED)
            known[change.name] = None
        apply(change, seen)
    assert seen == service.names
    assert all(known[name] in (None, content) for name, content in service.contents.items())
    assert len(changes) <= len(first) + 2 * len(NAMES) + 1
    assert watcher.changes() == []


@pytest.mark.parametrize(
    ("first", "happened", "told"),
    [
        ("", [(What.ADDED, "a"), (What.DELETED, "a")], []),
        ("", [(What.ADDED, "a"), (What.CHANGED, "a"), (What.CHANGED, "a")], [Change(What.ADDED, "a")]),
        ("a", [(What.CHANGED, "a"), (What.CHANGED, "a")], [Change(What.CHANGED, "a")]),
        ("a", [(What.DELETED, "a"), (What.ADDED, "a")], [Change(What.CHANGED, "a")]),
        ("a", [(What.RENAMED, "a", "b"), (What.RENAMED, "b", "c")], [Change(What.RENAMED, "a", "c")]),
        ("a", [(What.RENAMED, "a", "b"), (What.RENAMED, "b", "a")], []),
        ("a", [(What.RENAMED, "a", "b"), (What.DELETED, "b")], [Change(What.DELETED, "a")]),
        ("", [(What.ADDED, "a"), (What.RENAMED, "a", "b")], [Change(What.ADDED, "b")]),
        ("ab", [(What.RENAMED, "a", "b")], [Change(What.DELETED, "b"), Change(What.RENAMED, "a", "b")]),
        ("a", [(What.CLEARED,), (What.ADDED, "b")], [Change(What.CLEARED), Change(What.ADDED, "b")]),
        ("", [(What.ADDED, "a"), (What.CLEARED,)], []),
        ("a", [(What.ADDED, "a")], [Change(What.CHANGED, "a")]),
        (
            "ab",
            [(What.RENAMED, "a", "c"), (What.RENAMED, "b", "a"), (What.RENAMED, "c", "b")],
            [Change(What.DELETED, "b"), Change(What.RENAMED, "a", "b"), Change(What.ADDED, "a")],
        ),
    ],
)
def test_what_piles_up_is_told_in_as_few_words(first: str, happened: list[tuple[str, ...]], told: list[Change]) -> None:
    changes = [Change(What(what), *names) for what, *names in happened]
    assert coalesced(changes, first) == told


def test_the_observer_switches_on_what_it_handles() -> None:
    observer = observer_of(Watcher(), Base)
    handled = {
        f"observe{name[0].upper()}{name[1:].removesuffix('Handle')}" for name in dir(observer) if "Handle" in name
    }
    assert observer.on == handled


def test_many_threads_lose_nothing() -> None:
    watcher, listened = Watcher(), set[str]()
    delivery = Delivery(watcher, lambda changes: [apply(change, listened) for change in changes] and None)
    delivery.start()

    def work(number: int) -> None:
        for step in range(500):
            watcher.note(What.ADDED, f"{number}-{step}")
            if step % 2:
                watcher.note(What.DELETED, f"{number}-{step}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    delivery.stop()
    assert listened == {f"{number}-{step}" for number in range(8) for step in range(0, 500, 2)}


INTERRUPTING = """
import signal, time
from mantidlab.frameworks.mantid_watch import Watcher, What

watcher, noted, told = Watcher(), {"a": 0, "b": 0}, 0


def note(name):
    watcher.note(What.ADDED, name)
    noted[name] += 1


def interrupt(number, frame):
    note("a")
    signal.setitimer(signal.ITIMER_REAL, 2e-4)


signal.signal(signal.SIGALRM, interrupt)
interrupt(0, None)
while noted["a"] < 300 or noted["b"] < 3000:
    note("b")
    watcher.changes()
signal.signal(signal.SIGALRM, signal.SIG_IGN)
"""


def test_a_handler_may_interrupt_a_handler() -> None:
    """As where a finaliser deletes a workspace: it runs between any two instructions of any thread."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTING], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_at_most_four_deliveries_a_second_and_none_from_a_handler() -> None:
    watcher, times, threads = Watcher(), list[float](), set[int]()
    enough = threading.Event()

    def listener(changes: list[Change]) -> None:
        times.append(time.monotonic())
        threads.add(threading.get_ident())
        if len(times) == PER_SECOND:
            enough.set()

    delivery = Delivery(watcher, listener)
    delivery.start()
    while not enough.is_set():
        watcher.note(What.CHANGED, "a")
        time.sleep(0.002)
    delivery.stop()
    assert threading.get_ident() not in threads
    # What comes after the fourth was left when it was stopped. A loaded machine makes the pauses longer, never shorter,
    # but for the time between the start of a delivery and the clock that the listener read.
    assert min(later - earlier for earlier, later in itertools.pairwise(times[:PER_SECOND])) > 0.5 / PER_SECOND
    assert times[PER_SECOND - 1] - times[0] > (PER_SECOND - 1.5) / PER_SECOND


def test_a_quiet_list_is_told_of_without_a_poll() -> None:
    watcher, told = Watcher(), threading.Event()
    delivery = Delivery(watcher, lambda changes: told.set())
    delivery.start()
    time.sleep(0.05)
    watcher.note(What.ADDED, "a")
    assert told.wait(30)
    delivery.stop()


def test_stopping_delivers_what_is_left() -> None:
    watcher, told = Watcher(), list[Change]()
    delivery = Delivery(watcher, told.extend)
    delivery.start()
    for name in NAMES:
        watcher.note(What.ADDED, name)
    delivery.stop()
    assert {change.name for change in told} == set(NAMES)
    assert watcher.changes() == []

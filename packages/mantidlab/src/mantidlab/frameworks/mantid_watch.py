"""Watching Mantid's list of workspaces without ever touching it from a handler.

Mantid calls an observer in the thread that changes the list (an OpenMP worker at times), while that thread holds locks:
a handler that runs an algorithm or looks at a workspace can wait for itself for ever. So a handler here appends a name
and a kind to a queue and returns. What piled up is made into as few changes as say the same, and is handed over to
whoever asks (`Watcher.changes`), or by one thread of ours (`Delivery`), at most four times a second.

Whoever is told asks Mantid about the names in the thread that runs the user's algorithms, between two of them. Mantid
3.13 tells its observers of a renaming onto a taken name while its list is locked, so that it waits for Python's lock;
a second thread of Python's that asks the list for something keeps Python's lock while it waits for the list's.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, SimpleQueue
from typing import Any

PER_SECOND = 4

log = logging.getLogger(__name__)


class What(StrEnum):
    """What happened to a name."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    RENAMED = "renamed"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Change:
    """One thing that happened; `new` is the other name of a renaming."""

    what: What
    name: str = ""
    new: str = ""


def apply(change: Change, names: set[str]) -> None:
    """Do to a set of names what a change did to the list of workspaces."""
    match change.what:
        case What.ADDED | What.CHANGED:
            names.add(change.name)
        case What.DELETED:
            names.discard(change.name)
        case What.RENAMED:
            names.discard(change.name)
            names.add(change.new)
        case What.CLEARED:
            names.clear()


@dataclass
class _Fate:
    """What stands under a name: what stood under `before` at first (None: something new), written to since or not."""

    before: str | None
    changed: bool = False


def coalesced(changes: Iterable[Change], names: Iterable[str]) -> list[Change]:
    """Return the fewest changes that lead from a list with these names to where all the changes lead.

    Added and deleted cancel, chains of renaming become one, what came before a clearing is forgotten, and a name whose
    workspace was exchanged or written to is told once. In the order: cleared, deleted, renamed, added, changed; a
    renaming never meets a name that is still taken.
    """
    first = list(names)
    fates = {name: _Fate(name) for name in first}
    cleared = False
    for change in changes:
        match change.what:
            case What.CLEARED:
                cleared = cleared or bool(first)
                fates, first = {}, []
            case What.DELETED:
                fates.pop(change.name, None)
            case What.ADDED:
                # Something new, also under a name that the listener knew.
                fates[change.name] = _Fate(None)
            case What.CHANGED:
                fates.setdefault(change.name, _Fate(None)).changed = True
            case What.RENAMED:
                fates[change.new] = fates.pop(change.name, _Fate(None))
    return ([Change(What.CLEARED)] if cleared else []) + _told(first, fates)


def _told(first: list[str], fates: dict[str, _Fate]) -> list[Change]:
    kept = {fate.before for fate in fates.values()}
    # A name under which something else stands now is told as changed, if what stood there is gone.
    exchanged = [name for name in first if name not in kept and name in fates and fates[name].before is None]
    told = [Change(What.DELETED, name) for name in first if name not in kept and name not in exchanged]
    moving = {fate.before: name for name, fate in fates.items() if fate.before is not None and fate.before != name}
    while moving:
        free = [before for before, name in moving.items() if name not in moving]
        if not free:  # names that changed places: none is free, so one of them is told as deleted and added
            before = next(iter(moving))
            fates[moving.pop(before)] = _Fate(None)
            told.append(Change(What.DELETED, before))
        told += [Change(What.RENAMED, before, moving.pop(before)) for before in free]
    new = [name for name, fate in fates.items() if fate.before is None and name not in exchanged]
    told += [Change(What.ADDED, name) for name in new]
    written = [name for name, fate in fates.items() if fate.before is not None and fate.changed]
    return told + [Change(What.CHANGED, name) for name in exchanged + written]


class Watcher:
    """What happened since one last asked. One watcher for each listener, which starts with `begin`."""

    def __init__(self) -> None:
        # Its put() is the only one that may interrupt another in the same thread (a finaliser that deletes a workspace
        # runs anywhere): a handler never waits for a lock of ours. None wakes whoever waits.
        self._queue: SimpleQueue[Change | None] = SimpleQueue()
        self._names: set[str] = set()

    def begin(self, names: Iterable[str]) -> None:
        """Say what the listener knows: list the workspaces *after* the observer was switched on, so that none is lost.

        What is told twice then (in the list and by the observer) is told as a change, which does no harm.
        """
        self._names = set(names)

    def note(self, what: What, name: str = "", new: str = "") -> None:
        """Take down what a handler was told. Nothing else may be done there."""
        self._queue.put(Change(what, str(name), str(new)))

    def wake(self) -> None:
        """Let a waiting call of `changes` return."""
        self._queue.put(None)

    def changes(self, *, wait: bool = False) -> list[Change]:
        """Return what happened since the last call, as few changes as say the same; wait for the first if told to."""
        taken = [self._queue.get()] if wait else []
        try:
            while True:
                taken.append(self._queue.get_nowait())
        except Empty:
            pass
        told = coalesced((change for change in taken if change is not None), sorted(self._names))
        for change in told:
            apply(change, self._names)
        return told


def observer_of(watcher: Watcher, base: type[Any]) -> Any:
    """Return an observer that feeds a watcher, switched on; keep it as long as it is to watch.

    `base` is Mantid's ``AnalysisDataServiceObserver``. The workspaces that handlers are given are never looked at, not
    even by ``repr``; names are made texts, which touches no workspace.
    """

    class Observer(base):  # type: ignore[misc]
        """Notes names; what a later version hands over besides is let pass."""

        def addHandle(self, name: str, workspace: object, *more: object) -> None:  # noqa: N802
            """Note a name."""
            watcher.note(What.ADDED, name)

        def replaceHandle(self, name: str, workspace: object, *more: object) -> None:  # noqa: N802
            """Note a name."""
            watcher.note(What.CHANGED, name)

        def deleteHandle(self, name: str, workspace: object, *more: object) -> None:  # noqa: N802
            """Note a name."""
            watcher.note(What.DELETED, name)

        def clearHandle(self, *more: object) -> None:  # noqa: N802
            """Note it."""
            watcher.note(What.CLEARED)

        def renameHandle(self, name: str, new: str, *more: object) -> None:  # noqa: N802
            """Note both names. Mantid tells `replaceHandle` of the new one next."""
            watcher.note(What.RENAMED, name, new)

        def groupUpdateHandle(self, name: str, workspace: object, *more: object) -> None:  # noqa: N802
            """Note the group's name."""
            watcher.note(What.CHANGED, name)

    observer = Observer()
    # groupHandle comes without a name and without a workspace, and is followed by addHandle of the group;
    # unGroupHandle is followed by deleteHandle: neither is needed.
    for kind in ("Add", "Replace", "Delete", "Clear", "Rename", "GroupUpdate"):
        getattr(observer, f"observe{kind}")(True)
    return observer


class Delivery:
    """One thread that hands a listener what a watcher noted, at most `PER_SECOND` times a second.

    The listener is called in this thread. It gets names and hands them on; it asks Mantid nothing (see above).
    """

    def __init__(self, watcher: Watcher, listener: Callable[[list[Change]], None]) -> None:
        self._watcher = watcher
        self._listener = listener
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mantidlab-watch", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Deliver what is left and end."""
        self._ended.set()
        self._watcher.wake()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            changes = self._watcher.changes(wait=True)
            begun = time.monotonic()
            self._deliver(changes)
            self._ended.wait(max(0.0, 1 / PER_SECOND - (time.monotonic() - begun)))
        self._deliver(self._watcher.changes())

    def _deliver(self, changes: list[Change]) -> None:
        if not changes:
            return
        try:
            self._listener(changes)
        except Exception:  # whoever listens must not end the watching
            log.exception("a listener of Mantid's workspaces failed")

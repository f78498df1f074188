"""Mantid's list of workspaces: names at any time, everything else only in the main thread between two cells.

Why so, see ``mantidlab.frameworks.mantid_watch``.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mantidlab.frameworks import mantid
from mantidlab.frameworks.mantid_watch import Watcher, What
from mantidlab.frameworks.model import FrameworkError
from mantidlab.kernel.between import between_cells
from mantidlab.kernel.inventory.describing import Described, workspace_item
from mantidlab.kernel.inventory.items import Item

SECONDS_AT_ONCE = 0.008
"""For describing workspaces, in the main thread."""

log = logging.getLogger("mantidlab.kernel")


class MantidList:
    """What is known of Mantid's workspaces. All but the describing itself is done in the thread that asks.

    Parameters
    ----------
    handles
        Returns the notebook's variables that hold a workspace, with what they hold; called in the main thread.
    described
        Called, in the main thread, when more is known than before.
    """

    def __init__(self, handles: Callable[[], Iterable[tuple[str, Any]]], described: Callable[[], None]) -> None:
        self._handles = handles
        self._tell = described
        self._watcher = Watcher()
        self._observer: object | None = None
        self._items: dict[str, Described] = {}
        self._wanted: dict[str, None] = {}
        self._asked = False
        self.renamed: list[tuple[str, str]] = []

    def begin(self) -> None:
        """Begin to watch, if somebody has imported Mantid. In the main thread, between two cells or at the import."""
        if self._observer is not None:
            return
        found = mantid.watched_by(self._watcher)
        if found is not None:
            self._observer, names = found
            self._watcher.begin(())
            for name in names:
                self._watcher.note(What.ADDED, name)

    def look(self) -> None:
        """Take up what happened to the names."""
        self.renamed = []
        for change in self._watcher.changes():
            match change.what:
                case What.CLEARED:
                    self._items.clear()
                    self._wanted.clear()
                case What.DELETED:
                    self._items.pop(change.name, None)
                    self._wanted.pop(change.name, None)
                case What.RENAMED:
                    self._rename(change.name, change.new)
                case What.ADDED | What.CHANGED:
                    if not change.name.startswith("__"):
                        self._items.setdefault(change.name, _unknown(change.name))
                        self._wanted[change.name] = None

    def ask(self) -> bool:
        """Have what is not known yet described when no cell runs; return whether anything is not known."""
        if self._wanted and not self._asked:
            self._asked = True
            between_cells(self._describe)
        return bool(self._wanted)

    def items(self) -> list[Described]:
        """Return what is known of each workspace; members of groups know their group."""
        parents = {member: name for name, known in list(self._items.items()) for member in known.item.members}
        return [
            known if known.item.parent == parents.get(name) else self._with_parent(name, parents.get(name))
            for name, known in list(self._items.items())
        ]

    def _with_parent(self, name: str, parent: str | None) -> Described:
        known = self._items[name]
        self._items[name] = replace(known, item=replace(known.item, parent=parent))
        return self._items[name]

    def _rename(self, before: str, name: str) -> None:
        known = self._items.pop(before, None)
        self._wanted.pop(before, None)
        if name.startswith("__"):
            return
        if known is not None:
            self.renamed.append((before, name))
            self._items[name] = replace(known, item=replace(known.item, name=name, label=name))
        else:
            self._items.setdefault(name, _unknown(name))
        self._wanted[name] = None

    def _describe(self) -> None:
        """Describe some workspaces. In the main thread."""
        until = time.monotonic() + SECONDS_AT_ONCE
        variables = {mantid.name_of(handle): variable for variable, handle in self._handles()}
        for name in list(self._wanted):
            if time.monotonic() > until:
                break
            self._wanted.pop(name, None)
            try:
                self._items[name] = workspace_item(name, variables.get(name))
            except FrameworkError:  # gone meanwhile, as the watcher will say
                continue
            except Exception as problem:  # one that cannot be read must not hide the others
                log.debug("The workspace %s cannot be described", name, exc_info=True)
                title = f"cannot be read: {type(problem).__name__}"
                self._items[name] = Described(replace(_unknown(name).item, title=title, known=True))
        self._asked = False
        self._tell()


def _unknown(name: str) -> Described:
    return Described(Item(name, name, "mantid", "other", known=False))

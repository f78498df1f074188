"""What a kernel holds, and what changed since the panels were told."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mantidlab.kernel.inventory.describing import Described
from mantidlab.kernel.inventory.items import Item
from mantidlab.kernel.inventory.mantid_list import MantidList
from mantidlab.kernel.inventory.namespace import Namespace
from mantidlab.kernel.inventory.spans import total

AT_ONCE = 500
"""Items that are told in one message."""


@dataclass(frozen=True)
class News:
    """What changed. A renamed item is told as changed too only if more than its name did."""

    changed: tuple[Item, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.renamed)


class Inventory:
    """The variables of a notebook and Mantid's workspaces as one list of items.

    Parameters
    ----------
    namespace
        The notebook's variables.
    mantid
        Mantid's workspaces.
    """

    def __init__(self, namespace: Namespace, mantid: MantidList) -> None:
        self._namespace = namespace
        self._mantid = mantid
        self._told: dict[str, Described] = {}
        self._items: dict[str, Item] = {}
        self._serial = 0
        self._looking = threading.RLock()

    def look(self, seconds: float, again: float) -> tuple[News, bool]:
        """Look at everything once.

        Parameters
        ----------
        seconds
            Of processor time for what is new or exchanged.
        again
            Of processor time for what is the same object as before; none, and no close look, while a cell runs.

        Returns
        -------
        tuple
            What changed, and whether nothing is left for another look.
        """
        with self._looking:
            complete = self._namespace.look(seconds, fine=again > 0)
            renamed = list(self._namespace.renamed)
            all_again = again > 0 and self._namespace.look_again(again)
            self._mantid.look()
            renamed += self._mantid.renamed
            news, all_told = self._news(renamed)
            return news, complete and all_again and all_told

    def items(self) -> list[Item]:
        """Return what was seen at the last look, in the order of the notebook and of Mantid's list."""
        with self._looking:
            return list(self._items.values())

    def memory(self) -> int:
        """Return how many bytes everything takes together; what is shared is counted once."""
        with self._looking:
            told = list(self._told.values())
        apart = (known.item for known in told if known.item.framework == "mantid" and not known.item.members)
        return total(span for known in told for span in known.spans) + sum(item.memory or 0 for item in apart)

    def _news(self, renamed: list[tuple[str, str]]) -> tuple[News, bool]:
        present = dict(self._all())
        for before, name in renamed:
            if before in self._told and name in present:
                was = self._told.pop(before)
                item = self._items.pop(before)
                self._told[name] = replace(was, item=replace(was.item, name=name))
                self._items[name] = replace(item, name=name)
        removed = tuple(name for name in self._told if name not in present)
        for name in removed:
            del self._told[name], self._items[name]
        changed = [name for name, described in present.items() if self._told.get(name) is not described]
        told: list[Item] = []
        for name in changed:
            if len(told) == AT_ONCE:
                return News(tuple(told), removed, tuple(renamed)), False
            if self._take_up(name, present[name]):
                told.append(self._items[name])
        return News(tuple(told), removed, tuple(renamed)), True

    def _take_up(self, name: str, described: Described) -> bool:
        """Take up what was said of an item; return whether it is worth telling."""
        before = self._told.get(name)
        self._told[name] = described
        if before is not None and before.item == described.item:
            return False
        self._serial += 1
        self._items[name] = replace(described.item, fresh=self._serial)
        return True

    def _all(self) -> Iterator[tuple[str, Described]]:
        """Return what is said of each item by its name: a workspace that is called like a variable gets another."""
        variables = {described.item.name: described for described in self._namespace.items()}
        yield from variables.items()
        for described in self._mantid.items():
            name = described.item.name
            if name in variables:
                another = f'mtd["{name}"]'
                yield another, replace(described, item=replace(described.item, name=another))
            else:
                yield name, described

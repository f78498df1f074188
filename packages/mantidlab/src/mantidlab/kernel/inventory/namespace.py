"""What the notebook's variables hold, told as changes from one look to the next.

A look compares each variable with the object that it held at the last look, by a weak reference: nothing here keeps an
object alive, and an address that is used again does not pass for the object that was there. Whatever is the same is
looked at once more from time to time, for what was written into it in place.
"""

import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from mantidlab.kernel.inventory.describing import Described, describe, describer_of, of_mantid
from mantidlab.names import is_name

PLAIN: frozenset[type[Any]] = frozenset(
    (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, range, slice, type, type(None))
) | {FunctionType, BuiltinFunctionType, MethodType, ModuleType}
"""Classes of most variables, which hold no data: passed over at once."""


@dataclass
class Held:
    """What a variable held at the last look."""

    same: Callable[[], Any]
    items: list[Described]


class Namespace:
    """The variables of a notebook and what was said of them.

    Parameters
    ----------
    variables
        The namespace itself, which changes.
    hidden
        Names in it that are not the person's.
    """

    def __init__(self, variables: Mapping[str, Any], hidden: Mapping[str, Any] | frozenset[str] = frozenset()) -> None:
        self._variables = variables
        self._hidden = hidden
        self._held: dict[str, Held] = {}
        self._kinds: weakref.WeakKeyDictionary[type[Any], str] = weakref.WeakKeyDictionary()
        self._again: Iterator[str] = iter(())
        self._left = ""
        self.renamed: list[tuple[str, str]] = []

    def look(self, seconds: float, *, fine: bool = True) -> bool:
        """Take up what is gone, new or exchanged since the last look.

        Parameters
        ----------
        seconds
            Of processor time for what is new or exchanged; the rest is for the next look.
        fine
            Whether to look closely.

        Returns
        -------
        bool
            Whether everything was taken up. `renamed` then says which new names stand for what had another one.
        """
        until = time.thread_time() + seconds
        names = [name for name in _keys(self._variables) if _is_variable(name)]
        present = set(names)
        gone = {name: self._held.pop(name).same for name in [name for name in self._held if name not in present]}
        other = [name for name in names if self._is_other(name)]
        # Begins where the last look ended: those that change all the time must not keep the rest from being seen.
        begin = next((place for place, name in enumerate(other) if name == self._left), 0)
        self._left, new = "", []
        for name in other[begin:] + other[:begin]:
            if time.thread_time() > until:
                self._left = name
                break
            if name not in self._held:
                new.append(name)
            self._take_up(name, self._variables.get(name), fine)
        self.renamed = self._renamings(gone, new)
        return not self._left

    def _is_other(self, name: str) -> bool:
        """Return whether a variable holds data that were not there at the last look; forget what holds none."""
        value, held = self._variables.get(name), self._held.get(name)
        if type(value) in PLAIN or (held is None and not self._data(name, value)):
            self._held.pop(name, None)
            return False
        return held is None or held.same() is not value

    def _renamings(self, gone: Mapping[str, Callable[[], Any]], new: list[str]) -> list[tuple[str, str]]:
        former = {id(thing): name for name, same in gone.items() if (thing := same()) is not None}
        pairs = ((former.pop(id(self._variables.get(name)), None), name) for name in new) if former else ()
        return [(before, name) for before, name in pairs if before is not None]

    def look_again(self, seconds: float) -> bool:
        """Describe once more what is the same object, in turn; return whether the last one had its turn."""
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            name = next(self._again, None)
            if name is None:
                self._again = iter(list(self._held))
                return True
            held = self._held.get(name)
            value = self._variables.get(name)
            if held is not None and held.same() is value:
                items = describe(name, value)
                if items != held.items:
                    held.items = items
        return False

    def items(self) -> Iterator[Described]:
        """Return what was said at the last look."""
        for held in self._held.values():
            yield from held.items

    def mantid_handles(self) -> list[str]:
        """Return the variables that hold a workspace of Mantid; what it is, only the main thread may ask."""
        return [name for name in _keys(self._variables) if self._kind_of(name) == "mantid"]

    def _kind_of(self, name: str) -> str:
        value = self._variables.get(name)
        return "" if type(value) in PLAIN or name.startswith("_") else self._kind(type(value))

    def _data(self, name: str, value: Any) -> bool:
        return name not in self._hidden and self._kind(type(value)) == "data"

    def _kind(self, kind: type[Any]) -> str:
        try:
            return self._kinds[kind]
        except KeyError:
            found = "data" if describer_of(kind) else "mantid" if of_mantid(kind) else ""
            self._kinds[kind] = found
            return found

    def _take_up(self, name: str, value: Any, fine: bool) -> None:
        items = describe(name, value, fine=fine)
        if not items:
            self._held.pop(name, None)
            return
        try:
            same: Callable[[], Any] = weakref.ref(value)
        except TypeError:  # what cannot be referred to weakly is described at each look
            same = _nothing
        self._held[name] = Held(same, items)


def _nothing() -> None:
    return None


def _is_variable(name: object) -> bool:
    """Whether cells can use a name as it stands. ``globals()`` takes any text, and one of a file may be code."""
    return isinstance(name, str) and is_name(name) and not name.startswith("_")


def _keys(variables: Mapping[str, Any]) -> list[str]:
    """Return the names at one moment: another thread changes the mapping meanwhile."""
    while True:
        try:
            return list(variables)
        except RuntimeError:  # a finaliser changed it while the list was made
            continue

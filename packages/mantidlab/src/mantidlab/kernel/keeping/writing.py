"""What the copy of a kernel does: writes the notebook's variables, small ones first, and a journal of them."""

import json
import linecache
import os
import re
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mantidlab.kernel.keeping.definitions import definition_of, line_that_made
from mantidlab.kernel.keeping.pickling import CannotKeep, TooLarge, write_thing
from mantidlab.kernel.keeping.places import JOURNAL

IPYTHONS_OWN = re.compile(r"_+|_i{1,3}|_i?\d+|_dh|_ih|_oh|In|Out|exit|quit|get_ipython|open")
LONGEST_REASON = 160


class Keeping:
    """The variables that are to be kept, and what is known of them before.

    Parameters
    ----------
    shell
        IPython's.
    folder
        Where they are written; it is there.
    room
        In bytes.
    sizes
        Of data, in bytes, by variable.
    in_use
        Variables that the stopped line uses: they may be half changed.
    """

    def __init__(
        self, shell: Any, folder: Path, *, room: int, sizes: Mapping[str, int], in_use: frozenset[str]
    ) -> None:
        self._shell = shell
        self._variables = shell.user_ns
        self._cells: Sequence[str] = list(shell.history_manager.input_hist_parsed)
        self._folder = folder
        self._room = room
        self._sizes = sizes
        self._in_use = in_use
        self._count = shell.execution_count
        self._names = sorted(persons_names(shell), key=lambda name: (name in in_use, sizes.get(name, 0)))

    def write(self) -> None:
        """Write all. In the copy."""
        with (self._folder / JOURNAL).open("w", encoding="utf-8") as journal:
            self._note(
                journal, names=self._names, count=self._count, path=sys.path, cells=self._cells, **_texts(self._shell)
            )
            seen: dict[int, str] = {}
            for number, name in enumerate(self._names):
                thing = self._variables.get(name)
                if id(thing) in seen and not isinstance(thing, types.ModuleType):
                    self._note(journal, name=name, in_use=self._may_change(name, thing), same=seen[id(thing)])
                    continue
                seen[id(thing)] = name
                written = self._written(name, thing, number)
                self._note(journal, name=name, in_use=self._may_change(name, thing), **written)
            self._note(journal, end=True)

    def _may_change(self, name: str, thing: Any) -> bool:
        """Return whether the stopped line may have changed one half of it."""
        return name in self._in_use and not callable(thing) and not isinstance(thing, types.ModuleType)

    def _written(self, name: str, thing: Any, number: int) -> dict[str, Any]:
        definition = definition_of(name, self._cells) if _is_defined_here(thing, self._variables) else None
        if definition is not None:
            return {"source": definition}
        path = self._folder / f"{number}.pickle"
        try:
            if self._sizes.get(name, 0) > self._room:
                raise TooLarge
            size = write_thing(thing, path, self._variables, self._room)
        except Exception as problem:  # noqa: BLE001  (whatever a class raises that cannot be written)
            for each in self._folder.glob(f"{number}.*"):
                each.unlink()
            return {"why": _reason(problem, thing), **self._made_by(name)}
        self._room -= size
        return {"file": path.name, "bytes": size, **self._made_by(name)}

    def _made_by(self, name: str) -> dict[str, Any]:
        made = line_that_made(name, self._cells)
        return {} if made is None else {"cell": made[0], "line": made[1]}

    @staticmethod
    def _note(journal: Any, **said: Any) -> None:
        journal.write(json.dumps(said) + "\n")
        journal.flush()


def persons_names(shell: Any) -> list[str]:
    """Return the names of the variables that are a person's."""
    hidden = shell.user_ns_hidden
    return [
        name
        for name in list(shell.user_ns)
        if isinstance(name, str)
        and not IPYTHONS_OWN.fullmatch(name)
        and not (name.startswith("__") and name.endswith("__"))
        and not (name in hidden and hidden[name] is shell.user_ns.get(name))
    ]


def _texts(shell: Any) -> dict[str, Any]:
    """Return the texts of the cells by the files that tracebacks name, and the cells' numbers."""
    numbers = dict(getattr(shell.compile, "_filename_map", {}))
    texts = {file: text for file in numbers if (text := "".join(linecache.getlines(file)))}
    return {"numbers": numbers, "texts": texts}


def _is_defined_here(thing: Any, variables: Mapping[str, Any]) -> bool:
    """Return whether it is a class or a decorated function of the notebook: those have a cell to be defined by."""
    if isinstance(thing, types.FunctionType):
        return thing.__globals__ is not variables and getattr(thing, "__module__", None) == "__main__"
    return callable(thing) and getattr(thing, "__module__", None) == "__main__" and hasattr(thing, "__qualname__")


def _reason(problem: Exception, thing: Any) -> str:
    if isinstance(problem, TooLarge):
        return "the disk has no room for it"
    if isinstance(problem, CannotKeep):
        return str(problem)
    if isinstance(problem, OSError) and problem.errno:
        return f"it could not be written ({os.strerror(problem.errno)})"
    text = " ".join(str(problem).split()) or type(problem).__name__
    return f"a {type(thing).__name__} cannot be written ({text})"[:LONGEST_REASON]

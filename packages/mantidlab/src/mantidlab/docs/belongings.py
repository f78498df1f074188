"""What a person can find that no environment holds: the examples in their home, and interfaces.

They change while a session runs, so that they are indexed when they are asked for, in memory; looking whether something
changed costs one walk through ``~/examples``, every few seconds at most.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mantidlab.docs.pages.notebooks import Example, read_example
from mantidlab.docs.search import Entry, Hit, Kind, SearchIndex

EXAMPLES = "examples"

_SECONDS = 3.0  # between two looks
_MOST = 300  # notebooks that are read; more than that is no collection of examples
_Mark = tuple[tuple[str, int, int], ...]


class Belongings:
    """Examples and interfaces of one person.

    Parameters
    ----------
    home
        It has the folder `examples`.
    interfaces
        Returns entries of the interfaces that there are; called when something is looked for, so it must be quick.
    """

    def __init__(self, home: Path, interfaces: Callable[[], Iterable[Entry]] = tuple) -> None:
        self.home = home
        self._interfaces = interfaces
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._mark: tuple[_Mark, tuple[Entry, ...]] | None = None
        self._index: SearchIndex | None = None

    def search(self, text: str, limit: int, kinds: Iterable[Kind | str] | None = None) -> list[Hit]:
        """Return what is meant by a text, best first."""
        with self._lock:
            index = self._current()
        return [] if index is None else index.search(text, limit=limit, kinds=kinds)

    def _current(self) -> SearchIndex | None:
        if time.monotonic() - self._looked < _SECONDS:
            return self._index
        self._looked = time.monotonic()
        files = list(self._files())
        mark = (tuple((str(file), *_state(file)) for file in files), tuple(self._interfaces()))
        if mark != self._mark:
            read = (read_example(file, self.home) for file in files)
            entries = [*(_entry(example) for example in read if example), *mark[1]]
            self._mark, self._index = mark, SearchIndex.in_memory(entries) if entries else None
        return self._index

    def _files(self) -> Iterator[Path]:
        found = sorted((self.home / EXAMPLES).rglob("*.ipynb"))
        plain = (file for file in found if not any(part.startswith(".") for part in file.relative_to(self.home).parts))
        return (file for file, _ in zip(plain, range(_MOST), strict=False))


def interface_entries(prefix: Path) -> tuple[Entry, ...]:
    """Return the interfaces of an environment, as they were last listed: none of them is imported."""
    from mantidlab.interfaces.listed import listed

    return tuple(
        Entry(
            Kind.INTERFACE,
            str(one["name"]),
            str(one["title"]),
            str(one.get("summary") or ""),
            f"interface/{one['name']}",
            (str(one["title"]), str(one["name"])),
            " ".join([str(one.get("technique") or ""), *map(str, one.get("instruments") or ())]),
        )
        for one in listed(prefix)
    )


def _state(file: Path) -> tuple[int, int]:
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def _entry(example: Example) -> Entry:
    return Entry(
        Kind.EXAMPLE,
        example.title,
        example.title,
        example.text,
        f"example/{example.file}",
        (example.title, Path(example.file).stem),
        "example notebook " + " ".join(code[:400] for code in example.codes[:20]),
    )

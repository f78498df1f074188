"""``mantidlab.search("rebin")``: what the documentation panel finds, in a cell."""

import html
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import overload

from mantidlab.docs.belongings import Belongings, interface_entries
from mantidlab.docs.reading import knowledge
from mantidlab.docs.search import Hit, Kind, best_first


class Found(Sequence[Hit]):
    """What was found, best first: a list with a face."""

    def __init__(self, text: str, hits: Iterable[Hit]) -> None:
        self.text = text
        self._hits = tuple(hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __repr__(self) -> str:
        if not self._hits:
            return f"Nothing found for {self.text!r}."
        width = min(48, max(len(hit.title) for hit in self._hits))
        return "\n".join(f"{hit.kind:<13} {hit.title:<{width}}  {hit.snippet[:90]}".rstrip() for hit in self._hits)

    def _repr_html_(self) -> str:
        if not self._hits:
            return f"<p>Nothing found for <em>{html.escape(self.text)}</em>.</p>"
        rows = (
            f"<tr><td style='text-align:left'>{html.escape(hit.kind)}</td>"
            f"<td style='text-align:left'><b>{html.escape(hit.title)}</b></td>"
            f"<td style='text-align:left'>{html.escape(hit.snippet)}</td></tr>"
            for hit in self._hits
        )
        return f"<table><tbody>{''.join(rows)}</tbody></table>"


def search(text: str, limit: int = 20, kinds: Iterable[Kind | str] | None = None) -> Found:
    """Find algorithms, properties, fit functions, Python functions, pages, examples and interfaces.

    Parameters
    ----------
    text
        Part of a name, words, with mistakes: ``"conver units"``.
    limit
        The most that are returned.
    kinds
        Of which kind (`Kind`), such as ``["algorithm", "example"]``; None for all.

    Returns
    -------
    Found
        Best first. Each has `kind`, `name`, `title`, `snippet` and `leads_to`.

    Raises
    ------
    KnowledgeMissing, SearchUnavailable
        This environment has no catalogue, or its index cannot be read.
    ValueError
        There is no such kind.
    """
    wanted = None if kinds is None else frozenset(map(_kind, kinds))
    of_environment = knowledge(Path(sys.prefix)).search(text, limit, wanted)
    mine = _belongings().search(text, limit, wanted)
    return Found(text, best_first([*of_environment, *mine])[:limit])


def _kind(name: Kind | str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise ValueError(f"There is no kind {name!r}; there are {', '.join(Kind)}.") from None


@cache
def _belongings() -> Belongings:
    home = Path(os.environ.get("HOME") or "~").expanduser()
    return Belongings(home, lambda: interface_entries(Path(sys.prefix)))

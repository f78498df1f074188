"""Search over what the environment can do: forgiving, best first, quick enough to search while somebody types."""

from collections.abc import Iterable

from mantidlab.docs.search.entries import Entry, Kind
from mantidlab.docs.search.index import SearchUnavailable, write_index
from mantidlab.docs.search.query import Hit, SearchIndex, best_first

__all__ = ["Entry", "Hit", "Kind", "SearchIndex", "SearchUnavailable", "best_first", "search", "write_index"]


def search(index: SearchIndex, text: str, limit: int = 20, kinds: Iterable[Kind | str] | None = None) -> list[Hit]:
    """Return what is meant by a text, best first.

    Parameters
    ----------
    text
        What a person typed: part of a name, words, with mistakes.
    kinds
        What to look for, such as ``["algorithm"]``; None for everything.
    """
    return index.search(text, limit=limit, kinds=kinds)

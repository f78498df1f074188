"""Search over what the environment can do: forgiving, best first, quick enough to search while somebody types."""

from collections.abc import Iterable

from mantidlab.docs.search.entries import Kind
from mantidlab.docs.search.index import SearchUnavailable, write_index
from mantidlab.docs.search.query import Hit, SearchIndex

__all__ = ["Hit", "Kind", "SearchIndex", "SearchUnavailable", "search", "write_index"]


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

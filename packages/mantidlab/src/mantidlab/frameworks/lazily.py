"""Sequences and mappings whose items are made when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class LazySequence(Sequence[T], Generic[T]):
    """Items 0 to `size` − 1, each made by `make` whenever it is asked for.

    An index outside raises `IndexError` before `make` sees it: Mantid answers some of them with garbage.
    """

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size = size
        self._make = make

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> "LazySequence[T]": ...
    def __getitem__(self, index: int | slice) -> "T | LazySequence[T]":
        if isinstance(index, slice):
            chosen = range(*index.indices(self._size))
            return LazySequence(len(chosen), lambda item: self._make(chosen[item]))
        position = index + self._size if index < 0 else index
        if not 0 <= position < self._size:
            raise IndexError(f"There are {self._size} items; {index} is none of them.")
        return self._make(position)


class LazyMapping(Mapping[str, T], Generic[T]):
    """Names in their order, and for each what `make` makes of it whenever it is asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

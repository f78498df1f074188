"""What the kernel holds, as a person reads it in a cell: ``mantidlab.workspaces()``."""

from collections.abc import Iterator
from html import escape
from typing import Any

from mantidlab.kernel.inventory import find, items
from mantidlab.workspaces.errors import NoSuchWorkspace

COLUMNS = ("name", "kind", "size", "unit", "memory", "title")
STEPS = ("B", "kB", "MB", "GB", "TB")


class Listing:
    """What the kernel holds at the moment of the call. By name it gives the thing: ``workspaces()["sample"]``."""

    def __init__(self, rows: tuple[Any, ...]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return (row.name for row in self._rows)

    def __getitem__(self, name: str) -> Any:
        if name not in set(self):
            raise NoSuchWorkspace(f"There is no workspace {name!r}; there are {', '.join(self) or 'none'}.")
        return find(name)

    def __repr__(self) -> str:
        if not self._rows:
            return "The kernel holds no workspaces."
        cells = [COLUMNS, *(_told(row) for row in self._rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(COLUMNS))]
        lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in cells)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        if not self._rows:
            return "<p>The kernel holds no workspaces.</p>"
        head = "".join(f"<th style='text-align: left'>{name}</th>" for name in COLUMNS)
        body = "".join(f"<tr>{''.join(map(_cell, _told(row)))}</tr>" for row in self._rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def listing(text: str = "") -> Listing:
    """Return what the kernel holds; with a text, what has each of its words in its name, kind, type or title."""
    words = text.lower().split()
    return Listing(tuple(item for item in items() if all(word in _searched(item) for word in words)))


def memory_of(size: int | None) -> str:
    """Return bytes as people say them, in powers of ten as disks count."""
    if size is None:
        return ""
    amount = float(size)
    for step in STEPS:
        if amount < 999.5 or step == STEPS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {step}" if step == "B" or amount >= 99.5 else f"{amount:.2g} {step}"


def _searched(item: Any) -> str:
    return "\n".join((item.name, str(item.kind), item.type, item.title)).lower()


def _told(item: Any) -> tuple[str, ...]:
    size = " × ".join(f"{length:,}" for length in item.shape)
    if item.events is not None:
        size = f"{size}, {item.events:,} events".removeprefix(", ")
    return (item.name, str(item.kind), size, item.unit, memory_of(item.memory), item.title)


def _cell(text: str) -> str:
    return f"<td style='text-align: left'>{escape(text)}</td>"

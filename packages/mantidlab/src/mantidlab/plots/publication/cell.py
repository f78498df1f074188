"""A cell of Python while it is written: imports, and lines with their indentation."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mantidlab.plots.publication.description import AxisView, Range

LONGEST = 107
"""Characters in a line, after which a call is broken into several; so many a laptop shows."""
FINENESS = 1e-5
"""What a number in the cell may be off, as a part of the range it belongs to: nobody sees a tenth of a pixel."""


@dataclass
class Cell:
    """Collects what a cell imports and does."""

    imports: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    _depth: int = 0

    def add(self, *lines: str) -> None:
        """Add lines at the present depth."""
        self.lines.extend(f"{'    ' * self._depth}{line}" if line else "" for line in lines)

    def call(self, function: str, *arguments: str, **named: str) -> None:
        """Add a call, in as many lines as it needs; values are given as Python."""
        parts = [*arguments, *(f"{name}={value}" for name, value in named.items())]
        if 4 * self._depth + len(function) + sum(len(part) + 2 for part in parts) <= LONGEST:
            self.add(f"{function}({', '.join(parts)})")
        else:
            self.add(f"{function}(", *(f"    {part}," for part in parts), ")")

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """Add a line that opens a block, and put what is added meanwhile into it."""
        self.add(opening)
        self._depth += 1
        yield
        self._depth -= 1

    def text(self) -> str:
        """Return the whole cell."""
        return "\n".join([*sorted_imports(self.imports), "", "", *self.lines])


def sorted_imports(imports: Iterable[str]) -> list[str]:
    """Return import lines without doubles, several names of one module in one line, in the order that people use."""
    whole: set[str] = set()
    names: dict[str, set[str]] = {}
    for line in imports:
        if line.startswith("from "):
            module, _, imported = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).update(name.strip() for name in imported.split(","))
        else:
            whole.add(line)
    lines = [*whole, *(f"from {module} import {', '.join(sorted(found))}" for module, found in names.items())]
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def number(value: float, span: float) -> str:
    """Return a number as short as it can be without a difference that can be seen in a range of this span."""
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} is no place on an axis")
    for digits in range(1, 17):
        text = f"{value:.{digits}g}"
        if abs(float(text) - value) <= FINENESS * abs(span):
            return _plain(text)
    return repr(value)


def _plain(text: str) -> str:
    """Return 25000 rather than 2.5e+04, as people write it, where that is not much longer."""
    value = float(text)
    if "e" not in text or not 1e-4 <= abs(value) < 1e7:
        return text.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return f"{value:.10f}".rstrip("0").rstrip(".")


def ends(low: float, high: float) -> str:
    """Return two ends of a range as a tuple."""
    return f"({end(low, low, high)}, {end(high, low, high)})"


def end(value: float, low: float, high: float) -> str:
    """Return one end: by its own size too, since on a log scale the small end is as visible as the large one."""
    return number(value, min(abs(high - low), abs(value) or abs(high - low)))


def points(corners: Iterable[Range]) -> str:
    """Return corners as a list of tuples."""
    found = list(corners)
    spans = [max(each) - min(each) or 1.0 for each in zip(*found, strict=True)]
    pairs = (f"({number(x, spans[0])}, {number(y, spans[1])})" for x, y in found)
    return f"[{', '.join(pairs)}]"


def label(axis: str, unit: str) -> str:
    """Return what stands beside an axis, as Python."""
    return quoted(f"{axis} ({unit})" if axis and unit else axis or unit)


def quoted(text: str) -> str:
    """Return a text as Python, in double quotes where it can be. A dollar sign would begin a formula, so it is kept."""
    text = text.replace("$", r"\$")
    return f'"{text}"' if repr(text) == f"'{text}'" and '"' not in text else repr(text)


def axis_settings(axis: AxisView, letter: str) -> dict[str, str]:
    """Return the arguments of matplotlib's ``Axes.set`` for one axis, a symlog scale excepted."""
    low, high = axis.range
    limits = f"({moment(low)}, {moment(high)})" if axis.is_time else ends(low, high)
    found = {f"{letter}lim": limits}
    if axis.label or axis.unit:
        found[f"{letter}label"] = label(axis.label, axis.unit)
    if axis.scale == "log":
        found[f"{letter}scale"] = '"log"'
    return found


def moment(seconds: float) -> str:
    """Return a moment as NumPy has it."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return f'np.datetime64("{text}")'


def set_axes(cell: Cell, ax: str, x: AxisView, y: AxisView, **more: str) -> None:
    """Add labels, scales and limits of both axes."""
    if x.is_time or y.is_time:
        cell.imports.add("import numpy as np")
    for axis, letter in ((x, "x"), (y, "y")):
        if axis.scale == "symlog":
            cell.call(f"{ax}.set_{letter}scale", '"symlog"', linthresh=number(axis.linear_below, axis.linear_below))
    cell.call(f"{ax}.set", **axis_settings(x, "x"), **axis_settings(y, "y"), **more)

"""A part of a result in a few words, for tables, pages and terminals."""

from collections.abc import Mapping
from numbers import Real
from typing import Any

LONGEST = 120


def briefly(part: Any) -> str:
    """Return a part in a few words: a number, ``3.1 ± 0.2 Å``, ``120 points, Q 0.006 to 0.3 1/Å``, else its type."""
    if part is None:
        return "–"
    if isinstance(part, Real) and not isinstance(part, bool | int):
        return f"{float(part):.6g}"
    text = _curve(part) or _array(part) or _several(part)
    if not text:
        text = str(part) if _has_text(part) else type(part).__name__
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def numbers_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers and short texts among parts, as columns of a table; a number with an error gives two."""
    columns: dict[str, Any] = {}
    for name, part in values.items():
        if isinstance(part, str | Real):
            columns[name] = part
            continue
        value, error = getattr(part, "value", None) if getattr(part, "ndim", 0) == 0 else None, _error(part)
        if isinstance(value, Real):
            columns[name] = value
            if error is not None:
                columns[f"{name}.error"] = error
    return columns


def _error(part: Any) -> float | None:
    """Return one standard deviation: what the part says is its error, or the root of scipp's variance."""
    if getattr(part, "ndim", 0) != 0:
        return None
    error, variance = getattr(part, "error", None), getattr(part, "variance", None)
    if isinstance(error, Real):
        return float(error)
    return float(variance) ** 0.5 if isinstance(variance, Real) else None


def _curve(part: Any) -> str:
    """Return what a curve of the data model is, or what holds one."""
    histogram = getattr(part, "histogram", part)
    axis = getattr(histogram, "axis", None)
    if axis is None or not hasattr(axis, "edges") or not axis.size:
        return ""
    low, high = axis.values[0], axis.values[-1]
    return f"{axis.size} {'bins' if axis.edges else 'points'}, {axis.name} {low:.4g} to {high:.4g} {axis.unit}".strip()


def _array(part: Any) -> str:
    if hasattr(part, "sizes") and hasattr(part, "dims"):
        sizes = " × ".join(f"{name} {size}" for name, size in dict(part.sizes).items())
        unit = str(getattr(part, "unit", None) or "")
        return f"{type(part).__name__}, {sizes or 'one value'}{f', {unit}' if unit else ''}"
    if hasattr(part, "shape") and hasattr(part, "dtype"):
        return f"{' × '.join(map(str, part.shape)) or 'one value'}, {part.dtype}"
    return ""


def _several(part: Any) -> str:
    """Return what a list or tuple holds: few numbers as such, more curves or objects of a class counted."""
    if not isinstance(part, list | tuple) or not part:
        return ""
    if all(isinstance(one, float) for one in part):
        return f"({', '.join(f'{one:.4g}' for one in part)})"
    curves = [_curve(one) for one in part]
    if all(curves):
        return f"{len(part)} curves, the first with {curves[0]}"
    if all(_writes_itself(one) for one in part):
        return ", ".join(map(str, part))
    kinds = {type(one).__name__ for one in part}
    return "" if any(map(_has_text, part)) or len(kinds) > 1 else f"{len(part)} × {kinds.pop()}"


def _has_text(part: Any) -> bool:
    """Whether a part, as text, says what it is; what dataclasses write of themselves is all they have."""
    return isinstance(part, str | int | float | list | tuple | set | frozenset | dict) or _writes_itself(part)


def _writes_itself(part: Any) -> bool:
    """Whether a class of its own says how it is written."""
    return any("__str__" in vars(kind) for kind in type(part).__mro__[:-1])

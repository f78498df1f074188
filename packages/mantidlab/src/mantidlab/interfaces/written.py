"""Values as Python writes them: for people to read, and for a notebook that repeats a run."""

import enum
import math
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mantidlab.interfaces.errors import CannotRepeat

LONGEST_SHOWN = 500


def shown(value: Any) -> str:
    """Return a value for people: as Python writes it where that can be, else its type."""
    try:
        text = as_python(value, lambda thing: None)
    except CannotRepeat:
        text = f"<{type(value).__module__}.{type(value).__qualname__}>"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def as_python(value: Any, needed: Callable[[type], None]) -> str:
    """Return a value as an expression of Python.

    Parameters
    ----------
    value
        Numbers, text, paths, models, dataclasses, enumerations, dates, and containers of them.
    needed
        Is told of each class that the expression names.

    Raises
    ------
    CannotRepeat
        It holds something else.
    """
    writer = next((write for kinds, write in _WRITERS if isinstance(value, kinds)), None)
    if writer is not None:
        return writer(value, needed)
    if is_dataclass(value) and not isinstance(value, type):
        needed(type(value))
        return _call(value, ((each.name, getattr(value, each.name)) for each in fields(value) if each.init), needed)
    raise CannotRepeat(f"A {type(value).__qualname__} cannot be written down as Python.")


def _plain(value: Any, needed: Callable[[type], None]) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _path(value: Any, needed: Callable[[type], None]) -> str:
    return repr(str(value))


def _enumeration(value: enum.Enum, needed: Callable[[type], None]) -> str:
    needed(type(value))
    return f"{type(value).__qualname__}.{value.name}"


def _moment(value: Any, needed: Callable[[type], None]) -> str:
    needed(type(value))
    return repr(value).removeprefix("datetime.")


def _model(value: BaseModel, needed: Callable[[type], None]) -> str:
    needed(type(value))
    set_ = (name for name in type(value).model_fields if name in value.model_fields_set)
    return _call(value, ((name, getattr(value, name)) for name in set_), needed)


def _list(value: Iterable[Any], needed: Callable[[type], None]) -> str:
    return f"[{', '.join(as_python(each, needed) for each in value)}]"


def _tuple(value: tuple[Any, ...], needed: Callable[[type], None]) -> str:
    inner = ", ".join(as_python(each, needed) for each in value)
    return f"({inner},)" if len(value) == 1 else f"({inner})"


def _set(value: Iterable[Any], needed: Callable[[type], None]) -> str:
    return f"set({_list(sorted(value, key=repr), needed)})"


def _dict(value: dict[Any, Any], needed: Callable[[type], None]) -> str:
    return f"{{{', '.join(f'{as_python(key, needed)}: {as_python(each, needed)}' for key, each in value.items())}}}"


def _call(value: Any, arguments: Iterable[tuple[str, Any]], needed: Callable[[type], None]) -> str:
    written = ", ".join(f"{name}={as_python(each, needed)}" for name, each in arguments)
    return f"{type(value).__qualname__}({written})"


_WRITERS: tuple[tuple[Any, Callable[[Any, Callable[[type], None]], str]], ...] = (
    (enum.Enum, _enumeration),
    ((bool, int, float, complex, str, bytes, type(None)), _plain),
    (Path, _path),
    ((datetime, date, timedelta), _moment),
    (BaseModel, _model),
    (list, _list),
    (tuple, _tuple),
    ((set, frozenset), _set),
    (dict, _dict),
)

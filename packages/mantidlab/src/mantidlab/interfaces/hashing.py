"""One number for a value: equal for equal values, in every process and on every machine.

Files count by their content, arrays by their numbers, functions by what they do (:mod:`mantidlab.interfaces.code`).
"""

import enum
import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mantidlab.interfaces.checksums import checksum


class NoDigest(TypeError):
    """A value is of a kind whose content nobody knows here."""


class Sink:
    """A hash to feed, and what takes functions instead of it: who follows code follows each function once.

    Parameters
    ----------
    update
        Takes bytes.
    take_code
        Takes functions, classes and what else can be called.
    """

    def __init__(self, update: Callable[[Any], None], take_code: Callable[[Any], None]) -> None:
        self.update = update
        self.take_code = take_code

    def __call__(self, content: Any) -> None:
        """Take bytes."""
        self.update(content)


def digest(*values: Any) -> str:
    """Return the SHA-256 of values, in hexadecimal digits.

    Raises
    ------
    NoDigest
        One of them holds something whose content is not known.
    """
    into = hashlib.sha256()
    for value in values:
        feed(into.update, value)
    return into.hexdigest()


def feed(update: Callable[[Any], None], value: Any) -> None:
    """Give the content of a value to a hash; each kind begins with its name, so that ``1`` and ``"1"`` differ.

    Raises
    ------
    NoDigest
        It holds something whose content is not known.
    """
    for kinds, feeder in _FEEDERS:
        if isinstance(value, kinds):
            feeder(update, value)
            return
    if is_dataclass(value) and not isinstance(value, type):
        _named(update, value, ((each.name, getattr(value, each.name)) for each in fields(value)))
    elif _made_by(value, "numpy"):
        _numpy(update, value)
    elif _made_by(value, "scipp"):
        _scipp(update, value)
    elif callable(value) and hasattr(value, "__module__"):
        _callable(update, value)
    else:
        raise NoDigest(f"Nothing is known of the content of a {type(value).__module__}.{type(value).__qualname__}.")


def _say(update: Callable[[Any], None], kind: str, content: bytes) -> None:
    update(f"{kind}:{len(content)}:".encode())
    update(content)


def _none(update: Callable[[Any], None], value: None) -> None:
    _say(update, "none", b"")


def _number(update: Callable[[Any], None], value: complex) -> None:
    if isinstance(value, float):
        _say(update, "float", struct.pack("<d", value))
    else:
        _say(update, type(value).__name__, repr(value).encode())


def _text(update: Callable[[Any], None], value: str) -> None:
    _say(update, "str", value.encode("utf-8", "surrogatepass"))


def _bytes(update: Callable[[Any], None], value: bytes | bytearray) -> None:
    _say(update, "bytes", bytes(value))


def _path(update: Callable[[Any], None], value: Path) -> None:
    if value.is_file():
        _say(update, "file", bytes.fromhex(checksum(value).sha256))
    elif value.is_dir():
        raise NoDigest(f"{value} is a folder, whose content may change.")
    else:
        _say(update, "path", str(value).encode("utf-8", "surrogateescape"))


def _enumeration(update: Callable[[Any], None], value: enum.Enum) -> None:
    _say(update, f"enum {type(value).__qualname__}", value.name.encode())
    feed(update, value.value)


def _moment(update: Callable[[Any], None], value: Any) -> None:
    _say(update, type(value).__name__, repr(value).encode())


def _model(update: Callable[[Any], None], value: BaseModel) -> None:
    _named(update, value, ((name, getattr(value, name)) for name in type(value).model_fields))


def _named(update: Callable[[Any], None], value: Any, parts: Iterable[tuple[str, Any]]) -> None:
    _say(update, "object", type(value).__qualname__.encode())
    for name, part in parts:
        _text(update, name)
        feed(update, part)
    _say(update, "end", b"")


def _sequence(update: Callable[[Any], None], value: list[Any] | tuple[Any, ...]) -> None:
    _say(update, f"{type(value).__name__} {len(value)}", b"")
    for each in value:
        feed(update, each)


def _set(update: Callable[[Any], None], value: set[Any] | frozenset[Any]) -> None:
    _say(update, f"set {len(value)}", "".join(sorted(digest(each) for each in value)).encode())


def _mapping(update: Callable[[Any], None], value: Mapping[Any, Any]) -> None:
    _say(update, f"mapping {len(value)}", b"")
    # The order of a mapping may be a part of what it means (columns of a table).
    for key, each in value.items():
        feed(update, key)
        feed(update, each)


def _numpy(update: Callable[[Any], None], value: Any) -> None:
    import numpy as np

    if not isinstance(value, np.ndarray | np.generic | np.dtype):
        # Not asked for its elements: those of np.r_ never end.
        raise NoDigest(f"Nothing is known of the content of NumPy's {type(value).__name__}.")
    array = np.asarray(str(value) if isinstance(value, np.dtype) else value)
    if array.dtype.hasobject:
        raise NoDigest("An array of Python objects has no content that is known here.")
    _say(update, f"array {array.dtype.str} {array.dtype.descr if array.dtype.names else ''} {array.shape}", b"")
    update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b"")


def _scipp(update: Callable[[Any], None], value: Any) -> None:
    from mantidlab.frameworks.scipp import content_of

    content = content_of(value)
    if content is None:
        raise NoDigest(f"Nothing is known of the content of scipp's {type(value).__name__}.")
    _say(update, f"scipp {type(value).__name__}", b"")
    feed(update, content)


def _callable(update: Callable[[Any], None], value: Any) -> None:
    if isinstance(update, Sink):
        update.take_code(value)
        return
    from mantidlab.interfaces.code import code_digest

    _say(update, "code", code_digest(value).encode())


def _made_by(value: Any, package: str) -> bool:
    return type(value).__module__.partition(".")[0] == package


_FEEDERS: tuple[tuple[Any, Callable[[Callable[[Any], None], Any], None]], ...] = (
    (type(None), _none),
    (enum.Enum, _enumeration),
    ((bool, int, float, complex), _number),
    (str, _text),
    ((bytes, bytearray), _bytes),
    (Path, _path),
    ((datetime, date, timedelta), _moment),
    (BaseModel, _model),
    ((list, tuple), _sequence),
    ((set, frozenset), _set),
    (dict, _mapping),
)

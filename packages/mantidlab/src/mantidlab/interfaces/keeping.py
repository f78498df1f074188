"""Values as files, and back: what steps keep, and what results of batches are read from.

Containers, numbers and texts are JSON; arrays are NumPy's ``.npy`` without Python objects; what is scipp's is scipp's
own HDF5. Never pickle: reading one runs whatever its writer wanted, and a home is written by every environment,
restored from copies, and sometimes shared. Models and dataclasses are found by name among the modules that are loaded
already, so reading imports nothing either. ``docs/decisions/interfaces-cache.md``
"""

import base64
import enum
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mantidlab.interfaces.errors import CannotKeep


class Damaged(Exception):
    """What was kept cannot be read."""


class _Writer:
    """Writes one value into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0

    def write(self, value: Any) -> Any:
        if value is None or (isinstance(value, bool | str) and type(value) in (bool, str)):
            return value
        if type(value) is int:
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if type(value) is list:
            return [self.write(each) for each in value]
        for kind, write in _KINDS.items():
            if isinstance(value, kind) and (type(value) is kind or kind in (Path, enum.Enum, BaseModel)):
                return write(self, value)
        return self._other(value)

    def _other(self, value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return _object(value, {each.name: self.write(getattr(value, each.name)) for each in fields(value)})
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            return _object(value, {name: self.write(part) for name, part in value._asdict().items()})
        package = type(value).__module__.partition(".")[0]
        if package == "numpy":
            return self._numpy(value)
        if package == "scipp":
            return self._scipp(value)
        raise CannotKeep(
            f"A {type(value).__module__}.{type(value).__qualname__} is of no kind that can be kept in a file."
        )

    def file(self, ending: str) -> Path:
        self._files += 1
        return self._folder / f"{self._files}.{ending}"

    def _numpy(self, value: Any) -> Any:
        import numpy as np

        if np.asarray(value).dtype.hasobject or type(value) not in (np.ndarray, type(np.asarray(value)[()])):
            raise CannotKeep(
                f"An array of the kind {type(value).__qualname__} of {value.dtype} cannot be kept in a file."
            )
        path = self.file("npy")
        np.save(path, np.asarray(value), allow_pickle=False)
        return {"numpy": path.name, "scalar": not isinstance(value, np.ndarray)}

    def _scipp(self, value: Any) -> Any:
        from mantidlab.frameworks.model import NotThere
        from mantidlab.frameworks.scipp import save_to

        if type(value).__name__ == "DataGroup":
            return {"group": [[self.write(name), self.write(part)] for name, part in value.items()]}
        path = self.file("h5")
        try:
            save_to(value, path)
        except NotThere as problem:
            raise CannotKeep(str(problem)) from problem
        return {"scipp": path.name}


def write_value(value: Any, folder: Path) -> Any:
    """Write a value into a folder.

    Returns
    -------
    object
        What JSON can hold, and `read_value` takes: it names the files.

    Raises
    ------
    CannotKeep
        It holds something that cannot be kept so.
    """
    return _Writer(folder).write(value)


def read_value(written: Any, folder: Path) -> Any:
    """Read what `write_value` wrote.

    Raises
    ------
    Damaged
        A file is missing or damaged, or a class is not loaded, or no longer what it was.
    """
    try:
        return _read(written, folder)
    except Damaged:
        raise
    except Exception as problem:
        raise Damaged(f"{type(problem).__name__}: {problem}") from problem


def _read(written: Any, folder: Path) -> Any:
    if isinstance(written, list):
        return [_read(each, folder) for each in written]
    if not isinstance(written, dict):
        return written
    for kind, read in _READERS.items():
        if kind in written:
            return read(written, folder)
    raise Damaged("It is of a kind that is not known.")


def _object(value: Any, parts: dict[str, Any]) -> Any:
    kind = type(value)
    if "<locals>" in kind.__qualname__:
        raise CannotKeep(f"{kind.__qualname__} is defined inside a function, where it cannot be found again.")
    return {"object": f"{kind.__module__}:{kind.__qualname__}", "parts": parts}


def _class(name: str) -> type:
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise Damaged(f"The class {name} is not loaded.")
    return found


def _read_object(written: Mapping[str, Any], folder: Path) -> Any:
    kind = _class(written["object"])
    parts = {name: _read(part, folder) for name, part in written["parts"].items()}
    if issubclass(kind, BaseModel):
        if set(parts) != set(kind.model_fields):
            raise Damaged(f"{written['object']} has other fields now.")
        # Validated when it was made: again would look for files, and change what a validator made.
        return kind.model_construct(_fields_set=set(written["set"]), **parts)
    if issubclass(kind, enum.Enum):
        return kind[parts["name"]]
    if is_dataclass(kind):
        if set(parts) != {each.name for each in fields(kind)}:
            raise Damaged(f"{written['object']} has other fields now.")
        made = object.__new__(kind)
        for name, part in parts.items():
            object.__setattr__(made, name, part)
        return made
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return kind(**parts)
    raise Damaged(f"{written['object']} is no model, dataclass or named tuple.")


def _read_numpy(written: Mapping[str, Any], folder: Path) -> Any:
    import numpy as np

    array = np.load(folder / Path(written["numpy"]).name, allow_pickle=False)
    return array[()] if written["scalar"] else array


def _read_scipp(written: Mapping[str, Any], folder: Path) -> Any:
    from mantidlab.frameworks.scipp import load_from

    return load_from(folder / Path(written["scipp"]).name)


def _read_group(written: Mapping[str, Any], folder: Path) -> Any:
    from mantidlab.frameworks.scipp import data_group

    return data_group({_read(name, folder): _read(part, folder) for name, part in written["group"]})


def _write_model(writer: _Writer, value: Any) -> Any:
    parts = {name: writer.write(getattr(value, name)) for name in type(value).model_fields}
    return {**_object(value, parts), "set": sorted(value.model_fields_set)}


_KINDS: dict[type, Callable[[_Writer, Any], Any]] = {
    dict: lambda writer, value: {"dict": [[writer.write(key), writer.write(each)] for key, each in value.items()]},
    tuple: lambda writer, value: {"tuple": [writer.write(each) for each in value]},
    set: lambda writer, value: {"set_of": [writer.write(each) for each in sorted(value, key=repr)]},
    frozenset: lambda writer, value: {"frozenset": [writer.write(each) for each in sorted(value, key=repr)]},
    complex: lambda writer, value: {"complex": [value.real.hex(), value.imag.hex()]},
    bytes: lambda writer, value: {"bytes": base64.b64encode(value).decode()},
    Path: lambda writer, value: {"path": str(value)},
    datetime: lambda writer, value: {"datetime": value.isoformat()},
    date: lambda writer, value: {"date": value.isoformat()},
    timedelta: lambda writer, value: {"timedelta": [value.days, value.seconds, value.microseconds]},
    enum.Enum: lambda writer, value: _object(value, {"name": value.name}),
    BaseModel: _write_model,
}

_READERS: dict[str, Callable[[Mapping[str, Any], Path], Any]] = {
    "object": _read_object,
    "float": lambda written, folder: float(written["float"]),
    "dict": lambda written, folder: {_read(key, folder): _read(each, folder) for key, each in written["dict"]},
    "tuple": lambda written, folder: tuple(_read(each, folder) for each in written["tuple"]),
    "set_of": lambda written, folder: {_read(each, folder) for each in written["set_of"]},
    "frozenset": lambda written, folder: frozenset(_read(each, folder) for each in written["frozenset"]),
    "complex": lambda written, folder: complex(*(float.fromhex(each) for each in written["complex"])),
    "bytes": lambda written, folder: base64.b64decode(written["bytes"]),
    "path": lambda written, folder: Path(written["path"]),
    "datetime": lambda written, folder: datetime.fromisoformat(written["datetime"]),
    "date": lambda written, folder: date.fromisoformat(written["date"]),
    "timedelta": lambda written, folder: timedelta(*written["timedelta"]),
    "numpy": _read_numpy,
    "scipp": _read_scipp,
    "group": _read_group,
}

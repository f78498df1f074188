"""One variable as a file, and back.

Elsewhere nothing is read by pickle, since reading runs what the writer wanted. Here the writer is this very kernel a
moment ago, and the folder is this person's alone. What is scipp's is scipp's own HDF5; arrays of NumPy are written as
they lie in memory. Functions of the notebook are kept as their code, which then works with the notebook's variables,
and not with copies of them.
"""

import importlib
import io
import marshal
import pickle
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from mantidlab.frameworks import scipp

OF_SCIPP = frozenset(("Variable", "DataArray", "Dataset"))


class TooLarge(Exception):
    """There is no room for it on the disk."""


class CannotKeep(Exception):
    """It is of a kind that cannot be written; the message says why, without a full stop."""


class _Counted(io.RawIOBase):
    """Writes, up to a number of bytes."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file = file
        self._room = room

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        length = memoryview(data).nbytes
        self._room -= length
        if self._room < 0:
            raise TooLarge
        self._file.write(data)
        return length


class _Pickler(pickle.Pickler):
    def __init__(self, file: Any, beside: Path, variables: Mapping[str, Any], buffers: list[pickle.PickleBuffer]):
        super().__init__(file, protocol=5, buffer_callback=buffers.append)
        self._beside = beside
        self._variables = variables
        self._files = 0

    def reducer_override(self, thing: Any) -> Any:
        kind = type(thing)
        if kind is types.ModuleType:
            return importlib.import_module, (thing.__name__,)
        if kind is types.FunctionType and thing.__globals__ is self._variables:
            return _function_as_parts(thing)
        package = kind.__module__.partition(".")[0]
        if package == "scipp" and kind.__name__ in OF_SCIPP:
            self._files += 1
            path = self._beside.with_suffix(f".{self._files}.h5")
            scipp.save_to(thing, path)
            return scipp.load_from, (path.name,)
        if package == "scipp" and kind.__name__ == "DataGroup":
            return scipp.data_group, (dict(thing.items()),)
        if any(each.__module__.partition(".")[0] == "ipywidgets" for each in kind.__mro__):
            raise CannotKeep("it lives in the page; run its cell again")
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, folder: Path, buffers: list[bytearray]) -> None:
        super().__init__(file, buffers=buffers)
        self._folder = folder

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (scipp.load_from.__module__, scipp.load_from.__name__):
            return lambda file: scipp.load_from(self._folder / file)
        return super().find_class(module, name)


def write_thing(thing: Any, path: Path, variables: Mapping[str, Any], room: int) -> int:
    """Write what a variable holds.

    Parameters
    ----------
    thing, path
        What, and the file; what is scipp's lies in files beside it.
    variables
        The notebook's.
    room
        In bytes.

    Returns
    -------
    int
        How many bytes were written.

    Raises
    ------
    TooLarge
        There is no room for it.
    Exception
        Whatever a class that cannot be pickled raises.
    """
    buffers: list[pickle.PickleBuffer] = []
    with path.open("wb") as file:
        counted = _Counted(file, room)
        _Pickler(counted, path, variables, buffers).dump(thing)
        views = [each.raw() for each in buffers]
    with path.with_suffix(".buffers").open("wb", buffering=0) as file:
        counted = _Counted(file, room)
        counted.write(marshal.dumps([each.nbytes for each in views]))
        for view in views:
            _write_all(counted, view)
    written = sum(each.stat().st_size for each in path.parent.glob(f"{path.stem}.*"))
    if written > room:
        raise TooLarge
    return written


def read_thing(path: Path) -> Any:
    """Read what `write_thing` wrote, in the kernel that takes the place of the one that did."""
    with path.with_suffix(".buffers").open("rb") as file:
        buffers = [bytearray(length) for length in marshal.load(file)]  # noqa: S302  (its writer: this kernel)
        for buffer in buffers:
            _read_all(file, buffer)
    with path.open("rb") as file:
        return _Unpickler(file, path.parent, buffers).load()


AT_ONCE = 1 << 26


def _write_all(file: _Counted, view: memoryview) -> None:
    for begin in range(0, view.nbytes, AT_ONCE):
        file.write(view[begin : begin + AT_ONCE])


def _read_all(file: BinaryIO, buffer: bytearray) -> None:
    view = memoryview(buffer)
    while view:
        count = file.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError("the file ends too early")
        view = view[count:]


def _function_as_parts(function: types.FunctionType) -> Any:
    # What it closes over is set afterwards: that can be the function itself.
    cells = [_content(cell) for cell in function.__closure__ or ()]
    state = {
        "cells": cells,
        "defaults": function.__defaults__,
        "keywords": function.__kwdefaults__,
        "annotations": dict(function.__annotations__),
        "rest": dict(function.__dict__),
        "qualname": function.__qualname__,
    }
    code = marshal.dumps(function.__code__)
    return _make_function, (code, len(cells), function.__name__), state, None, None, _complete_function


def _content(cell: types.CellType) -> tuple[Any, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:  # nothing is in it yet
        return ()


def _make_function(code: bytes, cells: int, name: str) -> types.FunctionType:
    variables = sys.modules["__main__"].__dict__
    closure = tuple(types.CellType() for _ in range(cells))
    return types.FunctionType(marshal.loads(code), variables, name, None, closure)  # noqa: S302  (as above)


def _complete_function(function: types.FunctionType, state: Mapping[str, Any]) -> None:
    for cell, content in zip(function.__closure__ or (), state["cells"], strict=True):
        if content:
            cell.cell_contents = content[0]
    function.__defaults__, function.__kwdefaults__ = state["defaults"], state["keywords"]
    function.__annotations__, function.__qualname__ = state["annotations"], state["qualname"]
    function.__dict__.update(state["rest"])

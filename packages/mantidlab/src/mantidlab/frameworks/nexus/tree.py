"""The only way into an HDF5 file: bounded reads of what lies in the file itself, whatever its author meant.

A file may come from anywhere. So links are resolved here one by one and never out of the file, data that HDF5 would
fetch from other files (virtual and external storage) are refused, and nothing is read whose size was not checked.
Every error of h5py becomes `Unreadable` here and nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from math import prod
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import FrameworkError, Unreadable

READ_LIMIT = 512 * 2**20
"""Most bytes that one read may take in memory."""

BLOCK_LIMIT = 256 * 2**20
"""Largest block of a chunked dataset, in bytes: HDF5 unpacks a block whole, however little of it is asked for."""

TEXT_LIMIT = 16 * 2**20
"""Most bytes of one text. The longest that are known are instrument definitions, some hundred kilobytes."""

NAMES_LIMIT = 20_000
"""Most names of a group that are looked at."""

LINK_HOPS = 16
"""Soft links that are followed one after another."""

ATTRIBUTE_LIMIT = 4096
"""Most elements of an attribute."""

H5PY_ERRORS = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, AttributeError, MemoryError)
"""What h5py raises for damaged files and for types that numpy has not."""


class TooLarge(FrameworkError):
    """What was asked for does not fit into the memory that one read may take."""


class Notes:
    """Remarks on a file for the person who reads it, each once, in the order in which they were met."""

    MOST = 50

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, text: str) -> None:
        """Keep a remark."""
        if len(self._texts) < self.MOST:
            self._texts.setdefault(text)

    def all(self) -> tuple[str, ...]:
        """Return them."""
        return tuple(self._texts)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what h5py raises into `Unreadable`, which names `what` was read."""
    try:
        yield
    except FrameworkError:
        raise
    except H5PY_ERRORS as error:
        reason = str(error).strip("'\" .") or type(error).__name__
        if "filter" in reason and "plugin" in reason:
            raise Unreadable(
                f"{what} is compressed in a way that HDF5 does not know here ({reason}). “import hdf5plugin” before "
                f"opening adds the usual ones, if that package is in the environment; h5repack writes it anew."
            ) from error
        raise Unreadable(
            f"{what} cannot be read: HDF5 says “{reason}”. The file may be damaged or written half; copy it again "
            f"from where it was measured."
        ) from error


class Field:
    """One dataset: numbers or texts, read in parts."""

    def __init__(self, dataset: Any, path: str) -> None:
        self._dataset = dataset
        self.path = path
        with translated(path):
            self.shape: tuple[int, ...] = tuple(dataset.shape) if dataset.shape is not None else (0,)
            self.dtype = dataset.dtype
            self.chunks: tuple[int, ...] | None = dataset.chunks
            self._string = h5py.check_string_dtype(self.dtype)
            self._empty = dataset.shape is None

    @property
    def size(self) -> int:
        """How many values."""
        return prod(self.shape)

    @property
    def numeric(self) -> bool:
        """Whether the values are real numbers or truth values."""
        return self.dtype.kind in "iufb" and self._string is None and not self._empty

    @property
    def unit(self) -> str:
        """The attribute ``units`` as written."""
        return self.attribute("units") or self.attribute("unit")

    def attribute(self, name: str) -> str:
        """Return an attribute as text, empty where there is none; lists are joined by commas."""
        return _attribute(self._dataset, name)

    def read(self, *selection: int | slice) -> NDArray[Any]:
        """Read numbers.

        Parameters
        ----------
        selection
            An index or a slice for each of the first dimensions; nothing reads all.

        Raises
        ------
        TooLarge
            More than `READ_LIMIT` bytes.
        Unreadable
            No numbers, data in another file, or the file is damaged.
        """
        if not self.numeric:
            raise Unreadable(f"{self.path} was to hold numbers and holds {self.dtype}.")
        self._check(prod(self._selected(selection)) * self.dtype.itemsize)
        with translated(self.path):
            return np.asarray(self._dataset[selection if selection else ()])

    def read_into(self, out: NDArray[Any], start: int, stop: int) -> None:
        """Read elements `start` to `stop` of a one-dimensional dataset into `out`, converting to its type."""
        if not self.numeric:
            raise Unreadable(f"{self.path} was to hold numbers and holds {self.dtype}.")
        self._check((stop - start) * max(self.dtype.itemsize, out.itemsize))
        with translated(self.path):
            self._dataset.read_direct(out, np.s_[start:stop], np.s_[0 : stop - start])

    def scalar(self) -> float | int | bool | str | None:
        """Return the first value; None where there is none."""
        if self.size == 0:
            return None
        if self._string is not None:
            return self.text()
        if not self.numeric:
            return None
        first = self.read(*[0] * len(self.shape))[()]
        value: float | int | bool = first.item()
        return value

    def text(self) -> str:
        """Return the first text, or rows of single characters joined; empty where there is none."""
        if self._string is None or self.size == 0:
            return ""
        return next(iter(self.texts(1)), "")

    def texts(self, most: int = 100_000) -> list[str]:
        """Return up to `most` texts in order."""
        if self._string is None:
            return []
        fixed = self._string.length or 0
        step = max(1, min(1024, TEXT_LIMIT // max(1, fixed)))
        self._check(fixed)
        found: list[str] = []
        taken = 0
        flat = self.shape[0] if len(self.shape) == 1 else self.size
        for start in range(0, min(flat, most), step):
            with translated(self.path):
                block = self._texts(start, min(start + step, flat, most))
            found.extend(_decoded(value) for value in block)
            taken += sum(len(value) for value in block)
            if taken > TEXT_LIMIT:
                raise TooLarge(f"{self.path} holds more than {TEXT_LIMIT >> 20} MB of text.")
        return found

    def _texts(self, start: int, stop: int) -> list[Any]:
        if len(self.shape) == 1:
            return list(self._dataset[start:stop])
        if self.shape == ():
            return [self._dataset[()]]
        if start:
            return []
        self._check(self.size * max(1, self.dtype.itemsize))
        return list(np.asarray(self._dataset[()]).ravel()[:stop])

    def _selected(self, selection: tuple[int | slice, ...]) -> list[int]:
        counts = []
        for length, part in zip(self.shape, (*selection, *[slice(None)] * len(self.shape)), strict=False):
            counts.append(len(range(*part.indices(length))) if isinstance(part, slice) else 1)
        return counts

    def _check(self, wanted: int) -> None:
        """Refuse what would take too much memory or leave the file."""
        if wanted > READ_LIMIT:
            raise TooLarge(
                f"{self.path} has shape {self.shape}; reading it at once would take {wanted / 2**30:.3g} GB, and one "
                f"read may take {READ_LIMIT / 2**30:.2g} GB. Ask for a part of it."
            )
        with translated(self.path):
            plan = self._dataset.id.get_create_plist()
            if plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count() > 0:
                raise Unreadable(
                    f"{self.path} keeps its values in other files, which are not followed. Ask for a file that holds "
                    f"its own data."
                )
        block = prod(self.chunks) * self.dtype.itemsize if self.chunks else 0
        if block > BLOCK_LIMIT:
            raise TooLarge(
                f"{self.path} is stored in blocks of {block / 2**30:.3g} GB, which HDF5 can only unpack whole. Rewrite "
                f"it with smaller blocks, for instance with h5repack."
            )


class Group:
    """One group of a file."""

    def __init__(self, group: Any, path: str, notes: Notes) -> None:
        self._group = group
        self.path = path
        self.notes = notes

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def nx_class(self) -> str:
        """``NXentry``, ``NXdetector``, …; empty where the file does not say."""
        return self.attribute("NX_class")

    def attribute(self, name: str) -> str:
        """Return an attribute as text, empty where there is none; lists are joined by commas."""
        return _attribute(self._group, name)

    def names(self) -> list[str]:
        """Return the names of what it holds."""
        with translated(self.path):
            found = [str(name) for name in islice(iter(self._group), NAMES_LIMIT + 1)]
        if len(found) > NAMES_LIMIT:
            self.notes.add(f"{self.path} has more than {NAMES_LIMIT} members; the rest was left out.")
        return found[:NAMES_LIMIT]

    def group(self, path: str) -> "Group | None":
        """Return a group below, or None."""
        found = self._find(path)
        return Group(found, self._below(path), self.notes) if isinstance(found, h5py.Group) else None

    def field(self, path: str) -> Field | None:
        """Return a dataset below, or None."""
        found = self._find(path)
        return Field(found, self._below(path)) if isinstance(found, h5py.Dataset) else None

    def numbers(self, path: str) -> Field | None:
        """Return a dataset below if it holds numbers, or None."""
        found = self.field(path)
        if found is not None and not found.numeric:
            self.notes.add(f"{found.path} was to hold numbers and holds {found.dtype}; it was left out.")
            return None
        return found

    def groups(self, *classes: str) -> list["Group"]:
        """Return the groups directly below that are of one of the classes; all without one."""
        below = (self.group(name) for name in self.names())
        return [group for group in below if group is not None and (not classes or group.nx_class in classes)]

    def fields(self) -> list[Field]:
        """Return the datasets directly below."""
        return [field for field in (self.field(name) for name in self.names()) if field is not None]

    def first(self, *paths: str) -> Field | None:
        """Return the first of several datasets that is there."""
        return next((field for field in map(self.field, paths) if field is not None), None)

    def text(self, *paths: str) -> str:
        """Return the text, or the number as text, of the first of `paths` that has one that is not blank."""
        for path in paths:
            field = self.field(path)
            value = self._scalar(field)
            if value is not None and str(value).strip():
                return str(value).strip()
        return ""

    def number(self, *paths: str) -> float | int | None:
        """Return the number of the first of `paths` that has one."""
        for path in paths:
            value = self._scalar(self.field(path))
            if isinstance(value, int | float) and not isinstance(value, bool):
                return value
        return None

    def _scalar(self, field: Field | None) -> float | int | bool | str | None:
        try:
            return field.scalar() if field is not None else None
        except FrameworkError as error:
            self.notes.add(str(error))
            return None

    def _below(self, path: str) -> str:
        return path if path.startswith("/") else f"{self.path.rstrip('/')}/{path}"

    def _find(self, path: str, hops: int = LINK_HOPS) -> Any:
        try:
            return _walk(self._group, path, hops)
        except _LeavesFileError as leaving:
            self.notes.add(
                f"{self._below(path)} leads into another file ({leaving}), which is not followed; "
                f"open that file itself."
            )
        except H5PY_ERRORS as error:
            self.notes.add(f"{self._below(path)} cannot be opened: {str(error).strip(chr(34))}.")
        return None


class _LeavesFileError(Exception):
    """A link leads out of the file."""


def _walk(start: Any, path: str, hops: int) -> Any:
    """Go down a path one link at a time, so that none is followed that was not looked at."""
    node = start.file["/"] if path.startswith("/") else start
    for part in path.split("/"):
        if part in ("", "."):
            continue
        link = node.get(part, getlink=True) if isinstance(node, h5py.Group) else None
        if link is None:
            return None
        if isinstance(link, h5py.ExternalLink):
            raise _LeavesFileError(link.filename)
        if isinstance(link, h5py.SoftLink):
            if hops == 0:
                raise OSError("too many links one after another")
            node = _walk(node, link.path, hops - 1)
        else:
            node = node[part]
    return node


def _attribute(item: Any, name: str) -> str:
    try:
        if name not in item.attrs:
            return ""
        attribute = item.attrs.get_id(name)
        if prod(attribute.shape) > ATTRIBUTE_LIMIT or attribute.get_storage_size() > TEXT_LIMIT:
            return ""
        value = item.attrs[name]
    except H5PY_ERRORS:
        return ""
    if isinstance(value, h5py.Empty):
        return ""
    if isinstance(value, np.ndarray):
        return ",".join(_decoded(part) for part in value.ravel())
    return _decoded(value)


def _decoded(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
    else:
        text = str(value)
    return text.replace("\0", "").strip()

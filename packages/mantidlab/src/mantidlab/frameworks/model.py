"""The data model that plots, panels and forms read, whichever framework holds the data.

Plain NumPy arrays in frozen dataclasses. Arrays are views of the framework's own memory wherever that memory stays
in place as long as the array lives, and read-only: nothing here may change what a user has. Units are texts as people
write them (``µs``, ``Å``, ``1/Å``, ``meV``), empty where a quantity has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]


class FrameworkError(Exception):
    """What can go wrong in an adapter; the message says what was tried, what was found and what to do."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook (IPython asks for this): where in our code it was said helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class NotThere(FrameworkError):
    """The object has no such part: no detectors, no table, no common grid."""


class Unreadable(FrameworkError):
    """A file cannot be read: it is of another format, damaged, or not there."""


class Gone(FrameworkError):
    """The framework has deleted the data that an object stood for."""


class DoesNotFit(FrameworkError):
    """Arrays of one object do not belong together: the data are damaged, or an adapter is wrong."""


def _check(whole: str, **parts: tuple[NDArray[Any] | None, tuple[int, ...]]) -> None:
    for part, (array, shape) in parts.items():
        if array is not None and array.shape != shape:
            raise DoesNotFit(f"The {part} of {whole} have shape {array.shape} where {shape} belongs.")


class Kind(StrEnum):
    """What a data object is, to a person; the values are what panels show."""

    SPECTRA = "spectra"
    EVENTS = "events"
    IMAGE = "image"
    TABLE = "table"
    PEAKS = "peaks"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, eq=False)
class Axis:
    """Positions along one direction.

    Attributes
    ----------
    name
        As the framework calls it: ``TOF``, ``dSpacing``, ``wavelength``.
    label
        For a plot: ``Time-of-flight``.
    unit
        Of the values.
    values
        Shape (n,) for points and (n + 1,) for bin edges; numbers, texts for named positions, or ``datetime64``.
        The last axis of an image may have rows of its own: shape (…, n) or (…, n + 1). NaN and infinities occur:
        Mantid writes them where a conversion has no answer.
    edges
        Whether the values are bin edges.
    log
        Whether the steps grow with the values, so that a logarithmic axis shows them evenly.
    errors
        Uncertainty of each position, in `unit`, shape (n,): a resolution. None where nothing is known.
    """

    name: str
    label: str
    unit: str
    values: NDArray[Any]
    edges: bool = False
    log: bool = False
    errors: Numbers | None = None

    @property
    def size(self) -> int:
        """Bins, or points."""
        return int(self.values.shape[-1]) - int(self.edges)


@dataclass(frozen=True, eq=False)
class Histogram:
    """Values along one axis: bins or points.

    Attributes
    ----------
    axis
        With n bins or n points.
    values
        Shape (n,), in `unit`.
    errors
        One standard deviation each, shape (n,); None where there are none.
    mask
        Shape (n,), True where a value must not be used; None where nothing is masked.
    label, unit
        What the values are, and their unit: ``Counts`` and ``counts``.
    name
        Of this one among others: ``spectrum 12``.
    distribution
        Whether the values are divided by the width of their bins.
    """

    axis: Axis
    values: Numbers
    errors: Numbers | None = None
    mask: Mask | None = None
    label: str = ""
    unit: str = ""
    name: str = ""
    distribution: bool = False

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        _check("a histogram", values=(self.values, (self.axis.size,)))
        _check("a histogram", errors=(self.errors, self.values.shape), mask=(self.mask, self.values.shape))


@dataclass(frozen=True, eq=False)
class Image:
    """Values on a grid of two axes or more.

    Attributes
    ----------
    axes
        One for each dimension, the slowest first, as in the values' shape.
    values, errors, mask
        Shape (n₀, n₁, …); errors and mask None where there are none.
    directions
        Of the axes, for axes that do not stand at right angles (h, k and l of a monoclinic crystal): row i is the
        unit vector of axis i in an orthogonal frame, shape (d, d). None where they stand at right angles.
    """

    axes: tuple[Axis, ...]
    values: Numbers
    errors: Numbers | None = None
    mask: Mask | None = None
    label: str = ""
    unit: str = ""
    distribution: bool = False
    directions: Numbers | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        _check("an image", values=(self.values, tuple(axis.size for axis in self.axes)))
        _check("an image", errors=(self.errors, self.values.shape), mask=(self.mask, self.values.shape))
        for axis in self.axes:
            if axis.values.ndim > 1:
                positions = (*self.values.shape[:-1], axis.values.shape[-1])
                _check("an image", **{f"positions along {axis.name}": (axis.values, positions)})


@dataclass(frozen=True, eq=False)
class Bank:
    """A named part of an instrument: detectors ``first`` to ``last - 1`` of its geometry, and how they are laid out."""

    name: str
    first: int
    last: int
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shape:
    """What a detector looks like, in its own frame, before it is turned and put into place. Lengths in metres.

    Attributes
    ----------
    kind
        ``cuboid``, ``cylinder``, ``sphere``, ``hexahedron`` or ``other``.
    low, high
        Opposite corners of the smallest box around it.
    """

    kind: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Geometry:
    """Where every detector is. Lengths in metres, in the instrument's own frame.

    Attributes
    ----------
    ids
        Shape (n,), as the facility numbers them; may be negative (monitors).
    positions
        Shape (n, 3).
    sizes
        Extent of each detector along x, y and z before it is turned, shape (n, 3); NaN or None where unknown.
    rotations
        How each detector is turned: unit quaternions (w, x, y, z), shape (n, 4); None where unknown.
    shapes, shape_of
        The different shapes, and for each detector which of them it has (−1: unknown), shape (n,).
    monitor, masked
        Shape (n,).
    source, sample
        Shape (3,); source None where unknown.
    beam, up
        Unit vectors, shape (3,).
    banks
        In order of their detectors; empty where the data name none.
    """

    instrument: str
    ids: NDArray[np.integer[Any]]
    positions: Numbers
    monitor: Mask
    masked: Mask
    source: Numbers | None
    sample: Numbers
    beam: Numbers
    up: Numbers
    sizes: Numbers | None = None
    banks: tuple[Bank, ...] = ()
    rotations: Numbers | None = None
    shapes: "tuple[Shape, ...]" = ()
    shape_of: NDArray[np.integer[Any]] | None = None

    def two_theta(self) -> Numbers:
        """Scattering angles in radians, shape (n,)."""
        outward = self.positions - self.sample
        lengths = np.linalg.norm(outward, axis=1)
        along = outward @ self.beam
        return np.arccos(np.clip(np.divide(along, lengths, out=np.ones_like(along), where=lengths > 0), -1.0, 1.0))

    def l2(self) -> Numbers:
        """Distances from the sample in metres, shape (n,)."""
        return np.asarray(np.linalg.norm(self.positions - self.sample, axis=1))


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    values
        Shape (rows,) for numbers, truth values and texts, (rows, 3) for vectors; of type object where the rows hold
        lists.
    role
        What its owner plots it as: ``x``, ``y``, ``z``, ``x error``, ``y error``, ``label``, or nothing.
    """

    name: str
    unit: str
    values: NDArray[Any]
    role: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one length."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        lengths = {column.name: len(column.values) for column in self.columns}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise DoesNotFit(f"The columns of a table have different lengths: {told}.")

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.columns[0].values) if self.columns else 0


@dataclass(frozen=True, eq=False)
class Log:
    """One sample log: a value, several values, or values over time.

    Attributes
    ----------
    value
        The only one, or the last of a series; a number or a text. None where there is none.
    times
        UTC, ``datetime64[ns]``, shape (n,); None for what does not change with time.
    values
        Shape (n,); None for a single value.
    """

    name: str
    unit: str
    value: float | int | str | bool | None
    times: NDArray[np.datetime64] | None = None
    values: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        """Refuse times and values of different lengths."""
        if self.values is not None:
            _check(f"the log {self.name}", times=(self.times, self.values.shape[:1]))


@dataclass(frozen=True)
class Parameter:
    """One argument of a step: as text, and whether it is what the step takes when nothing is said."""

    name: str
    value: str
    is_default: bool
    direction: str = "input"


@dataclass(frozen=True)
class Step:
    """One thing that was done to the data, and the things done within it."""

    name: str
    version: int
    started: datetime | None
    duration: timedelta | None
    parameters: tuple[Parameter, ...]
    children: "tuple[Step, ...]" = ()


@dataclass(frozen=True)
class Summary:
    """What can be said of a data object without reading its values.

    Attributes
    ----------
    name
        By which its owner knows it: in the workspace list, as a variable, as a file.
    type
        The framework's own word: ``EventWorkspace``, ``DataArray``.
    shape
        Spectra × bins for spectra, spectra alone for events whose bins nobody has chosen, rows × columns for a table,
        members for a group.
    memory
        Bytes; None where nobody knows.
    members
        Names, for a group.
    events
        How many; None for what holds none.
    """

    name: str
    kind: Kind
    type: str
    framework: str
    title: str = ""
    shape: tuple[int, ...] = ()
    dims: tuple[str, ...] = ()
    unit: str = ""
    instrument: str = ""
    memory: int | None = None
    members: tuple[str, ...] = ()
    events: int | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class DataObject(Protocol):
    """One data object, read through an adapter.

    Each method raises `NotThere` for what the object has not.
    """

    def summary(self) -> Summary:
        """Return what it is."""

    def spectra(self) -> Sequence[Histogram]:
        """Return its spectra; each is made when it is asked for."""

    def image(self) -> Image:
        """Return all values on one grid, where they lie on one."""

    def geometry(self) -> Geometry:
        """Return where its detectors are."""

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return for each spectrum the indices of its detectors in the geometry."""

    def table(self) -> Table:
        """Return its columns."""

    def logs(self) -> Mapping[str, Log]:
        """Return its sample logs by name."""

    def history(self) -> tuple[Step, ...]:
        """Return what was done, the first step first."""

    def members(self) -> "Mapping[str, DataObject]":
        """Return what a group holds, by name."""


@runtime_checkable
class EventObject(DataObject, Protocol):
    """A data object that still holds its events, so that its bins can be chosen."""

    def binned(self, edges: Numbers) -> DataObject:
        """Return it with other bins, in the unit of its last axis; each spectrum is counted when it is asked for."""

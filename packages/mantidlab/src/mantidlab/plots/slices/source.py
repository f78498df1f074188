"""What `slices` takes, as one image of the data model: workspaces, files, arrays of NumPy and scipp, events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import Axis, DataObject, EventObject, Histogram, Image, Kind, NotThere, Numbers
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.members import left_out, main_of, members_of
from mantidlab.plots.slices.axes import Places, places_of

EVENT_BINS = 500
"""Bins for events that have only one: their whole range."""

SHOWN_NAMES = 12
"""How many members an error names."""


@dataclass(frozen=True, eq=False)
class Source:
    """The data behind a plot of slices.

    Attributes
    ----------
    image
        All values on their grid, two dimensions or more.
    places
        Where the bins of each dimension are drawn.
    framework
        Whose object it was: ``scipp``, ``mantid``, ``nexus``, ``numpy``.
    remarks
        What was done to make an image of it, for the reader.
    """

    image: Image
    name: str
    framework: str
    remarks: tuple[str, ...] = ()
    places: tuple[Places, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find where the bins are drawn."""
        object.__setattr__(self, "places", tuple(places_of(axis) for axis in self.image.axes))

    @property
    def dims(self) -> tuple[str, ...]:
        """A name for each dimension, no two the same."""
        names = [axis.name or f"dimension {number}" for number, axis in enumerate(self.image.axes)]
        return tuple(name if names.count(name) == 1 else f"{name} ({number})" for number, name in enumerate(names))

    def dimension(self, wanted: str | int) -> int:
        """Return the number of a dimension from its number, name or label.

        Raises
        ------
        WrongArgument
            There is none, or more than one, so called.
        """
        count = len(self.dims)
        if isinstance(wanted, int) and not isinstance(wanted, bool) and -count <= wanted < count:
            return wanted % count
        text = str(wanted).casefold()
        for names in (self.dims, tuple(axis.label for axis in self.image.axes)):
            found = [number for number, name in enumerate(names) if name.casefold() == text]
            if len(found) == 1:
                return found[0]
        raise WrongArgument(f"There is no dimension {wanted!r}; this has {', '.join(self.dims)}.")


def source_of(thing: Any, *, bins: Any = None, coords: Any = None, name: str = "") -> Source:
    """Return the image of whatever a person has.

    Parameters
    ----------
    thing
        An `Image` of the data model, a data object, what `as_data_object` takes, or an array of numbers.
    bins
        For events: how many equal bins, or the edges of bins, in the unit of the events.
    coords
        For an array of numbers: positions by name of the dimension, in the order of its dimensions; points, or edges
        where there is one more.

    Raises
    ------
    NotPlottable
        It has no image of two dimensions or more.
    WrongArgument
        `coords` or `bins` do not fit.
    """
    if isinstance(thing, Image):
        return _checked(Source(thing, name or thing.label or "image", "numpy"))
    if isinstance(thing, (np.ndarray, list, tuple)) or (hasattr(thing, "__array__") and not _has_maker(thing)):
        return _checked(Source(_of_array(thing, coords), name or "array", "numpy"))
    if coords is not None:
        raise WrongArgument("coords say where the values of an array lie; this object brings its own.")
    if isinstance(thing, DataObject):
        return _of_object(thing, bins, name)
    opened = as_data_object(thing, name)
    try:
        return _of_object(opened, bins, name)
    finally:
        if isinstance(thing, str | PathLike) and hasattr(opened, "close"):
            opened.close()  # an image holds all that it needs of the file


def _has_maker(thing: Any) -> bool:
    makers = {base.__module__.partition(".")[0] for base in type(thing).__mro__}
    return bool(makers & {"scipp", "mantid"})


def _checked(source: Source) -> Source:
    values = source.image.values
    if values.dtype.kind not in "fiub":
        advice = "take their real part or their absolute value" if values.dtype.kind == "c" else "take numbers"
        raise NotPlottable(f"{source.name!r} holds values of type {values.dtype}, which have no colour: {advice}.")
    if values.ndim < 2:
        raise NotPlottable(f"{source.name!r} has {values.ndim} dimension: draw it with plot(…).")
    return source


def _of_array(thing: Any, coords: Any) -> Image:
    """Make an image of an array; nothing is copied of what is one already, on disk or not."""
    try:
        values = np.asarray(thing)
    except ValueError as error:
        raise NotPlottable("The rows of this list have different lengths, so that they make no picture.") from error
    named: Sequence[tuple[str, Any]] = list(coords.items()) if isinstance(coords, Mapping) else []
    if coords is not None and not isinstance(coords, Mapping):
        raise WrongArgument('coords is a dictionary, as in coords={"y": [...], "x": [...]}.')
    if named and len(named) != values.ndim:
        raise WrongArgument(f"coords name {len(named)} dimensions; the array has {values.ndim}.")
    axes = []
    for number, count in enumerate(values.shape):
        label = named[number][0] if named else _letter(number, values.ndim)
        positions = np.asarray(named[number][1]) if named and named[number][1] is not None else np.arange(count)
        if positions.ndim != 1 or len(positions) not in (count, count + 1):
            raise WrongArgument(
                f"The positions along {label!r} have shape {positions.shape}; {count} points or {count + 1} edges fit."
            )
        axes.append(Axis(label, label, "", positions, edges=len(positions) == count + 1))
    return Image(tuple(axes), values)


def _letter(number: int, count: int) -> str:
    return ("z", "y", "x")[number - count] if count <= 3 else f"dimension {number}"


def _of_object(thing: DataObject, bins: Any, name: str) -> Source:
    summary = thing.summary()
    called = name or summary.name
    try:
        image, remarks = _events(thing, bins) if bins is not None else _image(thing)
    except NotThere as error:
        if summary.kind is Kind.GROUP and summary.framework == "scipp" and bins is None:
            found = _of_group(thing, called)
            if found is not None:
                return found
        if summary.kind is Kind.GROUP and summary.members:
            names = ", ".join(repr(member) for member in summary.members[:SHOWN_NAMES])
            raise NotPlottable(
                f"{called!r} is a group of {len(summary.members)}: give one of its members, {names}."
            ) from error
        raise NotPlottable(str(error)) from error
    return _checked(Source(image, called, summary.framework, remarks))


def _of_group(group: DataObject, called: str) -> Source | None:
    """Return what matters most of a group that has a picture, and say what else there is; None where nothing has."""
    members, others = members_of(group)
    pictures = [member for member in members if len(member.summary.shape) > 1 or member.summary.events]
    if not pictures:
        return None
    main = main_of(pictures)
    source = _of_object(main.data, None, main.name)
    told = left_out([main], members, others, called)
    return replace(source, remarks=(*source.remarks, *([told] if told else [])))


def _events(thing: DataObject, bins: Any) -> tuple[Image, tuple[str, ...]]:
    if not isinstance(thing, EventObject) or thing.summary().events is None:
        raise WrongArgument(f"{thing.summary().name!r} has no events: its bins are what they are.")
    edges = np.asarray(bins, dtype=np.float64)
    if edges.ndim == 0:
        edges = _equal(thing.spectra()[0].axis.values, int(edges))
    counted = thing.binned(edges).image()
    return counted, (f"events counted in {counted.axes[-1].size} bins",)


def _image(thing: DataObject) -> tuple[Image, tuple[str, ...]]:
    if _in_one_bin(thing):
        return _events(thing, EVENT_BINS)
    try:
        image = thing.image()
    except NotThere:
        spectra = thing.spectra()
        if len(spectra) == 0:
            raise
        return _padded(spectra), ("spectra of different lengths, each on its own bins",)
    if image.values.ndim == 1:
        # One row: that of a workspace whose other dimensions have one bin.
        row = Axis("row", "Row", "", np.zeros(1))
        image = replace(
            image,
            axes=(row, *image.axes),
            values=image.values[np.newaxis],
            errors=None if image.errors is None else image.errors[np.newaxis],
            mask=None if image.mask is None else image.mask[np.newaxis],
            directions=None,
        )
    return image, ()


def _in_one_bin(thing: DataObject) -> bool:
    """Tell whether these are events that nobody has counted into bins yet."""
    if not isinstance(thing, EventObject) or not thing.summary().events:
        return False
    try:
        spectra = thing.spectra()
        return len(spectra) > 0 and spectra[0].axis.size == 1
    except NotThere:
        return False


def _equal(positions: NDArray[Any], count: int) -> Numbers:
    if count < 1:
        raise WrongArgument(f"bins={count}: take one or more, or their edges.")
    finite = positions[np.isfinite(positions)]
    if not finite.size:
        raise NotPlottable("The events have no positions, so that no bins can be made for them.")
    return np.linspace(float(finite.min()), float(finite.max()), count + 1)


def _padded(spectra: Sequence[Histogram]) -> Image:
    """Put spectra of different lengths into rows; what a row has not is NaN, and has no position."""
    rows = list(spectra)
    longest = max(row.axis.size for row in rows)
    edges = any(row.axis.edges for row in rows)
    values = np.full((len(rows), longest), np.nan)
    errors = np.full_like(values, np.nan) if any(row.errors is not None for row in rows) else None
    mask = np.zeros(values.shape, dtype=np.bool_) if any(row.mask is not None for row in rows) else None
    positions = np.full((len(rows), longest + int(edges)), np.nan)
    for number, row in enumerate(rows):
        count = row.axis.size
        values[number, :count] = row.values
        if errors is not None and row.errors is not None:
            errors[number, :count] = row.errors
        if mask is not None and row.mask is not None:
            mask[number, :count] = row.mask
        own = places_of(row.axis).edges if edges and not row.axis.edges else np.asarray(row.axis.values, np.float64)
        positions[number, : len(own)] = own
    first = rows[0]
    across = Axis("spectrum", "Spectrum", "", np.arange(1, len(rows) + 1))
    along = replace(first.axis, values=positions, edges=edges, errors=None)
    return Image((across, along), values, errors, mask, first.label, first.unit, first.distribution)

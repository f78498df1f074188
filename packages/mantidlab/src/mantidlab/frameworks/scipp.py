"""The one door to scipp: nothing else here imports it, and this only when it is asked to."""

import importlib
from pathlib import Path
from typing import Any

from mantidlab.frameworks.model import DataObject, FrameworkError, Histogram, Image, Mask, NotThere
from mantidlab.frameworks.scipp_arrays import ArrayObject
from mantidlab.frameworks.scipp_content import content
from mantidlab.frameworks.scipp_events import EventArray
from mantidlab.frameworks.scipp_groups import GroupObject
from mantidlab.frameworks.scipp_making import PLAIN, made, made_value

WRAPPED = ("DataArray", "Dataset", "Variable")
"""What a single value may hold: scippnexus puts sample logs into coordinates so."""


def as_data_object(thing: Any, name: str = "") -> DataObject:
    """Return a scipp object as one of the data model; nothing is copied.

    Raises
    ------
    NotThere
        It is not scipp's.
    """
    scipp = importlib.import_module("scipp")
    if isinstance(thing, scipp.Variable) and thing.ndim == 0 and str(thing.dtype) in WRAPPED:
        return as_data_object(thing.value, name)
    if isinstance(thing, scipp.Variable):
        thing = scipp.DataArray(thing)
    if isinstance(thing, scipp.DataArray):
        return EventArray(scipp, thing, name) if thing.bins is not None else ArrayObject(scipp, thing, name)
    if isinstance(thing, (scipp.Dataset, scipp.DataGroup)):
        return GroupObject(scipp, thing, name, as_data_object)
    raise NotThere(f"{name!r} is a {type(thing).__name__}; scipp's variables, arrays, datasets and groups can be read.")


def mask_of(values: Mask, dims: tuple[str, ...]) -> Any:
    """Return truth values as a variable of scipp, for masks.

    Parameters
    ----------
    values
        True for what is masked, one axis for each of `dims`.
    """
    return importlib.import_module("scipp").array(dims=list(dims), values=values)


def to_scipp(thing: Histogram | Image) -> Any:
    """Return an object of the data model as a data array of scipp."""
    return made(importlib.import_module("scipp"), thing)


def to_scalar(value: float, error: float | None, unit: str) -> Any:
    """Return one number with its error as a scalar of scipp."""
    return made_value(importlib.import_module("scipp"), value, error, unit)


def save_hdf5(thing: Any, path: Path) -> None:
    """Write an object of scipp into scipp's own HDF5, as it is.

    Raises
    ------
    FrameworkError
        It holds what has no place there.
    """
    try:
        importlib.import_module("scipp").io.save_hdf5(thing, path)
    except OSError:
        raise
    except Exception as error:  # whatever it meets in a group
        raise FrameworkError(f"scipp cannot write it ({type(error).__name__}: {error}).") from error


def plot_owners() -> tuple[Any, ...]:
    """Return whatever of scipp has a ``plot`` that draws it: the module and its classes."""
    scipp = importlib.import_module("scipp")
    return (scipp, scipp.Variable, scipp.DataArray, scipp.Dataset, scipp.DataGroup)


def content_of(thing: Any) -> Any:
    """Return all that a scipp object consists of as plain containers of arrays; None for what is not known here."""
    return content(importlib.import_module("scipp"), thing)


def save_to(thing: Any, path: Path) -> None:
    """Write a scipp object into a file of scipp's own HDF5 format.

    Raises
    ------
    NotThere
        It holds something that the format has no place for.
    """
    scipp = importlib.import_module("scipp")
    try:
        scipp.io.save_hdf5(thing, path)
    except Exception as problem:
        raise NotThere(f"scipp cannot write this {type(thing).__name__} to HDF5: {problem}") from problem


def load_from(path: Path) -> Any:
    """Read what `save_to` wrote; errors of HDF5 come as they are."""
    return importlib.import_module("scipp").io.load_hdf5(path)


def convert_number(value: Any, unit: str, wanted: str) -> Any:
    """Return a number, or a list of them, in another unit.

    Raises
    ------
    ValueError
        One unit is not known, or they are of different kinds.
    """
    scipp = importlib.import_module("scipp")
    try:
        factor = scipp.scalar(1.0, unit=PLAIN.get(unit, unit)).to(unit=PLAIN.get(wanted, wanted)).value
    except scipp.UnitError as problem:
        raise ValueError(f"{unit} cannot be converted to {wanted}.") from problem
    return [each * factor for each in value] if isinstance(value, list | tuple) else value * factor


def data_group(parts: dict[str, Any]) -> Any:
    """Return a data group of these parts."""
    return importlib.import_module("scipp").DataGroup(parts)

"""Data objects as NeXus files that any program reads: NXdata with axes, errors, units and sample logs.

Where the rules are from: manual.nexusformat.org, *Rules for Storing Data Items in NeXus Files* and the base classes
NXroot, NXentry, NXdata, NXsample and NXlog.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mantidlab.frameworks.model import Axis, DataObject, FrameworkError, Image, Kind, Log, NotThere
from mantidlab.workspaces.errors import CannotSave

PLAIN_UNITS = {"µs": "us", "Å": "angstrom", "1/Å": "1/angstrom", "°": "degree", "µeV": "ueV", "1/Å²": "1/angstrom^2"}
"""Units in the letters that every reader knows (UDUNITS, which the NeXus manual asks for)."""


def write_nexus(data: DataObject, path: Path) -> None:
    """Write a workspace, or each member of a group as an NXdata of its own.

    Raises
    ------
    CannotSave
        Nothing of it lies on a grid.
    """
    summary = data.summary()
    images = dict(_images(data))
    if not images:
        raise CannotSave(f"{summary.name!r} holds nothing that lies on a grid, so NXdata has no place for it.")
    with h5py.File(path, "w") as file:
        file.attrs.update({"NX_class": "NXroot", "default": "entry", "file_time": _now(), "creator": "mantidlab"})
        entry = _group(file, "entry", "NXentry")
        entry.attrs["default"] = next(iter(images))
        entry["title"] = summary.title or summary.name
        for name, image in images.items():
            _write_data(_group(entry, name, "NXdata"), image, name)
        _write_logs(entry, data)


def plain_unit(unit: str) -> str:
    """Return a unit in letters that every reader knows."""
    return PLAIN_UNITS.get(unit, unit) or "dimensionless"


def _group(parent: Any, name: str, nx_class: str) -> Any:
    group = parent.create_group(name)
    group.attrs["NX_class"] = nx_class
    return group


def _images(data: DataObject, name: str = "") -> Iterator[tuple[str, Image]]:
    """Return what lies on a grid, by names that a file may have."""
    summary = data.summary()
    called = _file_name(name or summary.name)
    if summary.kind is Kind.GROUP:
        for member, part in data.members().items():
            yield from _images(part, member)
        return
    try:
        yield called, data.image()
    except NotThere:  # a text, a single value, spectra of different lengths
        return


def _file_name(name: str) -> str:
    """Return a name as NeXus allows it: letters, digits, underscores, and no digit first."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in name) or "data"
    return f"_{plain}" if plain[0].isdigit() else plain


def _write_data(group: Any, image: Image, name: str) -> None:
    names = _axis_names(image)
    signal = "data"
    group.attrs.update({"signal": signal, "axes": names, "title": name})
    field = group.create_dataset(signal, data=_whole(image.values), **_packing(image.values))
    field.attrs.update({"units": plain_unit(image.unit), "long_name": image.label or name})
    if image.errors is not None:
        errors = group.create_dataset(f"{signal}_errors", data=image.errors, **_packing(image.errors))
        errors.attrs["units"] = plain_unit(image.unit)
    if image.mask is not None and image.mask.any():
        group.create_dataset("mask", data=image.mask.astype(np.int8), **_packing(image.mask))
    for place, (axis, called) in enumerate(zip(image.axes, names, strict=True)):
        _write_axis(group, axis, called, place, image.values.ndim)


def _axis_names(image: Image) -> list[str]:
    taken = {"data", "data_errors", "mask", "errors"}
    names: list[str] = []
    for place, axis in enumerate(image.axes):
        called = _file_name(axis.name)
        called = called if called not in taken else f"{called}_axis_{place}"
        taken.add(called)
        names.append(called)
    return names


def _write_axis(group: Any, axis: Axis, name: str, place: int, rank: int) -> None:
    values = axis.values
    if values.dtype.kind == "M":
        start = values.reshape(-1)[0].astype("datetime64[ns]")
        values = (values.astype("datetime64[ns]") - start).astype(np.int64) / 1e9
        field = group.create_dataset(name, data=values)
        field.attrs.update({"units": "s", "start": f"{start}Z"})
    elif values.dtype.kind in "fiub":
        field = group.create_dataset(name, data=values)
        field.attrs["units"] = plain_unit(axis.unit)
    else:
        field = group.create_dataset(name, data=[str(value) for value in values])
    field.attrs["long_name"] = axis.label or axis.name
    group.attrs[f"{name}_indices"] = [place] if values.ndim == 1 else list(range(rank))
    if axis.errors is not None:
        group.create_dataset(f"{name}_errors", data=axis.errors).attrs["units"] = plain_unit(axis.unit)


def _packing(values: np.ndarray[Any, Any]) -> dict[str, Any]:
    # Below some 64 kB the index of the blocks is larger than what packing saves.
    return {"compression": "gzip", "compression_opts": 1, "shuffle": True} if values.nbytes > 65_536 else {}


def _whole(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return values.astype(np.int8) if values.dtype.kind == "b" else values


def _write_logs(entry: Any, data: DataObject) -> None:
    """Write sample logs beside the data, each as an NXlog of a collection."""
    try:
        logs: Mapping[str, Log] = data.logs()
    except FrameworkError:
        return
    collection = None
    for name in logs:
        try:
            log = logs[name]
        except FrameworkError:
            continue
        if log.value is None:
            continue
        collection = collection or _group(entry, "logs", "NXcollection")
        _write_log(collection, _file_name(name), log)


def _write_log(collection: Any, name: str, log: Log) -> None:
    if name in collection:
        return
    group = _group(collection, name, "NXlog")
    if log.values is None or log.times is None:
        group["value"] = log.value
    else:
        values = log.values
        group["value"] = values if values.dtype.kind in "fiub" else [str(value) for value in values]
        if len(log.times):
            start = log.times[0].astype("datetime64[ns]")
            group["time"] = (log.times - start).astype("timedelta64[ns]").astype(np.int64) / 1e9
            group["time"].attrs.update({"units": "s", "start": f"{start}Z"})
    group["value"].attrs["units"] = plain_unit(log.unit)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

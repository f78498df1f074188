"""Sample logs, tables and spectra as a panel shows them: as JSON, a page at a time."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Column, DataObject, FrameworkError, Kind, Log, NotThere, Table
from mantidlab.workspaces.columns import header

POINTS = 96
"""Of a small picture; two for each place along, the lowest and the highest."""
MOST_LOGS = 2000
MOST_ROWS = 500
"""In one page."""

Json = Mapping[str, Any]


def logs_page(data: DataObject) -> Json:
    """Return the sample logs; the values of series thinned for a small picture."""
    try:
        logs = data.logs()
    except NotThere:
        return {"logs": [], "left_out": 0}
    names = sorted(logs, key=str.casefold)
    return {"logs": [_log(logs, name) for name in names[:MOST_LOGS]], "left_out": max(0, len(names) - MOST_LOGS)}


def _log(logs: Mapping[str, Log], name: str) -> Json:
    try:
        log = logs[name]
    except FrameworkError as problem:
        return {"name": name, "unit": "", "value": None, "problem": str(problem)}
    told: dict[str, Any] = {"name": name, "unit": log.unit, "value": plain(log.value)}
    if log.values is None or not len(log.values):
        return told
    told["entries"] = len(log.values)
    if log.times is not None:
        told["from"], told["to"] = (f"{moment.astype('datetime64[s]')}Z" for moment in (log.times[0], log.times[-1]))
    if log.values.dtype.kind in "fiub" and log.values.ndim == 1:
        told |= _picture(log)
    return told


def _picture(log: Log) -> Json:
    values = np.asarray(log.values, dtype=np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return {}
    seconds = np.arange(len(values)) if log.times is None else (log.times - log.times[0]) / np.timedelta64(1, "s")
    where, kept = thinned(np.asarray(seconds, dtype=np.float64)[finite], values[finite])
    least, most, mean = values[finite].min(), values[finite].max(), values[finite].mean()
    return {
        "least": plain(least),
        "most": plain(most),
        "mean": plain(mean),
        "points": [[plain(x), plain(y)] for x, y in zip(where, kept, strict=True)],
    }


def thinned(where: NDArray[Any], values: NDArray[Any], points: int = POINTS) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return at most so many points that keep every extreme: the lowest and highest of each of half as many pieces."""
    if len(values) <= points:
        return where, values
    edges = np.linspace(0, len(values), points // 2 + 1).astype(np.int64)
    kept: list[int] = []
    for low, high in itertools.pairwise(edges):
        piece = values[low:high]
        kept += sorted({int(low + piece.argmin()), int(low + piece.argmax())})
    return where[kept], values[kept]


def table_page(data: DataObject, start: int, rows: int, spectrum: int = 0) -> Json:
    """Return rows of a table, or the bins of one spectrum.

    Parameters
    ----------
    start, rows
        The first row, and how many.
    spectrum
        By its place; for what has spectra.
    """
    rows = min(max(rows, 1), MOST_ROWS)
    kind = data.summary().kind
    if kind in (Kind.TABLE, Kind.PEAKS, Kind.GROUP):  # a dataset of one dimension is a table too
        return _rows_of_table(_table_of(data), max(start, 0), rows)
    return _rows_of_spectrum(data, max(start, 0), rows, spectrum)


def _table_of(data: DataObject) -> Table:
    """Return the columns; of a group without columns of its own what it holds, a row each."""
    try:
        return data.table()
    except NotThere:
        if data.summary().kind is not Kind.GROUP:
            raise
    rows = [(name, *_in_words(data, name)) for name in data.members()]
    names = ("member", "what it is", "size", "unit")
    return Table(
        tuple(Column(name, "", np.array([row[at] for row in rows], dtype=str)) for at, name in enumerate(names))
    )


def _in_words(group: DataObject, name: str) -> tuple[str, str, str]:
    try:
        summary = group.members()[name].summary()
    except FrameworkError as problem:
        return (str(problem), "", "")
    size = " × ".join(map(str, summary.shape)) if summary.shape else "one value"
    return (str(summary.kind), "empty" if summary.kind is Kind.GROUP and not summary.members else size, summary.unit)


def _rows_of_table(table: Table, start: int, rows: int) -> Json:
    chosen = range(start, min(start + rows, table.rows))
    return {
        "columns": [header(column.name, column.unit) for column in table.columns],
        "rows": [[plain(column.values[row]) for column in table.columns] for row in chosen],
        "start": start,
        "total": table.rows,
        "spectra": 0,
    }


def _rows_of_spectrum(data: DataObject, start: int, rows: int, place: int) -> Json:
    spectra = data.spectra()
    if not len(spectra):
        raise NotThere(f"{data.summary().name!r} has no spectra.")
    place = min(max(place, 0), len(spectra) - 1)
    spectrum = spectra[place]
    axis = spectrum.axis
    positions = [axis.values[:-1], axis.values[1:]] if axis.edges else [axis.values]
    names = [f"{axis.label} from", f"{axis.label} to"] if axis.edges else [axis.label]
    value = spectrum.label or "value"
    columns: list[tuple[str, str, Sequence[Any] | NDArray[Any]]] = [
        *((name, axis.unit, found) for name, found in zip(names, positions, strict=True)),
        (value, spectrum.unit, spectrum.values),
    ]
    if spectrum.errors is not None:
        columns.append((f"error of {value}", spectrum.unit, spectrum.errors))
    if spectrum.mask is not None:
        columns.append(("masked", "", spectrum.mask))
    chosen = range(start, min(start + rows, len(spectrum.values)))
    return {
        "columns": [header(name, unit) for name, unit, _ in columns],
        "rows": [[plain(found[row]) for _, _, found in columns] for row in chosen],
        "start": start,
        "total": len(spectrum.values),
        "spectra": len(spectra),
        "spectrum": place,
        "name": spectrum.name,
    }


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: NaN, infinities, moments and lists as text."""
    if isinstance(value, np.generic):
        value = value.item() if value.dtype.kind in "fiubUS" else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.ndarray | list | tuple):
        return ", ".join(str(plain(each)) for each in value)
    return str(value)

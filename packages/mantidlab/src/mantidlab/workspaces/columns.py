"""Spectra and tables as CSV: the units stand in the header, so that every program that reads CSV shows them."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mantidlab.frameworks.model import DataObject, Histogram, Kind, Table
from mantidlab.workspaces.errors import CannotSave


def write_csv(data: DataObject, path: Path) -> None:
    """Write a table with its columns, or spectra with their errors.

    One spectrum has the columns axis, value and error; several have the spectrum's name before them, a row for each
    bin. Bin edges are the two columns *from* and *to*. UTF-8 with a mark at its beginning, by which spreadsheets know.

    Raises
    ------
    CannotSave
        It has neither.
    """
    in_rows = data.summary().kind in (Kind.TABLE, Kind.PEAKS, Kind.GROUP)  # a dataset of one dimension is a table too
    rows = _rows_of_table(data.table()) if in_rows else _rows_of_spectra(data.spectra())
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


def header(name: str, unit: str) -> str:
    """Return the header of a column."""
    return f"{name} ({unit})" if unit else name


def _rows_of_table(table: Table) -> Iterator[Sequence[Any]]:
    parts = [(f"{column.name}{axis}", column.unit) for column in table.columns for axis in _axes_of(column.values)]
    yield [header(name, unit) for name, unit in parts]
    for row in range(table.rows):
        yield [
            text
            for column in table.columns
            for text in ([_cell(each) for each in column.values[row]] if column.values.ndim == 2 else
                         [_cell(column.values[row])])
        ]  # fmt: skip


def _axes_of(values: np.ndarray[Any, Any]) -> tuple[str, ...]:
    """Return what is added to a column's name: a vector is three columns."""
    if values.ndim != 2:
        return ("",)
    return (" x", " y", " z") if values.shape[1] == 3 else tuple(f" {place}" for place in range(values.shape[1]))


def _cell(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return repr(value) if isinstance(value, float) else str(value)


def _rows_of_spectra(spectra: Sequence[Histogram]) -> Iterator[Sequence[Any]]:
    if not len(spectra):
        raise CannotSave("There are no spectra to write.")
    several = len(spectra) > 1
    first = spectra[0]
    axis = first.axis
    positions = [f"{axis.label} from", f"{axis.label} to"] if axis.edges else [axis.label]
    value = first.label or "value"
    yield [
        *(["spectrum"] if several else []),
        *(header(name, axis.unit) for name in positions),
        header(value, first.unit),
        header(f"error of {value}", first.unit),
        "masked",
    ]
    for place, spectrum in enumerate(spectra):
        yield from _rows_of_one(spectrum, [spectrum.name or str(place)] if several else [])


def _rows_of_one(spectrum: Histogram, before: Sequence[str]) -> Iterator[Sequence[Any]]:
    positions = spectrum.axis.values
    wheres = [positions[:-1], positions[1:]] if spectrum.axis.edges else [positions]
    for place, value in enumerate(spectrum.values):
        error = "" if spectrum.errors is None else _cell(spectrum.errors[place])
        masked = "" if spectrum.mask is None else str(int(spectrum.mask[place]))
        yield [*before, *(_cell(where[place]) for where in wheres), _cell(value), error, masked]

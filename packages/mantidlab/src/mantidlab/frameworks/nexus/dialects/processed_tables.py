"""Tables and lists of peaks in files that Mantid saved: a dataset for each column."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Column, Kind, Table, Unreadable
from mantidlab.frameworks.nexus.part import Part, Surroundings
from mantidlab.frameworks.nexus.quantities import unit_text
from mantidlab.frameworks.nexus.tree import Field, Group


class TablePart(Part):
    """A table."""

    def __init__(self, name: str, type_name: str, kind: Kind, around: Surroundings, group: Group) -> None:
        super().__init__(name, type_name, around)
        self.kind = kind
        self._columns = _columns(group)
        rows = max((field.shape[0] for field in self._columns if field.shape), default=0)
        self.shape = (rows, len(self._columns))
        self.dims = ("row", "column")

    def table(self) -> Table:
        """Return its columns, each as long as the shortest."""
        columns = [
            Column(field.attribute("name") or field.path.rsplit("/", 1)[-1], _unit(field), _values(field))
            for field in self._columns
        ]
        rows = min((len(column.values) for column in columns), default=0)
        return Table(tuple(Column(column.name, column.unit, column.values[:rows]) for column in columns))


def find_tables(entry: Group, name: str, around: Surroundings) -> list[Part]:
    """Return the table and the list of peaks of an entry."""
    found: list[Part] = []
    for folder, type_name, kind in (
        ("table_workspace", "TableWorkspace", Kind.TABLE),
        ("peaks_workspace", "PeaksWorkspace", Kind.PEAKS),
    ):
        group = entry.group(folder)
        if group is not None and _columns(group):
            found.append(TablePart(name, type_name, kind, around, group))
    return found


def _columns(group: Group) -> list[Field]:
    fields = [field for field in group.fields() if field.path.rsplit("/", 1)[-1].startswith("column_")]
    return sorted(fields, key=lambda field: _number(field.path))


def _number(path: str) -> int:
    digits = path.rsplit("_", 1)[-1][:9]
    return int(digits) if digits.isdigit() else 0


def _unit(field: Field) -> str:
    unit = unit_text(field.unit)
    return "" if unit == "Not known" else unit


def _values(field: Field) -> NDArray[Any]:
    """Read a column; Mantid writes texts as rows of single bytes, filled up with blanks."""
    if not field.numeric:
        return np.asarray(field.texts(), dtype=object)
    if len(field.shape) not in (1, 2):
        raise Unreadable(f"{field.path} has shape {field.shape}, which is no column of a table.")
    values = field.read()
    if values.dtype.kind in "iu" and values.dtype.itemsize == 1 and "string" in field.attribute("interpret_as").lower():
        rows = values.reshape(len(values), -1).astype(np.uint8)
        return np.asarray([bytes(row).decode("latin-1").strip("\0 ") for row in rows], dtype=object)
    return values

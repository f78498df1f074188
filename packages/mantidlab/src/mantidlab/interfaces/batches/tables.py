"""Tables of runs: from CSV files, lists and data frames; each row the values of one run by field."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from mantidlab.interfaces.errors import BatchRefused

Row: TypeAlias = dict[str, Any]
OURS = ("row", "status", "message", "seconds", "folder")
"""Columns that a table of results has before those of the fields."""


def rows_of(table: Any, fields: Iterable[str]) -> list[Row]:
    """Return the rows of a table.

    Parameters
    ----------
    table
        The path of a CSV file with a line of names, a data frame, or mappings by field. Empty cells and None are not
        given. A table of results can be used as a table of runs: its own columns are passed over.
    fields
        Names that columns may have.

    Raises
    ------
    BatchRefused
        The file cannot be read, a column is no field, or there is no row.
    """
    if isinstance(table, str | Path):
        rows = _read(Path(table).expanduser())
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = [
            {name: None if _is_nan(value) else value for name, value in row.items()} for row in table.to_dict("records")
        ]
    else:
        rows = [dict(row) for row in table]
    if not rows:
        raise BatchRefused("The table has no row. The first line names the fields, each further line is one run.")
    _check_columns(rows, set(fields))
    return [{name: value for name, value in row.items() if value not in (None, "") and not _ours(name)} for row in rows]


def _read(path: Path) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BatchRefused(f"The table {path} cannot be read: {problem}.") from problem
    # A spreadsheet of a country with decimal commas separates by semicolons.
    first = text.partition("\n")[0]
    separator = next((each for each in (";", "\t") if each in first and "," not in first), ",")
    reader = csv.DictReader(text.splitlines(), delimiter=separator, skipinitialspace=True, restval="")
    rows = []
    for line in reader:
        if None in line:
            raise BatchRefused(f"Line {reader.line_num} of {path.name} has more cells than there are columns.")
        row = {name.strip(): value.strip() for name, value in line.items()}
        if any(row.values()):
            rows.append(row)
    return rows


def _check_columns(rows: list[Row], fields: set[str]) -> None:
    named = dict.fromkeys(name for row in rows for name in row)
    unknown = [
        name for name in named if name not in fields and name.partition(".")[0] not in fields and not _ours(name)
    ]
    if unknown:
        raise BatchRefused(
            f"The table has the column{'s' if len(unknown) > 1 else ''} {', '.join(map(repr, unknown))}, which "
            f"{'are no fields' if len(unknown) > 1 else 'is no field'}. Fields are {', '.join(sorted(fields))}."
        )


def _ours(name: str) -> bool:
    return name in OURS or name.startswith("result.")


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124  (what a data frame has for an empty cell)

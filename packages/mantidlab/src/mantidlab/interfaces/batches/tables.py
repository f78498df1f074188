"""Tables of runs: from CSV files, lists and data frames; each row the values of one run by field."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from mantidlab.interfaces.batches.columns import is_ours, match_columns
from mantidlab.interfaces.errors import BatchRefused

Row: TypeAlias = dict[str, Any]

ENCODINGS = ("utf-8-sig", "cp1252")
"""Of files without a mark of their own; spreadsheets write the second on Windows."""

_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Of UTF-16, in which spreadsheets write "Unicode text"."""


@dataclass(frozen=True)
class RunTable:
    """A table of runs.

    Attributes
    ----------
    rows
        The values of each run, by field.
    remarks
        Of each row what stands in columns that are no fields, by their titles.
    told
        How the columns were understood, where that is not plain; else empty.
    """

    rows: Sequence[Row]
    remarks: Sequence[Mapping[str, Any]] = field(default=())
    told: str = ""


def table_of(table: Any, fields: Mapping[str, Iterable[str]]) -> RunTable:
    """Return a table.

    Parameters
    ----------
    table
        The path of a CSV file with a line of names, a data frame, or mappings by field. Empty cells and None are not
        given. A table of results can be used as a table of runs: its own columns are passed over. Separators may be
        commas, semicolons or tabs.
    fields
        Names that columns may have, each with what people call it besides; mappings must have the names themselves.

    Raises
    ------
    BatchRefused
        The file cannot be read, a column is no field, or there is no row.
    """
    if isinstance(table, str | Path):
        return _of_strangers(_read(Path(table).expanduser()), fields)
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = [
            {str(name): None if _is_nan(value) else value for name, value in row.items()}
            for row in table.to_dict("records")
        ]
        return _of_strangers(rows, fields)
    rows = [dict(row) for row in table]
    _check_rows(rows)
    _check_columns(rows, set(fields))
    return RunTable([{name: value for name, value in row.items() if _is_given(name, value)} for row in rows])


def _of_strangers(rows: list[Row], fields: Mapping[str, Iterable[str]]) -> RunTable:
    _check_rows(rows)
    matching = match_columns(dict.fromkeys(name for row in rows for name in row), fields)
    given = [
        {name: row[title] for title, name in matching.fields.items() if _is_given(name, row.get(title))} for row in rows
    ]
    remarks = [{title: row[title] for title in matching.kept if row.get(title) not in (None, "")} for row in rows]
    return RunTable(given, remarks, matching.remark)


def _read(path: Path) -> list[Row]:
    text = _text(path)
    separator, text = _separator(text)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, restval="")
    titles = [str(title or "").strip() for title in reader.fieldnames or ()]
    twice = next((title for title in titles if title and titles.count(title) > 1), None)
    if twice is not None:
        raise BatchRefused(f"{path.name} has two columns {twice!r}. Give one of them another name, or leave it out.")
    # A column without a title is one that a spreadsheet has for an empty cell, unless something stands in it.
    reader.fieldnames = [title or f"column {number}" for number, title in enumerate(titles, start=1)]
    rows = []
    for line in reader:
        if any(cell.strip() for cell in line.pop(None, [])):
            raise BatchRefused(f"Line {reader.line_num} of {path.name} has more cells than there are columns.")
        row = {name: value.strip() for name, value in line.items()}
        if any(row.values()):
            rows.append(row)
    untitled = [name for name, title in zip(reader.fieldnames, titles, strict=True) if not title]
    empty = {name for name in untitled if not any(row[name] for row in rows)}
    return [{name: value for name, value in row.items() if name not in empty} for row in rows]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise BatchRefused(f"The table {path} cannot be read: {problem}.") from problem
    for encoding in ("utf-16",) if content.startswith(_MARKS) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BatchRefused(f"The table {path} cannot be read: it is no text. Save it as CSV (UTF-8).")


def _separator(text: str) -> tuple[str, str]:
    """Return what separates cells, and the text without the line in which some spreadsheets say so.

    A spreadsheet of a country with decimal commas separates by semicolons.
    """
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    return next((each for each in (";", "\t") if each in first and "," not in first), ","), text


def _check_rows(rows: list[Row]) -> None:
    if not rows:
        raise BatchRefused("The table has no row. The first line names the fields, each further line is one run.")


def _check_columns(rows: list[Row], fields: set[str]) -> None:
    named = dict.fromkeys(name for row in rows for name in row)
    unknown = [
        name for name in named if name not in fields and name.partition(".")[0] not in fields and not is_ours(name)
    ]
    if unknown:
        raise BatchRefused(
            f"The table has the column{'s' if len(unknown) > 1 else ''} {', '.join(map(repr, unknown))}, which "
            f"{'are no fields' if len(unknown) > 1 else 'is no field'}. Fields are {', '.join(sorted(fields))}."
        )


def _is_given(name: str, value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and value == "") and not is_ours(name)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124  (what a data frame has for an empty cell)

"""What came out of a batch: each row's status, the table, the results."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from numbers import Real
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.batches.columns import RESULT
from mantidlab.interfaces.batches.folder import BatchFolder
from mantidlab.interfaces.briefly import numbers_of
from mantidlab.interfaces.errors import InterfaceError
from mantidlab.interfaces.results import Result
from mantidlab.interfaces.saved import open_provenance
from mantidlab.interfaces.written import shown

if TYPE_CHECKING:
    from mantidlab.frameworks.model import Histogram


class Status(StrEnum):
    """How far a row is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowOutcome:
    """One row.

    Attributes
    ----------
    row
        Its number in the table, from 1.
    values
        By field.
    status
        ``waiting``, ``done``, ``failed`` (the function raised something) or ``refused`` (its values do not fit).
    key
        Names its files in the folder; empty for a refused one.
    message
        Why it failed or was refused.
    given
        What the table says, by field: texts where it is a file. By these a page knows its rows again.
    remarks
        What stands in columns that are no fields, by their titles.
    """

    row: int
    values: Mapping[str, Any]
    status: Status
    key: str
    message: str
    given: Mapping[str, Any]
    remarks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> dict[str, Any]:
        """The row as the table of results writes it: numbers and texts, by column."""
        inputs = {name: value if isinstance(value, str | Real) else shown(value) for name, value in self.given.items()}
        return inputs | {title: value for title, value in self.remarks.items() if title not in inputs}


@dataclass(frozen=True)
class BatchResult:
    """What came out of a batch.

    Attributes
    ----------
    interface
        Its name.
    folder
        Where it lies.
    rows
        Of the table, in its order.
    """

    interface: str
    folder: BatchFolder
    rows: tuple[RowOutcome, ...]

    @property
    def failed(self) -> tuple[RowOutcome, ...]:
        """Rows that failed or were refused."""
        return tuple(each for each in self.rows if each.status in (Status.FAILED, Status.REFUSED))

    @property
    def done(self) -> tuple[RowOutcome, ...]:
        """Rows that have a result."""
        return tuple(each for each in self.rows if each.status is Status.DONE)

    def result(self, row: int) -> Result[Any]:
        """Open the result of a row, by its number from 1.

        Raises
        ------
        InterfaceError
            It has none; the message says why.
        """
        self.check_done(row)
        return self.folder.result(self.rows[row - 1].key)

    def results(self) -> Iterator[Result[Any]]:
        """Open the results of all rows that have one, one after the other."""
        return (self.result(each.row) for each in self.done)

    def check_done(self, row: int) -> None:
        """Refuse a row that has no result.

        Raises
        ------
        InterfaceError
            It is not there, or is not done; the message says why.
        """
        if not 1 <= row <= len(self.rows):
            raise InterfaceError(f"There is no row {row}; there are rows 1 to {len(self.rows)}.")
        outcome = self.rows[row - 1]
        if outcome.status is not Status.DONE:
            raise InterfaceError(f"Row {row} is {outcome.status}. {outcome.message}".rstrip())

    def plot(self, rows: Sequence[int] | None = None) -> Any:
        """Draw the curves of rows over each other in one plot.

        Of each result that is its ``curve`` where its class has one, else the first curve of its own plot, whose scales
        the axes have. Curves are called by the row's number, its first cell, and the cells in which the rows differ.

        Parameters
        ----------
        rows
            Numbers from 1; if none are given, all that are done, the first 50 of more.

        Returns
        -------
        Lines
            The plot, as of `mantidlab.plot`.

        Raises
        ------
        InterfaceError
            A row that was named is not done, or none is.
        PlotError
            They have no curves, or curves that cannot share axes: of different units.
        """
        from mantidlab.interfaces.batches.overplotting import overplot

        return overplot(self, rows)

    def curves(self, rows: Sequence[int] | None = None) -> "dict[str, Histogram]":
        """Return the curves that `plot` draws, by their names there; arguments and errors are the same."""
        from mantidlab.interfaces.batches.overplotting import gathered

        return gathered(self, rows).curves

    @property
    def table(self) -> list[dict[str, Any]]:
        """One dict a row: number, status, sentence, seconds, folder, inputs, and numbers and texts of its result.

        The sentence of a row that is done holds its cautions.
        """
        return [self._line(each) for each in self.rows]

    def _line(self, row: RowOutcome) -> dict[str, Any]:
        line: dict[str, Any] = {
            "row": row.row,
            "status": str(row.status),
            "message": row.message,
            "seconds": "",
            "folder": "",
        }
        inputs = row.written
        if row.status is Status.DONE:
            folder = self.folder.result_folder(row.key)
            line |= {"folder": str(folder.relative_to(self.folder.path))}
            try:
                provenance = open_provenance(folder)
                line |= {"seconds": provenance.seconds, "message": " ".join(provenance.cautions)}
                found = numbers_of(self.folder.result(row.key).values)
            except InterfaceError as problem:
                return {**line, "message": str(problem), **inputs}
            return {**line, **inputs, **{f"{RESULT}{name}": value for name, value in found.items()}}
        return {**line, **inputs}

    def __repr__(self) -> str:
        counted = ", ".join(
            f"{count} {status}" for status in Status if (count := sum(each.status is status for each in self.rows))
        )
        return f"<batch of {self.interface}: {counted}; {self.folder.path}>"

    def _repr_html_(self) -> str:
        table = self.table
        names = dict.fromkeys(name for line in table for name in line)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
        lines = ["".join(f"<td>{html.escape(_cell(line.get(name, '')))}</td>" for name in names) for line in table]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<div>{html.escape(repr(self))}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)

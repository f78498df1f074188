"""Runs a table row by row: goes on after a failure, stops between rows, and goes on where it was when called again."""

import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mantidlab.interfaces.batches.folder import BatchFolder, Failure
from mantidlab.interfaces.batches.keys import key_of
from mantidlab.interfaces.batches.outcome import BatchResult, RowOutcome, Status
from mantidlab.interfaces.batches.tables import Row, RunTable, table_of
from mantidlab.interfaces.batches.telling import Teller
from mantidlab.interfaces.declaring import Interface
from mantidlab.interfaces.errors import InterfaceError, ValuesRefused
from mantidlab.interfaces.progress import Reporter, shown
from mantidlab.interfaces.running import run


def batch(
    interface: Interface[Any, Any],
    table: Any,
    *,
    to: Path | str,
    retry: bool = False,
    only: Sequence[int] | None = None,
) -> BatchResult:
    """Run an interface once for each row of a table, and keep what comes out.

    Rows that are done are not computed again, also if they were computed by a call that was killed. A row that fails
    leaves its sentence, and the others go on. An interrupt ends the row that runs and starts no other; the same call
    again goes on.

    Parameters
    ----------
    interface
        What is run.
    table
        The path of a CSV file, a data frame, or mappings: one row for each run, columns are fields, those of models as
        ``settings.low``. What a row does not give keeps its default. Files and data frames may call columns as people
        do (``Q bins``, ``ANGLE [°]``); what is no field stays in the table of results as a remark. A sentence says so.
    to
        The folder for the results.
    retry
        Whether rows that failed are run again; those whose values did not fit are always looked at again.
    only
        Numbers of rows, from 1: these are run, also if they are done or have failed, and no others.

    Raises
    ------
    BatchRefused
        The table or the folder cannot be used.
    KeyboardInterrupt
        It was stopped; the table in the folder says how far it came.
    """
    runs = table_of(table, _called(interface))
    if runs.told:
        print(runs.told)
    folder = BatchFolder(Path(to), interface.name)
    with folder.locked(), shown(f"{interface.heading.title}: {len(runs.rows)} rows") as reporter:
        wanted = None if only is None else frozenset(only)
        return _Batch(interface, folder, runs, _Wish(retry, wanted), reporter).run()


def _called(interface: Interface[Any, Any]) -> dict[str, tuple[str, ...]]:
    """Return the fields that columns may be, with their labels."""
    whole: dict[str, tuple[str, ...]] = {each.name: () for each in interface.parameters.listed}
    return whole | {field.name: (field.label,) for field in interface.form().fields}


class _Batch:
    """One call."""

    def __init__(
        self,
        interface: Interface[Any, Any],
        folder: BatchFolder,
        runs: RunTable,
        wish: "_Wish",
        reporter: Reporter,
    ) -> None:
        self._interface = interface
        self._folder = folder
        self._wish = wish
        self._plans = []
        for number, row in enumerate(runs.rows, start=1):
            reporter(0.0, f"looking at row {number} of {len(runs.rows)}")
            remarks = runs.remarks[number - 1] if runs.remarks else {}
            self._plans.append(replace(_planned(interface, number, row), remarks=remarks))
        self._teller = Teller(interface.name, folder, reporter, [self._now(plan) for plan in self._plans])

    def run(self) -> BatchResult:
        """Run what is not done."""
        try:
            for plan in self._plans:
                if self._is_to_run(plan):
                    self._run_row(plan)
                self._teller.ended(self._now(plan))
        finally:
            outcome = BatchResult(self._interface.name, self._folder, tuple(self._now(plan) for plan in self._plans))
            self._folder.write_table(outcome.table)
        return outcome

    def _is_to_run(self, plan: "_Plan") -> bool:
        if plan.refused:
            return False
        if self._wish.only is not None:
            return plan.number in self._wish.only
        if self._folder.is_done(plan.key):
            return False
        # Of rows that are the same, one that has failed just now fails for the others too.
        failed_now = plan.key in self._teller.failed_now
        return not failed_now and (self._wish.retry or self._folder.failure(plan.key) is None)

    def _run_row(self, plan: "_Plan") -> None:
        started = time.monotonic()
        self._teller.begins(plan.number)
        try:
            result = run(self._interface, plan.row, cache=True, reporter=self._teller.within(plan.number))
            self._folder.keep(plan.key, result)
        except Exception as problem:  # noqa: BLE001  (whatever a row does, the others go on)
            seconds = round(time.monotonic() - started, 3)
            trace = "" if isinstance(problem, InterfaceError) else traceback.format_exc()
            self._folder.keep_failure(plan.key, Failure(_sentence(problem), trace, seconds))
            self._teller.failed_now.add(plan.key)

    def _now(self, plan: "_Plan") -> RowOutcome:
        """Return what is known of a row, from the folder alone."""
        return replace(self._known(plan), remarks=plan.remarks)

    def _known(self, plan: "_Plan") -> RowOutcome:
        if plan.refused:
            return RowOutcome(plan.number, plan.row, Status.REFUSED, plan.key, plan.refused, plan.given)
        if self._folder.is_done(plan.key):
            return RowOutcome(plan.number, plan.row, Status.DONE, plan.key, "", plan.given)
        failure = self._folder.failure(plan.key)
        if failure is not None:
            return RowOutcome(plan.number, plan.row, Status.FAILED, plan.key, failure.message, plan.given)
        return RowOutcome(plan.number, plan.row, Status.WAITING, plan.key, "", plan.given)


@dataclass(frozen=True)
class _Wish:
    """Which rows are to be run beyond those that nobody has run."""

    retry: bool
    only: frozenset[int] | None


@dataclass(frozen=True)
class _Plan:
    """A row: its number from 1, what the table says, values, key, why it cannot run, and columns that are no fields."""

    number: int
    given: Row
    row: Row
    key: str
    refused: str
    remarks: Mapping[str, Any] = field(default_factory=dict)


def _planned(interface: Interface[Any, Any], number: int, row: Row) -> _Plan:
    try:
        values = interface.parameters.from_texts(row, interface.heading.instruments)
        return _Plan(number, row, values, key_of(interface, values), "")
    except ValuesRefused as refused:
        sentences = " ".join(f"{name}: {problem}" for name, problem in refused.problems.items())
        return _Plan(number, row, row, "", sentences)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, InterfaceError):
        return str(problem)
    text = str(problem) or "it said nothing more"
    return f"{type(problem).__name__}: {text}"

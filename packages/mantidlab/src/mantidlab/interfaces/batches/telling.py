"""Tells people how far a batch is: one progress over all rows, and each row's status."""

import sys
from collections.abc import Sequence
from typing import Any

from mantidlab.interfaces.batches.folder import BatchFolder
from mantidlab.interfaces.batches.outcome import RowOutcome, Status
from mantidlab.interfaces.progress import Reporter, is_kernel


class Teller:
    """Knows the status of each row of one call.

    Parameters
    ----------
    interface
        Its name.
    folder
        Where the results go.
    reporter
        Shows the progress over all rows.
    rows
        As they are at the start.

    Attributes
    ----------
    failed_now
        Keys of rows that have failed in this call.
    """

    def __init__(self, interface: str, folder: BatchFolder, reporter: Reporter, rows: Sequence[RowOutcome]) -> None:
        self.failed_now: set[str] = set()
        self._interface = interface
        self._folder = folder
        self._reporter = reporter
        self._rows = {each.row: each for each in rows}
        self._passed = 0
        self._push()

    def begins(self, row: int) -> None:
        """Say that a row is run now."""
        self.within(row)(0.0, "")

    def within(self, row: int) -> Reporter:
        """Return what shows the progress within a row as one over all rows."""

        def report(fraction: float | None, message: str) -> None:
            overall = (self._passed + (fraction or 0.0)) / len(self._rows)
            self._reporter(overall, f"row {row} of {len(self._rows)}{f': {message}' if message else ''}")

        return report

    def ended(self, outcome: RowOutcome) -> None:
        """Say how a row ended, or was found."""
        self._passed += 1
        self._rows[outcome.row] = outcome
        self._reporter(self._passed / len(self._rows), f"row {outcome.row} of {len(self._rows)}")
        self._push()

    def _push(self) -> None:
        if not is_kernel():
            return
        kernel: Any = sys.modules.get("mantidlab.kernel")
        if kernel is not None:
            kernel.push("interfaces", "batch", self._content(), latest=True)

    def _content(self) -> dict[str, Any]:
        rows = [
            {
                "row": each.row,
                "status": str(each.status),
                "message": each.message,
                # By what it says a page knows a row again, which may have been moved or changed meanwhile.
                "given": {name: str(value) for name, value in each.written.items()},
            }
            for each in self._rows.values()
        ]
        counted = {str(status): sum(each.status is status for each in self._rows.values()) for status in Status}
        return {
            "interface": self._interface,
            "folder": str(self._folder.path),
            "rows": rows,
            "of": len(rows),
            **counted,
        }

"""Opens the folder of a batch again: what its last call left there."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from mantidlab.interfaces.batches.columns import is_ours
from mantidlab.interfaces.batches.folder import BATCH, TABLE, BatchFolder
from mantidlab.interfaces.batches.outcome import BatchResult, RowOutcome, Status
from mantidlab.interfaces.errors import BatchRefused


def open_batch(folder: Path | str) -> BatchResult:
    """Open what came out of a batch, without running anything: ``open_batch("silica").plot()``.

    Parameters
    ----------
    folder
        Where `batch` wrote its results. Rows are counted as in the table of its last call.

    Raises
    ------
    BatchRefused
        There are no results of a batch.
    """
    path = Path(folder).expanduser()
    try:
        interface = str(json.loads((path / BATCH).read_text(encoding="utf-8"))["interface"])
        with (path / TABLE).open(encoding="utf-8", newline="") as file:
            rows = tuple(_row(line) for line in csv.DictReader(file))
    except (OSError, ValueError, TypeError, LookupError) as problem:
        raise BatchRefused(
            f"{path} has no results of a batch that can be opened: {problem}. Name the folder that batch wrote."
        ) from problem
    return BatchResult(interface, BatchFolder(path, interface), rows)


def _row(line: Mapping[str, str]) -> RowOutcome:
    status = Status(line["status"])
    given = {name: text for name, text in line.items() if text and not is_ours(name)}
    message = "" if status is Status.DONE else line["message"]  # of one that is done, the table has its cautions there
    return RowOutcome(int(line["row"]), given, status, Path(line["folder"]).name, message, given)

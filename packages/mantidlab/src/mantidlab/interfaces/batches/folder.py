"""The folder of a batch: what is done, what failed, and the table of all.

```
batch.json            which interface it is of
table.csv             one line for each row of the last call: status, sentence, inputs, numbers that came out
rows/KEY/             the result of a row, written aside and renamed
failed/KEY.json       the sentence of a row that failed
```

``KEY`` is the hash of all that the row depends on. That a row is done is that its folder is there: nothing else is
noted down that could say otherwise after a crash.
"""

import contextlib
import csv
import fcntl
import io
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mantidlab.interfaces.errors import BatchRefused
from mantidlab.interfaces.results import Result
from mantidlab.interfaces.saved import ASIDE, open_result, save_result

BATCH = "batch.json"
TABLE = "table.csv"
DONE = "rows"
FAILED = "failed"


@dataclass(frozen=True)
class Failure:
    """Why a row failed.

    Attributes
    ----------
    message
        A sentence.
    trace
        Where in the code, for who wrote it; empty if the values did not fit.
    seconds
        How long it took until then.
    """

    message: str
    trace: str
    seconds: float


class BatchFolder:
    """One folder.

    Parameters
    ----------
    path
        It is made if it is not there.
    interface
        The name of the interface whose batch it is.

    Raises
    ------
    BatchRefused
        It cannot be written.
    """

    def __init__(self, path: Path, interface: str) -> None:
        self.path = path.expanduser().absolute()
        self._interface = interface
        try:
            for part in (DONE, FAILED):
                (self.path / part).mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise BatchRefused(f"Results cannot be written into {self.path}: {problem.strerror}.") from problem

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other batches out of the folder, and clear away what one that was killed has left behind.

        Raises
        ------
        BatchRefused
            Another one is running, or the folder holds the batch of another interface.
        """
        with (self.path / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as problem:
                raise BatchRefused(
                    f"Another batch is writing into {self.path}. Stop it, or name another folder."
                ) from problem
            except OSError:
                pass  # a file system without locks: then nobody is kept out
            self._clear_away()
            self._belong_to_the_interface()
            yield

    def is_done(self, key: str) -> bool:
        """Whether the result of a row is there."""
        return self.result_folder(key).is_dir()

    def result_folder(self, key: str) -> Path:
        """Return where the result of a row is, or will be."""
        return self.path / DONE / key

    def result(self, key: str) -> Result[Any]:
        """Open the result of a row.

        Raises
        ------
        InterfaceError
            It cannot be opened.
        """
        return open_result(self.result_folder(key))

    def keep(self, key: str, result: Result[Any]) -> None:
        """Keep the result of a row, whole or not at all; one that is there already makes room.

        Raises
        ------
        CannotKeep, OSError
        """
        with contextlib.suppress(FileNotFoundError):
            self.result_folder(key).rename(self.path / DONE / f"{ASIDE}{os.getpid()}-{time.monotonic_ns()}")
        save_result(result, self.result_folder(key))
        (self.path / FAILED / f"{key}.json").unlink(missing_ok=True)

    def failure(self, key: str) -> Failure | None:
        """Return why a row failed, if it did."""
        try:
            return Failure(**json.loads((self.path / FAILED / f"{key}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep_failure(self, key: str, failure: Failure) -> None:
        """Keep why a row failed."""
        _write_whole(self.path / FAILED / f"{key}.json", json.dumps(asdict(failure)))

    def write_table(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the table of all rows; columns are those of any row, in their order."""
        names = dict.fromkeys(name for row in rows for name in row)
        written = io.StringIO()
        writer = csv.DictWriter(written, list(names), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        _write_whole(self.path / TABLE, written.getvalue())

    def _clear_away(self) -> None:
        for folder in (self.path, self.path / DONE, self.path / FAILED):
            for left in folder.glob(f"{ASIDE}*"):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)

    def _belong_to_the_interface(self) -> None:
        try:
            there = str(json.loads((self.path / BATCH).read_text(encoding="utf-8"))["interface"])
        except (FileNotFoundError, ValueError, TypeError, LookupError):
            _write_whole(self.path / BATCH, json.dumps({"mantidlab": 1, "interface": self._interface}))
            return
        if there != self._interface:
            raise BatchRefused(
                f"{self.path} has the results of {there}. Name another folder for those of {self._interface}."
            )


def _write_whole(path: Path, text: str) -> None:
    aside = path.with_name(f"{ASIDE}{os.getpid()}-{time.monotonic_ns()}")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)

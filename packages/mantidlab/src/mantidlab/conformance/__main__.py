"""``python -m mantidlab.conformance``: 0 if Mantid answers as expected, 1 if not, 2 if there is no Mantid."""

import argparse
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from mantidlab.conformance.environments import KEPT
from mantidlab.conformance.isolated import NoMantid, found_of
from mantidlab.conformance.parts import KERNEL, PARTS, steps_of
from mantidlab.conformance.report import Row, as_json, as_table, failures, what_to_send
from mantidlab.conformance.steps import rows_of
from mantidlab.conformance.subjects import Making
from mantidlab.conformance.within import run
from mantidlab.frameworks.mantid import MantidMissing


def main(arguments: list[str] | None = None, output: TextIO | None = None) -> int:
    """Compare, print, and return the exit code."""
    given = _parser().parse_args(arguments)
    parts = [*(given.part or PARTS), *([KERNEL] if given.kernel else [])]
    try:
        if given.in_process:
            mantid, rows = _here(parts)
        else:
            with TemporaryDirectory(prefix="mantidlab-conformance-") as folder:
                mantid, rows = apart(parts, Path(folder))
    except (MantidMissing, NoMantid) as error:
        print(error, file=sys.stderr)
        return 2
    failed = failures(rows)
    if given.json:
        print(as_json(rows, mantid), file=output, flush=True)
    else:
        system = f"Python {platform.python_version()} on {platform.platform()}"
        print(as_table(rows, mantid), *what_to_send(rows, mantid, system), sep="\n", file=output, flush=True)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mantidlab.conformance",
        description="Compare the Mantid of this environment with what MantidHub expects of it.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="only this: what the adapter says of workspaces; all forms and fifty algorithms; the calls of techniques",
    )
    parser.add_argument("--kernel", action="store_true", help="try progress, stop and the list in a Jupyter kernel too")
    parser.add_argument(
        "--in-process", action="store_true", help="start no other processes: a crash within Mantid ends it all"
    )
    return parser


def _here(parts: Sequence[str]) -> tuple[str, list[Row]]:
    making = Making()
    try:
        return making.named(), [row for part in parts for row in rows_of(steps_of(part, making, lambda line: None))]
    finally:
        making.clean()


def apart(parts: Sequence[str], folder: Path) -> tuple[str, list[Row]]:
    """Look at parts in processes of their own; return Mantid's version and what was found.

    Parameters
    ----------
    folder
        For what one process leaves to the next.

    Raises
    ------
    NoMantid
        There is none, or none that starts.
    """
    mantid, rows = "", list[Row]()
    for part in parts:
        found = found_of(part, {KEPT: str(folder)})
        mantid = mantid or found.mantid
        rows += found.all_rows()
    return mantid, rows


if __name__ == "__main__":
    run(lambda output: main(output=output))

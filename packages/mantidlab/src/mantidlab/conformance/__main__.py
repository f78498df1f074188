"""``python -m mantidlab.conformance``: 0 if Mantid answers as expected, 1 if not, 2 if there is no Mantid."""

import argparse
import os
import sys
from typing import TextIO

from mantidlab.conformance.expectations import expectations
from mantidlab.conformance.kernels import kernel_rows
from mantidlab.conformance.report import as_json, as_table, compared, failures
from mantidlab.conformance.subjects import OPTIONAL, Making
from mantidlab.frameworks.mantid import MantidMissing
from mantidlab.leaving import leave

ADAPTER, FORMS, TECHNIQUES = PARTS = ("adapter", "forms", "techniques")


def main(arguments: list[str] | None = None, output: TextIO | None = None) -> int:
    """Compare, print, and return the exit code."""
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
    chosen = parser.parse_args(arguments)
    try:
        making = Making()
    except MantidMissing as error:
        print(error, file=sys.stderr)
        return 2
    try:
        version = making.version()
        parts = chosen.part or PARTS
        rows = compared(expectations(), making.subject, version, OPTIONAL) if ADAPTER in parts else []
        rows += making.forms() if FORMS in parts else []
        rows += making.techniques() if TECHNIQUES in parts else []
    finally:
        making.clean()
    if chosen.kernel:
        rows += kernel_rows()
    named = ".".join(map(str, version))
    print(as_json(rows, named) if chosen.json else as_table(rows, named), file=output, flush=True)
    return 1 if failures(rows) else 0


def own_output() -> TextIO:
    """Return standard output for the result alone; whatever else is printed goes to standard error from now on.

    Mantid logs to either, and some of its C++ prints, in part when the process ends.
    """
    result = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors="backslashreplace")
    os.dup2(2, 1)
    return result


if __name__ == "__main__":
    leave(main(output=own_output()))

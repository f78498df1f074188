"""``python -m mantidlab.conformance.at_build``: what is said of Mantid when an environment is built.

It ends with 2 where Mantid does not start, and with 0 otherwise: an environment in which most works serves people
better than none. What does not hold is said here, and kept as `REPORT` beside the environment's catalogue.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from mantidlab.conformance.__main__ import apart
from mantidlab.conformance.isolated import NoMantid
from mantidlab.conformance.parts import PARTS
from mantidlab.conformance.report import as_json, as_table, failures
from mantidlab.conformance.within import run
from mantidlab.docs.reading import FOLDER

REPORT = "conformance.json"


def main(output: TextIO | None = None, prefix: Path = Path(sys.prefix)) -> int:
    """Look, say and keep what is found; return the exit code."""
    try:
        with TemporaryDirectory(prefix="mantidlab-conformance-") as folder:
            mantid, rows = apart(PARTS, Path(folder))
    except NoMantid as error:
        print(error, file=sys.stderr)
        return 2
    report = prefix / FOLDER / REPORT
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(as_json(rows, mantid), encoding="utf-8")
    failed = failures(rows)
    said = f"{failed} expectations of Mantid {mantid} do not hold: the environment is kept, see {report.name}."
    print(as_table(rows, mantid), *([said] if failed else []), sep="\n", file=output, flush=True)
    return 0


if __name__ == "__main__":
    run(main)

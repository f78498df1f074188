"""``python -m mantidlab.simulation --archive DIR``: write the simulated instruments into a folder.

For each run one line ``progress <done>/<total> <what>`` on standard output; what went wrong in one sentence on standard
error, with exit code 1.
"""

import argparse
import sys
from pathlib import Path

from mantidlab.simulation.archive import ArchiveNotWritten, write_archive


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m mantidlab.simulation", description="Write the simulated instruments."
    )
    parser.add_argument("--archive", type=Path, required=True, metavar="DIR", help="the archive's folder")
    parser.add_argument("--force", action="store_true", help="write also the files that are there already")
    chosen = parser.parse_args()
    try:
        write_archive(chosen.archive, force=chosen.force, progress=_tell)
    except ArchiveNotWritten as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _tell(done: int, total: int, what: str) -> None:
    print(f"progress {done}/{total} {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

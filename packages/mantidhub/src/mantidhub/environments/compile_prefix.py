"""Byte-compile every file of a prefix, run by that prefix's own Python: ``compile_prefix.py BUILT FINAL``.

The files lie in BUILT now and in FINAL later; the compiled ones name FINAL, so that Python need not correct them at
each import; compiled files that packages brought are replaced. They are valid whatever the times of the files
(``unchecked-hash``, PEP 552): nothing in the prefix ever changes. Prints how many files are done, a number a line,
first the total. Standard library only.
"""

import compileall
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

BATCH = 50


def main() -> int:
    """Share the files out among the processors."""
    built, final = sys.argv[1:3]
    files = sorted(Path(built).rglob("*.py"))
    workers = len(os.sched_getaffinity(0))
    print(len(files), flush=True)
    # Forked and left alone, with no queue between them: workers whose parent is killed come to their own end.
    children = [start(files[number::workers], built, final) for number in range(workers)]
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return 1 if any(statuses) else 0


def start(files: Sequence[Path], built: str, final: str) -> int:
    """Compile some files in a new process."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        for first in range(0, len(files), BATCH):
            batch = files[first : first + BATCH]
            for file in batch:
                # Packages carry templates and deliberately broken test files: what cannot be compiled is left.
                compileall.compile_file(
                    file,
                    stripdir=built,
                    prependdir=final,
                    quiet=2,
                    force=True,
                    invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
                )
            os.write(1, f"{len(batch)}\n".encode())
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())

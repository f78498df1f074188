"""The process that runs py-rattler: ``python -m mantidhub.environments.conda.worker JOB.json``.

It speaks to `run_job` through lines on its standard output; whatever else it says is for the log.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from mantidhub.environments.conda.installation import install
from mantidhub.environments.conda.jobs import FAILED, PROGRESS, REFUSED, InstallJob, read_job
from mantidhub.environments.conda.solving import solve
from mantidhub.environments.progress import Step, Unit
from mantidhub.errors import EnvironmentFailed

PAUSE = 0.25
"""Seconds between two reports about the same step."""


class Teller:
    """Writes progress to standard output, now and then."""

    def __init__(self) -> None:
        self._step: Step | None = None
        self._said = 0.0

    def __call__(self, step: Step, done: int = 0, total: int = 0, message: str = "", unit: Unit = Unit.THINGS) -> None:
        """Write one report, unless it is too soon."""
        now = time.monotonic()
        if step is self._step and now - self._said < PAUSE and done != total:
            return
        self._step, self._said = step, now
        told = {"step": step.name, "done": done, "total": total, "message": message, "unit": unit.value}
        say(PROGRESS, told)


def say(kind: str, content: object) -> None:
    """Write one line that is meant for `run_job`."""
    print(kind + json.dumps(content), flush=True)


def main() -> int:
    """Do the job that the command line names."""
    job = read_job(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        if isinstance(job, InstallJob):
            asyncio.run(install(job, Teller()))
        else:
            asyncio.run(solve(job, Teller()))
    except EnvironmentFailed as failure:
        say(FAILED, str(failure))
        return 1
    except OSError as refusal:
        say(REFUSED, [refusal.errno, refusal.strerror or str(refusal), str(refusal.filename or "")])
        return 1
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Without the interpreter's own end: py-rattler's threads may still hold it then, and Python aborts.
    os._exit(status)

"""The simulated instruments' archive, written by the environment's own Python."""

import re
import subprocess
from pathlib import Path

from mantidhub.environments import Environment
from mantidhub.errors import PersonsError
from mantidhub.operations.terminal import doing

_PROGRESS = re.compile(r"progress (\d+)/(\d+) (.*)")


def write_demo_data(environment: Environment, archive: Path, *, force: bool = False) -> int:
    """Write the runs that are missing; all of them anew with `force`. Return how many runs there are.

    Raises
    ------
    PersonsError
        If the archive cannot be written, with the simulation's own sentence.
    """
    archive.mkdir(parents=True, exist_ok=True)
    command = [str(environment.python), "-m", "mantidlab.simulation", "--archive", str(archive)]
    with doing(f"Simulating instruments into {archive}"):
        done = subprocess.run(
            [*command, *(["--force"] if force else [])],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"it ended with exit code {done.returncode}"])[-1]
        raise PersonsError(f"The simulated instruments' runs could not be written to {archive}: {last}")
    steps = [found for line in done.stdout.splitlines() if (found := _PROGRESS.fullmatch(line.strip()))]
    return int(steps[-1][2]) if steps else 0


def has_demo_data(archive: Path) -> bool:
    """Tell whether the archive has been written."""
    return any(archive.glob("*/*/*.nxs")) or any(archive.glob("*/*.nxs"))

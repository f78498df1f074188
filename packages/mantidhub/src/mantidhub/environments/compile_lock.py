"""Make the lock of a specification anew: ``python -m mantidhub.environments.compile_lock SPECIFICATION…``.

A lock fits every Python version and machine that the specification allows, names packages, versions and hashes, and
never the host that served them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed


def compile_lock(specification: Specification) -> None:
    """Solve the requirements and write the lock.

    Raises
    ------
    EnvironmentFailed
        They cannot be solved.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as excluded:
        excluded.write("\n".join(specification.excluded))
        excluded.flush()
        command: list[str | Path] = [
            *(
                find_uv_bin(),
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--python-version",
                oldest(specification.python),
            ),
            *("--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock"),
            *("--excludes", excluded.name, specification.requirements, "--output-file", specification.lock),
        ]
        done = subprocess.run(
            command, cwd=specification.path.parent, check=False, capture_output=True, encoding="utf-8", errors="replace"
        )
    if done.returncode != 0:
        raise EnvironmentFailed(f"No lock for {specification.path} could be made. uv says:\n{done.stderr.strip()}")


def oldest(versions: tuple[str, ...]) -> str:
    """Return the oldest of some Python versions."""
    return min(versions, key=lambda version: int(version.partition(".")[2]))


def main() -> int:
    """Make the locks that the command line names."""
    try:
        for path in sys.argv[1:]:
            compile_lock(Specification.load(Path(path)))
    except EnvironmentFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

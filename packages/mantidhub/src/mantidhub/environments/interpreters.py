"""The Python that an environment stands on: what it is, and which one to take.

An environment links to its interpreter by the interpreter's real path, because a session sees only the folders that
are mounted into it: a symlink on the way (pyenv, ``uv python``, Debian's alternatives) would lead nowhere there.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed

SYSTEM = Path("/usr/bin")
"""Where interpreters live that every user may read and every session sees anyway."""

SCRIPT = """
import os, sys
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
print(os.path.realpath(sys.base_prefix))
print(*sys.version_info[:3])
print(sys.implementation.cache_tag + getattr(sys, "abiflags", ""))
print(getattr(sys.implementation, "_multiarch", "") or os.uname().machine)
"""


@dataclass(frozen=True)
class Interpreter:
    """A base interpreter, outside any virtual environment.

    Attributes
    ----------
    executable
        The program, all symlinks resolved.
    prefix
        The folder that holds the interpreter with its library.
    version
        Such as ``(3, 11, 2)``.
    abi, platform
        What compiled packages must fit, such as ``cpython-311`` and ``x86_64-linux-gnu``.
    """

    executable: Path
    prefix: Path
    version: tuple[int, int, int]
    abi: str
    platform: str

    @property
    def minor_version(self) -> str:
        """The part of the version that packages depend on, such as ``3.11``."""
        return f"{self.version[0]}.{self.version[1]}"

    def full_version(self) -> str:
        """Return all of the version, such as ``3.11.2``."""
        return ".".join(map(str, self.version))


def inspect_interpreter(python: Path) -> Interpreter:
    """Ask a Python program what it is; for one of a virtual environment, what it stands on.

    Raises
    ------
    EnvironmentFailed
        It is not there or does not run.
    """
    try:
        answer = subprocess.run(
            [python, "-I", "-S", "-c", SCRIPT], check=True, capture_output=True, text=True, timeout=30
        ).stdout
        executable, prefix, version, abi, platform = answer.splitlines()
        major, minor, micro = map(int, version.split())
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        said = getattr(error, "stderr", None) or getattr(error, "strerror", None) or str(error)
        raise EnvironmentFailed(
            f"The interpreter {python} does not run: {said.strip()}. Name another one, or install Python 3.11 or newer "
            "(Debian and Ubuntu: apt-get install python3)."
        ) from error
    return Interpreter(Path(executable), Path(prefix), (major, minor, micro), abi, platform)


def require_fit(interpreter: Interpreter, specification: Specification) -> None:
    """Refuse an interpreter for which the lock has no packages.

    Raises
    ------
    EnvironmentFailed
        Its version is not among those of the specification.
    """
    if interpreter.minor_version not in specification.python:
        raise EnvironmentFailed(
            f"The environment {specification.name} needs Python {' or '.join(specification.python)}, "
            f"{interpreter.executable} is {interpreter.full_version()}. Name another interpreter, or install one "
            "(Debian and Ubuntu: apt-get install python3)."
        )


def choose_interpreter(specification: Specification) -> Path | None:
    """Return the best interpreter here: the system's, which all users may read, else the one that runs MantidHub.

    None for an environment of conda packages, which brings its own.

    Raises
    ------
    EnvironmentFailed
        Neither is of a version that the specification allows.
    """
    if specification.conda is not None:
        return None
    for version in specification.python:
        python = SYSTEM / f"python{version}"
        if os.access(python, os.X_OK):
            return python.resolve()
    own = Path(sys.executable)
    require_fit(inspect_interpreter(own), specification)
    return inspect_interpreter(own).executable

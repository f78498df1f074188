"""The hash that names an environment: all that shapes it, and nothing else.

The same specification, lock and local packages give the same hash on every machine of one kind; comments, the order
of keys, times, mirrors and the place of the checkout do not count.
"""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed

RECIPE = 2
"""Raise it when the builder makes something else of the same specification."""

READ_INSTEAD = {"lock", "files", "session_files", "local_packages"}
BESIDE_THE_POINT = {"path", "requirements", "conda", "free_space_gb", "labels"}

SHORT = 12
"""Characters of the hash in a folder's name."""


def identity(specification: Specification, locked: Sequence[str], *, abi: str, platform: str) -> str:
    """Return the SHA-256 (hexadecimal) of what the environment will be made of.

    Parameters
    ----------
    locked
        What identifies each locked package.
    abi
        What compiled packages must fit, such as ``cpython-311``; empty where Python is one of the packages.
    platform
        Such as ``x86_64-linux-gnu``, or ``linux-64`` for conda packages.
    """
    ingredients = {
        "recipe": RECIPE,
        "abi": abi,
        "platform": platform,
        "specification": specification.model_dump(mode="json", exclude=READ_INSTEAD | BESIDE_THE_POINT),
        "lock": list(locked),
        "files": {target: digest(specification.beside(source)) for target, source in specification.files.items()},
        "session_files": {
            target: digest(specification.beside(source)) for target, source in specification.session_files.items()
        },
        "local_packages": [source_digest(specification.beside(folder)) for folder in specification.local_packages],
    }
    canonical = json.dumps(ingredients, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def lock_hash(locked: Sequence[str]) -> str:
    """Return the SHA-256 (hexadecimal) of the locked packages alone: what decides what a notebook computes."""
    return hashlib.sha256("\n".join(locked).encode()).hexdigest()


def locked_text(lock: Path) -> list[str]:
    """Return what a lock of Python packages demands, without comments.

    Raises
    ------
    EnvironmentFailed
        There is no lock.
    """
    try:
        lines = (line.strip() for line in lock.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise EnvironmentFailed(
            f"The lock {lock} cannot be read ({error.strerror}). Make it with `mantidhub environment lock`."
        ) from error
    return [line for line in lines if line and not line.startswith("#")]


def source_digest(package: Path) -> str:
    """Return the hash of a package's sources: its ``pyproject.toml`` and all that it is made of.

    That is everything below ``src``, or below the files and folders that ``sources`` of ``[tool.mantidhub]`` in the
    ``pyproject.toml`` lists, but for what is below the folders that ``built`` lists: it is made of the rest.
    """
    project = package / "pyproject.toml"
    told = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("mantidhub", {})
    built = [package / folder for folder in told.get("built", [])]
    tops = [package / name for name in told.get("sources", ["src"])]
    found = (path for top in tops for path in ([top] if top.is_file() else top.rglob("*")))
    sources = (
        path
        for path in found
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(path.is_relative_to(folder) for folder in built)
    )
    lines = [f"{path.relative_to(package).as_posix()} {digest(path)}" for path in sorted(sources)]
    return hashlib.sha256("\n".join([digest(project), *lines]).encode()).hexdigest()


def digest(file: Path) -> str:
    """Return the hash of one file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()

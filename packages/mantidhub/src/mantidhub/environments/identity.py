"""The hash that names an environment: all that shapes it, and nothing else.

The same specification, lock and local packages give the same hash on every machine of one kind; comments, the order
of keys, times and the place of the checkout do not count.
"""

import hashlib
import json
from pathlib import Path

from mantidhub.environments.interpreters import Interpreter
from mantidhub.environments.specification import Specification

RECIPE = 1
"""Raise it when the builder makes something else of the same specification."""

READ_INSTEAD = {"lock", "files", "local_packages"}
BESIDE_THE_POINT = {"path", "requirements", "free_space_gb"}

SHORT = 12
"""Characters of the hash in a folder's name."""


def identity(specification: Specification, interpreter: Interpreter) -> str:
    """Return the SHA-256 (hexadecimal) of what the environment will be made of."""
    ingredients = {
        "recipe": RECIPE,
        "abi": interpreter.abi,
        "platform": interpreter.platform,
        "specification": specification.model_dump(mode="json", exclude=READ_INSTEAD | BESIDE_THE_POINT),
        "lock": specification.lock_lines(),
        "files": {target: digest(specification.beside(source)) for target, source in specification.files.items()},
        "local_packages": [source_digest(specification.beside(folder)) for folder in specification.local_packages],
    }
    canonical = json.dumps(ingredients, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def source_digest(package: Path) -> str:
    """Return the hash of a package's sources: its ``pyproject.toml`` and everything below ``src``."""
    sources = (path for path in (package / "src").rglob("*") if "__pycache__" not in path.parts and path.is_file())
    lines = [f"{path.relative_to(package).as_posix()} {digest(path)}" for path in sorted(sources)]
    return hashlib.sha256("\n".join([digest(package / "pyproject.toml"), *lines]).encode()).hexdigest()


def digest(file: Path) -> str:
    """Return the hash of one file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()

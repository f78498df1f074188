"""A small specification on disk, and a prefix that looks built."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from mantidhub.environments import Environment, Specification
from mantidhub.environments.environment import MANIFEST
from mantidhub.environments.verification import hash_tree, write_hashes

SPECIFICATION = """\
name = "small"
title = "Small"
description = "What the tests need"
python = ["3.11", "3.12", "3.13"]
requirements = "small.in"
lock = "small.txt"
local_packages = ["package"]

[files]
"etc/settings.json" = "settings.json"

[variables]
OMP_NUM_THREADS = "1"

[checks]
imports = ["json"]
"""

Reload = Callable[[], Specification]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Specification, lock, settings file and a local package."""
    folder = tmp_path / "environments"
    (folder / "package" / "src" / "thing").mkdir(parents=True)
    (folder / "small.toml").write_text(SPECIFICATION)
    (folder / "small.in").write_text("six\n")
    (folder / "small.txt").write_text("# made by hand\nsix==1.17.0 \\\n    --hash=sha256:00\n    # via -r small.in\n")
    (folder / "settings.json").write_text("{}")
    (folder / "package" / "pyproject.toml").write_text("[project]\nname = 'thing'\n")
    (folder / "package" / "src" / "thing" / "__init__.py").write_text("answer = 42\n")
    return folder


@pytest.fixture
def load(folder: Path) -> Reload:
    """Read the specification anew."""
    return lambda: Specification.load(folder / "small.toml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "built"
    root.mkdir()
    return root


@pytest.fixture
def environment(root: Path, tmp_path: Path) -> Environment:
    """A prefix with two files, a symlink, a package's metadata and an interpreter."""
    prefix = root / f"small-{'a' * 12}"
    base = tmp_path / "base"
    (base / "bin").mkdir(parents=True)
    (base / "bin" / "python3").write_text("#!/bin/sh\n")
    (base / "bin" / "python3").chmod(0o755)
    packages = prefix / "lib" / "python3.11" / "site-packages"
    (packages / "six-1.17.0.dist-info").mkdir(parents=True)
    (packages / "six-1.17.0.dist-info" / "METADATA").write_text("Name: six\n")
    (packages / "six.py").write_text("import sys\n")
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").symlink_to(base / "bin" / "python3")
    environment = Environment(
        name="small",
        title="Small",
        hash="a" * 64,
        prefix=prefix,
        python=prefix / "bin" / "python",
        interpreter=base,
        variables=MappingProxyType({"OMP_NUM_THREADS": "1"}),
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        python_version="3.11.2",
        packages=MappingProxyType({"six": "1.17.0"}),
    )
    write_hashes(prefix, hash_tree(prefix))
    (prefix / MANIFEST).write_text(environment.to_json())
    return environment

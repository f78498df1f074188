"""A small specification on disk, and a prefix that looks built."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
Copy = Callable[..., Environment]


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
        description="An environment for tests",
        labels=(),
        hash="a" * 64,
        lock_hash="b" * 64,
        prefix=prefix,
        python=prefix / "bin" / "python",
        interpreter=base,
        variables=MappingProxyType({"OMP_NUM_THREADS": "1"}),
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        python_version="3.11.2",
        packages=MappingProxyType({"six": "1.17.0"}),
        session_files=MappingProxyType({"/etc/small.properties": "threads={threads}\n"}),
    )
    (prefix / MANIFEST).write_text(environment.to_json())
    write_hashes(prefix, hash_tree(prefix))
    return environment


def copied(
    environment: Environment, name: str, letter: str, *, younger_by: timedelta, lock: str | None = None
) -> Environment:
    """Add another environment beside one."""
    prefix = environment.prefix.with_name(f"{name}-{letter * 12}")
    shutil.copytree(environment.prefix, prefix, symlinks=True)
    another = replace(
        environment,
        name=name,
        hash=letter * 64,
        lock_hash=lock or environment.lock_hash,
        prefix=prefix,
        python=prefix / "bin" / "python",
        created=environment.created + younger_by,
    )
    (prefix / MANIFEST).write_text(another.to_json())
    write_hashes(prefix, hash_tree(prefix))
    return another


@pytest.fixture
def copy(environment: Environment) -> Copy:
    """Add another environment beside the first: its name, the letter of its hash, how much younger, its lock."""
    return lambda name, letter, **more: copied(environment, name, letter, **{"younger_by": timedelta(0), **more})

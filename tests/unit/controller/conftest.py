"""Prefixes that look built, and what is chosen from them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from mantidhub.environments import Environment
from mantidhub.environments.environment import MANIFEST

Make = Callable[..., Environment]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "environments"
    folder.mkdir()
    return folder


@pytest.fixture
def make(root: Path, tmp_path: Path) -> Make:
    """Make an environment: name, letter of its hash, days since the first one."""
    base = tmp_path / "base"
    (base / "bin").mkdir(parents=True)
    (base / "bin" / "python3").touch()

    def make(name: str, letter: str, *, day: int = 0, **changes: object) -> Environment:
        prefix = root / f"{name}-{letter * 12}"
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin" / "python").symlink_to(base / "bin" / "python3")
        what: dict[str, object] = {
            "title": name.title(),
            "description": f"What {name} is",
            "labels": (),
            "hash": letter * 64,
            "lock_hash": letter * 64,
            "interpreter": base,
            "variables": MappingProxyType({}),
            "created": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day),
            "python_version": "3.11.2",
            "packages": MappingProxyType({"scipp": "26.1.0", "six": "1.17.0"}),
            "session_files": MappingProxyType({}),
        }
        environment = Environment(name=name, prefix=prefix, python=prefix / "bin" / "python", **{**what, **changes})
        (prefix / MANIFEST).write_text(environment.to_json())
        return environment

    return make

"""Interfaces find the simulated runs, and keep nothing in the home of whoever runs the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def place(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTIDHUB_DATA", str(archive))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def other_archive(tmp_path: Path) -> Callable[[int], Path]:
    """Write the runs with other random numbers; returns the folder."""
    from mantidlab.simulation.archive import write_archive

    def write(seed: int) -> Path:
        folder = tmp_path / f"seed-{seed}"
        write_archive(folder, seed=seed)
        return folder

    return write

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
def other_archive(tmp_path: Path) -> Callable[[str, int], Path]:
    """Write the runs of one instrument with other random numbers; returns the folder."""
    from mantidlab.simulation.archive import plans

    def write(instrument: str, seed: int) -> Path:
        folder = tmp_path / f"seed-{seed}"
        for plan in plans():
            if plan.header.instrument == instrument:
                place = plan.place(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(plan.simulate(seed))
        return folder

    return write

"""Everything that interfaces keep lies in a folder of the test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MANTIDLAB_CACHE", str(folder))
    return folder

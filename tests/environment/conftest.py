"""What all tests here need: `support` to import, and the archive of simulated instruments, made once."""

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

if importlib.util.find_spec("scipp") is None:
    # The development environment: tests/integration/test_examples.py runs these files where scipp is.
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from mantidlab.simulation.archive import write_archive

    folder = tmp_path_factory.mktemp("instrument")
    write_archive(folder)
    return folder

"""What may run beside what: the tests of examples and techniques beside the platforms, which have the machine else."""

from pathlib import Path

import pytest

ALONE = "test_examples.py"
"""Its tests have a process each, and share nothing."""
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process of pytest-xdist have all that starts platforms, daemons and networks, in its order."""
    for item in items:
        if HERE in item.path.parents and item.path.name != ALONE:
            item.add_marker(pytest.mark.xdist_group("platforms"))

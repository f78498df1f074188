"""The recorded Mantid, for tests that run with an environment's Python."""

import pytest


@pytest.fixture
def recorded():
    from support import recorded_workspaces

    if not recorded_workspaces.FOLDER.exists():
        pytest.skip(f"no {recorded_workspaces.FOLDER}; name the folder with MANTIDHUB_SHARED_MANTID")
    return recorded_workspaces

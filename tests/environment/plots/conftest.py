"""Hypothesis on a machine that does other things too, and the recorded Mantid."""

import pytest
from hypothesis import settings

settings.register_profile("environment", deadline=None, database=None)
settings.load_profile("environment")


@pytest.fixture
def recorded():
    from support import recorded_workspaces

    if not recorded_workspaces.FOLDER.exists():
        pytest.skip(f"no {recorded_workspaces.FOLDER}; name the folder with MANTIDHUB_SHARED_MANTID")
    return recorded_workspaces

"""The scipp environment that all test runs share; ``python -m support.environment`` prints where it is."""

import os
from pathlib import Path

from support.environments import shipped_environment

VARIABLE = "MANTIDHUB_TEST_ENVIRONMENT"


def environment_prefix() -> Path:
    """Return the environment to test: the one that the caller names, or the shared one, built if it is missing."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else shipped_environment().prefix


if __name__ == "__main__":
    print(environment_prefix())

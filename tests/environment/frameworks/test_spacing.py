"""Which axes are shown best with a logarithm."""

import numpy as np
import pytest

from mantidlab.frameworks.spacing import grows

GROWING = {
    "tenths": np.geomspace(0.01, 1, 21),
    "a cut last step": np.append(np.geomspace(0.2, 4, 600), 4.001),
    "single precision": np.geomspace(100, 100_000, 1000).astype("f4"),
    "few": np.array([1.0, 2, 4, 8, 16]),
    "whole numbers": np.array([1, 10, 100, 1000, 10_000]),
}
NOT_GROWING = {
    "equal": np.linspace(0.1, 10, 50),
    "equal and far from zero": np.linspace(10_000, 10_010, 11),
    "equal and farther": 1e6 + np.arange(6.0),
    "equal in single precision": np.linspace(5000, 20_000, 600).astype("f4"),
    "two ranges": np.concatenate([np.geomspace(1, 10, 10), np.linspace(11, 100, 10)]),
    "falling": np.geomspace(1, 0.01, 20),
    "from zero": np.array([0.0, 1, 2, 4, 8]),
    "negative": -np.geomspace(1, 10, 10),
    "not a number": np.array([1.0, 2, np.nan, 8, 16]),
    "short": np.array([1.0, 2, 4]),
    "texts": np.array(["a", "b", "c", "d", "e", "f"]),
    "moments": np.array([1, 2, 4, 8, 16], "datetime64[s]"),
}


@pytest.mark.parametrize("positions", GROWING.values(), ids=GROWING)
def test_steps_that_grow_with_the_values(positions):
    assert grows(positions)


@pytest.mark.parametrize("positions", NOT_GROWING.values(), ids=NOT_GROWING)
def test_other_steps(positions):
    assert not grows(positions)

"""A small instrument whose numbers are known: two banks of tubes, a monitor, and an ideal place for each detector."""

import numpy as np
import pytest

from mantidlab.frameworks.model import Bank, Geometry

ROWS, COLUMNS = 4, 6


def make_geometry(**other) -> Geometry:
    """Two upright banks two metres from the sample, ahead and to the side; the last detector is a monitor upstream."""
    across = np.linspace(-0.25, 0.25, COLUMNS)
    upwards = np.linspace(-0.15, 0.15, ROWS)
    u, v = np.meshgrid(across, upwards)
    ahead = np.stack([u, v, np.full_like(u, 2.0)], axis=-1).reshape(-1, 3)
    aside = np.stack([np.full_like(u, 2.0), v, -u], axis=-1).reshape(-1, 3)
    positions = np.concatenate([ahead, aside, [[0.0, 0.0, -1.0]]]) + np.array([0.5, 0.0, 3.0])
    count = len(positions)
    return Geometry(
        **{
            "instrument": "TEST",
            "ids": np.append(np.arange(1001, 1001 + count - 1), -1),
            "positions": positions,
            "monitor": np.arange(count) == count - 1,
            "masked": np.zeros(count, dtype=bool),
            "source": np.array([0.5, 0.0, -7.0]),
            "sample": np.array([0.5, 0.0, 3.0]),
            "beam": np.array([0.0, 0.0, 1.0]),
            "up": np.array([0.0, 1.0, 0.0]),
            "banks": (Bank("ahead", 0, 24, (ROWS, COLUMNS)), Bank("aside", 24, 48, (ROWS, COLUMNS))),
            **other,
        }
    )


@pytest.fixture
def geometry() -> Geometry:
    return make_geometry()

"""Where detectors stand on instruments whose raw files do not say so.

ISIS raw files hold detector numbers and motor positions, no places. The places are facts of the instrument: those of
SANS2D, LOQ, INTER and POLREF are here, from the instrument definitions that Mantid publishes (dates of validity 2002 to
2016) and, for LOQ, as Mantid 3.13 puts its detectors. Frame: sample at the origin, z along the beam, y up, metres.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Log, NotThere, Numbers

Places = Callable[[NDArray[np.integer[Any]], Mapping[str, Log]], tuple[Numbers, NDArray[np.bool_]]]
"""From detector numbers (n,) and sample logs: positions (n, 3), and which numbers are detectors of this layout (n,)."""


@dataclass(frozen=True)
class Layout:
    """One instrument.

    Attributes
    ----------
    source_to_sample
        In metres.
    places
        Puts detectors into place.
    pixel
        Width and height of a detector, m.
    monitors
        Number of each monitor and its distance from the source, m.
    incident
        The monitor that a reduction takes when nothing is said.
    slits
        Sample logs with the heights (mm) of the two slits before the sample, and how far they are apart, m.
    """

    source_to_sample: float
    places: Places
    pixel: tuple[float, float]
    monitors: Mapping[int, float]
    incident: int
    slits: tuple[str, str, float] | None = None


def _sans2d(numbers: NDArray[np.integer[Any]], logs: Mapping[str, Log]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Place the rear detector: number 1 rrr ccc, 192 rows and columns 5.1 mm apart, moved by two motors in mm."""
    row, column = numbers // 1000 % 1000, numbers % 1000
    x = (column - 95.5) * 5.1e-3 - 1e-3 * _last(logs, "Rear_Det_X")
    z = np.full(len(numbers), 1e-3 * _last(logs, "Rear_Det_Z"))
    known = (numbers // 1_000_000 == 1) & (row < 192) & (column < 192)
    return np.stack([x, (row - 95.5) * 5.1e-3, z], axis=1), known


def _loq(numbers: NDArray[np.integer[Any]], logs: Mapping[str, Log]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Place the main detector: numbers 3 to 16386 along rows of 128, 4.145 m behind the sample."""
    index = numbers - 3
    x, y = -0.3136009 + 5.0379e-3 * (index % 128), -0.3124091 + 5.0410e-3 * (index // 128)
    return np.stack([x, y, np.full(len(numbers), 4.145)], axis=1), (index >= 0) & (index < 128 * 128)


def _inter(numbers: NDArray[np.integer[Any]], logs: Mapping[str, Log]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Place the point detector (number 4) at the height of its motor, whose zero is 201 mm below the beam."""
    height = 1e-3 * (_last(logs, "PD1H") + 201.0)
    return np.tile(np.array([0.0, height, 2.663]), (len(numbers), 1)), numbers == 4


def _polref(numbers: NDArray[np.integer[Any]], logs: Mapping[str, Log]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Place the pixels of the linear detector from number 2001 up, 1.2 mm apart; its height is not logged."""
    index = numbers - 2001
    places = np.stack([np.zeros(len(numbers)), 1.2e-3 * index, np.full(len(numbers), 3.0)], axis=1)
    return places, (index >= 0) & (index < 243)


LAYOUTS = {
    "SANS2D": Layout(19.334, _sans2d, (5.1e-3, 5.1e-3), {1: 7.22, 2: 17.94}, 1),
    "LOQ": Layout(11.005, _loq, (5.0379e-3, 5.0410e-3), {1: 6.356, 2: 10.424}, 2),
    "INTER": Layout(17.037, _inter, (0.04, 0.01), {1: 6.960, 2: 13.791, 3: 16.785}, 2, ("S1_VG", "S2_VG", 1.923)),
    "POLREF": Layout(23.0, _polref, (0.05, 1.2e-3), {1: 11.97, 2: 17.95, 3: 22.575}, 2),
}


def _last(logs: Mapping[str, Log], name: str) -> float:
    """Return the last value of a log."""
    value = logs[name].value if name in logs else None
    if not isinstance(value, int | float):
        raise NotThere(f"The file logs no {name}, which says where the detector stood.")
    return float(value)

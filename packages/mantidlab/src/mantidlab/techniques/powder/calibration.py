r"""From times of flight to d-spacings, by detector: :math:`t = \mathrm{DIFA}\,d^2 + \mathrm{DIFC}\,d + t_0`.

From the places of the detectors, from a file as Mantid's ``SaveDiffCal`` writes it, or from a run of a reference.
``ess.powder.conversion.to_dspacing_with_calibration`` has the same formula; it takes wavelengths, which it turns back
into times with the positions, and solves the quadratic in a way that loses digits where DIFA is small.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.conversion.neutron import TIME_PER_WAVELENGTH
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.runs import Places

GROUP = "calibration"


@dataclass(frozen=True, eq=False)
class Calibration:
    """Coefficients of each detector.

    Attributes
    ----------
    numbers
        Of the detectors, shape (n,).
    difc
        µs/Å, shape (n,).
    difa
        µs/Å², shape (n,).
    tzero
        µs, shape (n,).
    usable
        False for detectors without one, shape (n,).
    """

    numbers: NDArray[np.integer[Any]]
    difc: Numbers
    difa: Numbers
    tzero: Numbers
    usable: Mask

    def spacings(self, times: Numbers, rows: NDArray[np.integer[Any]]) -> Numbers:
        """Return d-spacings (Å) of times of flight (µs); NaN where there is no answer."""
        c, a, late = self.difc[rows], self.difa[rows], times - self.tzero[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            # The root that stays exact as DIFA goes to zero.
            return np.asarray(2 * late / (c + np.sqrt(c**2 + 4 * a * late)))

    def times(self, spacings: Numbers, rows: NDArray[np.integer[Any]]) -> Numbers:
        """Return times of flight (µs) of d-spacings (Å)."""
        return np.asarray(self.difa[rows] * spacings**2 + self.difc[rows] * spacings + self.tzero[rows])

    def stretched(self, factors: Numbers) -> "Calibration":
        """Return it for d-spacings that are smaller by a factor for each detector, shape (n,)."""
        return replace(self, difc=self.difc * factors, difa=self.difa * factors**2)


def from_places(places: Places) -> Calibration:
    r"""Return the calibration of the geometry, :math:`\mathrm{DIFC} = 2 \frac{m}{h} (L_1 + L_2) \sin\theta`.

    Raises
    ------
    WrongRun
        Nobody knows where the source is.
    """
    if not np.isfinite(places.l1):
        raise WrongRun(
            "The file does not say how far the source is from the sample, so that its times have no d-spacing. Give "
            "the distance, or a calibration."
        )
    difc = TIME_PER_WAVELENGTH * (places.l1 + places.l2) * 2 * np.sin(places.two_theta / 2)
    usable = places.usable & np.isfinite(difc) & (difc > 0)
    zeros = np.zeros(len(difc))
    return Calibration(places.numbers, np.where(usable, difc, 1.0), zeros, zeros.copy(), usable)


def read_calibration(path: Path, places: Places) -> Calibration:
    """Return the calibration of a file, for the detectors of a run in their order.

    The file is HDF5 with a group ``calibration`` that holds detid, difc and, where there are, difa, tzero and use: what
    ``SaveDiffCal`` writes (Mantid's documentation, "Calibration File": HDF5 format).

    Raises
    ------
    WrongSetting
        It is no such file, or has none of the run's detectors.
    """
    try:
        with h5py.File(path, "r") as file:
            columns = {name: np.asarray(file[GROUP][name]) for name in ("detid", "difc")}
            more = {name: np.asarray(file[GROUP][name]) for name in ("difa", "tzero", "use") if name in file[GROUP]}
    except (OSError, KeyError) as error:
        raise WrongSetting(
            f"{path} cannot be read as a calibration ({error}). Give an HDF5 file as SaveDiffCal or this technique "
            f"writes it."
        ) from error
    order = np.argsort(columns["detid"])
    known = columns["detid"][order]
    where = order[np.clip(np.searchsorted(known, places.numbers), 0, len(known) - 1)]
    found = columns["detid"][where] == places.numbers
    if not (found & places.usable).any():
        raise WrongSetting(f"{path.name} calibrates none of the detectors of this run: it is of another instrument.")
    use = more["use"][where].astype(bool) if "use" in more else np.ones(len(where), dtype=bool)
    zeros = np.zeros(len(where))
    difc = columns["difc"][where].astype(np.float64)
    usable = found & places.usable & use & (difc > 0)
    return Calibration(
        places.numbers,
        np.where(usable, difc, 1.0),
        more["difa"][where].astype(np.float64) if "difa" in more else zeros,
        more["tzero"][where].astype(np.float64) if "tzero" in more else zeros.copy(),
        usable,
    )


def save_calibration(calibration: Calibration, path: Path, instrument: str) -> None:
    """Write a calibration as Mantid's ``LoadDiffCal`` reads it."""
    aside = path.with_name(f".{path.name}.partial")
    with h5py.File(aside, "w") as file:
        group = file.create_group(GROUP)
        group["detid"] = calibration.numbers.astype(np.int32)
        for name in ("difc", "difa", "tzero"):
            group[name] = getattr(calibration, name)
        group["use"] = calibration.usable.astype(np.int32)
        group["group"] = np.ones(len(calibration.numbers), dtype=np.int32)
        group.create_group("instrument")["name"] = instrument
    aside.replace(path)

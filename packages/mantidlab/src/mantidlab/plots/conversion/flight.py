"""What is known of the way that the neutrons of a spectrum went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Geometry, Log
from mantidlab.plots.conversion.neutron import Measure

INCIDENT_LOGS = ("Ei", "incident_energy", "EnergyRequest", "Energy")
"""Sample logs under which instruments keep the energy before the sample, in meV."""

FINAL_LOGS = ("Efixed", "EFixed", "final_energy", "Ef")
"""The same for the energy behind it."""


@dataclass(frozen=True)
class Flight:
    """One spectrum's flight, or with arrays that of many. What is not known is None.

    Attributes
    ----------
    before, after
        From source to sample and from sample to detector, in metres.
    two_theta
        Scattering angle in radians; None for monitors, which see neutrons that were not scattered.
    incident_energy, final_energy
        The fixed energy in meV of a direct or an indirect instrument; None for elastic scattering.
    """

    before: Measure | None = None
    after: Measure | None = None
    two_theta: Measure | None = None
    incident_energy: Measure | None = None
    final_energy: Measure | None = None

    @property
    def whole(self) -> Measure | None:
        """From source to detector, in metres."""
        if self.before is None or self.after is None:
            return None
        return self.before + self.after

    @property
    def inelastic(self) -> bool:
        """Whether an energy is fixed."""
        return self.incident_energy is not None or self.final_energy is not None

    def with_energies(self, incident: Measure | None, final: Measure | None) -> "Flight":
        """Return it with energies that somebody gave; None keeps what is known."""
        if incident is None and final is None:
            return self
        return replace(self, incident_energy=incident, final_energy=final)


UNKNOWN = Flight()
"""Of data that say nothing of detectors."""


class Flights:
    """The flights of the spectra behind one geometry; the lengths of all detectors are computed once.

    A spectrum of several detectors has the mean of their distances and of their angles, as in Mantid's
    ``SpectrumInfo`` (class documentation: "averages … over all detectors of a spectrum").
    """

    def __init__(self, geometry: Geometry, incident_energy: float | None, final_energy: float | None) -> None:
        self._geometry = geometry
        self._energies = (incident_energy, final_energy)
        self._before = None if geometry.source is None else float(np.linalg.norm(geometry.sample - geometry.source))
        self._after, self._angles = geometry.l2(), geometry.two_theta()

    def of(self, detectors: NDArray[np.integer[Any]]) -> Flight:
        """Return the flight of a spectrum with these detectors, given by their indices in the geometry."""
        if not len(detectors):
            return UNKNOWN
        if self._geometry.monitor[detectors].any():
            return self._of_monitor(int(detectors[0]))
        after, angle = float(np.mean(self._after[detectors])), float(np.mean(self._angles[detectors]))
        if not np.isfinite([after, angle]).all():
            return UNKNOWN
        return Flight(self._before, after, angle, *self._energies)

    def of_all(self) -> Flight:
        """Return the flights of all detectors in arrays of shape (detectors, 1): values (bins,) become rows of them.

        Monitors have the angle NaN.
        """
        angles = np.where(self._geometry.monitor, np.nan, self._angles)
        return Flight(self._before, self._after[:, np.newaxis], angles[:, np.newaxis], *self._energies)

    def _of_monitor(self, detector: int) -> Flight:
        """Return the way of neutrons from the source straight to a monitor, which may stand before the sample."""
        source, position = self._geometry.source, self._geometry.positions[detector]
        if source is None or not np.isfinite(position).all():
            return UNKNOWN
        return Flight(float(np.linalg.norm(position - source)), 0.0, None)


def logged_energy(logs: Mapping[str, Log], names: tuple[str, ...]) -> float | None:
    """Return an energy in meV from the first of these logs that has one."""
    for name in names:
        found = logs[name].value if name in logs else None
        if isinstance(found, float | int) and not isinstance(found, bool) and found > 0:
            return float(found)
    return None

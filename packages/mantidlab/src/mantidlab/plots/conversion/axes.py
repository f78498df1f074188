"""The positions of one spectrum in another quantity, and which quantities its flight allows."""

from collections.abc import Callable

import numpy as np

from mantidlab.plots.conversion import neutron
from mantidlab.plots.conversion.flight import Flight
from mantidlab.plots.conversion.neutron import Measure, Values
from mantidlab.plots.conversion.quantities import FACES, Quantity
from mantidlab.plots.errors import NoConversion

SCATTERED = (Quantity.SPACING, Quantity.TRANSFER)
"""Quantities that need an angle."""


def reachable(quantity: Quantity, flight: Flight) -> tuple[Quantity, ...]:
    """Return what an axis can be turned into, itself included."""
    return tuple(other for other in Quantity if _missing(quantity, other, flight) == "")


def convert(values: Values, source: Quantity, target: Quantity, flight: Flight) -> Values:
    """Return positions in `target`'s unit from positions in `source`'s, shape kept; NaN where there is no answer.

    The order of the values turns round where one quantity falls as the other grows (Q and energy from times).

    Raises
    ------
    NoConversion
        The flight does not say what is needed.
    """
    if source == target:
        return values
    missing = _missing(source, target, flight)
    if missing:
        raise NoConversion(
            f"{FACES[source].label} cannot be shown as {FACES[target].label}: {missing}. "
            "Leave the unit as it is, or give data that say so."
        )
    values = np.asarray(values, dtype=np.float64)
    if Quantity.ENERGY_TRANSFER in (source, target):
        time = values if source == Quantity.TIME else _time_of_transfer(values, flight)
        return time if target == Quantity.TIME else _transfer_of_time(time, flight)
    return _from_wavelength(_to_wavelength(values, source, flight), target, flight)


def _missing(source: Quantity, target: Quantity, flight: Flight) -> str:
    """Return what a conversion lacks, in words; nothing where it can be done."""
    if source == target:
        return ""
    pair = {source, target}
    if Quantity.ENERGY_TRANSFER in pair:
        if pair != {Quantity.ENERGY_TRANSFER, Quantity.TIME}:
            return "only times of flight say how much energy was transferred"
        if not flight.inelastic:
            return "nobody knows the fixed energy (give incident_energy= or final_energy= in meV)"
    elif flight.inelastic and Quantity.TIME in pair:
        return "the neutrons changed their energy on the way, so that one time belongs to two speeds"
    far = Quantity.TIME in pair and flight.whole is None
    angle = bool(pair & set(SCATTERED)) and flight.two_theta is None
    if far:
        return "nobody knows how far the neutrons flew (positions of source, sample and detectors)"
    return "nobody knows the scattering angle" if angle else ""


def _to_wavelength(values: Values, source: Quantity, flight: Flight) -> Values:
    angle, length = _there(flight.two_theta), _there(flight.whole)
    ways: dict[Quantity, Callable[[Values], Values]] = {
        Quantity.WAVELENGTH: lambda here: here,
        Quantity.TIME: lambda here: neutron.wavelength_of_time(here, length),
        Quantity.SPACING: lambda here: neutron.wavelength_of_spacing(here, angle),
        Quantity.TRANSFER: lambda here: neutron.transfer_of_wavelength(here, angle),
        Quantity.ENERGY: neutron.wavelength_of_energy,
    }
    return ways[source](values)


def _from_wavelength(wavelength: Values, target: Quantity, flight: Flight) -> Values:
    angle, length = _there(flight.two_theta), _there(flight.whole)
    ways: dict[Quantity, Callable[[Values], Values]] = {
        Quantity.WAVELENGTH: lambda here: here,
        Quantity.TIME: lambda here: neutron.time_of_wavelength(here, length),
        Quantity.SPACING: lambda here: neutron.spacing_of_wavelength(here, angle),
        Quantity.TRANSFER: lambda here: neutron.transfer_of_wavelength(here, angle),
        Quantity.ENERGY: neutron.energy_of_wavelength,
    }
    return ways[target](wavelength)


def _there(known: Measure | None) -> Measure:
    """Return what `_missing` has made sure of; what a way does not use may be anything."""
    return np.nan if known is None else known


def _transfer_of_time(time: Values, flight: Flight) -> Values:
    before, after = _there(flight.before), _there(flight.after)
    if flight.incident_energy is not None:
        rest = time - neutron.time_of_energy(flight.incident_energy, before)
        return flight.incident_energy - neutron.energy_of_time(rest, after)
    final = _there(flight.final_energy)
    rest = time - neutron.time_of_energy(final, after)
    return neutron.energy_of_time(rest, before) - final


def _time_of_transfer(transfer: Values, flight: Flight) -> Values:
    before, after = _there(flight.before), _there(flight.after)
    if flight.incident_energy is not None:
        rest = neutron.times_of_energies(flight.incident_energy - transfer, after)
        return rest + neutron.time_of_energy(flight.incident_energy, before)
    final = _there(flight.final_energy)
    rest = neutron.times_of_energies(transfer + final, before)
    return rest + neutron.time_of_energy(final, after)

"""What an axis of a neutron experiment can show, under the names that Mantid, scipp and files give it."""

from dataclasses import dataclass, field
from enum import StrEnum

from mantidlab.frameworks.model import Axis


class Quantity(StrEnum):
    """The names that `plot` takes for its unit."""

    TIME = "time_of_flight"
    WAVELENGTH = "wavelength"
    SPACING = "d_spacing"
    TRANSFER = "Q"
    ENERGY = "energy"
    ENERGY_TRANSFER = "energy_transfer"


@dataclass(frozen=True)
class Face:
    """How a quantity is shown and recognised.

    Attributes
    ----------
    factors
        How many of `unit` one of another unit is.
    """

    label: str
    unit: str
    names: tuple[str, ...]
    factors: dict[str, float] = field(default_factory=dict)


# 1 cm⁻¹ is 0.12398 meV (h c of CODATA 2018, exact).
WAVENUMBER = 0.12398419843320026

ENERGIES = {"meV": 1.0, "eV": 1e3, "µeV": 1e-3, "1/cm": WAVENUMBER}
LENGTHS = {"Å": 1.0, "nm": 10.0, "pm": 0.01, "m": 1e10}

FACES = {
    Quantity.TIME: Face(
        "Time of flight",
        "µs",
        ("tof", "time_of_flight", "time-of-flight", "time of flight", "frame_time", "event_time_offset"),
        {"µs": 1.0, "ns": 1e-3, "ms": 1e3, "s": 1e6},
    ),
    Quantity.WAVELENGTH: Face("Wavelength", "Å", ("wavelength", "lambda"), LENGTHS),
    Quantity.SPACING: Face("d-spacing", "Å", ("dspacing", "d_spacing", "d-spacing"), LENGTHS),
    Quantity.TRANSFER: Face(
        "Q", "1/Å", ("q", "momentumtransfer", "momentum_transfer", "momentum transfer"), {"1/Å": 1.0, "1/nm": 0.1}
    ),
    Quantity.ENERGY: Face("Energy", "meV", ("energy", "energy_inwavenumber"), ENERGIES),
    Quantity.ENERGY_TRANSFER: Face(
        "Energy transfer",
        "meV",
        ("deltae", "energy_transfer", "energy transfer", "deltae_inwavenumber"),
        ENERGIES,
    ),
}

ALIASES = {
    "tof": Quantity.TIME,
    "dspacing": Quantity.SPACING,
    "d": Quantity.SPACING,
    "q": Quantity.TRANSFER,
    "momentum_transfer": Quantity.TRANSFER,
    "momentumtransfer": Quantity.TRANSFER,
    "deltae": Quantity.ENERGY_TRANSFER,
}
"""What people write besides."""


def quantity_of(axis: Axis) -> tuple[Quantity, float] | None:
    """Return what an axis shows and how many of that quantity's units its own unit is; None for anything else."""
    for quantity, face in FACES.items():
        if axis.name.lower() in face.names or axis.label.lower() in face.names:
            factor = face.factors.get(axis.unit)
            return None if factor is None else (quantity, factor)
    return None


def named(name: str) -> Quantity | None:
    """Return the quantity that a person means; None for what is none."""
    text = name.strip()
    for quantity in Quantity:
        if text.lower() == quantity.value.lower():
            return quantity
    return ALIASES.get(text.lower().replace("-", "").replace(" ", "_"))

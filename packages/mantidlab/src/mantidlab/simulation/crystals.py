"""How a powder of a cubic crystal diffracts."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from mantidlab.simulation.drawing import Floats

DIAMOND_SITES = tuple(
    (x + shift, y + shift, z + shift)
    for shift in (0.0, 0.25)
    for x, y, z in ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))
)
"""Positions of the eight atoms in the cell of diamond, space group 227, origin choice 1."""


@dataclass(frozen=True)
class Reflection:
    """A family of lattice planes that diffracts, with all families that share its spacing.

    Attributes
    ----------
    hkl:
        Miller indices of one of them, h ≥ k ≥ l ≥ 0.
    spacing:
        d, Å.
    strength:
        Sum of |F|² over all planes with this spacing (the multiplicity is in it), fm² for a cell.
    """

    hkl: tuple[int, int, int]
    spacing: float
    strength: float


@dataclass(frozen=True)
class Crystal:
    """A cubic crystal of one kind of atom.

    Attributes
    ----------
    lattice_parameter:
        a, Å.
    scattering_length:
        Bound coherent scattering length of the atom, fm.
    displacement:
        B, the isotropic displacement parameter, Å².
    incoherent, absorption:
        Cross sections of an atom, barn; that of absorption at 1.798 Å.
    sites:
        Where the atoms are, in fractions of the cell.
    """

    lattice_parameter: float
    scattering_length: float
    displacement: float
    incoherent: float
    absorption: float
    sites: tuple[tuple[float, float, float], ...] = DIAMOND_SITES

    @property
    def atoms_per_cubic_angstrom(self) -> float:
        """Number density."""
        return len(self.sites) / self.lattice_parameter**3

    @cached_property
    def coherent(self) -> float:
        """Coherent cross section of an atom, 4π b², barn (100 fm²)."""
        return float(4 * np.pi * self.scattering_length**2 / 100)

    def structure_factor(self, hkl: tuple[int, int, int]) -> complex:
        r"""F without thermal motion, fm: :math:`b \sum_j e^{2\pi i (h x_j + k y_j + l z_j)}`."""
        phases = np.array(self.sites) @ np.array(hkl)
        return complex(self.scattering_length * np.exp(2j * np.pi * phases).sum())

    def debye_waller(self, spacing: Floats) -> Floats:
        r"""Factor on intensities for thermal motion, :math:`e^{-2B s^2}` with :math:`s = \sin\theta/\lambda = 1/2d`."""
        return np.exp(-self.displacement / (2 * spacing**2))

    def spacing(self, hkl: tuple[int, int, int]) -> float:
        r"""Distance of lattice planes, :math:`d = a/\sqrt{h^2 + k^2 + l^2}`."""
        return float(self.lattice_parameter / np.linalg.norm(hkl))

    def reflections(self, shortest: float) -> list[Reflection]:
        """Every reflection with a spacing of at least `shortest` (Å), from large spacings to small ones.

        Planes are counted one by one over all signs and orders of the indices, so that multiplicities (and spacings
        that are shared, such as 511 and 333) need no table.
        """
        largest = int(self.lattice_parameter / shortest)
        families: dict[int, list[tuple[int, int, int]]] = {}
        indices = range(-largest, largest + 1)
        for h, k, l in product(indices, indices, indices):  # noqa: E741  (the name that crystallography gives it)
            if 0 < h * h + k * k + l * l <= (self.lattice_parameter / shortest) ** 2:
                families.setdefault(h * h + k * k + l * l, []).append((h, k, l))
        found = []
        for _, planes in sorted(families.items()):
            strength = sum(abs(self.structure_factor(plane)) ** 2 for plane in planes)
            if strength > 1e-6 * self.scattering_length**2:
                first, second, third = max(sorted(map(abs, plane), reverse=True) for plane in planes)
                hkl = (first, second, third)
                found.append(Reflection(hkl, self.spacing(hkl), strength))
        return found

    def powder_intensity(self, reflection: Reflection, theta: Floats) -> Floats:
        r"""Cross section per unit of volume of the powder, integrated over wavelength at a fixed angle.

        .. math:: \int \frac{d\Sigma}{d\Omega} d\lambda = \frac{d^4 \sin\theta}{2\pi v_0^2} \sum |F|^2 e^{-2W}

        From the cross section of a Debye-Scherrer cone,
        :math:`\frac{V}{v_0^2} \frac{\lambda^3}{4\sin\theta} \sum|F|^2` (G. L. Squires, Introduction to the Theory of
        Thermal Neutron Scattering, Cambridge 1978, section 3.6), spread over :math:`2\pi\sin 2\theta \, d(2\theta)` and
        turned from angle to wavelength with Bragg's law. B. Buras and L. Gerward, Acta Cryst. A 31 (1975) 372 give the
        same dependence.

        Returns
        -------
        :
            In Å/cm: neutrons per incident neutron and per Å, per cm of path and per steradian.
        """
        cell = self.lattice_parameter**3
        strength = reflection.strength * 1e-10 * self.debye_waller(np.asarray(reflection.spacing))  # fm² to Å²
        per_angstrom = strength * reflection.spacing**4 * np.sin(theta) / (2 * np.pi * cell**2)
        return per_angstrom * 1e8  # 1/Å to 1/cm

    def diffuse(self, sine_over_wavelength: Floats) -> Floats:
        r"""Cross section per unit of volume that is in no peak, 1/cm per steradian.

        Incoherent scattering, and what thermal motion takes out of the peaks, spread evenly (the incoherent
        approximation): :math:`\frac{n}{4\pi} [\sigma_i + \sigma_c (1 - e^{-2B s^2})]`.
        """
        lost = 1 - np.exp(-2 * self.displacement * sine_over_wavelength**2)
        scattering_per_atom = self.incoherent + self.coherent * lost
        return self.atoms_per_cubic_angstrom * scattering_per_atom / (4 * np.pi)  # 1/Å³ times barn is 1/cm

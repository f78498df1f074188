"""How a layered surface reflects neutrons."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.simulation.drawing import Floats

Complexes: TypeAlias = NDArray[np.complex128]


@dataclass(frozen=True)
class Layer:
    """A layer of a stratified surface.

    Attributes
    ----------
    density:
        Scattering-length density, 1/Å².
    thickness:
        Å; of no meaning for the first (air) and the last layer (substrate), which never end.
    roughness:
        Root-mean-square roughness of the side on which the beam enters, Å.
    """

    density: float
    thickness: float = 0.0
    roughness: float = 0.0


def wavevector(q: Floats, density: float, surrounding: float) -> Complexes:
    r"""Component of the wave vector across the layers, inside a layer.

    .. math:: k = \sqrt{(Q/2)^2 - 4\pi(\rho - \rho_0)}
    """
    return np.sqrt((q / 2) ** 2 - 4 * np.pi * (density - surrounding) + 0j)


def interface_reflection(upper: Complexes, lower: Complexes, roughness: float) -> Complexes:
    r"""Fresnel's amplitude at one interface, with the roughness factor of Névot and Croce.

    .. math:: r = \frac{k_0 - k_1}{k_0 + k_1} \, e^{-2 k_0 k_1 \sigma^2}

    L. Névot and P. Croce, Rev. Phys. Appl. 15 (1980) 761.
    """
    reflection: Complexes = (upper - lower) / (upper + lower) * np.exp(-2 * upper * lower * roughness**2)
    return reflection


def reflectivity(q: Floats, layers: tuple[Layer, ...]) -> Floats:
    """Specular reflectivity by Parratt's recursion, from the substrate up.

    Parameters
    ----------
    q:
        Momentum transfer, 1/Å, larger than 0.
    layers:
        From the surroundings (first) to the substrate (last).

    References
    ----------
    L. G. Parratt, Phys. Rev. 95 (1954) 359; equal to the matrices of F. Abelès, Ann. Phys. (Paris) 12 (1950) 504.
    """
    surroundings = layers[0].density
    lower = wavevector(q, layers[-1].density, surroundings)
    reflected = np.zeros_like(lower)
    for upper_layer, lower_layer in zip(layers[-2::-1], layers[:0:-1], strict=True):
        upper = wavevector(q, upper_layer.density, surroundings)
        interface = interface_reflection(upper, lower, lower_layer.roughness)
        below = reflected * np.exp(2j * lower * lower_layer.thickness)
        reflected = (interface + below) / (1 + interface * below)
        lower = upper
    return np.abs(reflected) ** 2


def smeared_reflectivity(q: Floats, layers: tuple[Layer, ...], relative_width: float) -> Floats:
    """Reflectivity seen with a Gaussian resolution whose standard deviation is `relative_width` times Q."""
    offsets, weights = np.polynomial.hermite_e.hermegauss(15)
    shifted = q[..., np.newaxis] * (1 + relative_width * offsets)
    return reflectivity(shifted, layers) @ (weights / weights.sum())

"""S(Q, ω) out of a file: energy transfers, intensities, and the Q of each spectrum."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Image, NotThere, Numbers
from mantidlab.plots.conversion.neutron import wavelength_of_energy
from mantidlab.plots.conversion.quantities import Quantity, quantity_of
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import OpenRun


@dataclass(frozen=True, eq=False)
class QuasiElastic:
    """Spectra over energy transfer.

    Attributes
    ----------
    edges
        Energy transfer, meV, shape (n + 1,).
    values, errors
        Shape (spectra, n); NaN where a value must not be used.
    q
        Elastic momentum transfer of each spectrum, 1/Å; NaN where nobody knows.
    """

    edges: Numbers
    values: Numbers
    errors: Numbers
    q: Numbers
    instrument: str
    title: str
    run: str


def read_spectra(path: Path, final_energy: float) -> QuasiElastic:
    """Read spectra over energy transfer.

    Parameters
    ----------
    final_energy
        Of the analyser, meV: with the scattering angles it gives Q where the file does not.

    Raises
    ------
    WrongRun
        The file has none.
    """
    with OpenRun(path) as run:
        image = run.part().image()
        energy = image.axes[-1]
        known = quantity_of(energy)
        if known is None or known[0] is not Quantity.ENERGY_TRANSFER or energy.values.ndim > 1:
            raise WrongRun(
                f"{run.named} counts over {energy.label} ({energy.unit}); widths are fitted to spectra over energy "
                f"transfer. Reduce the run first, with Mantid's energy transfer interface for instance."
            )
        return QuasiElastic(
            edges=_edges(energy.values * known[1], edges=energy.edges),
            values=np.where(image.mask, np.nan, image.values) if image.mask is not None else image.values.copy(),
            errors=image.errors.copy() if image.errors is not None else np.zeros_like(image.values),
            q=_momentum(run, image, final_energy),
            instrument=run.instrument,
            title=run.title,
            run=run.number,
        )


def _edges(values: NDArray[Any], *, edges: bool) -> Numbers:
    if edges:
        return np.asarray(values, dtype=np.float64)
    middle = (values[1:] + values[:-1]) / 2
    return np.concatenate([[2 * values[0] - middle[0]], middle, [2 * values[-1] - middle[-1]]])


def _momentum(run: OpenRun, image: Image, final_energy: float) -> Numbers:
    rows = image.axes[0]
    known = quantity_of(rows)
    if known is not None and known[0] is Quantity.TRANSFER:
        values = np.asarray(rows.values, dtype=np.float64) * known[1]
        return (values[1:] + values[:-1]) / 2 if rows.edges else values
    try:
        angles = run.places().two_theta
    except (NotThere, WrongRun):
        return np.full(len(image.values), np.nan)
    wavelength = wavelength_of_energy(np.asarray(final_energy))
    return np.asarray(4 * np.pi * np.sin(angles / 2) / wavelength)

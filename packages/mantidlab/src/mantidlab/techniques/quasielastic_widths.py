"""The interface: quasi-elastic widths against Q."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Histogram
from mantidlab.interfaces import Progress, RunFile, interface, step
from mantidlab.techniques.curves import Curve, bins, points
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.quasielastic.diffusion import DiffusionFit, fit_diffusion
from mantidlab.techniques.quasielastic.lines import (
    GaussianResolution,
    LineFit,
    MeasuredResolution,
    Resolution,
    fit_line,
)
from mantidlab.techniques.quasielastic.settings import WidthSettings
from mantidlab.techniques.quasielastic.spectra import QuasiElastic, read_spectra

Q_AXIS = ("Q", "Q", "1/Å")
ENERGY_AXIS = ("DeltaE", "Energy transfer", "meV")
SPECTRUM_AXIS = ("spectrum", "Spectrum", "")


@dataclass(frozen=True, eq=False)
class Widths:
    """What a fit of all spectra gives.

    Attributes
    ----------
    widths
        Full width at half maximum of the Lorentzian over Q, meV; over the number of the spectrum where no Q is known.
    elastic_share
        A₀/(A₀ + A₁) over Q.
    spectra, fits
        What was fitted, and the fits.
    chi_square
        Of each spectrum, for each degree of freedom.
    diffusion
        What the widths say of the motion; None where no model was asked for.
    """

    widths: Curve
    elastic_share: Curve
    spectra: tuple[Curve, ...]
    fits: tuple[Curve, ...]
    chi_square: tuple[float, ...]
    diffusion: DiffusionFit | None

    def plot(self) -> Any:
        """Draw the widths with their errors, and the model of diffusion that was fitted to them."""
        from mantidlab import plot

        if self.diffusion is None:
            return plot(self.widths, errors="bars")
        model = _model(self.widths, self.diffusion)
        return plot({"widths": self.widths, f"fit, {self.diffusion}": model}, errors="bars")


@interface(
    title="Quasi-elastic widths",
    technique="inelastic scattering, indirect geometry",
    instruments=["IRIS", "OSIRIS", "BASIS"],
)
def quasielastic_widths(
    sample: RunFile, resolution: RunFile | None = None, settings: WidthSettings = WidthSettings()
) -> Generator[Progress, None, Widths]:
    """Fit an elastic line and a Lorentzian to each spectrum, and say how the width grows with Q.

    The fit is NumPy's and SciPy's, whichever framework the environment has.

    Parameters
    ----------
    sample
        Spectra over energy transfer, reduced.
    resolution
        The same of something that scatters elastically; else a Gaussian of the settings.
    settings
        Everything else.
    """
    yield Progress(0.0, "reading")
    spectra = _ranged(step(read_spectra, sample, settings.final_energy), settings)
    measured = None if resolution is None else step(read_spectra, resolution, settings.final_energy)
    fits = []
    for number in range(len(spectra.values)):
        yield Progress(0.1 + 0.8 * number / len(spectra.values), f"spectrum {number + 1} of {len(spectra.values)}")
        fits.append(_fitted(spectra, number, measured, settings))
    yield Progress(0.9, "widths over Q")
    return _result(spectra, fits, settings)


def _fitted(spectra: QuasiElastic, number: int, measured: QuasiElastic | None, settings: WidthSettings) -> LineFit:
    return step(
        fit_line,
        spectra.edges,
        spectra.values[number],
        spectra.errors[number],
        resolution_for(measured, spectra.q[number], number, settings),
        elastic=settings.elastic,
        slope=settings.slope,
        weights=settings.weights,
    )


def resolution_for(measured: QuasiElastic | None, q: float, number: int, settings: WidthSettings) -> Resolution:
    """Return the resolution of a spectrum: of the measured ones the one nearest in Q, else with its number."""
    if measured is None:
        return GaussianResolution(settings.resolution)
    return MeasuredResolution(
        measured.edges,
        measured.values[_nearest(measured, q, number)],
        background=settings.resolution_background,
    )


def _nearest(measured: QuasiElastic, q: float, number: int) -> int:
    if np.isfinite(q) and np.isfinite(measured.q).any():
        return int(np.nanargmin(np.abs(measured.q - q)))
    if number >= len(measured.values):
        raise WrongSetting(
            f"The resolution run has {len(measured.values)} spectra, and the sample more; Q does not help."
        )
    return number


def _ranged(spectra: QuasiElastic, settings: WidthSettings) -> QuasiElastic:
    """Return the range of energy that is fitted, with bins added up."""
    edges = spectra.edges
    inside = np.flatnonzero((edges[:-1] >= settings.energy[0]) & (edges[1:] <= settings.energy[1]))
    if len(inside) < 10 * settings.combine:
        raise WrongSetting(
            f"From {settings.energy[0]:g} to {settings.energy[1]:g} meV lie {len(inside)} bins; the run reaches from "
            f"{edges[0]:.3g} to {edges[-1]:.3g} meV. Choose a wider range, or combine fewer bins."
        )
    first, many = inside[0], len(inside) // settings.combine * settings.combine
    wanted = slice(first, first + many)
    values, errors = spectra.values[:, wanted], spectra.errors[:, wanted]
    shape = (len(values), -1, settings.combine)
    return QuasiElastic(
        edges=edges[first : first + many + 1 : settings.combine],
        values=values.reshape(shape).mean(axis=2),
        errors=np.sqrt(np.square(errors).reshape(shape).sum(axis=2)) / settings.combine,
        q=spectra.q,
        instrument=spectra.instrument,
        title=spectra.title,
        run=spectra.run,
    )


def _result(spectra: QuasiElastic, fits: list[LineFit], settings: WidthSettings) -> Widths:
    about = {"title": spectra.title, "instrument": spectra.instrument, "run": spectra.run}
    known = np.isfinite(spectra.q).all()
    x = spectra.q if known else np.arange(1.0, len(fits) + 1)
    order = np.argsort(x)
    axis = Q_AXIS if known else SPECTRUM_AXIS

    def over_q(name: str, values: list[float], errors: list[float], label: str, unit: str) -> Curve:
        return points(
            name, axis, x[order], np.array(values)[order], np.array(errors)[order], label=label, unit=unit, **about
        )

    widths = over_q("width", [one.fwhm.value for one in fits], [_error(one.fwhm.error) for one in fits], "FWHM", "meV")
    names = [f"Q = {q:.2f} 1/Å" if known else f"spectrum {int(q)}" for q in x]
    return Widths(
        widths=widths,
        elastic_share=over_q(
            "elastic share",
            [one.share.value for one in fits],
            [_error(one.share.error) for one in fits],
            "A₀/(A₀ + A₁)",
            "",
        ),
        spectra=tuple(
            bins(name, ENERGY_AXIS, spectra.edges, values, errors, label="S(Q, ω)", **about)
            for name, values, errors in zip(names, spectra.values, spectra.errors, strict=True)
        ),
        fits=tuple(
            points(
                f"fit, {name}", ENERGY_AXIS, one.energy, one.fitted, np.zeros_like(one.fitted), label="S(Q, ω)", **about
            )
            for name, one in zip(names, fits, strict=True)
        ),
        chi_square=tuple(one.chi_square for one in fits),
        diffusion=_diffusion(widths, settings, known=bool(known)),
    )


def _model(widths: Curve, diffusion: DiffusionFit) -> Histogram:
    """Return the fitted widths as a curve."""
    axis = replace(widths.histogram.axis, values=diffusion.q, errors=None)
    return replace(widths.histogram, axis=axis, values=diffusion.fwhm, errors=None, mask=None, name="fit")


def _diffusion(widths: Curve, settings: WidthSettings, *, known: bool) -> DiffusionFit | None:
    if settings.diffusion == "none":
        return None
    if not known:
        raise WrongSetting("Nobody knows the Q of these spectra, so that no model of diffusion can be fitted to them.")
    inside = (widths.x >= settings.q[0]) & (widths.x <= settings.q[1])
    return fit_diffusion(settings.diffusion, widths.x[inside], widths.y[inside], widths.errors[inside])


def _error(error: float | None) -> float:
    return float("nan") if error is None else error

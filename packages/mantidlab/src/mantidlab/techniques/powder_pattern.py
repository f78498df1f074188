"""The interface: a powder pattern over d-spacing, with calibration and vanadium."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.interfaces import OutputFile, Progress, RunFile, interface, step
from mantidlab.techniques.backends import Backend, backend
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.curves import Curve, Value, bins
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.instruments import POWDER, settings_for
from mantidlab.techniques.powder.calibration import save_calibration
from mantidlab.techniques.powder.focusing import Focused, Focusing, calibration_of, focus, rings_of, spacing_edges
from mantidlab.techniques.powder.patterns import Pattern, PatternFit, fit_cubic
from mantidlab.techniques.powder.settings import PowderSettings
from mantidlab.techniques.runs import OpenRun

D_AXIS = ("dspacing", "d-spacing", "Å")


@dataclass(frozen=True, eq=False)
class PowderResult:
    """What a reduction gives.

    Attributes
    ----------
    pattern
        Intensity over d-spacing, all detectors together: relative to vanadium, else counts per µA h and Å.
    rings
        The same for each group of detectors, if there is more than one.
    two_theta
        Mean scattering angle of each group, in degrees.
    lattice
        The lattice parameter; None where no fit was asked for. Its uncertainty is that of counting.
    fitted
        The fitted pattern; None where no fit was asked for.
    chi_square
        Of that fit, for each degree of freedom; None where no fit was asked for.
    calibration
        For each ring, by how much d-spacings were too large before; empty without a calibration run.
    """

    pattern: Curve
    rings: tuple[Curve, ...]
    two_theta: tuple[float, ...]
    lattice: Value | None
    fitted: Curve | None
    chi_square: float | None
    calibration: tuple[Value, ...]

    def plot(self) -> Any:
        """Draw the pattern, and its fit."""
        from mantidlab import plot

        return plot(*(curve for curve in (self.pattern, self.fitted) if curve is not None))


@interface(
    title="Powder pattern over d-spacing", technique="powder diffraction", instruments=["SIMPOW", "HRPD", "GEM", "WISH"]
)
def powder_pattern(
    sample: RunFile,
    vanadium: RunFile | None = None,
    empty: RunFile | None = None,
    calibration_run: RunFile | None = None,
    settings: PowderSettings = PowderSettings(),
    save_calibration_to: OutputFile | None = None,
) -> Generator[Progress, None, PowderResult]:
    """Focus a powder run to d-spacing, normalised by vanadium.

    Parameters
    ----------
    sample
        The powder.
    vanadium
        A run of vanadium, which scatters alike everywhere; its peaks and its absorption are not corrected.
    empty
        The empty instrument; subtracted from sample and vanadium in proportion to their protons.
    calibration_run
        A reference of a known cubic cell, from which each ring of detectors is calibrated.
    settings
        Everything else.
    save_calibration_to
        Where to write the calibration that was made, as Mantid reads it.
    """
    others = {"vanadium": vanadium, "empty instrument": empty, "calibration run": calibration_run}
    settings = settings_for(sample, POWDER, settings, beside=others)
    if backend() is Backend.MANTID:
        from mantidlab.techniques.powder.in_mantid import check, focus_run

        check(settings, calibration_run, save_calibration_to)
        factors: tuple[Value, ...] = ()
        yield Progress(0.1, "Mantid focuses")
        fine, wide = _edges(settings)
        sums = Sums(
            focus_run(sample, fine, settings),
            None if vanadium is None else focus_run(vanadium, wide, settings),
            None if empty is None else focus_run(empty, wide, settings),
        )
    else:
        yield Progress(0.0, "calibration")
        factors = ()
        if calibration_run is not None:
            factors = _calibrated(calibration_run, vanadium, empty, settings)
        how = _how(settings, factors)
        if save_calibration_to is not None:
            _save(sample, how, save_calibration_to)
        yield Progress(0.4, "focusing")
        sums = Sums(*_focused(sample, vanadium, empty, settings, how))
    yield Progress(0.8, "normalising")
    return _result(sums, factors, settings)


@dataclass(frozen=True, eq=False)
class Sums:
    """Sample, vanadium and empty instrument over d-spacing; the last two None where they were not measured."""

    sample: Focused
    vanadium: Focused | None
    empty: Focused | None


def normalised(sums: Sums, ring: int | None) -> Pattern:
    """Return a pattern, of all detectors (None) or of a ring, with what its errors follow from.

    The empty instrument and vanadium are smoothed as they were counted, in wide bins with straight lines between, and
    count as exact: what is left of their errors is shared by many bins.
    """
    edges = sums.sample.counts.edges
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    charge = sums.sample.charge if np.isfinite(sums.sample.charge) else 1.0
    below = _density(sums.empty, ring, middle)
    even = np.ones_like(middle)
    if sums.vanadium is not None:
        even = _density(sums.vanadium, ring, middle) - below
        if (even <= 0).any():
            raise WrongSetting(
                f"Vanadium counts no more than the empty instrument at {middle[int(np.argmin(even))]:.3g} Å, so that "
                f"nothing can be divided by it there. Choose a narrower range of d."
            )
    counted = _counts(sums.sample, ring).values / charge / width
    return Pattern(middle, (counted - below) / even, 1 / (charge * width * even), below / even)


def _density(run: Focused | None, ring: int | None, at: Numbers) -> Numbers:
    """Return neutrons per µA h and Å of a smooth run at other places."""
    if run is None:
        return np.zeros_like(at)
    counts = _counts(run, ring)
    middle = (counts.edges[1:] + counts.edges[:-1]) / 2
    charge = run.charge if np.isfinite(run.charge) else 1.0
    return np.interp(at, middle, counts.values / charge / np.diff(counts.edges))


def _counts(run: Focused, ring: int | None) -> Counts:
    return run.whole() if ring is None else run.ring(ring)


def _how(settings: PowderSettings, factors: tuple[Value, ...]) -> Focusing:
    return Focusing(
        rings=settings.rings,
        calibration=settings.calibration,
        factors=tuple(one.value for one in factors),
        source=settings.source_distance,
        mask=settings.mask,
    )


def _focused(
    sample: Path, vanadium: Path | None, empty: Path | None, settings: PowderSettings, how: Focusing
) -> tuple[Focused, Focused | None, Focused | None]:
    fine, wide = _edges(settings)
    one = step(focus, sample, fine, how)
    two = None if vanadium is None else step(focus, vanadium, wide, how)
    return one, two, None if empty is None else step(focus, empty, wide, how)


def _edges(settings: PowderSettings) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the bins of the sample, and those in which smooth runs are counted."""
    fine = spacing_edges(*settings.d, settings.d_step)
    wider = settings.smooth_vanadium
    if wider <= settings.d_step:
        return fine, fine
    # Two bins more at either end, so that lines between middles reach over the whole range.
    return fine, spacing_edges(settings.d[0] / (1 + wider) ** 2, settings.d[1] * (1 + wider) ** 2, wider)


def _calibrated(run: Path, vanadium: Path | None, empty: Path | None, settings: PowderSettings) -> tuple[Value, ...]:
    """Return for each ring how much larger d-spacings are than those of the reference."""
    sums = Sums(*_focused(run, vanadium, empty, settings, _how(settings, ())))
    found = []
    for ring in range(settings.rings):
        fit = step(fit_cubic, normalised(sums, ring), settings.reference_cell, settings.reference_lattice)
        found.append(Value(fit.lattice.value / settings.reference_lattice, _error(fit) / settings.reference_lattice))
    return tuple(found)


def _error(fit: PatternFit) -> float:
    return float("nan") if fit.lattice.error is None else fit.lattice.error


def _save(sample: Path, how: Focusing, path: Path) -> None:
    with OpenRun(sample) as run:
        places = run.places().moved(None, how.source)
        save_calibration(calibration_of(places, how, rings_of(places, how.rings)), path, run.instrument)


def _result(sums: Sums, factors: tuple[Value, ...], settings: PowderSettings) -> PowderResult:
    run = sums.sample
    about = {"title": run.title, "instrument": run.instrument, "run": run.run}
    unit = "" if sums.vanadium is not None else "1/(µAh Å)"
    label = "Intensity relative to vanadium" if sums.vanadium is not None else "Counts"

    def curve(name: str, pattern: Pattern) -> Curve:
        errors = pattern.deviations(pattern.values)
        return bins(name, D_AXIS, run.counts.edges, pattern.values, errors, label=label, unit=unit, **about)

    whole = normalised(sums, None)
    rings = range(len(run.counts.values)) if len(run.counts.values) > 1 else ()
    fit = None if settings.cell == "none" else step(fit_cubic, whole, settings.cell, settings.lattice)
    return PowderResult(
        pattern=curve("pattern", whole),
        rings=tuple(curve(f"{np.degrees(run.two_theta[ring]):.1f}°", normalised(sums, ring)) for ring in rings),
        two_theta=tuple(float(angle) for angle in np.degrees(run.two_theta)),
        lattice=None if fit is None else fit.lattice,
        fitted=None if fit is None else curve("fit", replace(whole, values=fit.curve)),
        chi_square=None if fit is None else fit.chi_square,
        calibration=factors,
    )

"""The interface: reflectivity from runs at one or several angles."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.interfaces import Progress, RunFile, caution, interface, step
from mantidlab.techniques.backends import Backend, backend
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.curves import Curve, Value, points
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.instruments import REFLECTOMETRY, settings_for
from mantidlab.techniques.reflectometry.optics import middles
from mantidlab.techniques.reflectometry.peaks import Region, Ridge, angle_of_run, one_of_several, read_ridge
from mantidlab.techniques.reflectometry.reduction import Footprint, joined, q_grid, wavelength_edges, within
from mantidlab.techniques.reflectometry.reduction import reflectivity as reflectivity_of
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.reflectometry.stitching import Piece, plateau_factor, stitched

Q_AXIS = ("Q", "Q", "1/Å")
HIGHEST = 1.2
"""R above which scale or direct beams are doubted; total reflection is 1, and monitors may be off by a little."""
FEWEST_OVER = 3
"""Points."""


@dataclass(frozen=True, eq=False)
class Reflectivity:
    """What a reduction gives.

    Attributes
    ----------
    stitched
        R over Q of all angles, with σ(Q) as its resolution.
    angles
        The same of each angle by itself, as it went into the whole.
    thetas
        Angle of incidence of each, in degrees.
    factors
        By what each was multiplied: by matching overlaps and the plateau. Their uncertainties are shared by all points
        of an angle, and not in its error bars.
    """

    stitched: Curve
    angles: tuple[Curve, ...]
    thetas: tuple[float, ...]
    factors: tuple[Value, ...]

    @property
    def curve(self) -> Curve:
        """What stands for it in a plot of several results: all angles as one curve."""
        return self.stitched

    def plot(self) -> Any:
        """Draw the angles with a logarithmic axis."""
        from mantidlab import plot

        return plot(*self.angles, y_scale="log")


@interface(title="Reflectivity", technique="reflectometry", instruments=["SIMREF", "INTER", "POLREF"])
def reflectivity(
    runs: list[RunFile],
    direct_beams: list[RunFile] = [],  # noqa: B006 - validated and copied by the interface
    settings: ReflectivitySettings = ReflectivitySettings(),
) -> Generator[Progress, None, Reflectivity]:
    """Reduce runs at one angle or several to a reflectivity over Q; settings left open suit the instrument.

    Parameters
    ----------
    runs
        One for each angle, the smallest angle first.
    direct_beams
        Without a sample: one for each run, one for all, or several that are joined; none leaves the curve relative.
    settings
        Everything else. What is left open is taken as the instrument of the first run needs it, where that is known
        (INTER, POLREF), whatever a form shows as default; else as SIMREF does.
    """
    if not runs:
        raise WrongSetting("There is no run to reduce: give one for each angle.")
    _check_once("run", runs)
    _check_once("direct beam", direct_beams)
    others = _numbered("run", runs[1:], 2) | _numbered("direct beam", direct_beams, 1)
    settings = settings_for(runs[0], REFLECTOMETRY, settings, beside=others)
    _check_beams(runs, direct_beams, settings)
    if backend() is Backend.MANTID:
        from mantidlab.techniques.reflectometry.in_mantid import reduce_runs

        yield Progress(0.1, "Mantid reduces")
        q, parts = reduce_runs(runs, direct_beams, settings)
        ridges_there = [ridge for _, ridge in parts]
        return _result([piece for piece, _ in parts], ridges_there, q, settings, relative=not direct_beams)
    edges = q_grid(*settings.q, settings.q_step)
    pieces, ridges = [], []
    for number, run in enumerate(runs):
        yield Progress(number / (len(runs) + 1), f"angle {number + 1} of {len(runs)}")
        piece, ridge = _one(run, number, direct_beams, edges, settings)
        pieces.append(piece)
        ridges.append(ridge)
    yield Progress(len(runs) / (len(runs) + 1), "stitching")
    return _result(pieces, ridges, edges, settings, relative=not direct_beams)


def _check_once(name: str, paths: Sequence[Path]) -> None:
    """Refuse a run that stands there twice: its counts are one measurement, and would pass for two."""
    seen: dict[Path, int] = {}
    for number, path in enumerate(paths, 1):
        before = seen.setdefault(path.resolve(), number)
        if before != number:
            raise WrongRun(
                f"{path.name} is {name} {before} and {name} {number}: counted twice, its errors would be too small. "
                f"Take one away."
            )


def _numbered(name: str, paths: Sequence[Path], first: int) -> dict[str, Path]:
    return {f"{name} {number}": path for number, path in enumerate(paths, first)}


def _doubt_scale(q: Numbers, whole: Piece) -> None:
    """Say that a reflectivity is larger than one, which nothing is."""
    with np.errstate(invalid="ignore"):
        over = whole.values - 3 * np.sqrt(whole.variances) > HIGHEST
    if over.sum() < FEWEST_OVER:
        return
    at = int(np.argmax(np.where(over, whole.values, 0.0)))
    caution(
        f"R is {whole.values[at]:.3g} at {q[at]:.3g} 1/Å, and nothing reflects more than 1. Look at the "
        f"direct beams (do they belong to these runs, one to each, or joined?) and at what runs are compared by, or "
        f"give the plateau of total reflection to scale by."
    )


def _check_beams(runs: Sequence[Path], beams: Sequence[Path], settings: ReflectivitySettings) -> None:
    if settings.direct_beams == "one for each run" and len(beams) not in (0, 1, len(runs)):
        raise WrongSetting(
            f"There are {len(runs)} runs and {len(beams)} direct beams: give one for each run, one for all, or choose "
            f"that they are joined."
        )


def _region(settings: ReflectivitySettings, number: int) -> Region:
    """Return which detectors count, with the angle of one run out of those given."""
    angle = one_of_several(settings.angle, number)
    return Region(settings.half_width, settings.background, settings.normalise, settings.monitor, angle, settings.ridge)


def _one(
    run: Path, number: int, beams: Sequence[Path], edges: Numbers, settings: ReflectivitySettings
) -> tuple[Piece, Ridge]:
    region = _region(settings, number)
    theta = angle_of_run(run, region, settings.wavelength)
    seen = within(edges, theta, settings.wavelength)
    if seen.stop <= seen.start:
        raise WrongSetting(
            f"At {np.degrees(theta):.3g}° wavelengths from {settings.wavelength[0]:g} to {settings.wavelength[1]:g} Å "
            f"reach no bin of Q from {settings.q[0]:g} to {settings.q[1]:g} 1/Å. Widen one of them."
        )
    wavelengths = tuple(wavelength_edges(edges[seen.start : seen.stop + 1], theta).tolist())
    ridge = step(read_ridge, run, wavelengths, region, direct=False)
    direct = _direct(beams, number, wavelengths, region, settings)
    footprint = Footprint(settings.footprint, settings.sample_length, 1e-3 * settings.beam_height)
    return reflectivity_of(ridge, direct, edges, seen, footprint, settings.pulse), ridge


def _direct(
    beams: Sequence[Path], number: int, wavelengths: tuple[float, ...], region: Region, settings: ReflectivitySettings
) -> Counts | None:
    if not beams:
        return None
    if settings.direct_beams == "joined":
        return joined(
            [step(read_ridge, beam, wavelengths, region, direct=True) for beam in beams], settings.direct_overlap
        )
    return step(read_ridge, beams[min(number, len(beams) - 1)], wavelengths, region, direct=True).rate


def _result(
    pieces: Sequence[Piece],
    ridges: Sequence[Ridge],
    edges: Numbers,
    settings: ReflectivitySettings,
    *,
    relative: bool,
) -> Reflectivity:
    q = middles(edges)
    whole, used = stitched(pieces, rescale=settings.rescale)
    if settings.plateau is not None:
        factor, error = plateau_factor(whole, q, *settings.plateau)
        whole, used = whole.scaled(factor, error), [piece.scaled(factor, error) for piece in used]
    if not relative:
        _doubt_scale(q, whole)
    first = ridges[0]
    degrees = tuple(float(np.degrees(ridge.theta)) for ridge in ridges)
    return Reflectivity(
        stitched=_curve("reflectivity", q, whole, first),
        angles=tuple(
            _curve(f"{angle:.3g}°", q, piece, ridge) for angle, piece, ridge in zip(degrees, used, ridges, strict=True)
        ),
        thetas=degrees,
        factors=tuple(Value(piece.factor, piece.factor_error) for piece in used),
    )


def _curve(name: str, q: Numbers, piece: Piece, ridge: Ridge) -> Curve:
    seen = np.isfinite(piece.values) & (piece.variances > 0)
    about = {"title": ridge.title, "instrument": ridge.instrument, "run": ridge.run}
    errors = np.sqrt(piece.variances[seen])
    return points(
        name, Q_AXIS, q[seen], piece.values[seen], errors, resolution=piece.widths[seen], label="Reflectivity", **about
    )

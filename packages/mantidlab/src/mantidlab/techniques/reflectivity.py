"""The interface: reflectivity from runs at one or several angles."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.interfaces import Progress, RunFile, interface, step
from mantidlab.techniques.backends import Backend, backend
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.curves import Curve, Value, points
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.reflectometry.optics import middles
from mantidlab.techniques.reflectometry.peaks import Region, Ridge, angle_of_run, one_of_several, read_ridge
from mantidlab.techniques.reflectometry.reduction import Footprint, joined, q_grid, wavelength_edges, within
from mantidlab.techniques.reflectometry.reduction import reflectivity as reflectivity_of
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.reflectometry.stitching import Piece, plateau_factor, stitched

Q_AXIS = ("Q", "Q", "1/Å")


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
    """Reduce runs at one angle or several to a reflectivity over Q.

    Parameters
    ----------
    runs
        One for each angle, the smallest angle first.
    direct_beams
        Without a sample: one for each run, one for all, or several that are joined; none leaves the curve relative.
    settings
        Everything else.
    """
    if not runs:
        raise WrongSetting("There is no run to reduce: give one for each angle.")
    _check_beams(runs, direct_beams, settings)
    if backend() is Backend.MANTID:
        from mantidlab.techniques.reflectometry.in_mantid import reduce_runs

        yield Progress(0.1, "Mantid reduces")
        q, parts = reduce_runs(runs, direct_beams, settings)
        return _result([piece for piece, _ in parts], [ridge for _, ridge in parts], q, settings)
    edges = q_grid(*settings.q, settings.q_step)
    pieces, ridges = [], []
    for number, run in enumerate(runs):
        yield Progress(number / (len(runs) + 1), f"angle {number + 1} of {len(runs)}")
        piece, ridge = _one(run, number, direct_beams, edges, settings)
        pieces.append(piece)
        ridges.append(ridge)
    yield Progress(len(runs) / (len(runs) + 1), "stitching")
    return _result(pieces, ridges, edges, settings)


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
    pieces: Sequence[Piece], ridges: Sequence[Ridge], edges: Numbers, settings: ReflectivitySettings
) -> Reflectivity:
    q = middles(edges)
    whole, used = stitched(pieces, rescale=settings.rescale)
    if settings.plateau is not None:
        factor, error = plateau_factor(whole, q, *settings.plateau)
        whole, used = whole.scaled(factor, error), [piece.scaled(factor, error) for piece in used]
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

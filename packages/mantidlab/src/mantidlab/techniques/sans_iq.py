"""The interface: I(Q) from SANS runs."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.interfaces import OutputFile, Progress, RunFile, caution, interface, remark, step
from mantidlab.techniques.backends import Backend, backend
from mantidlab.techniques.curves import Curve, bins, points
from mantidlab.techniques.detectors.masking import inside_of_detector, named, numbers_in, read_mask
from mantidlab.techniques.detectors.rules import Thresholds, judge
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.instruments import SANS, settings_for
from mantidlab.techniques.mantid_plans import counts_of
from mantidlab.techniques.runs import OpenRun
from mantidlab.techniques.sans.centre import find_centre, off_centre
from mantidlab.techniques.sans.counts import SansCounts, count_run, thickness_of
from mantidlab.techniques.sans.normalising import OverQ, over_q, pitch_area
from mantidlab.techniques.sans.resolution import Pinholes
from mantidlab.techniques.sans.settings import SansSettings
from mantidlab.techniques.sans.transmission import Ratio, beam_on_detector, beam_on_monitor, even, fitted, transmission

if TYPE_CHECKING:
    from mantidlab.techniques.sans.in_mantid import Reduced

Q_AXIS = ("Q", "Q", "1/Å")
NOT_IN_MANTID = frozenset({"find_centre", "centre", "centre_ring", "distance", "source_distance"})
"""Mantid's instrument definitions say where detectors are; see `mantidlab.techniques.sans.in_mantid`."""
WAVELENGTH_AXIS = ("wavelength", "Wavelength", "Å")


@dataclass(frozen=True, eq=False)
class SansResult:
    """What a reduction gives.

    Attributes
    ----------
    intensity
        dΣ/dΩ over Q; in 1/cm where thickness and direct beam are known, else relative. Its resolution is σ(Q).
    sample, can
        The same before the can was subtracted; `can` None without one.
    transmission, can_transmission
        Over wavelength; None where a constant was taken.
    centre
        Where the beam passes the detector, m.
    masked
        How many detectors were left out.
    absolute
        Whether the intensity is in 1/cm.
    """

    intensity: Curve
    sample: Curve
    can: Curve | None
    transmission: Curve | None
    can_transmission: Curve | None
    centre: tuple[float, float]
    masked: int
    absolute: bool

    def plot(self) -> Any:
        """Draw the intensity with logarithmic axes."""
        from mantidlab import plot

        return plot(self.intensity, x_scale="log", y_scale="log")


@dataclass(frozen=True, eq=False)
class Beam:
    """What all runs of a reduction share; `calibrated` says whether `direct` was measured, and is not just 1."""

    direct: Ratio
    calibrated: bool
    lit: Mask
    centre: tuple[float, float]
    pinholes: Pinholes | None


@interface(
    title="I(Q) from small-angle scattering", technique="SANS", instruments=["SIMSANS", "SANS2D", "LOQ", "EQSANS"]
)
def sans_iq(
    sample: RunFile,
    can: RunFile | None = None,
    sample_transmission: RunFile | None = None,
    can_transmission: RunFile | None = None,
    empty_beam: RunFile | None = None,
    settings: SansSettings = SansSettings(),
    save: OutputFile | None = None,
) -> Generator[Progress, None, SansResult]:
    """Reduce SANS runs to I(Q), with transmission, empty cell and solid angle; settings left open suit the instrument.

    Parameters
    ----------
    sample
        Scattering of the sample.
    can
        Scattering of the empty cell, which is subtracted.
    sample_transmission, can_transmission
        The beam through sample and cell; without one, the constants of the settings are taken.
    empty_beam
        The beam without anything: needed for transmissions; also tells how detector and monitor compare.
    settings
        Everything else. What is left open is taken as the sample's instrument needs it, where that is known (SANS2D,
        LOQ, EQSANS), whatever a form shows as default; else as SIMSANS does.
    save
        Where to write NXcanSAS.
    """
    in_mantid = backend() is Backend.MANTID
    beams = {"transmission run": sample_transmission, "transmission run of the can": can_transmission}
    settings = settings_for(
        sample,
        SANS,
        settings,
        beside={"can": can, **beams, "empty beam": empty_beam},
        without=NOT_IN_MANTID if in_mantid else frozenset(),
    )
    if in_mantid:
        from mantidlab.techniques.sans.in_mantid import reduce_runs

        yield Progress(0.1, "Mantid reduces")
        reduced = reduce_runs(sample, can, sample_transmission, can_transmission, empty_beam, settings)
        found = result_in_mantid(reduced, sample, settings)
    else:
        yield Progress(0.0, "counting the sample")
        counted = _count(sample, settings)
        yield Progress(0.3, "transmission")
        empty = None if empty_beam is None else _count(empty_beam, settings)
        beam = beam_of(counted, empty, settings)
        doubt_sample(counted, beam, settings)
        if sample_transmission is None and "transmission" not in settings.model_fields_set:
            remark("No transmission was given for the sample: 1 was taken, so that the intensity is too low.")
        through, measured = _transmission(sample_transmission, empty_beam, empty, settings, settings.transmission, beam)
        yield Progress(0.5, "I(Q) of the sample")
        above = _over_q(counted, through, beam, settings)
        below, can_through = None, None
        if can is not None:
            yield Progress(0.7, "I(Q) of the empty cell")
            cell, can_through = _transmission(
                can_transmission, empty_beam, empty, settings, settings.can_transmission, beam
            )
            below = _over_q(_count(can, settings), cell, beam, settings)
        found = result_of(counted, above, below, measured, can_through, beam, settings)
    if save is not None:
        save_iq(found.intensity, save)
    return found


def beam_of(sample: SansCounts, empty: SansCounts | None, settings: SansSettings) -> Beam:
    """Return centre, mask, resolution and efficiency for the runs of one reduction."""
    centre = settings.centre
    if settings.find_centre:
        centre = find_centre(sample, *settings.centre_ring, centre)
    shifted = sample.places.shifted(*centre)
    lit = inside_of_detector(shifted, beam_stop=settings.beam_stop, outer=settings.outer, edge=settings.edge)
    if settings.mask is not None:
        lit &= ~named(shifted, read_mask(settings.mask))
    if settings.mask_detectors.strip():
        lit &= ~named(shifted, numbers_in(settings.mask_detectors))
    if settings.find_bad:
        counts = sample.detector.values
        lit &= ~judge(counts.sum(axis=1), None, shifted.positions, lit, Thresholds()).bad
    if not lit.any():
        raise WrongSetting("The masks leave no detector. Make the beam stop smaller, or the outer radius larger.")
    direct = _direct(empty, settings, centre, sample.detector.edges)
    if direct is None:
        return Beam(even(1.0, len(sample.detector.edges) - 1), False, lit, centre, _pinholes(sample, settings))
    return Beam(direct, True, lit, centre, _pinholes(sample, settings))


def doubt_sample(sample: SansCounts, beam: Beam, settings: SansSettings) -> None:
    """Say what makes a sample's run look wrong."""
    if sample.attenuation != 1:
        caution(
            f"Run {sample.run}, {sample.title!r}, was measured through an attenuator, as beams and transmissions are. "
            f"Is it the sample?"
        )
    centre = None if settings.find_centre else off_centre(sample, settings.centre_ring, beam.centre)
    if centre is not None:
        caution(
            f"The scattering lies around ({1e3 * centre[0]:.0f}, {1e3 * centre[1]:.0f}) mm, and the beam's centre was "
            f"taken to be ({1e3 * beam.centre[0]:.0f}, {1e3 * beam.centre[1]:.0f}) mm: Q may be wrong everywhere. Give "
            f"the centre, or let it be found."
        )


def result_of(
    run: SansCounts,
    above: OverQ,
    below: OverQ | None,
    through: Ratio | None,
    can_through: Ratio | None,
    beam: Beam,
    settings: SansSettings,
) -> SansResult:
    """Subtract, and divide by the thickness."""
    thickness = settings.thickness or finite(run.thickness)
    absolute = thickness is not None and beam.calibrated
    factor = settings.scale / (thickness or 1.0)
    unit = "1/cm" if absolute else ""
    values = above.values - (below.values if below is not None else 0.0)
    variances = above.variances + (below.variances if below is not None else 0.0)
    about = {"title": run.title, "instrument": run.instrument, "run": run.run}

    def curve(name: str, value: Numbers, variance: Numbers) -> Curve:
        seen = np.isfinite(value) & np.isfinite(above.q)
        width = above.width[seen] if settings.resolution else None
        y, e = factor * value[seen], factor * np.sqrt(variance[seen])
        return points(name, Q_AXIS, above.q[seen], y, e, resolution=width, label="dΣ/dΩ", unit=unit, **about)

    edges = run.detector.edges
    return SansResult(
        intensity=curve("I(Q)", values, variances),
        sample=curve("sample", above.values, above.variances),
        can=None if below is None else curve("empty cell", below.values, below.variances),
        transmission=_shown(through, edges, "transmission", about),
        can_transmission=_shown(can_through, edges, "transmission of the cell", about),
        centre=beam.centre,
        masked=int((~beam.lit).sum()),
        absolute=absolute,
    )


def result_in_mantid(reduced: "Reduced", sample: Path, settings: SansSettings) -> SansResult:
    """Return what Mantid reduced, in the same form: bins of Q instead of their mean, and no resolution."""
    with OpenRun(sample) as run:
        thickness = settings.thickness or finite(thickness_of(run))
        about = {"title": run.title, "instrument": run.instrument, "run": run.number}
    factor = settings.scale / (thickness or 1.0)
    edges = np.asarray(reduced.sample.axis.values)

    def curve(name: str, values: Numbers, variances: Numbers) -> Curve:
        return bins(name, Q_AXIS, edges, factor * values, factor * np.sqrt(variances), label="dΣ/dΩ", **about)

    above = counts_of(reduced.sample)
    below = None if reduced.can is None else counts_of(reduced.can)
    values = above.values - (0.0 if below is None else below.values)
    variances = above.variances + (0.0 if below is None else below.variances)
    return SansResult(
        intensity=curve("I(Q)", values, variances),
        sample=curve("sample", above.values, above.variances),
        can=None if below is None else curve("empty cell", below.values, below.variances),
        transmission=None if reduced.transmission is None else Curve("transmission", reduced.transmission, **about),
        can_transmission=None
        if reduced.can_transmission is None
        else Curve("transmission of the cell", reduced.can_transmission, **about),
        centre=settings.centre,
        masked=reduced.masked,
        absolute=False,
    )


def save_iq(curve: Curve, path: Path) -> None:
    """Write I(Q) as NXcanSAS, aside and then renamed."""
    from mantidlab.workspaces.aside import write_aside
    from mantidlab.workspaces.nxcansas import write_curves

    def write(aside: Path) -> None:
        write_curves(aside, [curve.histogram], title=curve.title, run=curve.run, instrument=curve.instrument)

    write_aside(path, write, replace=True)


def finite(value: float) -> float | None:
    """Return a number, or None for NaN."""
    return value if np.isfinite(value) else None


def _count(path: Path, settings: SansSettings) -> SansCounts:
    return step(
        count_run, path, settings.wavelength_edges(), settings.monitor, settings.distance, settings.source_distance
    )


def _over_q(run: SansCounts, through: Ratio, beam: Beam, settings: SansSettings) -> OverQ:
    return step(
        over_q,
        _centred(run, beam.centre),
        through,
        beam.direct,
        beam.lit,
        settings.q_edges(),
        beam.pinholes,
        gravity=settings.gravity,
    )


def _centred(run: SansCounts, centre: tuple[float, float]) -> SansCounts:
    return replace(run, places=run.places.shifted(*centre))


def _direct(
    empty: SansCounts | None, settings: SansSettings, centre: tuple[float, float], edges: Numbers
) -> Ratio | None:
    """Return what the detector counts of the beam for each count of the monitor; None where nobody measured it."""
    if settings.direct_beam is not None:
        return _from_file(settings.direct_beam, edges)
    if empty is None or not _on_detector(settings):
        return None
    shifted = _centred(empty, centre)
    seen = beam_on_detector(shifted, settings.transmission_radius)
    return Ratio(seen.values / empty.attenuation, seen.variances / empty.attenuation**2)


def _on_detector(settings: SansSettings) -> bool:
    return settings.transmission_on.strip().lower() == "detector"


def _from_file(path: Path, edges: Numbers) -> Ratio:
    """Return a direct beam function from columns of wavelength (Å) and value."""
    try:
        table = np.loadtxt(path, usecols=(0, 1), ndmin=2)
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{path} has no two columns of wavelength and value: {error}.") from error
    middle = (edges[1:] + edges[:-1]) / 2
    order = np.argsort(table[:, 0])
    if middle[0] < table[order[0], 0] or middle[-1] > table[order[-1], 0]:
        raise WrongSetting(
            f"{path.name} reaches from {table[order[0], 0]:g} to {table[order[-1], 0]:g} Å, and wavelengths from "
            f"{edges[0]:g} to {edges[-1]:g} Å are asked for. Choose wavelengths within it."
        )
    values = np.interp(middle, table[order, 0], table[order, 1])
    return Ratio(values, np.zeros_like(values))


def _transmission(
    run: Path | None,
    empty_path: Path | None,
    empty: SansCounts | None,
    settings: SansSettings,
    constant: float,
    beam: Beam,
) -> tuple[Ratio, Ratio | None]:
    """Return the transmission that is used, and the one to show: None for a constant."""
    edges = settings.wavelength_edges()
    if run is None:
        return even(constant, len(edges) - 1), None
    if empty is None or empty_path is None:
        raise WrongSetting(
            "A transmission is the beam with the sample over the beam without it: give the empty beam as well, or take "
            "the transmission run away and a constant among the settings."
        )
    counted = _count(run, settings)
    if _on_detector(settings):
        seen, without = (
            beam_on_detector(_centred(one, beam.centre), settings.transmission_radius) for one in (counted, empty)
        )
    else:
        behind = settings.transmission_on
        seen = beam_on_monitor(run, behind, edges, counted.monitor)
        without = beam_on_monitor(empty_path, behind, edges, empty.monitor)
    measured = transmission(seen, without)
    used = fitted(measured, np.array(edges), settings.transmission_fit, settings.transmission_degree)
    return used, used


def _pinholes(run: SansCounts, settings: SansSettings) -> Pinholes | None:
    """Return the apertures of the settings, or of the file; None where neither says."""
    if not settings.resolution:
        return None
    source = settings.source_aperture or run.apertures[0]
    sample = settings.sample_aperture or run.apertures[1]
    collimation = settings.collimation or run.apertures[2]
    if not np.isfinite([source, sample, collimation]).all():
        return None
    pixel = np.sqrt(run.places.sizes[0].prod() if run.places.sizes is not None else pitch_area(run.places.positions))
    return Pinholes(source / 2, sample / 2, collimation, float(pixel), settings.pulse)


def _shown(ratio: Ratio | None, edges: Numbers, name: str, about: dict[str, str]) -> Curve | None:
    if ratio is None:
        return None
    return bins(name, WAVELENGTH_AXIS, edges, ratio.values, np.sqrt(ratio.variances), label="Transmission", **about)

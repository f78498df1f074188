"""From ridges to reflectivities over Q."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.conversion.neutron import time_of_wavelength
from mantidlab.techniques.counting import Counts
from mantidlab.techniques.reflectometry.optics import Profile, lit_share, middles, q_of, relative_width
from mantidlab.techniques.reflectometry.peaks import Ridge
from mantidlab.techniques.reflectometry.stitching import Piece, stitched


@dataclass(frozen=True)
class Footprint:
    """Sample and beam, m."""

    profile: Profile
    sample_length: float
    beam_height: float


def wavelength_edges(q_edges: Numbers, theta: float) -> Numbers:
    """Return the wavelengths at an angle that belong to the edges of Q, rising."""
    return q_of(q_edges, theta)[::-1]


def q_grid(low: float, high: float, step: float) -> Numbers:
    """Return edges of Q, each larger by a factor 1 + `step`, from `low` to `high` or a little beyond."""
    count = max(1, int(np.ceil(np.log(high / low) / np.log1p(step))))
    return np.asarray(low * (1 + step) ** np.arange(count + 1))


def within(edges: Numbers, theta: float, wavelengths: tuple[float, float]) -> slice:
    """Return which bins of Q an angle sees with these wavelengths, as a slice of the bins."""
    low, high = q_of(np.array([wavelengths[1], wavelengths[0]]), theta)
    first = int(np.searchsorted(edges, low * (1 - 1e-9)))
    last = int(np.searchsorted(edges, high * (1 + 1e-9), side="right")) - 1
    return slice(first, max(first, last))


def reflectivity(
    sample: Ridge, direct: Counts | None, q_edges: Numbers, seen: slice, footprint: Footprint, pulse: float
) -> Piece:
    """Return R over all bins of `q_edges`, NaN outside of those that are `seen`.

    Parameters
    ----------
    sample, direct
        Rates over the wavelengths of the seen bins, rising; `direct` None leaves the normalised counts as they are.
    """
    bins = len(q_edges) - 1
    values, variances, widths = (np.full(bins, np.nan) for _ in range(3))
    share = lit_share(sample.theta, footprint.profile, footprint.sample_length, footprint.beam_height)
    found, spread = sample.rate.values, sample.rate.variances
    if direct is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = found / direct.values
            spread = spread / direct.values**2 + ratio**2 * direct.variances / direct.values**2
        found = np.where(direct.values > 0, ratio, np.nan)
    values[seen], variances[seen] = (found / share)[::-1], (spread / share**2)[::-1]
    middle = middles(q_edges)
    time = time_of_wavelength(q_of(middle, sample.theta), sample.path)
    widths[seen] = (middle * relative_width(sample.theta, sample.slits, q_edges, pulse, time))[seen]
    return Piece(values, variances, widths)


def joined(beams: Sequence[Ridge], overlap: tuple[float, float] | None) -> Counts:
    """Return direct beams as one over wavelength, the first one for the shortest.

    Parameters
    ----------
    overlap
        Wavelengths (Å) in which each beam is scaled to the one before; shorter ones are taken from the former, longer
        ones from the latter, and inside it is their mean. None for the whole range.
    """
    edges = beams[0].rate.edges
    middle = (edges[1:] + edges[:-1]) / 2
    whole = _piece(beams[0].rate)
    for beam in beams[1:]:
        other = _piece(beam.rate)
        if overlap is not None:
            whole, other = whole.only(middle <= overlap[1]), other.only(middle >= overlap[0])
        whole, _ = stitched([whole, other], rescale=True)
    return Counts(edges, whole.values, whole.variances)


def _piece(rate: Counts) -> Piece:
    return Piece(rate.values, rate.variances, np.zeros_like(rate.values))

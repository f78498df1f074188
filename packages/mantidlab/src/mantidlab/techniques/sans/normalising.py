"""From counts to a cross section, with the providers of ``ess.sans``.

What ess.sans has and fits any file is used: Q with and without gravity, the terms of the normalisation, binning. Its
workflow as a whole reads files of a few instruments and has cylindrical pixels, no resolution and no fit of the
transmission; those are in this package.
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.techniques.sans.counts import SansCounts
from mantidlab.techniques.sans.resolution import Pinholes, blur_of_angle, blur_of_wavelength, moments
from mantidlab.techniques.sans.transmission import Ratio

GRAVITY = 9.80665
"""m/s², downwards: the standard value."""


@dataclass(frozen=True, eq=False)
class OverQ:
    """Scattered share of the beam per steradian, over Q.

    Attributes
    ----------
    edges
        1/Å, shape (bins + 1,).
    values, variances
        Shape (bins,); NaN where no detector sees that Q.
    q, width
        Mean Q and its standard deviation in each bin, 1/Å.
    """

    edges: Numbers
    values: Numbers
    variances: Numbers
    q: Numbers
    width: Numbers


def over_q(
    run: SansCounts,
    transmission: Ratio,
    direct: Ratio,
    lit: Mask,
    edges: tuple[float, ...],
    pinholes: Pinholes | None,
    *,
    gravity: bool,
) -> OverQ:
    r"""Return counts over what an even scatterer would give: :math:`\sum C / \sum M\,T\,D\,\Omega`, both over Q.

    (R. K. Heenan, J. Penfold and S. M. King, J. Appl. Cryst. 30, 1997, 1140; `ess.sans.normalization`.) Errors are
    those of counting in the detector: those of monitor and transmission are shared by all bins, and left out.

    Parameters
    ----------
    transmission, direct
        T, and D: what the detector counts of the beam for each count of the monitor, shape (bins,).
    lit
        Detectors that are used, shape (detectors,).
    pinholes
        For the resolution; None leaves the width at that of bins and wavelengths.
    """
    import scipp as sc
    from ess.reduce.uncertainty import UncertaintyBroadcastMode
    from ess.sans import conversions, i_of_q, normalization

    drop = UncertaintyBroadcastMode.drop
    graph = conversions.sans_elastic(
        gravity,
        sample_position=sc.vector([0.0, 0.0, 0.0], unit="m"),
        source_position=sc.vector([0.0, 0.0, -run.places.l1], unit="m"),
        gravity=sc.vector([0.0, -GRAVITY, 0.0], unit="m/s^2"),
    )
    good = np.isfinite(transmission.values) & np.isfinite(direct.values)
    wavelength = sc.array(dims=["wavelength"], values=run.detector.edges, unit="angstrom")
    position = sc.vectors(dims=["detector"], values=run.places.positions[lit], unit="m")
    q_bins = sc.array(dims=["Q"], values=np.array(edges), unit="1/angstrom")

    def over_wavelength(values: Numbers, unit: str) -> sc.DataArray:
        data = sc.array(dims=["wavelength"], values=np.where(good, values, 0.0), unit=unit)
        return sc.DataArray(data, coords={"wavelength": wavelength})

    counts = sc.DataArray(
        sc.array(
            dims=["detector", "wavelength"],
            values=run.detector.values[lit] * good,
            variances=run.detector.variances[lit] * good,
            unit="counts",
        ),
        coords={"position": position, "wavelength": sc.midpoints(wavelength)},
    )
    solid_angle = sc.DataArray(
        sc.array(dims=["detector"], values=solid_angles(run)[lit]), coords={"position": position}
    )
    even = normalization.norm_detector_term_denominator(solid_angle, over_wavelength(direct.values, "one"), drop)
    beam = normalization.norm_monitor_term(
        over_wavelength(run.monitor.values, "counts"), over_wavelength(transmission.values, "one")
    )
    seen = conversions.compute_Q(even.transpose(["detector", "wavelength"]), graph)
    bands = normalization.process_wavelength_bands(None, wavelength)
    above = conversions.mask_wavelength_q(i_of_q.bin_in_q(conversions.compute_Q(counts, graph), q_bins, ()), None)
    below = conversions.mask_and_scale_wavelength_q(i_of_q.bin_in_q(seen, q_bins, ()), None, beam, drop)
    counted, expected = normalization.reduce_q(above, bands), normalization.reduce_q(below, bands)
    one = counting_floor(counted.values, expected.values)
    found = normalization.normalize_q(counted, expected, False, drop)
    q = seen.coords["Q"].transpose(["detector", "wavelength"]).values
    weights = seen.values * beam.values
    mean, width = moments(q, *_blurs(run, lit, pinholes), weights, np.array(edges))
    values = np.where(np.isfinite(found.values), found.values, np.nan)
    variances = np.where(np.isnan(values), np.nan, np.maximum(found.variances, one))
    return OverQ(np.array(edges), values, variances, mean, width)


def counting_floor(counts: Numbers, expected: Numbers) -> Numbers:
    """Return the variance that one count would have in bins that counted nothing, 0 in others: none is certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((counts == 0) & (expected > 0), 1 / np.square(expected), 0.0)


def solid_angles(run: SansCounts) -> Numbers:
    """Return the solid angle of each detector, flat and facing the beam: area · cos 2θ / L₂², shape (n,).

    Where the file gives no sizes, the pixels of a rectangular detector are as large as they are apart.
    """
    places = run.places
    area = places.sizes.prod(axis=1) if places.sizes is not None else pitch_area(places.positions)
    return np.asarray(area * np.cos(places.two_theta) / places.l2**2)


def pitch_area(positions: Numbers) -> float:
    """Return the area of a pixel from how far the nearest neighbours of pixels are, m²: median in x times that in y."""
    steps = []
    for axis in (0, 1):
        places = np.unique(np.round(positions[:, axis], 5))
        steps.append(float(np.median(np.diff(places))) if len(places) > 1 else np.nan)
    return steps[0] * steps[1]


def _blurs(run: SansCounts, lit: Mask, pinholes: Pinholes | None) -> tuple[Numbers, Numbers]:
    edges = run.detector.edges
    middle = (edges[1:] + edges[:-1]) / 2
    shape = (int(lit.sum()), len(middle))
    path = run.places.l1 + run.places.l2[lit][:, np.newaxis]
    relative = np.broadcast_to(blur_of_wavelength(edges, pinholes.pulse if pinholes else 0.0, path), shape)
    if pinholes is None:
        return np.zeros(shape), relative
    distance = run.places.positions[lit, 2][:, np.newaxis]
    return np.broadcast_to(blur_of_angle(pinholes, distance, middle), shape), relative

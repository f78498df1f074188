"""Several angles, or several direct beams, made into one curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.techniques.errors import WrongSetting


@dataclass(frozen=True, eq=False)
class Piece:
    """Values on a grid that all pieces share; NaN where this one has none.

    Attributes
    ----------
    values, variances, widths
        Shape (n,); widths are standard deviations of the positions.
    factor, factor_error
        By which the values were multiplied so far, and what is known of its uncertainty.
    """

    values: Numbers
    variances: Numbers
    widths: Numbers
    factor: float = 1.0
    factor_error: float = 0.0

    def scaled(self, factor: float, error: float = 0.0) -> "Piece":
        """Return it multiplied; the error is kept apart, since it is shared by all points."""
        total = self.factor * factor
        relative = np.hypot(self.factor_error / self.factor, error / factor)
        return replace(
            self,
            values=factor * self.values,
            variances=factor**2 * self.variances,
            factor=total,
            factor_error=float(relative * total),
        )

    def only(self, where: Mask) -> "Piece":
        """Return it with NaN outside of some points."""
        return replace(
            self, values=np.where(where, self.values, np.nan), variances=np.where(where, self.variances, np.nan)
        )


def overlap_factor(first: Piece, second: Piece) -> tuple[float, float]:
    """Return the factor that brings the second piece onto the first where both are, and its uncertainty.

    The weighted least-squares solution of r₁ = s r₂ with both errors, found in a few rounds (Deming's method). The same
    minimum as ``ess.reflectometry.tools.scale_for_reflectivity_overlap``, which gives no uncertainty.

    Raises
    ------
    WrongSetting
        They do not overlap.
    """
    with np.errstate(invalid="ignore"):
        both = (first.values > 0) & (second.values > 0) & (first.variances > 0) & (second.variances > 0)
    if not both.any():
        raise WrongSetting("Two angles do not overlap, so that none can be scaled to the other. Widen the wavelengths.")
    r1, v1, r2, v2 = first.values[both], first.variances[both], second.values[both], second.variances[both]
    factor = float(np.sum(r1) / np.sum(r2))
    for _ in range(50):
        weights = 1 / (v1 + factor**2 * v2)
        true = (r2 * v1 + factor * r1 * v2) * weights  # the most likely r₂ of each point
        factor, before = float(np.sum(weights * true * r1) / np.sum(weights * true * r2)), factor
        if abs(factor - before) < 1e-10 * factor:
            break
    return factor, float(1 / np.sqrt(np.sum(r2**2 / (v1 + factor**2 * v2))))


def stitched(pieces: Sequence[Piece], *, rescale: bool) -> tuple[Piece, list[Piece]]:
    """Return one curve, the weighted mean where pieces overlap, and the pieces as they went into it.

    Parameters
    ----------
    rescale
        Whether each piece is brought onto those before it.
    """
    used: list[Piece] = []
    whole = pieces[0]
    for number, piece in enumerate(pieces):
        if number and rescale:
            piece = piece.scaled(*overlap_factor(whole, piece))  # noqa: PLW2901 - the piece itself, scaled
        used.append(piece)
        whole = _mean(used)
    return whole, used


def plateau_factor(piece: Piece, q: Numbers, low: float, high: float) -> tuple[float, float]:
    """Return the factor that makes the weighted mean between two Q one, total reflection, and its uncertainty.

    Raises
    ------
    WrongSetting
        There are no points.
    """
    inside = (q >= low) & (q <= high) & np.isfinite(piece.values) & (piece.variances > 0)
    if not inside.any():
        raise WrongSetting(f"No point lies between {low:g} and {high:g} 1/Å, where everything is said to be reflected.")
    weights = 1 / piece.variances[inside]
    mean = float(np.sum(weights * piece.values[inside]) / weights.sum())
    return 1 / mean, float(1 / np.sqrt(weights.sum()) / mean**2)


def _mean(pieces: Sequence[Piece]) -> Piece:
    values, variances, widths = (
        np.stack([getattr(one, name) for one in pieces]) for name in ("values", "variances", "widths")
    )
    good = np.isfinite(values) & (variances > 0)
    weights = np.where(good, 1 / np.where(good, variances, 1.0), 0.0)
    total = weights.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.sum(weights * np.where(good, values, 0.0), axis=0) / total
        width = np.sum(weights * np.where(good, widths, 0.0), axis=0) / total
        return Piece(np.where(total > 0, mean, np.nan), np.where(total > 0, 1 / total, np.nan), width)

"""Simple fits of one curve in a range: peaks on a background, straight lines, decays, and laws of small angles.

``shapes`` holds the formulas, ``starting`` where a fit begins, ``models`` puts them together, ``fit`` runs
``scipy.optimize.least_squares`` and says how far its answer can be trusted.
"""

from mantidlab.plots.fitting.fit import Fit, Fitted, fit
from mantidlab.plots.fitting.models import MODELS, Model, model_named

__all__ = ["MODELS", "Fit", "Fitted", "Model", "fit", "model_named"]

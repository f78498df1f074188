"""``plot``: one to some hundreds of spectra as curves.

``curves`` are what is drawn, ``scene`` holds them in a view, ``picture`` reduces a window of it to what a screen can
show, ``sums``, ``readout`` and ``fits`` find out what lies there, ``widget`` brings it to the notebook.
"""

from mantidlab.plots.lines.calling import curves, fitted, plot

__all__ = ["curves", "fitted", "plot"]

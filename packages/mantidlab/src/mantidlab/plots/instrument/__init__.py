"""``instrument``: every detector where it is, coloured by what it counts, in three dimensions or laid out flat."""

from mantidlab.plots.instrument.calling import detectors_seen, instrument
from mantidlab.plots.instrument.view import InstrumentView

__all__ = ["InstrumentView", "detectors_seen", "instrument"]

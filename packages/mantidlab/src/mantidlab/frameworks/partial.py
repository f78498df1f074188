"""Data objects of which only parts are there: a curve has no detectors, a table no spectra."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import DataObject, Geometry, Histogram, Image, Log, NotThere, Step, Table


class PartialObject:
    """A data object that has nothing yet; a subclass adds its summary and what it has.

    What it has not, it refuses in the sentence of `_absent`, so that all kinds of objects say it alike.
    """

    def _absent(self, what: str) -> NotThere:
        """Return the refusal; a subclass says in it what the object is."""
        return NotThere(f"This {type(self).__name__} has no {what}.")

    def spectra(self) -> Sequence[Histogram]:
        """Refuse."""
        raise self._absent("spectra")

    def image(self) -> Image:
        """Refuse."""
        raise self._absent("values on a common grid")

    def geometry(self) -> Geometry:
        """Refuse."""
        raise self._absent("positions of detectors")

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Refuse."""
        raise self._absent("detectors for its spectra")

    def table(self) -> Table:
        """Refuse."""
        raise self._absent("columns")

    def logs(self) -> Mapping[str, Log]:
        """Return none."""
        return {}

    def history(self) -> tuple[Step, ...]:
        """Return no step: nothing is known of how it was made."""
        return ()

    def members(self) -> Mapping[str, DataObject]:
        """Refuse."""
        raise self._absent("members")

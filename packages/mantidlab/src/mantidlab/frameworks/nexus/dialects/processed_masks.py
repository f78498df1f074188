"""What is masked in a workspace that Mantid saved: spectra whose detectors all are, and single bins.

Bins are kept in three datasets beside the values: a row for each spectrum that has masked bins, with its index and the
place of its first bin in the list ``masked_bins``, as Mantid's LoadNexusProcessed reads them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import FrameworkError, Mask
from mantidlab.frameworks.nexus.reading import whole_numbers
from mantidlab.frameworks.nexus.tree import Group


class Masks:
    """Tells the mask of each spectrum; read when the first one is asked for.

    Parameters
    ----------
    group
        Where the values are.
    masked_rows
        Makes an array, shape (spectra,), that says which spectra have no detector that counts.
    """

    def __init__(self, group: Group, masked_rows: Callable[[], NDArray[np.bool_]]) -> None:
        self._group = group
        self._masked_rows = masked_rows
        self._rows: NDArray[np.bool_] | None = None
        self._bins: dict[int, NDArray[np.integer[Any]]] = {}

    def of(self, row: int, bins: int) -> Mask | None:
        """Return the mask of a spectrum with so many bins; None where nothing is masked."""
        self._read()
        if self._rows is not None and row < len(self._rows) and self._rows[row]:
            return np.ones(bins, dtype=np.bool_)
        found = self._bins.get(row)
        if found is None:
            return None
        mask = np.zeros(bins, dtype=np.bool_)
        mask[found[(found >= 0) & (found < bins)]] = True
        return mask if mask.any() else None

    def of_all(self, rows: int, bins: int) -> Mask | None:
        """Return the masks of all spectra, shape (rows, bins); None where nothing is masked."""
        self._read()
        masks = [self.of(row, bins) for row in range(rows)] if self._masks_something() else []
        if all(mask is None for mask in masks):
            return None
        none = np.zeros(bins, dtype=np.bool_)
        return np.stack([none if mask is None else mask for mask in masks])

    def _masks_something(self) -> bool:
        return bool(self._bins) or (self._rows is not None and bool(self._rows.any()))

    def _read(self) -> None:
        if self._rows is not None:
            return
        try:
            self._rows = self._masked_rows()
            self._bins = _masked_bins(self._group)
        except FrameworkError as error:
            # Values without a mask are better than none, if the person is told.
            self._rows = np.zeros(0, dtype=np.bool_)
            self._group.notes.add(f"The masks of {self._group.path} cannot be read: {error}")


def _masked_bins(group: Group) -> dict[int, NDArray[np.integer[Any]]]:
    spectra, bins = group.numbers("masked_spectra"), group.numbers("masked_bins")
    if spectra is None or bins is None or len(spectra.shape) != 2 or spectra.shape[1] != 2:
        return {}
    table, listed = whole_numbers(spectra).reshape(-1, 2), whole_numbers(bins)
    stops = np.append(table[1:, 1], len(listed))
    return {int(row): listed[max(0, int(start)) : int(stop)] for (row, start), stop in zip(table, stops, strict=True)}

"""What a person does with a view of an instrument in Python: choosing, and taking out what was chosen."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Histogram, Numbers
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.instrument.answering import InstrumentWidget
from mantidlab.plots.instrument.choosing import Choice, together
from mantidlab.plots.instrument.detectors import NONE
from mantidlab.plots.instrument.masks import DetectorMask
from mantidlab.plots.instrument.settings import read_settings


class InstrumentView(InstrumentWidget, bundle="instrument"):
    """An instrument: every detector where it is, coloured by what it counts.

    Made by `mantidlab.instrument`. What is chosen in the picture can be taken out: `detectors`, `spectrum`, `spectra`,
    `mask`.
    """

    def counts(self) -> Numbers:
        """Return what each detector counts in the chosen range, shape (n,); NaN without a spectrum."""
        return self._values(self.settings).copy()

    def select(self, *chosen: Any) -> None:
        """Choose detectors: numbers, arrays of them, or dicts as in the view's ``selection``; nothing clears."""
        numbers: list[int] = []
        found: list[Mapping[str, Any]] = []
        for one in chosen:
            if isinstance(one, Mapping):
                found.append(one)
            else:
                numbers += [int(number) for number in np.atleast_1d(one)]
        if numbers:
            found.insert(0, {"kind": "ids", "ids": numbers})
        self._choosing.choices(found)
        self.view = {**self.view, "selection": [dict(one) for one in found]}

    def detectors(self, which: int | None = None) -> NDArray[np.integer[Any]]:
        """Return the numbers of the chosen detectors, in the geometry's order.

        Parameters
        ----------
        which
            Of one choice alone, counted from 0; None for all of them together.
        """
        return self.geometry.ids[self._chosen(which)]

    def spectrum(self, which: int | None = None, unit: str | None = None) -> Histogram:
        """Return the sum of the spectra of the chosen detectors; `mantidlab.plot` draws it.

        Parameters
        ----------
        which
            Of one choice alone, counted from 0; None for all of them together.
        unit
            Such as ``wavelength``; None for that of the view.
        """
        settings = self.settings if unit is None else read_settings({**self.view, "unit": unit}, self._scene)
        found = self._scene.spectrum(self._chosen(which), settings.quantity)
        return _named(found, "chosen" if which is None else self._choices()[which].name)

    def spectra(self, unit: str | None = None) -> list[Histogram]:
        """Return a spectrum for each choice, to compare them."""
        return [self.spectrum(which, unit) for which in range(len(self._choices()))]

    def mask(self, which: int | None = None, *, invert: bool = False) -> DetectorMask:
        """Return the chosen detectors as a mask, for NumPy, scipp and Mantid.

        Parameters
        ----------
        invert
            Mask all but those that were chosen (monitors are left as they are).
        """
        detectors = self._scene.detectors
        array = np.zeros(detectors.count, dtype=np.bool_)
        array[self._chosen(which)] = True
        if invert:
            array = ~array & ~detectors.geometry.monitor
        of, rows = detectors.spectrum_of, self._scene.counts.rows
        used = of != NONE
        masked = np.bincount(of[used & array], minlength=rows)
        every = np.bincount(of[used], minlength=rows)
        spectra = (masked > 0) & (masked == every)
        shape, dims = self._shape(rows)
        partly = int(np.count_nonzero((masked > 0) & ~spectra))
        return DetectorMask(detectors.geometry.ids, array, spectra.reshape(shape), dims, partly)

    def _shape(self, rows: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the shape of the data without their last dimension, and its names, where the spectra fill it."""
        found = self._scene.data.summary()
        if len(found.shape) == len(found.dims) and int(np.prod(found.shape, dtype=np.int64)) == rows:
            return tuple(found.shape), tuple(found.dims)
        if len(found.shape) == len(found.dims) and int(np.prod(found.shape[:-1], dtype=np.int64)) == rows:
            return tuple(found.shape[:-1]), tuple(found.dims[:-1])
        return (rows,), ("spectrum",)

    def _choices(self) -> list[Choice]:
        settings = self.settings
        return self._choosing.choices(settings.selection, monitors=settings.monitors)

    def _chosen(self, which: int | None) -> NDArray[np.int64]:
        choices = self._choices()
        if which is None:
            return together(choices)
        if not -len(choices) <= which < len(choices):
            raise WrongArgument(f"There is no choice {which}; there are {len(choices)}, counted from 0.")
        return choices[which].indices


def _named(found: Histogram, name: str) -> Histogram:
    return Histogram(
        found.axis, found.values, found.errors, found.mask, found.label, found.unit, name, found.distribution
    )

"""A choice of detectors as a mask: for NumPy, for scipp, and as Mantid reads it."""

import os
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import scipp
from mantidlab.frameworks.model import Mask, NotThere


@dataclass(frozen=True, eq=False)
class DetectorMask:
    """Which detectors are to be masked.

    Attributes
    ----------
    ids
        Of all detectors of the instrument, as the facility numbers them, shape (n,).
    array
        True for those to be masked, shape (n,).
    spectra
        True for spectra all of whose detectors are masked, in the shape of the data without their last dimension.
    partly
        How many spectra have some of their detectors masked and not all.
    """

    ids: NDArray[np.integer[Any]]
    array: Mask
    spectra: Mask
    dims: tuple[str, ...] = ()
    partly: int = 0

    def __len__(self) -> int:
        """Return how many detectors are masked."""
        return int(np.count_nonzero(self.array))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return `array`, so that NumPy takes a mask where it takes arrays."""
        return np.array(self.array, dtype=dtype) if copy or dtype is not None else self.array

    def scipp(self) -> Any:
        """Return `spectra` as a variable of scipp, for ``array.masks[…] = …``."""
        return scipp.mask_of(self.spectra, self.dims)

    def detector_list(self) -> list[int]:
        """Return detector numbers, for ``MaskDetectors(Workspace=…, DetectorList=…)``."""
        return [int(number) for number in self.ids[self.array]]

    def text(self) -> str:
        """Return detector numbers with ranges, as forms of Mantid take them: ``1-5,9``."""
        return ranges(self.ids[self.array])

    def xml(self) -> str:
        """Return the text of a mask file, as Mantid's ``LoadMask`` reads and ``SaveMask`` writes it."""
        root = ET.Element("detector-masking")
        group = ET.SubElement(root, "group")
        ET.SubElement(group, "detids").text = self.text()
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8" ?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def save_xml(self, path: str | os.PathLike[str]) -> Path:
        """Write a mask file for Mantid and return its path.

        Raises
        ------
        NotThere
            Nothing is masked: Mantid refuses such a file.
        """
        if not len(self):
            raise NotThere(f"No detector is chosen, so that {os.fspath(path)} was not written.")
        target = Path(path)
        target.write_text(self.xml(), encoding="utf-8")
        return target


def ranges(numbers: NDArray[np.integer[Any]]) -> str:
    """Return numbers in order, neighbours as ranges: ``-1,1-5,9``."""
    sorted_numbers = np.unique(numbers)
    if not len(sorted_numbers):
        return ""
    breaks = np.flatnonzero(np.diff(sorted_numbers) != 1)
    firsts = sorted_numbers[np.concatenate(([0], breaks + 1))]
    lasts = sorted_numbers[np.concatenate((breaks, [len(sorted_numbers) - 1]))]
    # A range that begins below zero cannot be told from a difference, so that such numbers stand alone.
    told: list[str] = []
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        told += [str(number) for number in range(first, min(last, -1) + 1)]
        begin = max(first, 0)
        if begin <= last:
            told.append(str(begin) if begin == last else f"{begin}-{last}")
    return ",".join(told)

"""Masks: for NumPy, and as Mantid's LoadMask reads them."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from mantidlab.frameworks.model import NotThere
from mantidlab.plots.instrument.masks import DetectorMask, ranges


def read_ranges(text: str) -> list[int]:
    """As Mantid reads them: numbers and ranges with commas."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-") if not part.startswith("-") else (part, "", "")
        found += range(int(first), int(last) + 1) if dash else [int(part)]
    return found


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([5], "5"), ([3, 1, 2, 7, 9, 8], "1-3,7-9"), ([-2, -1, 0, 1, 4], "-2,-1,0-1,4"), ([2, 2, 3], "2-3")],
)
def test_numbers_as_ranges(numbers, text):
    assert ranges(np.array(numbers, dtype=int)) == text
    if text:
        assert read_ranges(text) == sorted(set(numbers))


@pytest.fixture
def mask():
    array = np.array([True, True, False, True, False])
    return DetectorMask(np.array([10, 11, 12, 20, 21]), array, array)


def test_the_file_that_mantid_reads(mask, tmp_path):
    path = mask.save_xml(tmp_path / "mask.xml")
    root = ET.parse(path).getroot()  # noqa: S314
    assert root.tag == "detector-masking"
    assert [read_ranges(element.text) for element in root.findall("group/detids")] == [[10, 11, 20]]
    assert path.read_text().startswith("<?xml version")


def test_numpy_takes_a_mask_where_it_takes_arrays(mask):
    values = np.arange(5.0)
    assert values[np.asarray(mask)].tolist() == [0.0, 1.0, 3.0]
    assert len(mask) == 3
    assert mask.detector_list() == [10, 11, 20]


def test_a_file_that_masks_nothing_is_not_written(tmp_path):
    none = np.zeros(2, dtype=bool)
    with pytest.raises(NotThere, match="No detector is chosen"):
        DetectorMask(np.array([1, 2]), none, none).save_xml(tmp_path / "mask.xml")
    assert not (tmp_path / "mask.xml").exists()

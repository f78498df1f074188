"""Units and times as files write them."""

import pytest

from mantidlab.frameworks.nexus.quantities import unit_text


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("microsecond", "µs"), ("micro.second", "µs"), ("mu-s", "µs"), ("uA", "µA"), ("amps", "A"), ("deg.", "°"),
        ("picoCoulombs", "pC"), ("mBar", "mbar"), ("nones", ""), (" ", ""), ("angstrom", "Å"), ("Kelvin", "K"),
        # The same letters in another case are another unit.
        ("G", "G"), ("g", "g"), ("meV", "meV"), ("MeV", "MeV"), ("mm", "mm"),
    ],
)  # fmt: skip
def test_units_are_written_as_people_write_them(found, written):
    assert unit_text(found) == written

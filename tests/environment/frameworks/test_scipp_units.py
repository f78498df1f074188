"""Units of scipp are written as people write them."""

import pytest
import scipp as sc

from mantidlab.frameworks.scipp_parts import unit_of


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("counts/uAh/angstrom", "counts/(Å µAh)"),
        ("counts/(meV*angstrom)", "counts/(Å meV)"),
        ("counts/angstrom^2", "counts/Å²"),
        ("counts/us", "counts/µs"),
        ("meV*angstrom^2", "Å² meV"),
        ("kg*m^5/s", "kg m^5/s"),
        ("1/(cm*sr)", "1/(cm*rad²)"),
        ("counts/uAh", "counts/µAh"),
        ("1/angstrom", "1/Å"),
        ("us", "µs"),
        ("one", ""),
    ],
)
def test_products_are_written_as_people_do(unit, told):
    assert unit_of(sc.scalar(1.0, unit=unit)) == told


def test_a_unit_made_by_arithmetic_is_written_too():
    found = sc.scalar(6.0, unit="counts") / sc.scalar(2.0, unit="uA*hour") / sc.scalar(1.0, unit="angstrom")
    assert unit_of(found) == "counts/(Å µAh)"


def test_what_is_no_such_product_has_a_short_number():
    assert unit_of(sc.scalar(1.0, unit="3.5e7*kg*m^5/s")) == "3.5e+07 kg m^5/s"
    assert unit_of(sc.scalar(1.0, unit=None)) == ""

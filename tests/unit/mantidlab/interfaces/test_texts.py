"""Cells of tables and words of command lines become the values that a field takes."""

from typing import Any, Literal

import pytest

from mantidlab.interfaces import Range, ValuesRefused, interface


@interface(title="T")
def every(
    numbers: list[int] = [],  # noqa: B006
    names: list[str] = [],  # noqa: B006
    window: Range = (0, 1),
    choice: Literal[1, 2] = 1,
    switch: bool = False,
    name: str = "",
    maybe: float | None = 1.0,
) -> None: ...


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("numbers", "1001", [1001]),
        ("numbers", "1, 2", [1, 2]),
        ("numbers", "[1, 2]", [1, 2]),
        ("numbers", "1001-1003, 1007", [1001, 1002, 1003, 1007]),
        ("numbers", "", []),
        ("names", "SANS2D1, b", ["SANS2D1", "b"]),
        ("names", "['1', '2']", ["1", "2"]),
        ("window", "2, 14", (2.0, 14.0)),
        ("window", "(2, 14)", (2.0, 14.0)),
        ("choice", "2", 2),
        ("switch", "yes", True),
        ("switch", "False", False),
        ("name", "1001", "1001"),
        ("name", "None", "None"),
        ("maybe", "None", None),
        ("maybe", "2e3", 2000.0),
    ],
)
def test_a_text_is_read_as_its_field_wants_it(field: str, text: str, value: Any) -> None:
    read = every.parameters.from_texts({field: text}, ())
    assert every.resolved(read)[field] == value
    assert type(every.resolved(read)[field]) is type(value)


@pytest.mark.parametrize(
    ("field", "text"),
    [("numbers", "1, x"), ("numbers", "9-1"), ("window", "14, 2"), ("choice", "3"), ("switch", "perhaps")],
)
def test_what_fits_in_no_way_is_refused_with_the_text_that_was_given(field: str, text: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        every.parameters.from_texts({field: text, "name": "1"}, ())
    assert next(iter(refused.value.problems)).partition(".")[0] == field


def test_one_field_that_needs_reading_does_not_change_another() -> None:
    assert every.parameters.from_texts({"numbers": "1-2", "name": "(1, 2)"}, ()) == {
        "numbers": [1, 2],
        "name": "(1, 2)",
    }

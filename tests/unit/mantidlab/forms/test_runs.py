"""Runs as Mantid writes them."""

import pytest

from mantidlab.docs.catalogue import Facility, Instrument
from mantidlab.forms.runs import NoRuns, known_instrument, parse_runs

LOQ = Instrument("LOQ", "LOQ", (), "LOQ", 5, "")
MAPS = Instrument("MAPS", "MAP", (), "MAP", 5, "_")
ISIS = Facility("ISIS", (".nxs", ".raw"), ".nxs", 5, (LOQ, MAPS))


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("74024", [[("", 74024)]]),
        ("LOQ74024", [[("LOQ", 74024)]]),
        ("LOQ00074024", [[("LOQ", 74024)]]),
        ("SANS2D1234", [[("SANS2D", 1234)]]),
        ("MAP_123", [[("MAP", 123)]]),
        ("1,3", [[("", 1)], [("", 3)]]),
        ("LOQ1, 3", [[("LOQ", 1)], [("LOQ", 3)]]),
        ("1:3", [[("", 1)], [("", 2)], [("", 3)]]),
        ("1-3", [[("", 1), ("", 2), ("", 3)]]),
        ("1:7:3", [[("", 1)], [("", 4)], [("", 7)]]),
        ("1+3,5", [[("", 1), ("", 3)], [("", 5)]]),
        ("1-2+7", [[("", 1), ("", 2), ("", 7)]]),
    ],
)
def test_runs_are_named_as_mantid_names_them(text: str, groups: list[list[tuple[str, int]]]) -> None:
    found = parse_runs(text)
    assert [[(run.instrument, run.number) for run in group] for group in found] == groups


@pytest.mark.parametrize("text", ["", "x", "1,,2", "3-1", "1:9:0", "1:99999999", "a.nxs", "1;2"])
def test_what_names_no_runs_is_said(text: str) -> None:
    with pytest.raises(NoRuns, match=r"\.$"):
        parse_runs(text)


def test_an_instrument_is_known_by_both_of_its_names_in_any_case() -> None:
    assert known_instrument("map", (ISIS,)) == known_instrument("Maps", (ISIS,)) == (MAPS, ISIS)
    assert known_instrument("NONE", (ISIS,)) is None

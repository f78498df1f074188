"""Files by run number."""

from pathlib import Path

import pytest

from mantidlab.archive import VARIABLE
from mantidlab.docs.catalogue import Facility, Instrument
from mantidlab.forms import runs
from mantidlab.forms.runs import NoRuns, describe_runs, file_name, parse_runs

LOQ = Instrument("LOQ", "LOQ", (), "LOQ", 5, "")
MAPS = Instrument("MAPS", "MAP", (), "MAP", 5, "_")
ISIS = Facility("ISIS", (".nxs", ".raw"), ".nxs", 5, (LOQ, MAPS))


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(runs._Archive, "_kept", {})
    folder = tmp_path / "LOQ" / "cycle_26_1"
    folder.mkdir(parents=True)
    for number in (74024, 74025, 74030):
        (folder / f"LOQ{number:08d}.nxs").touch()
    return folder


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


def test_names_follow_the_rules_of_the_facility() -> None:
    assert file_name(LOQ, ISIS, 7) == "LOQ00007.nxs"
    assert file_name(MAPS, ISIS, 7) == "MAP_00007.nxs"


def test_files_are_found_in_the_archive_and_those_that_are_not_are_said(archive: Path) -> None:
    described = describe_runs("loq74024:74026", "", (ISIS,))
    paths = [[run["path"] for run in group] for group in described["groups"]]
    assert paths == [[str(archive / "LOQ00074024.nxs")], [str(archive / "LOQ00074025.nxs")], [None]]
    assert described["missing"] == f"LOQ74026.nxs is not in {archive.parent.parent}."
    assert described["instruments"] == ["LOQ"]


def test_numbers_alone_are_of_the_chosen_instrument(archive: Path) -> None:
    described = describe_runs("74024+74030", "LOQ", (ISIS,))
    assert (described["mantid"], described["missing"]) == ("LOQ74024+74030", None)
    assert [run["name"] for run in described["groups"][0]] == ["LOQ00074024.nxs", "LOQ00074030.nxs"]


def test_a_run_that_has_just_been_written_is_found(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert describe_runs("LOQ74031", "", (ISIS,))["missing"] is not None
    (archive / "LOQ00074031.nxs").touch()
    monkeypatch.setattr(runs, "ASKED_AGAIN_AFTER", 0.0)
    assert describe_runs("LOQ74031", "", (ISIS,))["missing"] is None


def test_without_an_archive_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    monkeypatch.setattr(runs._Archive, "_kept", {})
    assert "There is no archive" in describe_runs("LOQ1", "", ())["missing"]

"""Which files people mean by numbers, ranges, lists and paths."""

from pathlib import Path

import pytest

from mantidlab.archive import VARIABLE, RunNotFound
from mantidlab.run_files import RunsMismatch, SeveralInstruments, find_file, taken_apart


@pytest.mark.parametrize(
    ("given", "apart"),
    [
        (1001, ["1001"]),
        ("1001", ["1001"]),
        ("1001-1003", ["1001", "1002", "1003"]),
        ("1001 : 1003", ["1001", "1002", "1003"]),
        ("SANS2D1001-1002", ["SANS2D1001", "SANS2D1002"]),
        ("LOQ00074024-LOQ00074025", ["LOQ00074024", "LOQ00074025"]),
        ("MAP_09-11", ["MAP_09", "MAP_10", "MAP_11"]),
        ("1001, 1003;SANS2D 7\n/data/a-b/x_1-2.nxs", ["1001", "1003", "SANS2D 7", "/data/a-b/x_1-2.nxs"]),
        ("['1001', \"file (1).nxs\"]", ["1001", "file (1).nxs"]),
        (["1001-1002", "a, b.nxs", Path("/x/y.nxs"), 7], ["1001", "1002", "a, b.nxs", "/x/y.nxs", "7"]),
        ("", []),
    ],
)
def test_what_is_named_is_taken_apart(given: object, apart: list[str]) -> None:
    assert taken_apart(given) == apart


@pytest.mark.parametrize(
    ("given", "sentence"),
    [("1003-1001", "goes backwards"), ("LOQ1-INTER3", "one instrument"), ("1-9000", "stands for 9000 runs")],
)
def test_a_range_that_is_none_gets_a_sentence(given: str, sentence: str) -> None:
    with pytest.raises(RunsMismatch, match=sentence):
        taken_apart(given)


def test_a_path_is_told_from_the_folder_of_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "run.nxs").touch()
    assert find_file("run.nxs", (), folder=tmp_path) == tmp_path / "run.nxs"
    with pytest.raises(RunNotFound, match=f"There is no file {tmp_path}/no.nxs"):
        find_file("no.nxs", (), folder=tmp_path)


def test_a_number_that_two_instruments_have_names_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOQ", "INTER"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}00000007.nxs").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(SeveralInstruments) as both:
        find_file(7, ("LOQ", "INTER"))
    assert both.value.paths == {name: tmp_path / name / f"{name}00000007.nxs" for name in ("LOQ", "INTER")}


@pytest.mark.parametrize("given", ["22048", 22048, "SANS2D22048", "sans2d 22048"])
def test_a_run_beside_the_notebook_or_in_the_home_is_found_by_its_number(
    given: int | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "notes").mkdir()
    with pytest.raises(RunNotFound, match=f"There is no archive.* Nor does it lie in {tmp_path}/notes or {tmp_path}."):
        find_file(given, ("LOQ", "SANS2D"), folder=tmp_path / "notes")
    (tmp_path / "SANS2D00022048.nxs").touch()
    (tmp_path / "SANS2D00122048.nxs").touch()
    assert find_file(given, ("LOQ", "SANS2D"), folder=tmp_path / "notes") == tmp_path / "SANS2D00022048.nxs"
    (tmp_path / "notes" / "SANS2D22048.NXS").touch()
    assert find_file(given, ("LOQ", "SANS2D"), folder=tmp_path / "notes") == tmp_path / "notes" / "SANS2D22048.NXS"


def test_what_the_archive_has_comes_before_what_lies_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "archive"))
    (tmp_path / "archive" / "LOQ").mkdir(parents=True)
    for folder in (tmp_path / "archive" / "LOQ", tmp_path):
        (folder / "LOQ00000007.nxs").touch()
    assert find_file(7, ("LOQ",), folder=tmp_path) == tmp_path / "archive" / "LOQ" / "LOQ00000007.nxs"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.nxs").mkdir()
    with pytest.raises(RunNotFound, match=r"folder.nxs is a folder. Name the file in it."):
        find_file("folder.nxs", (), folder=tmp_path)

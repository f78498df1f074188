"""Finding runs in an archive, and the help that is given when there is nothing to find."""

from pathlib import Path

import pytest

from mantidlab.archive import (
    ArchiveMissing,
    InstrumentNotFound,
    RunNotFound,
    find_run,
    list_instruments,
    list_runs,
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name in (
        "SIMSANS/cycle_26_1/SIMSANS00001001.nxs",
        "SIMSANS/cycle_26_1/SIMSANS00001002.nxs",
        "SIMSANS/cycle_26_1/.SIMSANS00001009.nxs.partial",
        "SIMSANS/cycle_26_1/SIMSANS00001001.log",
        "SIMSANS/cycle_26_2/deeper/SIMSANS00001010.NXS",
        "SIMREF/2026/SIMREF_2001.nxs.h5",
        "SIMREF/2026/SIMREF00002001.hdf",
        "SANS2D/cycle_13_3/SANS2D00022048.nxs",
        "HRPD/HRP38094.nxs",
        "D33/002104.nxs",
        ".hidden/SIMSANS00001001.nxs",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("instrument", ["SIMSANS", "simsans", " SimSans "])
@pytest.mark.parametrize("run", [1001, "1001", "00001001", "SIMSANS1001", "simsans00001001", " 1001 "])
def test_a_run_is_found_however_it_is_written(archive: Path, instrument: str, run: int | str) -> None:
    assert find_run(instrument, run, archive) == archive / "SIMSANS/cycle_26_1/SIMSANS00001001.nxs"


def test_a_run_is_found_in_any_folder_and_with_any_case_of_suffix(archive: Path) -> None:
    assert find_run("SIMSANS", 1010, archive).name == "SIMSANS00001010.NXS"


@pytest.mark.parametrize(
    ("instrument", "run", "name"),
    [("SANS2D", 22048, "SANS2D00022048.nxs"), ("HRPD", 38094, "HRP38094.nxs"), ("D33", 2104, "002104.nxs")],
)
def test_facilities_name_their_files_in_many_ways(archive: Path, instrument: str, run: int, name: str) -> None:
    assert find_run(instrument, run, archive).name == name


def test_of_two_files_of_a_run_nexus_comes_first(archive: Path) -> None:
    assert find_run("SIMREF", 2001, archive).name == "SIMREF_2001.nxs.h5"


def test_runs_are_listed_by_number_and_nothing_else_is(archive: Path) -> None:
    assert [run.number for run in list_runs("simsans", archive)] == [1001, 1002, 1010]
    assert list_instruments(archive) == ["D33", "HRPD", "SANS2D", "SIMREF", "SIMSANS"]


def test_the_environment_names_the_archive(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTIDHUB_DATA", str(archive))
    assert find_run("SIMSANS", 1002).name == "SIMSANS00001002.nxs"


def test_the_argument_comes_before_the_environment(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTIDHUB_DATA", "/nowhere")
    assert find_run("SIMSANS", 1002, str(archive)).name == "SIMSANS00001002.nxs"


def test_a_missing_run_is_answered_with_what_is_there_and_what_is_near(archive: Path) -> None:
    with pytest.raises(RunNotFound) as problem:
        find_run("simsans", 1009, archive)
    assert str(archive / "SIMSANS") in str(problem.value)
    assert "no run 1009" in str(problem.value)
    assert "It has 1001, 1002, 1010; 1010 is nearest." in str(problem.value)


def test_many_runs_are_answered_with_their_range(archive: Path) -> None:
    for number in range(50):
        (archive / "SIMREF" / f"SIMREF{number:08d}.nxs").touch()
    with pytest.raises(RunNotFound, match="It has 51 runs from 0 to 2001; 49 is nearest"):
        find_run("SIMREF", 60, archive)


def test_an_instrument_without_runs_says_so(archive: Path) -> None:
    (archive / "SIMPOW").mkdir()
    with pytest.raises(RunNotFound, match="There is no run at all"):
        find_run("SIMPOW", 1, archive)


def test_an_unknown_instrument_is_answered_with_the_known_ones(archive: Path) -> None:
    with pytest.raises(InstrumentNotFound) as problem:
        find_run("SIMSANZ", 1001, archive)
    assert str(archive) in str(problem.value)
    assert "D33, HRPD, SANS2D, SIMREF, SIMSANS" in str(problem.value)
    assert "Did you mean SIMSANS?" in str(problem.value)


@pytest.mark.parametrize("run", ["latest", "", "-1", "10.5", "SIMREF1001"])
def test_what_is_not_a_number_is_said_to_be_none(archive: Path, run: str) -> None:
    with pytest.raises(RunNotFound, match="is not a run number of SIMSANS"):
        find_run("SIMSANS", run, archive)


def test_a_missing_archive_says_where_was_looked_and_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match=r"no archive in .*nowhere.*MANTIDHUB_DATA"):
        find_run("SIMSANS", 1001, tmp_path / "nowhere")

"""What annotations say of fields: runs by number, units, ranges, files."""

from pathlib import Path
from typing import Annotated, Any

import pytest

from mantidlab.interfaces import Folder, InputFile, OutputFile, Range, Run, RunFile, Unit, ValuesRefused, interface


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "SANS2D/cycle/SANS2D00022048.nxs",
        "SIMSANS/SIMSANS00001001.nxs",
        "LOQ/LOQ00001001.h5",
        "LOQ/LOQ74024.nxs",
    ):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setenv("MANTIDHUB_DATA", str(tmp_path / "archive"))
    return tmp_path / "archive"


@interface(title="One", instruments=["SANS2D"])
def of_one(run: RunFile, other: RunFile | None = None) -> str:
    return run.name + (other.name if other else "")


@interface(title="Several", instruments=["SIMSANS", "LOQ"])
def of_several(run: Annotated[Path, Run(extensions=(".nxs",))]) -> Path:
    return run


@interface(title="Any")
def of_any(run: RunFile) -> str:
    return run.name


@pytest.mark.parametrize("given", [22048, "22048", "00022048", "SANS2D22048", "sans2d 22048", "SANS2D00022048"])
def test_a_run_is_given_by_its_number(archive: Path, given: Any) -> None:
    assert of_one(given).value == "SANS2D00022048.nxs"
    assert of_one(22048, given).value == "SANS2D00022048.nxs" * 2


def test_a_run_is_given_by_its_path(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive / "SIMSANS" / "SIMSANS00001001.nxs"
    assert of_one(path).value == of_one(str(path)).value == path.name
    monkeypatch.chdir(path.parent)
    assert of_several(path.name).value == path


def test_runs_of_instruments_whose_names_end_with_digits_are_found_where_any_will_do(archive: Path) -> None:
    assert of_any("SANS2D22048").value == "SANS2D00022048.nxs"
    assert of_any("LOQ 74024").value == "LOQ74024.nxs"


@pytest.mark.parametrize(
    ("call", "given", "sentence"),
    [
        (of_one, 22049, "SANS2D has no run 22049 in .* 22048 is nearest"),
        (of_one, "nowhere.nxs", "There is no file .*nowhere.nxs"),
        (of_one, "", "There is no file"),
        (of_one, True, "run: It takes the path of a file, not True."),
        (of_several, 74025, "SIMSANS has no run 74025 .*LOQ has no run 74025"),
        (of_several, "LOQ1001", "LOQ00001001.h5 does not end with .nxs"),
        (of_several, 1001, "SIMSANS and LOQ have a run 1001: write the instrument before it, SIMSANS1001"),
        (of_any, 22048, "Which instrument's run 22048 is meant is not known"),
        (of_any, "NOWHERE1", "There is no instrument 'NOWHERE'"),
    ],
)
def test_a_run_that_is_not_there_gets_a_sentence(archive: Path, call: Any, given: Any, sentence: str) -> None:
    with pytest.raises(ValuesRefused, match=sentence):
        call(given)


def test_numbers_come_in_the_unit_of_their_field() -> None:
    @interface(title="T")
    def shown(length: Annotated[float, Unit("Å")]) -> float:
        return length

    assert shown(2).value == 2.0
    assert shown({"value": 3, "unit": "Å"}).value == 3.0  # type: ignore[arg-type]
    assert shown.run({"length": "4.5"}).value == 4.5


def test_ranges_are_in_order() -> None:
    @interface(title="T")
    def width(window: Annotated[Range, Unit("Å")] = (1.0, 2.0)) -> float:
        return window[1] - window[0]

    assert width((1, 4)).value == 3
    assert width.run({"window": [1, 4]}).value == 3
    for wrong in ((4, 1), (1, 1), (1,), "1"):
        with pytest.raises(ValuesRefused, match="window"):
            width.run({"window": wrong})


def test_files_are_there_or_their_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @interface(title="T")
    def copied(source: InputFile, to: OutputFile, where: Folder) -> tuple[Path, Path, Path]:
        return source, to, where

    (tmp_path / "in.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert copied.run({"source": "in.txt", "to": "out.txt", "where": "."}).value == (
        *(tmp_path / "in.txt", tmp_path / "out.txt", tmp_path),
    )
    with pytest.raises(ValuesRefused) as refused:
        copied.run({"source": "no.txt", "to": "no/out.txt", "where": "no"})
    assert refused.value.problems == {
        "source": f"There is no file {tmp_path / 'no.txt'}.",
        "to": f"There is no folder {tmp_path / 'no'}.",
        "where": f"There is no folder {tmp_path / 'no'}.",
    }


def test_a_result_keeps_a_run_as_given_and_as_found(archive: Path) -> None:
    found = of_one(22048).provenance
    path = archive / "SANS2D" / "cycle" / "SANS2D00022048.nxs"
    assert found.given == {"run": "22048"}
    assert found.resolved == {"run": repr(str(path)), "other": "None"}
    assert [file.path for file in found.files] == [str(path)]

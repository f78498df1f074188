"""A result is its value and where it comes from; equal ones are equal in what matters."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import BaseModel

from mantidlab.interfaces import CannotKeep, InputFile, Result, caution, interface, open_result, remark
from mantidlab.interfaces.briefly import briefly, numbers_of


@dataclass(frozen=True)
class Peak:
    centre: float
    name: str = "<b>"


class Pair(NamedTuple):
    one: int
    two: int


class Fitted(BaseModel):
    width: float


@interface(title="Peak of <counts>")
def peak(run: InputFile, factor: float = 1.0) -> Peak:
    logging.getLogger("physics").warning("weak peak")
    warnings.warn("few counts", stacklevel=1)
    for _ in range(2):
        caution("The centre is <far> away.")
    remark("The settings of PEAK were taken.")
    return Peak(len(run.read_text()) * factor)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run.txt"
    path.write_text("12345")
    return path


def test_its_parts_have_names() -> None:
    for value, parts in (
        (Peak(1.0), {"centre": 1.0, "name": "<b>"}),
        (Pair(1, 2), {"one": 1, "two": 2}),
        (Fitted(width=2), {"width": 2.0}),
        ({"a": 1}, {"a": 1}),
        (3.0, {"value": 3.0}),
        ({1: 2}, {"value": {1: 2}}),
    ):
        assert Result(value, None, {}).values == parts  # type: ignore[arg-type]


def test_what_makes_its_numbers_doubtful_stands_above_them(run: Path, tmp_path: Path) -> None:
    found = peak(run)
    assert found.cautions == ("The centre is <far> away.",)
    assert found.provenance.remarks == ("The settings of PEAK were taken.",)
    assert open_result(found.save(tmp_path / "kept")).cautions == found.cautions
    assert "caution: The centre is <far> away." in repr(found)
    page = found._repr_html_()
    assert page.index("The centre is &lt;far&gt; away.") < page.index("The settings of PEAK") < page.index("<details>")


def test_what_was_left_open_can_be_told_from_what_was_chosen(run: Path) -> None:
    class Settings(BaseModel):
        low: float = 0.0
        high: float = 1.0

    @interface(title="Chosen")
    def chosen(settings: Settings = Settings()) -> list[str]:
        return sorted(settings.model_fields_set)

    assert chosen().value == []
    assert chosen(settings={"low": 0.0}).value == ["low"]
    assert chosen.run({"settings": {"low": 1.0}, "settings.high": 1.0}).value == ["high", "low"]


def test_it_says_what_computed_it_and_what_was_said_meanwhile(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT", "scipp")
    monkeypatch.setenv("MANTIDHUB_ENVIRONMENT_HASH", "abc")
    found = peak(run).provenance
    assert (found.interface, found.title) == ("peak", "Peak of <counts>")
    assert found.environment == {"environment": "scipp", "hash": "abc"}
    assert {"python", "mantidlab", "pydantic"} <= set(found.versions)
    assert [(line.level, line.line) for line in found.log] == [
        ("warning", "weak peak"),
        ("warning", "UserWarning: few counts"),
        ("caution", "The centre is <far> away."),
        ("remark", "The settings of PEAK were taken."),
    ]
    logging.getLogger("physics").warning("after the run")
    assert "after the run" not in [line.line for line in peak(run).provenance.log]


def test_equal_means_the_same_numbers_from_the_same_inputs(run: Path, tmp_path: Path) -> None:
    first = peak(run)
    assert first == peak(run)
    assert first != peak(run, 2.0)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / "run.txt"
    copy.write_text("12345")
    assert first == peak(copy)  # the same file in another folder
    copy.write_text("54321")
    assert first != peak(copy)  # the same number, but of another file
    assert first != "a text"


def test_it_can_be_saved_and_opened_again(run: Path, tmp_path: Path) -> None:
    first = peak(run, factor=2)
    again = open_result(first.save(tmp_path / "saved"))
    assert again == first
    assert again.value == Peak(10.0)
    assert again.provenance == first.provenance
    assert again.given == {"run": run, "factor": 2}


def test_a_folder_without_a_result_gets_a_sentence(run: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotKeep, match="has no result that can be opened"):
        open_result(tmp_path)
    folder = peak(run).save(tmp_path / "saved")
    (folder / "result.json").write_text((folder / "result.json").read_text()[:100])
    with pytest.raises(CannotKeep, match="has no result that can be opened"):
        open_result(folder)


def test_its_page_shows_parts_files_and_steps_and_no_html_of_others(run: Path) -> None:
    page = peak(run)._repr_html_()
    assert "Peak of &lt;counts&gt;" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "run.txt" in page
    assert "weak peak" in page


@dataclass(frozen=True)
class Value:
    value: float
    error: float | None

    def __str__(self) -> str:
        return f"{self.value} ± {self.error} Å"


def test_parts_are_told_in_a_few_words() -> None:
    told = {
        "–": None,
        "0.123457": 0.1234567,
        "12345678": 12345678,
        "True": True,
        "silica": "silica",
        "(1, 2)": (1, 2),
        "3.0 ± 0.2 Å": Value(3.0, 0.2),
        "Peak": Peak(1.0),
        "(1.123, 2)": (1.12345, 2.0),
        "2 × Peak": [Peak(1.0), Peak(2.0)],
        "3.0 ± 0.2 Å, 4.0 ± 0.1 Å": (Value(3.0, 0.2), Value(4.0, 0.1)),
    }
    assert {text: briefly(part) for text, part in told.items()} == {text: text for text in told}
    assert len(briefly("x" * 1000)) == 120


def test_numbers_with_errors_are_two_columns() -> None:
    parts = {"radius": Value(3.0, 0.2), "n": 4, "note": "fine", "peak": Peak(1.0), "none": Value(1.0, None), "x": None}
    assert numbers_of(parts) == {"radius": 3.0, "radius.error": 0.2, "n": 4, "note": "fine", "none": 1.0}

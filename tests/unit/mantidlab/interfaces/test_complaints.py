"""What does not fit is said in sentences for scientists, with nothing of pydantic's words."""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, field_validator

from mantidlab.interfaces import InputFile, Range, RunFile, Unit, ValuesRefused, interface

JARGON = re.compile(r"Input should|[Vv]alid|pars|instance|dictionary|type|tuple|String|element|Value error|literal")


class Method(Enum):
    SUM = "sum"
    MEAN = "mean"


@dataclass
class Beam:
    width: float = 1.0


class Settings(BaseModel):
    bins: int = Field(200, ge=10, le=5000)
    window: Annotated[Range, Unit("Å")] = (2.0, 14.0)
    method: Method = Method.SUM
    width: float | Literal["auto"] = "auto"
    edges: list[float] = [1.0]
    name: Annotated[str, Field(min_length=2, pattern="^[a-z]+$")] = "silica"
    clean: bool = True
    beam: Beam = Beam()
    labels: dict[str, float] = {}
    step: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.1
    mask: InputFile | None = None

    @field_validator("bins")
    @classmethod
    def even(cls, bins: int) -> int:
        if bins % 2:
            raise ValueError("Take an even number of bins")
        return bins


@interface(title="T", instruments=["SIMREF"])
def reduced(runs: list[RunFile] = [], settings: Settings = Settings()) -> list[Path]:  # noqa: B006
    return runs


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "archive" / "SIMREF"
    folder.mkdir(parents=True)
    for number in (2001, 2002, 2005):
        (folder / f"SIMREF{number:08d}.nxs").touch()
    monkeypatch.setenv("MANTIDHUB_DATA", str(tmp_path / "archive"))
    return folder


def said(given: dict[str, Any], *, as_texts: bool = False) -> dict[str, str]:
    with pytest.raises(ValuesRefused) as refused:
        if as_texts:
            reduced.parameters.from_texts(given, ("SIMREF",))
        else:
            reduced.resolved(given)
    return refused.value.problems


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("bins", "many", "It takes a whole number, not 'many'."),
        ("bins", 10.5, "It takes a whole number, not 10.5."),
        ("bins", 5, "It must be at least 10; it is 5."),
        ("bins", 6000, "It must be at most 5000; it is 6000."),
        ("bins", 11, "Take an even number of bins."),
        ("window", (2,), "Item 2: it is not there."),
        ("window", "wide", "It takes numbers or texts with commas between, such as 2, 14, not 'wide'."),
        ("window", (3, 2), "3 is not below 2."),
        ("method", "median", "It takes 'sum' or 'mean', not 'median'."),
        ("width", "wide", "It takes a number or 'auto', not 'wide'."),
        ("edges", ["1", "x", "y"], "Item 2: it takes a number, not 'x'. Item 3: it takes a number, not 'y'."),
        ("name", "Q", "It takes at least 2 letters; it is 'Q'."),
        ("name", 7, "It takes a text, not 7."),
        ("clean", "perhaps", "It takes True or False, not 'perhaps'."),
        ("beam.width", "wide", "It takes a number, not 'wide'."),
        ("labels", 3, "It takes names with values, not 3."),
        ("step", 0, "It must be above 0; it is 0."),
        ("step", float("inf"), "It takes a number that is neither infinite nor undefined, not inf."),
        ("mask", True, "It takes the path of a file, not True."),
    ],
)
def test_each_kind_of_mistake_has_a_sentence(field: str, value: Any, sentence: str) -> None:
    problems = said({f"settings.{field}": value})
    assert problems == {f"settings.{field}": sentence}
    assert not JARGON.search(sentence)


@pytest.mark.parametrize("as_texts", [True, False])
@pytest.mark.parametrize("given", ["2003", "2001-2003", "2001, 2003"])
def test_a_run_in_a_list_that_is_not_there_is_said_with_what_is_near_it(
    archive: Path, given: str, *, as_texts: bool
) -> None:
    sentence = f"SIMREF has no run 2003 in {archive}. It has 2001, 2002, 2005; 2002 is nearest. Nor does it lie in "
    sentence += f"{Path.cwd()} or {Path.home()}."
    assert said({"runs": given}, as_texts=as_texts) == {"runs": sentence}


def test_of_many_runs_that_are_not_there_three_are_said() -> None:
    assert said({"runs": "2010-2019"})["runs"].endswith("And 7 more of this kind.")


@pytest.mark.parametrize("given", ["2001-2002, SIMREF2005", ["2001-2002", "2005"], (2001, 2002, 2005)])
def test_a_list_of_runs_is_given_as_people_write_it(archive: Path, given: Any) -> None:
    assert [path.name[-8:-4] for path in reduced.resolved({"runs": given})["runs"]] == ["2001", "2002", "2005"]


def test_a_range_that_goes_backwards_gets_its_own_sentence() -> None:
    assert said({"runs": "2005-2001"}) == {"runs": "2005-2001 goes backwards. Write the smaller number first."}


def test_a_text_that_was_read_is_judged_as_what_it_was_read_as() -> None:
    assert said({"settings.window": "14, 2"}, as_texts=True) == {"settings.window": "14 is not below 2."}
    assert said({"settings.bins": "1, 2"}, as_texts=True) == {"settings.bins": "It takes a whole number, not '1, 2'."}


def test_a_text_that_fits_as_it_was_read_is_not_accused_with_another() -> None:
    given = {"runs": "2001, 2002", "settings.window": "(2, 5)", "settings.edges": "0,5", "settings.bins": "many"}
    assert said(given, as_texts=True) == {"settings.bins": "It takes a whole number, not 'many'."}

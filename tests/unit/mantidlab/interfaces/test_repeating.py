"""A result becomes a notebook with the exact call."""

import json
from enum import Enum
from pathlib import Path

import pydantic
import pytest
from pydantic import BaseModel

from mantidlab.interfaces import CannotRepeat, InputFile, interface
from mantidlab.interfaces.repeating import write_notebook


class Way(Enum):
    UP = "up"


class Settings(BaseModel):
    low: float = 1.0
    way: Way = Way.UP


@interface(title="T")
def shifted(run: InputFile, settings: Settings = Settings(), thing: object = None) -> int:
    return len(run.read_text())


def cells(path: Path) -> list[str]:
    notebook = json.loads(path.read_text())
    assert (notebook["nbformat"], notebook["metadata"]["kernelspec"]["name"]) == (4, "python3")
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def test_it_has_the_call_with_what_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run.txt").write_text("123")
    monkeypatch.chdir(tmp_path)
    result = shifted(Path("run.txt"), Settings(low=2, way=Way.UP))
    title, imports, call, comparison = cells(result.notebook(tmp_path / "again"))
    assert title.startswith("# T\n")
    assert set(imports.splitlines()) == {f"from {__name__} import {name}" for name in ("Settings", "Way", "shifted")}
    assert call == (
        f"result = shifted(\n    run={str(tmp_path / 'run.txt')!r},\n"
        "    settings=Settings(low=2.0, way=Way.UP),\n)\nresult"
    )
    again: dict[str, object] = {"result": result}
    exec(f"compared = {comparison}", again)  # noqa: S102
    assert repr(again["compared"]) == "The numbers are the same."


def test_values_of_a_form_are_written_as_they_were_given(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("123")
    result = shifted.run({"run": str(tmp_path / "run.txt"), "settings.low": 3})
    assert "    settings={'low': 3},\n" in cells(result.notebook(tmp_path / "again.ipynb"))[2]


def test_the_comparison_says_what_differs(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("123")
    comparison = cells(shifted(tmp_path / "run.txt").notebook(tmp_path / "again"))[3]
    (tmp_path / "run.txt").write_text("1234")
    again: dict[str, object] = {"result": shifted(tmp_path / "run.txt")}
    exec(f"compared = {comparison.replace(pydantic.VERSION, '1.0')}", again)  # noqa: S102
    said = repr(again["compared"])
    assert said.startswith("The numbers differ.\nrun.txt is another file now: its SHA-256 was ")
    assert f"pydantic was 1.0, and is {pydantic.VERSION}." in said


def test_an_object_that_cannot_be_written_down_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("123")
    result = shifted(tmp_path / "run.txt", thing=object())
    with pytest.raises(CannotRepeat, match="thing was given as an object that a notebook cannot write down"):
        write_notebook(result, tmp_path / "again")


def test_a_notebook_that_somebody_has_changed_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("123")
    result = shifted(tmp_path / "run.txt")
    path = result.notebook(tmp_path / "again")
    notebook = json.loads(path.read_text())
    notebook["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["3"]}]
    path.write_text(json.dumps(notebook))
    assert result.notebook(tmp_path / "again") == path  # it was run, and says the same
    assert json.loads(path.read_text())["cells"][2]["outputs"]
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "MY NOTES"})
    path.write_text(json.dumps(notebook))
    assert result.notebook(tmp_path / "again") == tmp_path / "again-2.ipynb"
    assert result.notebook(tmp_path / "again") == tmp_path / "again-2.ipynb"
    assert "MY NOTES" in path.read_text()

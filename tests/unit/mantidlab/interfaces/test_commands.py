"""The command line: options from the fields, exit codes, sentences."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FILE = '''
from typing import Annotated, Literal
from pydantic import BaseModel, Field
from mantidlab.interfaces import Unit, interface, step
import time

class Settings(BaseModel):
    """How it is done."""
    factor: float = Field(1.0, gt=0, description="What counts are multiplied with.")
    window: tuple[float, float] = (0, 1)

def slow(number):
    time.sleep(0.1)
    return number

@interface(title="Scale counts", technique="SANS")
def scaled(
    number: Annotated[float, Unit("Å")],
    settings: Settings = Settings(),
    how: Literal["up", "down"] = "up",
    more: bool = False,
) -> dict[str, float]:
    """Scale counts.

    Parameters
    ----------
    number
        How many there are, at 100 %.
    """
    if number == 13:
        raise RuntimeError("thirteen")
    return {"sum": step(slow, number) * settings.factor + settings.window[1]}
'''

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Call:
    home = tmp_path / "home"
    (home / "interfaces").mkdir(parents=True)
    (home / "interfaces" / "mine.py").write_text(FILE)

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "mantidlab.interfaces", *map(str, words)]
        variables = {**os.environ, "HOME": str(home)}
        return subprocess.run(line, capture_output=True, text=True, check=False, cwd=home, env=variables, timeout=60)

    return call


def test_it_lists_what_there_is_and_says_what_is_broken(command: Call, tmp_path: Path) -> None:
    (tmp_path / "home" / "interfaces" / "bad.py").write_text("1/0")
    done = command("list")
    assert done.returncode == 0
    assert "scaled  Scale counts (SANS)" in " ".join(done.stdout.split()).replace("scaled ", "scaled  ")
    assert "bad.py could not be read, line 1. ZeroDivisionError" in done.stderr
    said = json.loads(command("list", "--json").stdout)
    assert "scaled" in [each["name"] for each in said["interfaces"]]
    assert len(said["broken"]) == 1


def test_fields_are_options_with_their_documentation(command: Call) -> None:
    for words in (("describe", "scaled"), ("run", "scaled", "--help")):
        text = " ".join(command(*words).stdout.split())
        assert "How many there are, at 100 %" in text
        assert "in Å; needed." in text
        assert "--settings.factor" in text
        assert "What counts are multiplied with" in text
        assert "default 1.0." in text
        assert "up|down" in text


def test_it_runs_and_writes_what_is_wanted(command: Call, tmp_path: Path) -> None:
    words = ("run", "scaled", "--number", 2, "--settings.factor", "3", "--settings.window", "1, 5", "--more", "yes")
    done = command(*words, "--save-to", tmp_path / "result", "--notebook", tmp_path / "again")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "sum: 11.0"
    assert json.loads((tmp_path / "result" / "result.json").read_text())["provenance"]["steps"][0]["cached"] is False
    assert "scaled = find('scaled')" in (tmp_path / "again.ipynb").read_text()
    command(*words, "--save-to", tmp_path / "second")
    assert json.loads((tmp_path / "second" / "result.json").read_text())["provenance"]["steps"][0]["cached"] is True
    done = command("notebook", tmp_path / "result")
    assert done.stdout.strip() == str(tmp_path / "result.ipynb")
    assert "'settings': " not in (tmp_path / "result.ipynb").read_text()
    assert "MB are free again" in command("clear-cache").stdout


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("run", "scaled"), 2, "required: --number"),
        (("run", "scaled", "--number", "x"), 2, "number: It takes a number, not 'x'."),
        (
            ("run", "scaled", "--number", "1", "--settings.factor", "-1"),
            2,
            "settings.factor: It must be above 0",
        ),
        (("run", "scaled", "--number", "1", "--nothing", "1"), 2, "--nothing"),
        (("run", "scaled", "--number", "13", "--save-to", "/"), 2, "/ is there already. Name a new folder"),
        (("run", "scaled", "--number", "13", "--save-to", "/etc/passwd/x"), 2, "nothing may be written in /etc/passwd"),
        (("run", "scaled", "--number", "13"), 1, "scaled failed: RuntimeError: thirteen"),
        (("run", "lost"), 2, "There is no interface lost; there are"),
        (("notebook", "nowhere"), 2, "has no result that can be opened"),
        (("batch", "scaled", "nowhere.csv", "--to", "out"), 2, "The table nowhere.csv cannot be read"),
        (("dance",), 2, "invalid choice"),
        ((), 2, "COMMAND"),
    ],
)
def test_what_is_wrong_is_said_with_an_exit_code(
    command: Call, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = command(*words)
    assert sentence in " ".join(done.stderr.split())
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_batch_says_what_failed_and_goes_on(command: Call, tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text("number,settings.factor\n1,2\n13,\nx,\n")
    done = command("batch", "scaled", tmp_path / "runs.csv", "--to", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "row 2 failed: RuntimeError: thirteen",
        "row 3 refused: number: It takes a number, not 'x'.",
    ]
    assert done.stdout.startswith("0 waiting, 1 done, 1 failed, 1 refused; ")
    with (tmp_path / "out" / "table.csv").open() as file:
        (first, *_) = csv.DictReader(file)
    assert first["result.sum"] == "3.0"
    (tmp_path / "good.csv").write_text("number\n1\n")
    assert command("batch", "scaled", tmp_path / "good.csv", "--to", tmp_path / "out").returncode == 0

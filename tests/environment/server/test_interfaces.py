"""The server lists interfaces without running anybody's code itself, also where a file hangs or ends Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.pace import Stopwatch

GOOD = """
from mantidlab.interfaces import interface
print("what a file prints disturbs nobody")

@interface(title="Mine", technique="SANS", instruments=["SIMSANS"])
def {name}(number: float, many: int = 1) -> float:
    '''Count.'''
    return number * many
"""


def write(session, name: str, text: str) -> Path:
    folder = session.home / "interfaces"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)
    return folder / f"{name}.py"


@pytest.fixture
def session(sessions):
    return sessions.start()


def listed(session) -> dict[str, dict]:
    answer = session.ask("GET", "mantidlab/interfaces")
    assert answer.status == 200, answer.body
    return {each["name"]: each for each in answer.json["interfaces"]}


def test_a_file_in_the_home_is_listed_with_its_form_and_a_change_is_seen(session) -> None:
    file = write(session, "mine", GOOD.format(name="mine"))
    mine = listed(session)["mine"]
    assert (mine["title"], mine["kind"], mine["origin"], mine["summary"]) == ("Mine", "person", str(file), "Count.")
    form = session.ask("GET", "mantidlab/interfaces/form?name=mine").json
    assert [(field["name"], field["required"]) for field in form["fields"]] == [("number", True), ("many", False)]
    assert (form["of"], form["framework"], form["call"]["target"]) == ("interface/mine", "interface", "result")
    assert form["call"]["import"] == "from mantidlab.interfaces import find\nmine = find('mine')"
    write(session, "second", GOOD.format(name="second"))
    assert {"mine", "second"} <= set(listed(session))
    file.unlink()
    assert "mine" not in listed(session)
    answer = session.ask("GET", "mantidlab/interfaces/form?name=mine")
    assert (answer.status, "no interface 'mine'" in answer.json["message"]) == (404, True)


def test_a_second_question_starts_no_process(session) -> None:
    write(session, "mine", GOOD.format(name="mine"))
    listed(session)
    watch = Stopwatch()
    for _ in range(20):
        listed(session)
    assert watch.within(20 * 0.1), watch


def test_broken_files_get_a_sentence_and_hide_nothing(session) -> None:
    write(session, "a_ends", "import os; os._exit(3)")
    write(session, "b_bad", "1/0")
    write(session, "c_marks", "import os, pathlib\npathlib.Path('~/ran').expanduser().write_text(str(os.getpid()))")
    write(session, "mine", GOOD.format(name="mine"))
    answer = session.ask("GET", "mantidlab/interfaces").json
    assert "mine" in [each["name"] for each in answer["interfaces"]], answer
    broken = {Path(each["origin"]).stem: each["message"] for each in answer["broken"]}
    assert set(broken) == {"a_ends", "b_bad"}
    assert "ended Python" in broken["a_ends"]
    assert "line 1. ZeroDivisionError" in broken["b_bad"]
    assert (session.home / "ran").read_text() != str(session.process.pid)


def test_nobody_gets_them_without_signing_in(session) -> None:
    for path in ("interfaces", "interfaces/form?name=x"):
        assert session.ask("GET", f"mantidlab/{path}", token="").status in {302, 403}


def test_a_result_becomes_a_notebook_beside_it(session) -> None:
    write(session, "mine", GOOD.format(name="mine"))
    variables = {**os.environ, "HOME": str(session.home)}
    call = [sys.executable, "-m", "mantidlab.interfaces", "run", "mine", "--number", "2", "--save-to", "out"]
    subprocess.run(call, cwd=session.home, env=variables, check=True, capture_output=True)
    answer = session.ask("POST", "mantidlab/interfaces/notebook", body={"result": "out"})
    assert (answer.status, answer.json) == (200, {"path": "out.ipynb"})
    cells = json.loads((session.home / "out.ipynb").read_text())["cells"]
    assert any("result = mine(" in "".join(cell["source"]) for cell in cells)
    answer = session.ask("POST", "mantidlab/interfaces/notebook", body={"result": "nowhere"})
    assert (answer.status, "no result that can be opened" in answer.json["message"]) == (400, True)

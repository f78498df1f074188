"""A history is a script that gives the same numbers."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import mantidlab
from mantidlab.docs.catalogue import Algorithm, Property
from mantidlab.frameworks.model import Parameter, Step
from mantidlab.workspaces import WorkspaceError, histories, save
from mantidlab.workspaces.histories import of_steps, of_variable
from mantidlab.workspaces.steps import call_of

ROOT = Path(__file__).parents[3]
MANTID = Path(os.environ.get("MANTIDHUB_SHARED_MANTID") or ROOT.parent / "shared" / "mantid")
DATA = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or ROOT.parent / "shared" / "data")
CELLS = (
    "import numpy as np\nimport scipp as sc",
    "# what the experiment gave\ncounts = sc.array(dims=['tof'], values=np.arange(8.0), unit='counts')\nunused = 3",
    "edges = sc.linspace('tof', 0.0, 8.0, 9, unit='us')",
    "def scaled(thing, by):\n    return thing * by",
    "run = sc.DataArray(counts, coords={'tof': edges})\nrun",
    "factor = 1.5",
    "result = scaled(run, factor)",
    "factor = 2.5",
    "result = scaled(run, factor)",
    "print(result)\nalias = result\nalias += sc.scalar(1.0, unit='counts')",
    "coarse = result.rebin(tof=2)",
    "raise ValueError('a slip')",
)


def ran_in_a_shell(cells: tuple[str, ...]) -> InteractiveShell:
    shell = InteractiveShell.instance()
    shell.reset()
    for cell in cells:
        shell.run_cell(cell, store_history=True)
    return shell


@pytest.fixture
def shell():
    yield ran_in_a_shell(CELLS)
    InteractiveShell.clear_instance()


def run_apart(script: str, name: str, tmp_path: Path) -> list[float]:
    file = tmp_path / "script.py"
    file.write_text(f"{script}\nimport json\nprint('VALUES', json.dumps({name}.values.tolist()))\n")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True, env=os.environ)
    return json.loads(done.stdout.rsplit("VALUES", 1)[1])


def test_the_script_gives_the_same_numbers_in_a_process_of_its_own(shell, tmp_path):
    told = mantidlab.history(shell.user_ns["coarse"])
    script = told.script()
    assert run_apart(script, "coarse", tmp_path) == shell.user_ns["coarse"].values.tolist()
    assert "unused" not in script and "print" not in script and "1.5" not in script
    assert "# what the experiment gave" in script and told.notes == ()
    assert script.count("scaled(run, factor)") == 1


def said_by(script: str, tmp_path: Path) -> str:
    file = tmp_path / "script.py"
    file.write_text(script)
    return subprocess.run([sys.executable, file], capture_output=True, text=True, check=True, env=os.environ).stdout


def test_the_script_says_whether_its_numbers_are_those_of_the_notebook(shell, tmp_path):
    assert said_by(mantidlab.history("coarse").script(), tmp_path) == "The numbers are those of the notebook.\n"
    for cell in ("box = {'held': coarse}", "box['held'] += sc.scalar(1.0, unit='counts')"):
        shell.run_cell(cell, store_history=True)
    script = mantidlab.history("coarse").script()
    assert "box['held'] +=" not in script, "found now: there is no need to say that the numbers differ"
    assert said_by(script, tmp_path).startswith("The numbers differ from those of the notebook.")
    shell.run_cell("shape = (2, 3)", store_history=True)
    assert "compare" not in of_variable("shape", {1: "shape = (2, 3)"}, shell.user_ns).script()


def test_cells_are_the_notebooks_own(shell):
    cells = mantidlab.history("result").cells()
    assert cells[0] == "import numpy as np\nimport scipp as sc"
    assert cells[-1].startswith("alias = result") and len(cells) == 8


def test_it_is_shown_as_text_and_html(shell):
    told = mantidlab.history("coarse")
    assert repr(told).startswith("How coarse was made:\n  import numpy")
    assert "<li>" in told._repr_html_()


def test_files_are_named_with_their_checksum(tmp_path):
    file = tmp_path / "a&b.csv"
    file.write_text("1\n")
    told = of_variable("x", {1: f"x = open({str(file)!r}).read()"}, {})
    (found,) = told.files
    assert found.sha256.startswith("4355a46b") and f"SHA-256 {found.sha256}" in told.script()


def test_what_cannot_be_known_is_said():
    told = of_variable("given", {1: "x = 2"}, {})
    assert told.entries == () and "No cell of this kernel makes given" in repr(told)
    told = of_variable("x", {1: "x = f(secret)"}, {})
    assert told.notes == ("No cell of this kernel makes f, secret; the script will miss it.",)
    with pytest.raises(WorkspaceError):
        mantidlab.history(3)


def test_results_of_interfaces_tell_what_they_recorded(tmp_path):
    file = tmp_path / "run.txt"
    file.write_text("3\n")
    cells = (
        "from pathlib import Path\nfrom mantidlab.interfaces import interface, step",
        "from mantidlab.interfaces.fields import InputFile",
        "def read(path):\n    return float(Path(path).read_text())",
        "@interface(title='Read a number', technique='any')\n"
        "def number(file: InputFile) -> float:\n    return step(read, file)",
        f"result = number({str(file)!r})",
    )
    shell = ran_in_a_shell(cells)
    try:
        told = mantidlab.history(shell.user_ns["result"])
    finally:
        InteractiveShell.clear_instance()
    assert "Read a number" in told.notes[0]
    assert [found.sha256[:8] for found in told.files] == ["1121cfcc"]
    assert told.entries[-1].source.startswith("result = number(")
    (child,) = told.entries[-1].children  # on a busy machine it was worth keeping, and is there from another run
    assert child.title in ("read", "read (was there already)")
    opened_again = histories.of_result(shell.user_ns["result"], "")
    assert opened_again.entries == () and opened_again.files == told.files


def step(name: str, *parameters: Parameter, version: int = 1, children: tuple[Step, ...] = ()) -> Step:
    return Step(name, version, None, None, parameters, children)


def prop(name: str, kind: str = "string", direction: str = "Input", **more: object) -> Property:
    return Property(name, kind, "", direction, "", "", None, "", False, False, False, **more)  # type: ignore[arg-type]


def algorithm(name: str, version: int, *properties: Property) -> Algorithm:
    return Algorithm(name, version, True, "", "", (), (), (), "", False, "c++", "", "", "", (), "", properties)


def test_a_step_is_the_call_that_a_person_would_write():
    known = {
        "Fit": algorithm(
            "Fit", 2, prop("InputWorkspace", is_workspace=True), prop("EndX", "number"), prop("Ties", "boolean"),
            prop("Chi2", "number", "Output"), prop("Output", "Workspace", "Output", is_workspace=True),
        )
    }  # fmt: skip
    given = (
        Parameter("InputWorkspace", 'a "b"', False),
        Parameter("EndX", "1.5", False),
        Parameter("Ties", "1", False),
        Parameter("Start", "3", True),
        Parameter("Chi2", "0.9", False, "output"),
        Parameter("Output", "out", False, "output"),
    )
    call = call_of(step("Fit", *given, version=2), known)
    assert call.source == """Fit(InputWorkspace='a "b"', EndX=1.5, Ties=True, Output="out")"""
    assert call.problem == ""
    old = call_of(step("Fit", given[0]), known)
    assert old.source.endswith("Version=1)")
    assert "no property Strange" in call_of(step("Fit", Parameter("Strange", "1", False), version=2), known).problem
    assert call_of(step("Load", Parameter("SpectrumMin", "1", False)), {"Load": algorithm("Load", 1)}).problem == ""
    assert "no algorithm Lost" in call_of(step("Lost"), known).problem


def test_steps_that_an_algorithm_ran_itself_are_shown_and_not_called():
    told = of_steps("w", (step("LoadIt", children=(step("LoadEmptyInstrument"),)),))
    assert "LoadEmptyInstrument" in repr(told) and "LoadEmptyInstrument" not in told.script()


@pytest.mark.parametrize("file", ["hist", "event", "powder", "powder_d_rebinned", "irs26176_graphite002_red"])
@pytest.mark.parametrize("known", [True, False], ids=["with the catalogue", "without one"])
def test_recorded_histories_are_calls_that_mantid_has(file, known, monkeypatch):
    path = next(iter([*MANTID.glob(f"nexus/{file}.nxs"), *DATA.glob(f"{file}.nxs")]), None)
    if path is None or not (MANTID / "catalogue.json").exists():
        pytest.skip(f"no {file}.nxs in {DATA}, or no {MANTID}; name them with MANTIDHUB_SHARED_DATA and …_MANTID")
    catalogue = json.loads((MANTID / "catalogue.json").read_text())["algorithms"]
    monkeypatch.setattr(histories, "_algorithms", lambda: recorded_algorithms(catalogue) if known else {})
    there = {(each["name"], each["version"]): {prop["name"] for prop in each["properties"]} for each in catalogue}
    # Load takes on the properties of the loader that it finds for its file.
    loaders = {each for (name, _), names in there.items() if name.startswith("Load") for each in names}
    latest = {each["name"]: each["version"] for each in catalogue if each["latest"]}
    told = mantidlab.history(path)
    assert told.entries
    tree = ast.parse(told.script())
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    assert len(calls) == len(told.entries)
    lost = set()
    for call in calls:
        name = ast.unparse(call.func)
        given = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
        version = given.pop("Version", latest.get(name, 0))
        if name not in latest:
            lost.add(name)
        else:
            assert given.keys() <= (loaders if name == "Load" else there[name, version]), name
    # An algorithm of 2013 that this Mantid has no more.
    assert lost == ({"FlatBackground"} if file.startswith("irs") else set())
    if known:
        assert all(any(f"no algorithm {name}" in note for note in told.notes) for name in lost)


def recorded_algorithms(catalogue: list[dict[str, Any]]) -> dict[str, Algorithm]:
    def described(each: dict[str, Any]) -> Algorithm:
        properties = [
            prop(found["name"], found["type"], ("Input", "Output", "InOut")[int(found["direction"])]
                 if str(found["direction"]).isdigit() else found["direction"],
                 is_workspace="Workspace" in found["type"])
            for found in each["properties"]
        ]  # fmt: skip
        return algorithm(each["name"], each["version"], *properties)

    return {each["name"]: described(each) for each in catalogue if each["latest"]}


def test_files_that_are_not_here_are_told():
    told = of_steps("w", (step("Load", Parameter("Filename", "C:\\\\irs26173.raw", False)),))
    assert told.notes == ("Not here as it is written: C:\\\\irs26173.raw. Change the script to where it is.",)


def test_a_saved_file_that_mantid_did_not_write_has_no_history(tmp_path, shell):
    told = mantidlab.history(save(shell.user_ns["coarse"], tmp_path / "c.nxs"))
    assert told.entries == () and "Nothing is known" in repr(told)

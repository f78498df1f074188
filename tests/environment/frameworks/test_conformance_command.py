"""``python -m mantidlab.conformance`` end to end, with a stand-in for the package ``mantid``.

The stand-in answers with the recorded workspaces, and refuses an algorithm or a property that Mantid 3.13 has not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from support.recorded_workspaces import KEYS

from mantidlab.conformance import at_build
from mantidlab.conformance.__main__ import main
from mantidlab.conformance.isolated import NoMantid
from mantidlab.conformance.parts import steps_of
from mantidlab.conformance.report import Row
from mantidlab.conformance.steps import rows_of, step_of
from mantidlab.frameworks.mantid import open_workspace, workspace_names
from mantidlab.frameworks.model import Gone


class Algorithm:
    def __init__(self, mantid: "Mantid", name: str) -> None:
        if name not in mantid.properties:
            raise RuntimeError(f"Algorithm not registered {name}")
        self.mantid, self.name, self.given = mantid, name, dict[str, Any]()

    def initialize(self) -> None:
        pass

    def setRethrows(self, on: bool) -> None:  # noqa: N802
        assert on

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        known = self.mantid.properties[self.name]
        # Fit has properties that come into being with its function and its data.
        if self.name == "Fit" and {"Function", "InputWorkspace"} <= set(self.given):
            known = {**known, **FIT}
        if name not in known:
            raise RuntimeError(f"Unknown property search object {name}")
        self._accept(known[name], value)
        self.given[name] = value
        if name == "InputWorkspace" and not isinstance(value, str):
            self.kept = self.mantid.recorded.keep(value)

    def _accept(self, facts: dict[str, Any], value: Any) -> None:
        """Refuse what Mantid's conversion from Python refuses, or its validators."""
        kind = facts["pyclass"].rpartition(".")[2]
        if facts.get("isWorkspaceProperty"):
            if facts["direction"] != "Output" and isinstance(value, str) and not self.mantid.service.doesExist(value):
                raise ValueError(f'Enter a name for the Input/InOut workspace: "{value}"')
            return
        if not isinstance(value, ACCEPTED.get(kind, (str,))):
            raise TypeError(f"{facts['name']} of {self.name} is a {kind}; {value!r} is none")
        if facts["allowedValues"] and value not in facts["allowedValues"] and kind == "StringPropertyWithValue":
            raise ValueError(f'The value "{value}" is not in the list of allowed values')

    def execute(self) -> bool:
        missing = {facts["name"] for facts in self.mantid.properties[self.name].values() if facts.get("mandatory")}
        assert not missing - set(self.given), f"{missing} of {self.name}"
        self.mantid.ran.append(self.name)
        if self.name in self.mantid.refuses:
            raise RuntimeError(f"{self.name} will not")
        if self.name == "Fit":
            stem = self.given["Output"]
            for end, key in (("_Workspace", "fit_output_text_axis"), ("_Parameters", "fit_parameters")):
                self.mantid.service._put(key, stem + end)
            self.mantid.service._put("fit_covariance", stem + "_NormalisedCovarianceMatrix")
        elif "OutputWorkspace" in self.given:
            self.mantid.put(self.given["OutputWorkspace"])
        return True


# Which of Python's classes Boost.Python takes for which property; texts do for all.
ACCEPTED: dict[str, tuple[type, ...]] = {
    "IntPropertyWithValue": (str, int),
    "FloatPropertyWithValue": (str, int, float),
    "BoolPropertyWithValue": (str, bool),
    **{f"{of}ArrayProperty": (str, list) for of in ("CInt", "UnsignedInt", "Float", "String")},
}
FIT = {
    name: {"name": name, "pyclass": "FloatPropertyWithValue", "direction": "Input", "allowedValues": []}
    for name in ("StartX", "EndX")
}


class Mantid:
    def __init__(self, recorded: Any, version: str) -> None:
        catalogue = json.loads((recorded.FOLDER / "catalogue.json").read_text(encoding="utf-8"))["algorithms"]
        # Of several versions the last is what Mantid makes.
        self.properties = {
            found["name"]: {facts["name"]: facts for facts in found["properties"]}
            for found in sorted(catalogue, key=lambda found: int(found["version"]))
        }
        self.recorded, self.version, self.ran = recorded, version, list[str]()
        self.refuses: tuple[str, ...] = ()
        self.service = recorded.DataService(judging=True)
        self.service.remove = self.service._delete

    def put(self, name: str) -> None:
        about = name.rsplit("_conformance_", 1)[1].partition("_")[2].replace("_", " ")
        other = {"member 1": "hist", "member 2": "powder", "sum": "powder_sum"}
        if about == "group":
            # The recorded group holds two names; here they are those of its members.
            self.service._put("group", name, names=[name.replace("_group", f"_member_{place}") for place in (1, 2)])
        else:
            self.service._put({**KEYS, **other}[about], name)
        if about == "table":
            table = self.service._there[name]
            table.addColumn = table.addRow = lambda *cells: None

    def modules(self) -> dict[str, ModuleType]:
        made = {f"mantid.{name}": ModuleType(name) for name in ("geometry", "dataobjects", "simpleapi")}
        manager = SimpleNamespace(createUnmanaged=lambda name: Algorithm(self, name))
        api, kernel = ModuleType("api"), ModuleType("kernel")
        observer = self.service._observer_base()
        vars(api).update(
            AnalysisDataService=self.service, AlgorithmManager=manager, AnalysisDataServiceObserver=observer
        )
        vars(kernel).update(version_str=lambda: self.version, V3D=lambda *values: values)
        return {**made, "mantid": ModuleType("mantid"), "mantid.api": api, "mantid.kernel": kernel}


@pytest.fixture
def mantid(recorded, monkeypatch):
    def start(version: str = "3.13.0") -> Mantid:
        stand_in = Mantid(recorded, version)
        for name, module in stand_in.modules().items():
            monkeypatch.setitem(sys.modules, name, module)
        return stand_in

    return start


@pytest.mark.parametrize("version", ["3.13.20190108.1203", "6.16.0", "6.16.0.dev12"])
def test_it_makes_all_it_needs_and_leaves_nothing(mantid, capsys, version):
    stand_in = mantid(version)
    stand_in.service._put("hist", "mine")
    assert main(["--in-process", "--part", "adapter"]) == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert f"Mantid {'.'.join(version.split('.')[:2])}: " in out.splitlines()[-1] and " 0 failed" in out
    assert list(stand_in.service._there) == ["mine"] and not stand_in.service._observers
    assert {"Fit", "BinMD", "AddPeak", "MaskDetectors", "LoadEmptyInstrument"} <= set(stand_in.ran)


def test_a_wrong_answer_ends_with_1_and_the_rest_is_still_looked_at(mantid, capsys):
    stand_in = mantid()
    stand_in.properties.pop("BinMD")
    stand_in.properties.pop("LoadEmptyInstrument")
    assert main(["--in-process", "--json", "--part", "adapter"]) == 1
    said = json.loads(capsys.readouterr().out)
    verdicts = {(row["about"], row["what"]): row["verdict"] for row in said["expectations"]}
    assert verdicts["grid", "shape"] == "FAILED" and verdicts["hist", "spectra and bins"] == "ok"
    assert verdicts["MARI", "has monitors"] == "left out"
    assert said["failed"] == sum(row["about"] in ("grid", "doomed grid") for row in said["expectations"])
    assert "Algorithm not registered BinMD" in next(r["found"] for r in said["expectations"] if r["about"] == "grid")
    assert not stand_in.service._there


def test_the_door_opens_workspaces_by_name(mantid):
    stand_in = mantid()
    stand_in.service._put("hist", "mine")
    stand_in.service._put("hist", "__hidden")
    assert workspace_names() == ("mine",)
    assert open_workspace("mine").summary().shape == (200, 100)
    with pytest.raises(Gone, match=r"There is no workspace 'nope'; the ones there are: mine\."):
        open_workspace("nope")


def test_what_cannot_be_made_is_tried_once(mantid, capsys):
    stand_in = mantid()
    stand_in.refuses = ("AddPeak", "LoadEmptyInstrument")
    assert main(["--in-process", "--json", "--part", "adapter"]) == 1
    rows = json.loads(capsys.readouterr().out)["expectations"]
    found = {row["found"] for row in rows if row["about"] == "peaks"}
    assert found == {"cannot be made: RuntimeError: AddPeak will not"}, "a half of it was taken for the whole"
    assert {row["verdict"] for row in rows if row["about"] == "MARI"} == {"left out"}
    tried = [name for name in stand_in.ran if name in ("CreatePeaksWorkspace", "AddPeak", "LoadEmptyInstrument")]
    assert len(tried) == len(set(tried)) == 3
    assert not stand_in.service._there


@pytest.mark.parametrize("version", ["unknown", "", "6"])
def test_a_version_that_says_nothing_judges_nothing_that_was_recorded(mantid, capsys, version):
    mantid(version)
    assert main(["--in-process", "--part", "adapter"]) == 0
    assert "Mantid 0.0: " in capsys.readouterr().out


STAND_IN_PACKAGE = """
import atexit, os, sys

from support import recorded_workspaces
from test_conformance_command import Mantid

print("Mantid's Python printed this")
os.write(1, b"its C++ printed this")
made = Mantid(recorded_workspaces, "6.16.0").modules()
sys.modules.update({name: module for name, module in made.items() if name != "mantid"})
"""


def started(folder: Path, package: str, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command where the package ``mantid`` is another one."""
    (folder / "mantid").mkdir()
    (folder / "mantid" / "__init__.py").write_text(package, encoding="utf-8")
    tests = Path(__file__).parents[2]
    paths = [str(folder), str(tests), str(Path(__file__).parent), *sys.path]
    return subprocess.run(
        [sys.executable, "-m", "mantidlab.conformance", "--part", "adapter", *options],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_nothing_but_the_result_stands_in_standard_output(recorded, tmp_path, encoding):
    done = started(tmp_path, STAND_IN_PACKAGE, "--json", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failed"] == 0
    assert "its C++ printed this" in done.stderr


def test_a_crash_when_mantid_is_torn_down_does_not_change_the_result(recorded, tmp_path):
    done = started(tmp_path, f"{STAND_IN_PACKAGE}atexit.register(os.abort)\n", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failed"] == 0


def test_the_table_is_printed_whatever_the_encoding(recorded, tmp_path):
    done = started(tmp_path, STAND_IN_PACKAGE, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("Mantid 6.16: ") and " 0 failed" in done.stdout


@pytest.mark.parametrize(
    ("package", "said"),
    [
        ("import a_package_that_mantid_needs", "does not start (ModuleNotFoundError: No module named 'a_package"),
        ("import os; os.a_name_that_went", "does not start (AttributeError: "),
        ("raise RuntimeError('Cannot open file')", "does not start (RuntimeError: Cannot open file). It needs a home"),
        ("", "Mantid is not in this environment (No module named 'mantid.kernel')"),
    ],
)
def test_a_mantid_that_does_not_start_is_told_in_a_line(tmp_path, package, said):
    done = started(tmp_path, package)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_mantid_it_says_so_and_ends_with_2():
    done = subprocess.run(
        [sys.executable, "-m", "mantidlab.conformance"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Mantid is not in this environment")
    assert len(done.stderr.splitlines()) == 1


PART = """
import json, os, sys, time
from mantidlab.conformance import parts, subjects
from mantidlab.conformance.report import Row
from mantidlab.conformance.steps import Found, Step, step_of

class Making:
    named = lambda self: "6.14"
    clean = lambda self: None

def steps_of(part, making, say):
    if part == "techniques":
        os.abort()
    ok = lambda about: step_of(about, lambda: Row(about, "runs", "", "", "ok"))
    yield Step("counts", lambda: Found((), {"forms: open": 2}))
    yield step_of("crash", lambda: os.abort())
    yield ok("after the crash")
    yield Step("for ever", lambda: time.sleep(1000), judged=False, seconds=0.1)
    yield step_of("leaves", lambda: os._exit(0))
    yield step_of("raises", lambda: 1 / 0)
    yield Step("counts again", lambda: Found((), {"forms: open": 3}))
    yield ok("the last")

subjects.Making, parts.steps_of = Making, steps_of
"""


@pytest.fixture
def crashing(tmp_path, monkeypatch):
    # A process reads this module when it starts, before the one that takes the steps.
    (tmp_path / "sitecustomize.py").write_text(f"import os\nif 'CRASHES' in os.environ:\n  exec({PART!r})\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("CRASHES", "1")
    monkeypatch.setattr("mantidlab.conformance.isolated.GRACE", 1.0)


def test_a_crash_or_a_step_without_end_costs_that_step_alone(crashing, capfd):
    assert main(["--part", "forms", "--part", "techniques"]) == 1
    said = capfd.readouterr().out
    for line in (
        "forms: open",
        "crash: is looked at",
        "ended the process (SIGABRT): a crash within Mantid",
        "after the crash: runs",
        "took longer than 0 s, and was ended",
        "ended the process (status 0)",
        "ZeroDivisionError",
        "the last: runs",
        "techniques: is looked at",
    ):
        assert line in said, said
    assert "8 expectations, 4 failed, 1 left out." in said
    assert "* crash (is looked at): expected an answer, found ended the process (SIGABRT)" in said
    assert "send these lines with: Mantid 6.14, Python 3." in said


def test_an_environment_is_kept_whatever_differs_and_its_report_with_it(crashing, capfd, tmp_path, monkeypatch):
    monkeypatch.setattr(at_build, "PARTS", ("techniques",))
    assert at_build.main(prefix=tmp_path) == 0
    kept = json.loads((tmp_path / "share" / "mantidhub" / "conformance.json").read_text())
    assert (kept["mantid"], kept["failed"]) == ("6.14", 1)
    said = capfd.readouterr().out
    assert "1 expectations of Mantid 6.14 do not hold: the environment is kept" in said


def test_an_environment_whose_mantid_does_not_start_is_not(monkeypatch, capsys, tmp_path):
    def none(parts, folder):
        raise NoMantid("Mantid is here but does not start.")

    monkeypatch.setattr(at_build, "apart", none)
    assert at_build.main(prefix=tmp_path) == 2
    assert not (tmp_path / "share").exists()
    assert capsys.readouterr().err.startswith("Mantid is here but does not start")


def test_a_part_that_cannot_go_on_says_why(monkeypatch):
    def stops(making, say):
        yield step_of("one", lambda: Row("one", "runs", "", "", "ok"))
        raise ModuleNotFoundError("No module named 'docutils'")

    monkeypatch.setattr("mantidlab.conformance.parts._forms", stops)
    rows = rows_of(steps_of("forms", None, print))
    assert [(row.about, row.verdict) for row in rows] == [("one", "ok"), ("forms", "FAILED")]
    assert rows[-1].found == "ModuleNotFoundError: No module named 'docutils'"

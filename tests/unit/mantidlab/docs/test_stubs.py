"""Type stubs of Mantid: valid for every algorithm, and a type checker finds with them what is wrong in a script."""

import ast
import re
import subprocess
import sys
import venv
from dataclasses import replace
from pathlib import Path

import pytest

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.stubs import PACKAGE, simpleapi_stub, write_stubs

# Each line of a script, and what the type checker says of it; empty lines say nothing.
RIGHT = """
import os
from mantid.simpleapi import *
import mantid.simpleapi as sapi
os.path.join("a", "b")
data = Load("run.nxs")
data = Rebin(data, "1,2,3")
data = data * 2 - 1
data = ConvertToMD(data)
data = mtd["x"]
data = Rebin(Rebin("x", "1"), "2")
data = Load("run.nxs")
spaced = ConvertToYSpace("a", Mass=1.0)
spaced, q = ConvertToYSpace("a", Mass=1.0)
spaced = Rebin(spaced, "1")
peak = Gaussian(Height=1.0)
peak.PeakCentre = 3.5
peak["Sigma"] = 0.1
both = CompositeFunction(LinearBackground(), peak)
for one in Convolution(peak, both): one.fix("Height")
len(both), AlgorithmManager.create("Rebin")
from mantid.api import AlgorithmManager, AnalysisDataService, mtd, PythonAlgorithm
from mantid.kernel import config, logger, DateAndTime, Direction, V3D
from mantid import config, mtd
from mantid.geometry import CrystalStructure
from mantid.dataobjects import Workspace2D
AnalysisDataService.retrieve("x").readY(0)
def later(time: DateAndTime) -> DateAndTime: return time
ws = Load("run.nxs", SpectrumMin=3)
a = Rebin(ws, "1,2,3", PreserveEvents=False, StoreInADS=True)
b = Rebin(InputWorkspace=a, Params=[1, 0.5, 10], OutputWorkspace="b", startProgress=0.0, endProgress=0.5)
c = a.rebin([1, 2, 3])
d = ConvertUnits(c, Target="dSpacing", EMode=None)
e = (d + c * 2).clone()
a.readY(0), mtd["x"].readX(0), config["default.facility"], logger
result = CompareWorkspaces(a, b)
result.Result, result.Messages.rowCount()
equal, messages = CompareWorkspaces(a, b)
fitted = Fit(Function="name=Gaussian", InputWorkspace=a, StartX=0.5, Output="z")
fitted.OutputStatus.upper()
status, chi2, *others = Fit(Gaussian(Height=1.0) + LinearBackground(A0=1), a)
Fit("name=Gaussian", a, Minimizer="Levenberg-Marquardt,AbsError=0.01")
LoadAscii("f", Version=1)
LoadAscii("f")
DeleteWorkspace(a)
sapi.SaveAscii(a, "f.txt")
CutMD(ws, PBins=([1],), P1Bin=[0, 1, 2])
RenameWorkspace(a, "new")
ws.rowCount(), ws.getSignalArray(), ws.getNumberEvents()
Subtract(a, b)
MaskDetectors(ws, DetectorList=[1, 2])
GroupWorkspaces([a, "b"])
StartLiveData("CHIPIR", PeriodList=[1])
"""

ALGORITHM = """
from mantid.api import *
from mantid.kernel import *
class Hello(PythonAlgorithm):
    def PyInit(self) -> None:
        self.declareProperty("Name", "", direction=Direction.Input)
        self.declareProperty(FileProperty("File", "", FileAction.Load))
AlgorithmFactory.subscribe(Hello)
"""

WRONG = [
    ("from mantid.simpleapi import Rebbin", "attr-defined"),
    ("s.ConvertUnit(a)", "attr-defined"),
    ("Rebin(a, '1', PreserveEvent=True)", "call-arg"),
    ("Rebin(a)", "call-arg"),
    ("Rebin(a, '1', PreserveEvents='maybe')", "arg-type"),
    ("Rebin(3, '1')", "arg-type"),
    ("ConvertUnits(a, Target='Dspacing')", "arg-type"),
    ("Scale(a, Factor='much')", "arg-type"),
    ("a.rebin()", "call-arg"),
    ("gone = DeleteWorkspace(a)", "func-returns-value"),
    ("CompareWorkspaces(a, a).Difference", "attr-defined"),
    ("Load('f', OutputWorkspace=3)", "arg-type"),
    ("LoadAscii('f', Version=7)", "call-overload"),
    ("Rebin(a, '1', StoreInADS='yes')", "arg-type"),
    ("FindPeaks(CreatePeaksWorkspace(a))", "arg-type"),
    ("first, second = Rebin(a, '1')", "attr-defined"),
    ("Gaussian(LinearBackground())", "arg-type"),
]


@pytest.fixture(scope="module")
def stub(extracted: Catalogue) -> str:
    return simpleapi_stub(extracted)


@pytest.fixture(scope="module")
def environment(extracted: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the stubs and a `mantid` that tells type checkers nothing."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "mantid").mkdir()
    (packages / "mantid" / "__init__.py").write_text("")
    write_stubs(extracted, packages)
    return folder / "bin" / "python"


def mypy(folder: Path, *arguments: str | Path) -> list[str]:
    call = [sys.executable, "-m", "mypy", "--config-file=", "--no-error-summary", "--hide-error-context", *arguments]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False).stdout.splitlines()


def test_every_algorithm_is_a_function_with_mantids_arguments_in_its_order(stub, extracted):
    functions: dict[str, ast.FunctionDef] = {}
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, node)  # of overloads, the first is the latest version
    latest = [algorithm for algorithm in extracted.algorithms if algorithm.latest]
    assert len(latest) == 941
    own = {"Load", "StartLiveData", "CutMD", "RenameWorkspace", "Fit", "CalculateChiSquared", "EvaluateFunction"}
    own |= {"QENSFitSimultaneous", "ConvolutionFitSimultaneous", "IqtFitSimultaneous", "ViewBOA"}
    for algorithm in latest:
        arguments = functions[algorithm.name].args
        all_of_them = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
        assert {prop.name for prop in algorithm.properties} - {"CD-Distance"} <= all_of_them
        assert {"Version", "StoreInADS", "EnableLogging", "startProgress", "endProgress"} <= all_of_them
        if algorithm.name not in own:
            signature = re.findall(r"(\w+)(?:=None)?,", algorithm.signature)
            assert [argument.arg for argument in arguments.args] == signature
            assert len(arguments.args) - len(arguments.defaults) == sum(prop.mandatory for prop in algorithm.properties)
            assert arguments.kwarg is None


def test_functions_are_documented_with_their_properties(stub):
    rebin = next(node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef) and node.name == "Rebin")
    text = ast.get_docstring(rebin) or ""
    assert text.startswith("Rebins data with new X bin boundaries.")
    assert "\nPreserveEvents: Keep the output workspace as an EventWorkspace" in text
    assert "Workspace2D histogram. Default: True." in text


def test_all_other_names_of_simpleapi_can_be_imported(stub, extracted):
    defined: set[str] = set()
    for node in ast.parse(stub).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            defined.add(node.target.id)
        elif isinstance(node, ast.ImportFrom):
            defined |= {alias.asname for alias in node.names if alias.asname}
        elif isinstance(node, ast.Assign):
            defined |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    assert {"mtd", "config", "logger", "Gaussian"} <= set(extracted.simpleapi)
    assert set(extracted.simpleapi) <= defined
    assert {"Subtract", "rebin", "SofQW3", "LoadEventPreNeXus2"} <= defined
    assert "load" not in defined  # simpleapi's own functions are not attached to aliases


def test_stubs_are_consistent_themselves(extracted, tmp_path):
    write_stubs(extracted, tmp_path)
    (tmp_path / PACKAGE).rename(tmp_path / "mantid")
    # of compiled classes only the names are known, so what they are is Any
    options = ("--strict", "--allow-subclassing-any", "--disable-error-code=import-not-found")
    found = mypy(tmp_path, *options, "-p", "mantid")
    assert [line for line in found if "numpy" not in line] == []


def test_right_script_passes(environment, tmp_path):
    (tmp_path / "right.py").write_text(RIGHT, encoding="utf-8")
    assert mypy(tmp_path, "--python-executable", environment, "right.py") == []


def test_algorithm_of_a_users_own_passes(environment, tmp_path):
    """Only ``FileAction`` is wrong: the recorded Mantid has no such name in ``mantid.api``."""
    (tmp_path / "own.py").write_text(ALGORITHM, encoding="utf-8")
    (line,) = mypy(tmp_path, "--python-executable", environment, "own.py")
    assert '"FileAction" is not defined' in line


def test_what_is_wrong_in_a_script_is_found(environment, tmp_path):
    head = "import mantid.simpleapi as s\nfrom mantid.simpleapi import *\na = Rebin('x', '1')\n"
    (tmp_path / "wrong.py").write_text(head + "\n".join(line for line, _ in WRONG) + "\n", encoding="utf-8")
    found: dict[int, str] = {}
    for line in mypy(tmp_path, "--python-executable", environment, "wrong.py"):
        told = re.match(r"wrong\.py:(\d+): error: .*\[([\w-]+)\]$", line)
        if told:
            found[int(told[1])] = told[2]
    assert found == {number: code for number, (_, code) in enumerate(WRONG, start=head.count("\n") + 1)}


def test_results_are_of_the_kind_that_mantid_returns(environment, tmp_path):
    calls = {
        "Rebin('x', '1')": "mantid.api.MatrixWorkspace | Any",
        "Load('x')": "mantid.api.AnyWorkspace | Any",
        "DeleteWorkspace('x')": "None",
        "LoadEventNexus('x')": "mantid.api.AnyWorkspace | Any",
        "CreatePeaksWorkspace('x')": "mantid.api.IPeaksWorkspace | Any",
        "mtd['x']": "mantid.api.AnyWorkspace | Any",
        "(Rebin('x', '1') / 2).rebin('1')": "mantid.api.MatrixWorkspace | Any",
    }
    script = "from mantid.simpleapi import *\n" + "".join(f"reveal_type({call})\n" for call in calls)
    (tmp_path / "kinds.py").write_text(script, encoding="utf-8")
    told = [
        re.search(r'Revealed type is "(.*)"', line)
        for line in mypy(tmp_path, "--python-executable", environment, "kinds.py")
    ]
    assert [match[1] for match in told if match] == list(calls.values())


def test_texts_that_would_break_python_do_not(extracted):
    rebin = next(algorithm for algorithm in extracted.algorithms if algorithm.name == "Rebin")
    evil = 'ends in """ and \\ and a quote "'
    bad = replace(
        rebin,
        summary=evil,
        properties=tuple(
            replace(prop, documentation=evil, type="string", allowed_values=('a"b', "c\\", "d\ne"), is_workspace=False)
            for prop in rebin.properties
        ),
    )
    text = simpleapi_stub(Catalogue(packages={}, algorithms=(bad,)))
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == "Rebin")
    assert (ast.get_docstring(node) or "").splitlines()[0] == evil
    literal = node.args.args[0].annotation
    assert literal is not None
    assert ast.unparse(literal) == "Literal['a\"b', 'c\\\\', 'd\\ne']"


def test_writing_replaces_the_older_stubs_whole(extracted, tmp_path):
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "old.pyi").write_text("")
    few = replace(extracted, algorithms=extracted.algorithms[:3])
    files = write_stubs(few, tmp_path)
    assert {path.relative_to(tmp_path / PACKAGE).as_posix() for path in files} == {
        "py.typed",
        "__init__.pyi",
        "simpleapi.pyi",
        *(f"{name}/__init__.pyi" for name in ("api", "dataobjects", "geometry", "kernel")),
    }
    assert (tmp_path / PACKAGE / "py.typed").read_text() == "partial\n"
    assert [path.name for path in tmp_path.iterdir()] == [PACKAGE]
    assert not (tmp_path / PACKAGE / "old.pyi").exists()
    assert (tmp_path / PACKAGE).stat().st_mode & 0o777 == 0o755


def test_no_algorithms_no_stubs(tmp_path):
    assert write_stubs(Catalogue(packages={"scipp": "26.0"}), tmp_path) == ()
    assert list(tmp_path.iterdir()) == []

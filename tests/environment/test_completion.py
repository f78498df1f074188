"""Completion knows Mantid's algorithms from the stubs alone, without a kernel and without Mantid."""

import sys
from pathlib import Path

import jedi
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.recorded_mantid import RecordedMantid
from support.recordings import recording

from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.stubs import write_stubs


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "mantid").mkdir()
    (folder / "mantid" / "__init__.py").write_text("")
    mantid = RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))
    write_stubs(extract_mantid(mantid, lambda line: None), folder)
    project = jedi.Project(folder, added_sys_path=[str(folder)])
    return lambda code: jedi.Script(code, project=project)


def test_parameters_of_an_algorithm(complete):
    script = complete("from mantid.simpleapi import Rebin\nRebin(")
    (signature,) = script.get_signatures()
    names = [parameter.name for parameter in signature.params]
    assert names[:5] == ["InputWorkspace", "Params", "PreserveEvents", "FullBinsOnly", "IgnoreBinErrors"]
    assert "bool" in signature.params[2].description
    assert "Rebins data with new X bin boundaries" in signature.docstring()
    offered = {completion.name for completion in script.complete()}
    assert {"InputWorkspace=", "Params=", "OutputWorkspace=", "StoreInADS="} <= offered


@pytest.mark.parametrize("start", ["from mantid.simpleapi import *\n", "import mantid.simpleapi as s\ns."])
def test_names_of_algorithms(complete, start):
    names = [completion.name for completion in complete(start + "ConvertUn").complete()]
    assert names == ["ConvertUnits", "ConvertUnitsUsingDetectorTable"]


@pytest.mark.parametrize(
    "code",
    [
        "part = Rebin(Load('x'), '1')\npart",
        "part = Load('x')\npart = Rebin(part, '1')\npart",
        "part = Rebin('x', '1') * 2 - 1\npart",
        "Rebin('x', '1').rebin('2')",
        "mtd['x']",
    ],
)
def test_methods_of_what_an_algorithm_returns(complete, code):
    names = {completion.name for completion in complete(f"from mantid.simpleapi import *\n{code}.re").complete()}
    assert {"rebin", "readX", "readY", "rename"} <= names


def test_what_was_imported_before_is_completed_after_the_star(complete):
    script = complete("import os\nfrom mantid.simpleapi import *\nos.path.joi")
    assert [completion.name for completion in script.complete()] == ["join"]

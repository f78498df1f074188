"""``python -m mantidlab.conformance`` end to end, with a stand-in for the package ``mantid``.

The stand-in answers with the recorded workspaces, and refuses an algorithm or a property that Mantid 3.13 has not.
"""

import json
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from support.recorded_workspaces import KEYS

from mantidlab.conformance.__main__ import main
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
        # Fit has properties that come into being with its function.
        if name not in self.mantid.properties[self.name] and (self.name, name) not in DYNAMIC:
            raise RuntimeError(f"Unknown property search object {name}")
        self.given[name] = value
        if name == "InputWorkspace" and not isinstance(value, str):
            self.kept = self.mantid.recorded.keep(value)

    def execute(self) -> bool:
        missing = self.mantid.mandatory[self.name] - set(self.given)
        assert not missing, f"{missing} of {self.name}"
        self.mantid.ran.append(self.name)
        if self.name == "Fit":
            stem = self.given["Output"]
            for end, key in (("_Workspace", "fit_output_text_axis"), ("_Parameters", "fit_parameters")):
                self.mantid.service._put(key, stem + end)
            self.mantid.service._put("fit_covariance", stem + "_NormalisedCovarianceMatrix")
        elif "OutputWorkspace" in self.given:
            self.mantid.put(self.given["OutputWorkspace"])
        return True


DYNAMIC = {("Fit", "StartX"), ("Fit", "EndX")}


class Mantid:
    def __init__(self, recorded: Any, version: str) -> None:
        catalogue = json.loads((recorded.FOLDER / "catalogue.json").read_text(encoding="utf-8"))["algorithms"]
        self.properties = {found["name"]: {p["name"] for p in found["properties"]} for found in catalogue}
        self.mandatory = {
            found["name"]: {p["name"] for p in found["properties"] if p.get("mandatory")} for found in catalogue
        }
        self.recorded, self.version, self.ran = recorded, version, list[str]()
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
        vars(api).update(AnalysisDataService=self.service, AlgorithmManager=manager)
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
    assert main([]) == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert f"Mantid {'.'.join(version.split('.')[:2])}: " in out.splitlines()[-1] and " 0 failed" in out
    assert list(stand_in.service._there) == ["mine"]
    assert {"Fit", "BinMD", "AddPeak", "MaskDetectors", "LoadEmptyInstrument"} <= set(stand_in.ran)


def test_a_wrong_answer_ends_with_1_and_the_rest_is_still_looked_at(mantid, capsys):
    stand_in = mantid()
    stand_in.properties.pop("BinMD")
    stand_in.properties.pop("LoadEmptyInstrument")
    assert main(["--json"]) == 1
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


def test_without_mantid_it_says_so_and_ends_with_2():
    done = subprocess.run(
        [sys.executable, "-m", "mantidlab.conformance"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Mantid is not in this environment")
    assert len(done.stderr.splitlines()) == 1

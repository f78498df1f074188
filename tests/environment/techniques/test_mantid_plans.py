"""Every call on Mantid names algorithms and properties that Mantid has, with values of their types."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from mantidlab.conformance.techniques import plans, technique_rows
from mantidlab.frameworks.mantid_running import AlgorithmFailed, run
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.mantid_plans import PREFIX, made_by
from mantidlab.techniques.powder import in_mantid as powder
from mantidlab.techniques.powder.settings import PowderSettings
from mantidlab.techniques.reflectometry import in_mantid as reflectometry
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.sans import in_mantid as sans
from mantidlab.techniques.sans.settings import SansSettings

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_MANTID") or Path(__file__).parents[4] / "shared" / "mantid")
CATALOGUE = SHARED / "catalogue.json"
pytestmark = pytest.mark.skipif(
    not CATALOGUE.exists(), reason=f"no catalogue of a Mantid in {SHARED}; name it with MANTIDHUB_SHARED_MANTID"
)
KINDS = {
    "number": (int, float), "boolean": bool, "string": str, "dbl list": list, "int list": list, "str list": list,
    "list of str lists": str, "unsigned int list": list,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    found = {}
    for algorithm in json.loads(CATALOGUE.read_text())["algorithms"]:
        if algorithm["latest"]:
            found[algorithm["name"]] = {prop["name"]: prop for prop in algorithm["properties"]}
    return found


# As the recorded Mantid has its algorithms, 3.13.
PLANS = dict(plans(lambda name: name != powder.CALIBRATES))


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_one_that_mantid_has(name, catalogue):
    for one in PLANS[name]:
        assert one.algorithm in catalogue, f"{one.algorithm} is no algorithm"
        properties = catalogue[one.algorithm]
        for key, value in one.given.items():
            assert key in properties, f"{one.algorithm} has no property {key}"
            known = properties[key]
            expected = KINDS.get(known["type"], str)  # workspaces by name
            assert isinstance(value, expected), f"{one.algorithm}.{key} takes a {known['type']}, not {value!r}"
            if expected is not bool:
                assert not isinstance(value, bool), f"{one.algorithm}.{key}"
            allowed = known.get("allowedValues")
            if known["type"] == "string" and allowed and not allowed[0].startswith("."):  # else endings of files
                assert value in allowed, f"{one.algorithm}.{key} takes {allowed}, not {value!r}"
        for key, known in properties.items():
            if known["direction"] == "Input" and known.get("isMandatory", known.get("mandatory")):
                assert key in one.given, f"{one.algorithm} needs {key}"
            if known["direction"] == "Output" and "Workspace" in known["type"] and not known.get("default"):
                optional = one.algorithm == "ReflectometryReductionOneAuto"
                assert key in one.given or optional, f"{one.algorithm} needs a name for {key}"


def test_plans_name_their_workspaces_so_that_they_can_be_deleted():
    for plan in PLANS.values():
        names = made_by(plan)
        assert names
        assert all(name.startswith(PREFIX) for name in names)
        for one in plan:
            assert one.given.get("OutputWorkspace", PREFIX).startswith(PREFIX)


def test_bins_are_the_same_as_without_mantid():
    settings = SansSettings(wavelength=(2, 12), wavelength_bins=50, q=(0.01, 0.1), q_bins=20)
    low, step, high = sans.wavelength_steps(settings)
    edges = low * (1 - step) ** np.arange(51)
    np.testing.assert_allclose(edges, settings.wavelength_edges())
    assert high == 12
    low, step, high = sans.q_steps(settings)
    np.testing.assert_allclose(low * (1 - step) ** np.arange(21), settings.q_edges())
    low, step, high = sans.q_steps(SansSettings(q=(0.01, 0.1), q_bins=20, q_steps="linear"))
    np.testing.assert_allclose(low + step * np.arange(21), np.linspace(0.01, 0.1, 21))


def test_a_later_mantid_calibrates_by_another_algorithm():
    old, new = (
        [one.algorithm for one in plan] for plan in (PLANS["powder: calibrated"], dict(plans())["powder: calibrated"])
    )
    assert old == ["Load", "AlignDetectors", "Rebin", "SumSpectra"]
    assert new == ["Load", "ApplyDiffCal", "ConvertUnits", "Rebin", "SumSpectra"]


def test_what_mantid_s_side_lacks_is_refused():
    with pytest.raises(WrongSetting, match="find_centre, distance cannot be chosen"):
        sans.check(SansSettings(find_centre=True, distance=4.0))
    with pytest.raises(WrongSetting, match="monitors are spectrum numbers"):
        sans.transmitting("t", "a", "b", SansSettings(monitor="incident"))
    with pytest.raises(WrongSetting, match="joins two direct beams"):
        reflectometry.reducing("r", "run", 0.7, ["a", "b", "c"], ReflectivitySettings())
    with pytest.raises(WrongSetting, match="focused together"):
        powder.check(PowderSettings(rings=2), None, None)


class RecordedProperty:
    """An output workspace: once it ran, Mantid's list has it, and the property holds its name alone."""

    value = None

    def __init__(self, name):
        self.valueAsStr = name


class List:
    """Mantid's list of workspaces."""

    def doesExist(self, name):  # noqa: N802
        return name == "b"

    def retrieve(self, name):
        return f"the handle of {name}"


class RecordedAlgorithm:
    """Answers as Mantid 3.13 does, by the notes of its recording (api_notes.md, section 4)."""

    def __init__(self, name, properties, journal):
        self._name, self._known, self._set, self._journal = name, properties, {}, journal

    def setRethrows(self, rethrow):  # noqa: N802
        assert rethrow

    def setProperty(self, name, value):  # noqa: N802
        if name not in self._known:
            raise RuntimeError(f"Unknown property search object {name}")
        if name == "Target" and value == "bad":
            raise ValueError(f'Invalid value for property {name} (string) "{value}"')
        self._set[name] = value

    def validateInputs(self):  # noqa: N802
        return {"Params": "must not be empty"} if self._set.get("Params") == [] else {}

    def execute(self):
        if self._set.get("InputWorkspace") == "broken":
            raise RuntimeError("Instrument is not defined\n  at line 3")
        self._journal.append((self._name, self._set))
        return True

    def outputProperties(self):  # noqa: N802
        return [name for name, known in self._known.items() if known["direction"] == "Output"]

    def getProperty(self, name):  # noqa: N802
        return RecordedProperty(self._set.get(name))


class RecordedManager:
    def __init__(self, catalogue):
        self._catalogue, self.journal = catalogue, []

    def create(self, name):
        if name not in self._catalogue:
            raise RuntimeError(f"Algorithm not registered {name}")
        return RecordedAlgorithm(name, self._catalogue[name], self.journal)


def test_running_an_algorithm_gives_its_outputs_and_says_what_is_wrong(catalogue):
    manager = RecordedManager(catalogue)
    found = run(
        manager,
        "Rebin",
        {"InputWorkspace": "a", "OutputWorkspace": "b", "Params": [1.0], "PreserveEvents": None},
        List(),
    )
    assert found == {"OutputWorkspace": "the handle of b"}
    assert manager.journal == [("Rebin", {"InputWorkspace": "a", "OutputWorkspace": "b", "Params": [1.0]})]
    for name, properties, words in (
        ("Rebinn", {}, "no algorithm 'Rebinn': Algorithm not registered Rebinn"),
        ("Rebin", {"Parms": 1}, "Rebin does not take 1 as Parms: Unknown property"),
        ("ConvertUnits", {"Target": "bad"}, "does not take 'bad' as Target"),
        ("Rebin", {"Params": []}, "cannot run with these values: Params: must not be empty"),
        ("Rebin", {"InputWorkspace": "broken"}, "ended with an error: Instrument is not defined at line 3"),
    ):
        with pytest.raises(AlgorithmFailed, match=words):
            run(manager, name, properties)


class UnmanagedProperties:
    """An algorithm as ``createUnmanaged`` gives it: its names are those of the catalogue."""

    def __init__(self, properties):
        self._known = properties

    def initialize(self):
        pass

    def keys(self):
        return list(self._known)

    def setProperty(self, name, value):  # noqa: N802
        allowed = self._known[name].get("allowedValues")
        if self._known[name]["type"] == "string" and allowed and value not in allowed:
            raise ValueError(f"{value} is not allowed")


def test_the_conformance_command_says_what_a_mantid_refuses(catalogue):
    class Manager:
        def __init__(self, known):
            self._known = known

        def createUnmanaged(self, name):  # noqa: N802
            if name not in self._known:
                raise RuntimeError(f"Algorithm not registered {name}")
            return UnmanagedProperties(self._known[name])

    rows = technique_rows(Manager(catalogue), None)
    assert len(rows) == len(PLANS)
    assert {row.verdict for row in rows} == {"ok"}
    lacking = {name: properties for name, properties in catalogue.items() if name != "Q1D"}
    lacking["Rebin"] = {key: known for key, known in catalogue["Rebin"].items() if key != "PreserveEvents"}
    told = {row.about: row.found for row in technique_rows(Manager(lacking), None) if row.verdict == "FAILED"}
    assert "Q1D: Algorithm not registered" in told["technique sans: I(Q), constant transmission"] or (
        "Rebin has no PreserveEvents" in told["technique sans: I(Q), constant transmission"]
    )
    assert "Rebin has no PreserveEvents" in told["technique powder"]
    assert "technique reflectivity" not in told

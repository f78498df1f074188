"""Mantid's own validators, as far as the recorded Mantid answers."""

import inspect
from typing import Any

import pytest
from support.recorded_mantid import RecordedMantid
from support.recordings import recording

from mantidlab.forms.spec import FormSpec
from mantidlab.forms.validating import validated_with
from mantidlab.frameworks import mantid_algorithm_calls as calls


@pytest.fixture(scope="session")
def mantid() -> RecordedMantid:
    return RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))


class Watched:
    """An algorithm of which only the calls of the protocol can be made; it remembers which were."""

    def __init__(self, algorithm: Any, objection: dict[str, str] | None = None) -> None:
        self._algorithm, self.made, self._objection = algorithm, list[str](), objection

    def __getattr__(self, name: str) -> Any:
        assert name in {one for one, _ in inspect.getmembers(calls.AlgorithmUnderTest, inspect.isfunction)}
        self.made.append(name)
        if name == "validateInputs" and self._objection is not None:
            return lambda: self._objection
        return getattr(self._algorithm, name)


def validated(
    mantid: RecordedMantid, forms: dict[str, FormSpec], name: str, names: dict[str, Any] | None = None, **values: Any
) -> dict[str, str]:
    algorithm = Watched(mantid.create(name, 1))
    return validated_with(algorithm, forms[f"algorithm/{name}-v1"], values, ["out"], names or {})


def test_what_mantid_takes_is_passed_over(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    assert validated(mantid, forms, "ConvertUnits", InputWorkspace="ws", Target="dSpacing", EFixed=2.5) == {}


def test_the_objection_of_a_property_is_a_sentence(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    assert validated(mantid, forms, "ConvertUnits", InputWorkspace="ws", Target="dSpacin") == {
        "Target": 'Target: The value "dSpacin" is not in the list of allowed values.'
    }


def test_a_number_without_room_in_cpp_is_objected_to(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    said = validated(mantid, forms, "ExtractSingleSpectrum", InputWorkspace="ws", WorkspaceIndex=2**40)
    assert said == {"WorkspaceIndex": "WorkspaceIndex: bad numeric conversion: positive overflow."}


def test_what_is_missing_mantid_says_too(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    assert validated(mantid, forms, "Rebin", InputWorkspace="ws") == {
        "Params": "Params: Enter values for this property."
    }


def test_a_variable_is_its_value_and_nothing_is_run(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    given = {"InputWorkspace": {"expression": "ws"}, "Target": {"expression": "wanted"}}
    assert "Target" in validated(mantid, forms, "ConvertUnits", {"ws": "ws", "wanted": "nonsense"}, **given)
    unknown = {"InputWorkspace": {"expression": "delete_everything()"}, "Target": "dSpacing"}
    assert validated(mantid, forms, "ConvertUnits", **unknown) == {}


def test_inputs_are_looked_at_together_only_when_all_are_there(
    mantid: RecordedMantid, forms: dict[str, FormSpec]
) -> None:
    form, whole = forms["algorithm/Rebin-v1"], {"InputWorkspace": "ws", "Params": "1"}
    algorithm = Watched(mantid.create("Rebin", 1), {"Params": "They do not  fit"})
    assert validated_with(algorithm, form, whole, ["out"], {}) == {"Params": "Params: They do not fit."}
    algorithm = Watched(mantid.create("Rebin", 1), {"Params": "crash"})
    assert validated_with(algorithm, form, {**whole, "InputWorkspace": {"expression": "f()"}}, ["out"], {}) == {}
    assert "validateInputs" not in algorithm.made
    algorithm = Watched(mantid.create("Rebin", 1), {"Params": "a group ends the process"})
    assert validated_with(algorithm, form, whole, ["out"], {}, lambda thing: thing == "ws") == {}
    assert "validateInputs" not in algorithm.made
    algorithm = Watched(mantid.create("Rebin", 1))
    assert "Params" in validated_with(algorithm, form, {"InputWorkspace": "ws"}, ["out"], {})
    assert "validateInputs" not in algorithm.made


def test_files_are_never_handed_to_mantid(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    form = forms["algorithm/SaveFITS-v1"]
    values = {"InputWorkspace": "ws", "Filename": "/nowhere/that/may/be/made/a.fits"}
    assert validated_with(Watched(mantid.create("SaveFITS", 1)), form, values, [], {}) == {}


def test_the_defaults_of_every_form_are_taken_by_mantid(mantid: RecordedMantid, forms: dict[str, FormSpec]) -> None:
    for of, form in forms.items():
        name, _, version = of.partition("/")[2].rpartition("-v")
        defaults = {field.name: field.default for field in form.fields if field.default is not None}
        waiting = {field.name: {"expression": "x"} for field in form.fields if field.required}
        said = validated_with(mantid.create(name, int(version)), form, {**defaults, **waiting}, ["out"], {})
        assert not [name for name in said if name in defaults and not isinstance(defaults[name], dict)], (of, said)

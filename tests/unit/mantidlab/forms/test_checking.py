"""What is said of values while a person types."""

from pathlib import Path
from typing import Any

import pytest

from mantidlab.docs.catalogue import Argument, PythonObject
from mantidlab.forms.catalogued import form_of_object
from mantidlab.forms.checking import notes_of, problems_of
from mantidlab.forms.listing import NotAList, numbers_of
from mantidlab.forms.spec import FormSpec

WS = {"expression": "ws"}


def said(forms: dict[str, FormSpec], name: str, **values: Any) -> dict[str, str]:
    return problems_of(forms[f"algorithm/{name}"], values, ["out"])


def test_values_that_will_do_are_passed_over_in_silence(forms: dict[str, FormSpec]) -> None:
    assert said(forms, "ConvertUnits-v1", InputWorkspace=WS, Target="dSpacing", EFixed=3.5, AlignBins=True) == {}
    assert said(forms, "Rebin-v1", InputWorkspace="ws", Params="0, 0.1, 20") == {}
    assert said(forms, "SaveFITS-v1", InputWorkspace=WS, Filename="a.fits", BitDepth="16") == {}


def test_what_must_be_given_is_asked_for(forms: dict[str, FormSpec]) -> None:
    assert said(forms, "ConvertUnits-v1", InputWorkspace="  ") == {
        "InputWorkspace": "InputWorkspace must be given. Choose a workspace.",
        "Target": "Target must be given. Choose a value.",
    }


def test_a_result_needs_a_name_of_some_kind(forms: dict[str, FormSpec]) -> None:
    form = forms["algorithm/Rebin-v1"]
    given = {"InputWorkspace": WS, "Params": 1}
    assert list(problems_of(form, given)) == ["OutputWorkspace"]
    assert problems_of(form, {**given, "OutputWorkspace": "out"}) == {}
    assert problems_of(form, given, ["out"]) == {}


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("ConvertUnits-v1", {"Target": "dspacng"}, "Did you mean dSpacing?"),
        ("ConvertUnits-v1", {"EFixed": "fast"}, "EFixed takes a number, not 'fast'."),
        ("ConvertUnits-v1", {"AlignBins": "maybe"}, "AlignBins is True or False"),
        ("ConvertUnits-v1", {"InputWorkspace": {"expression": "a b"}}, "is not an expression of Python"),
        ("CropWorkspace-v1", {"StartWorkspaceIndex": 1.5}, "takes a whole number, not 1.5"),
        ("MaskDetectors-v1", {"SpectraList": "1,5-3"}, "5-3 goes backwards"),
        ("MaskDetectors-v1", {"SpectraList": "1,,3"}, "nothing between two commas"),
        ("MaskDetectors-v1", {"SpectraList": [1, 2.5]}, "2.5 is no whole number"),
        ("Rebin-v1", {"Params": [1, 2]}, "not 2 numbers"),
        ("Rebin-v1", {"Params": "1,0,2"}, "a step of 0 leads nowhere"),
        ("Rebin-v1", {"Params": "5,1,2"}, "go backwards"),
        ("Rebin-v1", {"Params": [0, -0.1, 2]}, "cannot begin at 0"),
        ("Rebin-v1", {"Params": "1,x,2"}, "'x' is no number"),
    ],
)
def test_what_will_not_do_is_said(forms: dict[str, FormSpec], name: str, values: Any, sentence: str) -> None:
    problems = said(forms, name, **values)
    (field,) = values
    assert sentence in problems[field]
    assert problems[field][-1] in ".?"


def test_limits_are_those_that_mantid_tells(forms: dict[str, FormSpec]) -> None:
    limited = [
        (of, field)
        for of, form in forms.items()
        for field in form.fields
        if field.minimum is not None and field.direction == "input" and field.item is None
    ]
    assert len(limited) > 50
    for of, field in limited:
        assert field.minimum is not None
        problems = problems_of(forms[of], {field.name: field.minimum - 1})
        assert f"must be at least {field.minimum:g}" in problems[field.name] or "whole" in problems[field.name]


def test_the_default_of_no_field_is_objected_to(forms: dict[str, FormSpec]) -> None:
    for of, form in forms.items():
        defaults = {one.name: one.default for one in form.fields if one.default is not None and not one.required}
        problems = {name: text for name, text in problems_of(form, defaults, ["out"]).items() if name in defaults}
        assert not problems, (of, problems)


def test_a_value_without_effect_gets_a_note(forms: dict[str, FormSpec]) -> None:
    form = forms["algorithm/AlignComponents-v1"]
    assert "MinXposition" in notes_of(form, {"MinXposition": 1.0})
    assert notes_of(form, {"MinXposition": 1.0, "Xposition": True}) == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,3-5", [1, 3, 4, 5]),
        ("1:9:4", [1, 5, 9]),
        ("-2--1", [-2, -1]),
        (" 4 ", [4]),
        ([1, "2-3"], [1, 2, 3]),
        (7, [7]),
    ],
)
def test_lists_are_written_as_mantid_reads_them(text: Any, numbers: list[float]) -> None:
    assert numbers_of(text, whole=True) == numbers


def test_ranges_are_of_whole_numbers_and_not_endless() -> None:
    with pytest.raises(NotAList, match="no number"):
        numbers_of("0.5-2", whole=False)
    with pytest.raises(NotAList, match="more than"):
        numbers_of("0-99999999999", whole=True)


def test_files_are_looked_for_where_the_notebook_is(tmp_path: Path) -> None:
    (tmp_path / "run.nxs").touch()
    argument = Argument("filename", "any", "str", None, "")
    form = form_of_object(PythonObject("scipp.io.load", "function", "scipp", "", "", "", "", (argument,), None, ()))
    assert problems_of(form, {"filename": "run.nxs"}, folder=tmp_path) == {}
    assert "Did you mean run.nxs?" in problems_of(form, {"filename": "rnu.nxs"}, folder=tmp_path)["filename"]
    assert problems_of(form, {"filename": "elsewhere.nxs"}) == {}
    assert "nor a folder" in problems_of(form, {"filename": "x/y.nxs"}, folder=tmp_path)["filename"]

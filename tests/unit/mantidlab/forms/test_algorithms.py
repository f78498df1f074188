"""The forms of all algorithms of the recorded Mantid."""

import json
from pathlib import Path

import pytest

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms.algorithms import label_of
from mantidlab.forms.spec import Dependency, FormSpec, Widget

FIXTURES = Path(__file__).parents[4] / "packages/mantidlab/ui/tests/fixtures"


def of(forms: dict[str, FormSpec], name: str, field: str) -> object:
    found = forms[f"algorithm/{name}"].field(field)
    assert found is not None
    return found


def test_every_version_of_every_algorithm_has_a_form_with_a_field_for_each_property(
    catalogue: Catalogue, forms: dict[str, FormSpec]
) -> None:
    assert len(forms) == len(catalogue.algorithms) == 984
    for algorithm in catalogue.algorithms:
        form = forms[f"algorithm/{algorithm.name}-v{algorithm.version}"]
        assert [field.name for field in form.fields] == [prop.name for prop in algorithm.properties]


def test_no_field_shows_a_number_by_which_mantid_means_not_set(forms: dict[str, FormSpec]) -> None:
    unset = ("8.98846567431", "1.79769313486", "-1.79769313486", "2147483647")
    for form in forms.values():
        for field in form.fields:
            assert not str(field.default).strip("[").startswith(unset), (form.of, field.name)


def test_a_form_survives_json_which_knows_no_infinity(forms: dict[str, FormSpec]) -> None:
    for form in forms.values():
        assert json.loads(json.dumps(form.to_json(), allow_nan=False))["of"] == form.of


@pytest.mark.parametrize(
    ("name", "field", "widget"),
    [
        ("ConvertUnits-v1", "InputWorkspace", Widget.WORKSPACE),
        ("ConvertUnits-v1", "OutputWorkspace", Widget.TEXT),
        ("ConvertUnits-v1", "Target", Widget.CHOICE),
        ("ConvertUnits-v1", "EFixed", Widget.NUMBER),
        ("ConvertUnits-v1", "AlignBins", Widget.SWITCH),
        ("Rebin-v1", "Params", Widget.RANGE),
        ("Load-v1", "Filename", Widget.FILES),
        ("LoadEventNexus-v1", "Filename", Widget.FILE),
        ("SaveNexusProcessed-v1", "Filename", Widget.SAVE_FILE),
        ("LoadEventNexus-v1", "SpectrumList", Widget.LIST),
        ("Fit-v1", "Function", Widget.FUNCTION),
        ("SaveFITS-v1", "BitDepth", Widget.CHOICE),
    ],
)
def test_the_widget_follows_from_the_property(
    forms: dict[str, FormSpec], name: str, field: str, widget: Widget
) -> None:
    assert of(forms, name, field).widget == widget  # type: ignore[attr-defined]


def test_a_matrix_workspace_may_hold_events_and_a_group_stands_for_its_members(forms: dict[str, FormSpec]) -> None:
    accepts = of(forms, "ConvertUnits-v1", "InputWorkspace").accepts  # type: ignore[attr-defined]
    assert {"Workspace2D", "EventWorkspace", "MaskWorkspace", "WorkspaceGroup"} <= set(accepts.types)
    assert not {"TableWorkspace", "MDHistoWorkspace", "PeaksWorkspace"} & set(accepts.types)
    assert accepts.kinds == ("spectra", "events", "group")


def test_any_workspace_will_do_where_mantid_says_workspace(forms: dict[str, FormSpec]) -> None:
    assert of(forms, "CloneWorkspace-v1", "InputWorkspace").accepts.types == ()  # type: ignore[attr-defined]


def test_choices_of_numbers_are_numbers(forms: dict[str, FormSpec]) -> None:
    choices = of(forms, "SaveFITS-v1", "BitDepth").choices  # type: ignore[attr-defined]
    assert [choice.value for choice in choices] == [8, 16, 32]


def test_lists_that_a_facility_extends_are_open(forms: dict[str, FormSpec]) -> None:
    assert not of(forms, "ConvertUnits-v1", "Target").open  # type: ignore[attr-defined]
    assert of(forms, "Fit-v1", "Minimizer").open  # type: ignore[attr-defined]


def test_a_field_says_when_it_is_enabled(forms: dict[str, FormSpec]) -> None:
    field = of(forms, "AlignComponents-v1", "MinXposition")
    assert field.enabled is False  # type: ignore[attr-defined]
    assert field.depends == (Dependency("Xposition", True, enabled=True, visible=True),)  # type: ignore[attr-defined]
    binning = of(forms, "AlignAndFocusPowder-v1", "Params")
    assert binning.depends == (Dependency("ResampleX", {"not": None}, enabled=False, visible=True),)  # type: ignore[attr-defined]


def test_older_versions_say_their_number(forms: dict[str, FormSpec]) -> None:
    assert forms["algorithm/LoadAscii-v1"].call.version == 1
    assert forms["algorithm/LoadAscii-v2"].call.version is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("InputWorkspace", "Input workspace"),
        ("EFixed", "EFixed"),
        ("MaxScalarError", "Max scalar error"),
        ("OutputUBMatrix", "Output UB matrix"),
        ("c", "c"),
    ],
)
def test_labels_are_words(name: str, label: str) -> None:
    assert label_of(name) == label


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("form-*.json")), ids=lambda file: file.stem)
def test_what_the_panels_tests_draw_is_what_is_made(forms: dict[str, FormSpec], file: Path) -> None:
    drawn = json.loads(file.read_text(encoding="utf-8"))
    if drawn["framework"] == "mantid":
        assert drawn == json.loads(json.dumps(forms[drawn["of"]].to_json()))

"""The catalogue as a file: its JSON Schema is the one of the dataclasses, and files answer to it."""

import json
from dataclasses import replace

import jsonschema
import pytest

from mantidlab.docs.catalogue import (
    FORMAT,
    Algorithm,
    Argument,
    Catalogue,
    Dependency,
    Facility,
    Failure,
    FitAttribute,
    FitFunction,
    FitParameter,
    Instrument,
    Page,
    Property,
    PythonObject,
    Section,
    Unit,
)
from mantidlab.docs.schema import FILE, catalogue_schema, schema_text

INPUT = Property(
    name="InputWorkspace",
    type="MatrixWorkspace",
    python_class="mantid.api._api.MatrixWorkspaceProperty",
    direction="Input",
    documentation="Counts of Ångström",
    default="",
    default_value=None,
    default_type="NoneType",
    unset=False,
    mandatory=True,
    name_required=False,
    validator="Enter a name",
    is_workspace=True,
    workspace_optional=False,
)
ORDER = replace(
    INPUT,
    name="Order",
    type="number",
    default="1",
    default_value=(1, (2.5, "x"), None),
    default_type="tuple",
    mandatory=False,
    validator="",
    is_workspace=False,
    dependencies=(Dependency("Mode", "Simple", True, False),),
)
OUTPUT = replace(INPUT, name="OutputWorkspace", direction="Output", mandatory=False, name_required=True)
SMOOTH = Algorithm(
    name="Smooth",
    version=2,
    latest=True,
    summary="Smooths.",
    category="Transforms;Deprecated",
    categories=("Transforms", "Deprecated"),
    aliases=(),
    see_also=(),
    help_url="",
    hidden=False,
    implementation="c++",
    python_type="Algorithm",
    signature="",
    method="",
    method_on=(),
    method_input="",
    properties=(ORDER, OUTPUT, INPUT),
)
FULL = Catalogue(
    packages={"mantid": "6.16.0"},
    revisions={"mantid": "0123abcd"},
    algorithms=(SMOOTH,),
    functions=(FitFunction("Linear", ("Peak",), False, "", (FitParameter("A", "slope", 1.0),), ()),),
    facilities=(Facility("ISIS", (".nxs",), ".nxs", 5, (Instrument("LOQ", "LOQ", ("SANS",), "LOQ", 8, ""),)),),
    units=(Unit("TOF", "Time-of-flight", "microsecond", "\u03bcs", "\\mu s"),),
    categories=("Transforms",),
    hidden_categories=(),
    objects=(
        PythonObject(
            "scipp.Group",
            "class",
            "scipp",
            "scipp.core",
            "()",
            "s",
            "d",
            (Argument("x", "positional", "int", None, ""),),
            None,
            (Section("Notes", "n"),),
            members=(PythonObject("scipp.Group.a", "method", "scipp", "scipp.core", "()", "", "", (), None, ()),),
        ),
    ),
    pages=(Page("a.html", "A", "guide", "text"),),
    failures=(Failure("Load-v1", "it said no"),),
)


def test_shipped_schema_is_the_one_of_the_dataclasses():
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run python -m mantidlab.docs.schema"
    jsonschema.Draft202012Validator.check_schema(catalogue_schema())


@pytest.mark.parametrize("catalogue", [FULL, Catalogue(packages={})], ids=["full", "empty"])
def test_written_file_answers_to_the_schema(catalogue, tmp_path):
    catalogue.write(tmp_path / "catalogue.json")
    content = json.loads((tmp_path / "catalogue.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, catalogue_schema())
    assert content["format"] == FORMAT
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.json"]


@pytest.mark.parametrize(
    ("where", "value"), [("version", "2"), ("properties", [{"name": "a"}]), ("latest", None), ("tested_examples", 1.5)]
)
def test_schema_refuses_what_is_wrong(where, value):
    content = json.loads(FULL.to_json())
    content["algorithms"][0][where] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, catalogue_schema())


def test_a_line_for_each_algorithm_and_the_same_text_each_time():
    assert FULL.to_json() == FULL.to_json()
    assert sum(line.lstrip().startswith('{"name": "Smooth"') for line in FULL.to_json().splitlines()) == 1
    assert "Ångström" in FULL.to_json()


def test_numbers_that_json_cannot_hold_are_refused(tmp_path):
    wrong = replace(FULL, functions=(FitFunction("F", (), False, "", (), (FitAttribute("Q", "float", float("inf")),)),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        wrong.write(tmp_path / "catalogue.json")
    assert list(tmp_path.iterdir()) == []


def test_order_of_arguments_is_mantids():
    assert [prop.name for prop in SMOOTH.ordered] == ["OutputWorkspace", "InputWorkspace", "Order"]
    assert [prop.name for prop in SMOOTH.arguments] == ["InputWorkspace", "Order"]
    assert [prop.name for prop in SMOOTH.outputs] == ["OutputWorkspace"]
    assert SMOOTH.inouts == ()

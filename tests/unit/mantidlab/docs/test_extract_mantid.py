"""What the extractor draws out of Mantid, as a real Mantid 3.13 answered, equals what was recorded of it."""

import json
from pathlib import Path

import jsonschema
import pytest
from support.recordings import recording

from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.schema import catalogue_schema

from .recorded_keys import (
    ABOUT_THE_RECORDING,
    ALGORITHM,
    FACILITY,
    FUNCTION,
    INSTRUMENT,
    PROPERTY,
    UNIT,
    recorded,
)


def keys_of(entries):
    return {key for entry in entries for key in entry}


def test_every_recorded_key_is_accounted_for():
    file, functions = recording("catalogue.json"), recording("functions_facilities.json")
    algorithms = file["algorithms"]
    assert keys_of(algorithms) == set(ALGORITHM)
    assert keys_of(prop for algorithm in algorithms for prop in algorithm["properties"]) == set(PROPERTY)
    assert keys_of(functions["functions"]) == set(FUNCTION)
    assert keys_of(par for function in functions["functions"] for par in function["parameters"]) == {
        "name",
        "description",
        "value",
    }
    assert keys_of(attr for function in functions["functions"] for attr in function["attributes"]) == {
        "name",
        "value",
        "type",
    }
    assert keys_of(functions["facilities"]) == set(FACILITY)
    assert keys_of(one for facility in functions["facilities"] for one in facility["instruments"]) == set(INSTRUMENT)
    assert keys_of(file["units"]) == set(UNIT)
    assert set(functions) == {"functions", "facilities"}
    assert set(file) - ABOUT_THE_RECORDING == {
        "mantid_version",
        "git",
        "algorithms",
        "failed",
        "hiddenCategories",
        "allCategories",
        "units",
    }


@pytest.mark.parametrize("key", [key for key in ALGORITHM if key != "properties"])
def test_algorithms_equal_the_recorded(extracted, key):
    of = ALGORITHM[key]
    wanted = {(a["name"], a["version"]): a[key] for a in recording("catalogue.json")["algorithms"]}
    assert len(wanted) == 984
    assert {(a.name, a.version): of(a) for a in extracted.algorithms} == wanted


@pytest.mark.parametrize("key", list(PROPERTY))
def test_properties_equal_the_recorded(extracted, key):
    missing = "no such key"
    found, wanted = {}, {}
    for algorithm in extracted.algorithms:
        for prop in recorded(algorithm, {"properties": ALGORITHM["properties"]})["properties"]:
            found[algorithm.name, algorithm.version, prop["name"]] = prop.get(key, missing)
    for algorithm in recording("catalogue.json")["algorithms"]:
        for prop in algorithm["properties"]:
            wanted[algorithm["name"], algorithm["version"], prop["name"]] = prop.get(key, missing)
    assert len(wanted) == 7692
    assert found == wanted


def test_fit_functions_equal_the_recorded(extracted):
    wanted = sorted(recording("functions_facilities.json")["functions"], key=lambda function: function["name"])
    assert len(wanted) == 107
    assert [recorded(function, FUNCTION) for function in extracted.functions] == wanted


def test_facilities_equal_the_recorded(extracted):
    wanted = recording("functions_facilities.json")["facilities"]
    assert len(wanted) == 14
    assert [recorded(facility, FACILITY) for facility in extracted.facilities] == wanted


def test_units_categories_and_version_equal_the_recorded(extracted):
    file = recording("catalogue.json")
    assert [recorded(unit, UNIT) for unit in extracted.units] == file["units"]
    assert list(extracted.categories) == file["allCategories"]
    assert list(extracted.hidden_categories) == file["hiddenCategories"]
    assert extracted.packages == {"mantid": file["mantid_version"]}
    assert extracted.revisions == {"mantid": file["git"]}


def test_unset_numbers_are_told(extracted):
    """664 defaults of the recording are EMPTY_DBL or EMPTY_INT."""
    unset = [p.default for a in extracted.algorithms for p in a.properties if p.unset]
    assert len(unset) == 664
    assert set(unset) == {"8.9884656743115785e+307", "2147483647"}


def test_only_what_mantid_refuses_is_a_failure(extracted):
    """Mantid cannot write four of its fit functions; it made every algorithm."""
    refusing = [f["name"] for f in recording("functions_facilities.json")["functions"] if f["initString"] is None]
    assert [failure.what for failure in extracted.failures] == [f"text of fit function {name}" for name in refusing]
    assert recording("catalogue.json")["failed"] == []


def test_same_mantid_gives_the_same_file_and_it_answers_to_the_schema(mantid, extracted, tmp_path):
    again = extract_mantid(mantid, lambda line: None)
    plain = json.loads(extracted.to_json())
    for algorithm in plain["algorithms"]:
        algorithm.update(page="", tested_examples=None)
    assert json.loads(again.to_json()) == plain
    assert extract_mantid(mantid, lambda line: None).to_json() == again.to_json()
    jsonschema.Draft202012Validator(catalogue_schema()).validate(plain)


def test_asking_leaves_mantid_and_the_disk_as_they_were(mantid, tmp_path, monkeypatch):
    """Properties for file names are tried with paths; none may stay behind, nor a changed setting."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    before = dict(mantid.kernel.config)
    extract_mantid(mantid, lambda line: None)
    assert dict(mantid.kernel.config) == before
    assert list(tmp_path.iterdir()) == []
    assert not Path(before["defaultsave.directory"]).exists()


def test_progress_is_told(mantid):
    lines: list[str] = []
    extract_mantid(mantid, lines.append)
    assert lines[0] == "Mantid: 0 of 984 algorithms"
    assert "Mantid: 900 of 984 algorithms" in lines

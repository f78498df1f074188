"""What the conformance command says of forms, asked of the recorded Mantid as far as that can answer.

It knows every property and default of 984 algorithms, and runs none: that fifty usages run, only a real one says.
"""

import ast
from types import SimpleNamespace

import pytest
from support.recorded_mantid import RecordedMantid
from support.recordings import recording

from mantidlab.conformance.forms import call_rows, form_rows, same_text, usage_rows
from mantidlab.conformance.usages import usages
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.forms.book import FormBook


@pytest.fixture(scope="module")
def mantid() -> RecordedMantid:
    return RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))


@pytest.fixture(scope="module")
def book(mantid) -> FormBook:
    return FormBook(extract_mantid(mantid, lambda line: None))


def verdicts(rows) -> dict[str, str]:
    return {f"{row.about}: {row.what}": row.verdict for row in rows if row.verdict != "ok"}


def test_all_forms_agree_with_the_recorded_mantid(mantid, book):
    rows = form_rows(book, mantid.api.AlgorithmFactory, mantid.api.AlgorithmManager)
    assert verdicts(rows) == {}
    assert [(row.what, row.found) for row in rows][:2] == [("open", "984"), ("have a field for each property", "7692")]
    assert int(rows[2].found) > 3000  # not set, workspaces and files have none


def test_another_mantid_is_found_out(mantid, book):
    class Other:
        def __init__(self, algorithm):
            self._algorithm = algorithm

        def __getattr__(self, name):
            return getattr(self._algorithm, name)

        def keys(self):
            return (
                [*self._algorithm.keys(), "New"] if self._algorithm.facts["name"] == "Rebin" else self._algorithm.keys()
            )

        def getPropertyValue(self, name):  # noqa: N802 - Mantid's name
            if self._algorithm.facts["name"] == "Scale" and name == "Factor" and not self._algorithm.given:
                return "2"
            return self._algorithm.getPropertyValue(name)

    registered = {"Rebin": [1], "Scale": [1], "ConvertUnits": [1], "Newest": [1]}
    factory = SimpleNamespace(getRegisteredAlgorithms=lambda hidden: registered)
    manager = SimpleNamespace(createUnmanaged=lambda name, version: Other(mantid.create(name, version)))
    assert verdicts(form_rows(book, factory, manager)) == {
        "form of Newest v1: opens": "FAILED",
        "form of Rebin v1: has a field for each property": "FAILED",
        "form of Scale v1: default of Factor": "FAILED",
    }


def test_every_argument_of_the_fifty_usages_is_in_its_form(book):
    assert len(usages()) == len({usage.algorithm for usage in usages()}) == 50
    assert verdicts(call_rows(book)) == {}


def test_every_call_that_prepares_a_usage_fits_a_form_too(book):
    from mantidlab.forms.checking import problems_of

    for usage in usages():
        for node in ast.walk(ast.parse(usage.code)):
            if isinstance(node, ast.Call):
                lines = usage.code.splitlines(keepends=True)
                place = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
                spec, read = book.read(usage.code, place)
                assert read.kept == ()
                assert problems_of(spec, read.values, read.call.targets) == {}, usage.code


def test_usages_and_examples_are_run_and_tidied_up():
    made, tidied = [], []

    class Any:
        def __getitem__(self, name):
            return lambda *args, **values: made.append(name) or (1, 2)

        def keys(self):
            return {usage.algorithm for usage in usages()}

    examples = {"Rebin": ["1 / 0", "not python", "a_name", "print('quietly')"]}
    rows = usage_rows(Any(), lambda: tidied.append(1), lambda name: examples.get(name, []))
    assert len(rows) == len(tidied) == 54
    assert {"CreateSampleWorkspace", "BinMD", "Fit"} <= set(made)
    # What lacks its data is Mantid's matter, what is no Python that of whoever read it from the page.
    assert verdicts(rows) == {
        "example 1 of Rebin: runs": "left out",
        "example 2 of Rebin: runs": "FAILED",
        "example 3 of Rebin: runs": "FAILED",
    }


def test_numbers_may_be_written_otherwise():
    assert same_text("0.10000000000000001,2", "0.1,2.0")
    assert not same_text("0.1", "0.2")
    assert not same_text("1", "1,1")
    assert not same_text("a", "b")

"""The form of a thing that a person has in hand."""

import sys
from types import ModuleType

import pytest
from support.recorded_mantid import RecordedMantid
from support.recordings import recording

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms import opening
from mantidlab.forms.book import FormBook
from mantidlab.forms.errors import NoSuchForm


class Wrapper:
    """What ``mantid.simpleapi.Rebin`` is since Mantid 6.2: an object that is called, with a plain name alone."""

    __slots__ = ("__name__",)
    __module__ = "mantid.simpleapi"

    def __call__(self, *args: object, **kwargs: object) -> None: ...


@pytest.fixture
def book(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> FormBook:
    made = FormBook(catalogue)
    monkeypatch.setattr(opening, "form_book", lambda: made)
    return made


def test_the_function_of_an_algorithm_has_the_algorithm_s_form(book: FormBook) -> None:
    rebin = Wrapper()
    rebin.__name__ = "Rebin"
    assert not hasattr(rebin, "__qualname__")
    found = opening.spec_of(rebin)
    assert found == book.form("Rebin")
    assert [field.name for field in found.fields][:3] == ["InputWorkspace", "OutputWorkspace", "Params"]


def test_so_has_the_plain_function_that_it_was_before(book: FormBook) -> None:
    def algorithm_wrapper() -> None: ...

    algorithm_wrapper.__name__, algorithm_wrapper.__module__ = "ConvertUnits", "mantid.simpleapi"
    assert opening.spec_of(algorithm_wrapper) == book.form("ConvertUnits")


def test_an_algorithm_that_came_after_the_catalogue_has_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    mantid = RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))
    monkeypatch.setattr(opening, "form_book", lambda: FormBook(Catalogue(packages={})))
    with pytest.raises(NoSuchForm):
        opening.spec_of("Rebin")
    monkeypatch.setitem(sys.modules, "mantid.simpleapi", ModuleType("mantid.simpleapi"))
    door = ModuleType("mantidlab.frameworks.mantid")  # the real one stands on numpy
    door.mantid_modules = lambda: mantid  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mantidlab.frameworks.mantid", door)
    assert opening.spec_of("Rebin").call.function == "Rebin"
    assert "Params" in {field.name for field in opening.spec_of("Rebin").fields}
    with pytest.raises(NoSuchForm):
        opening.spec_of("Rebinn")

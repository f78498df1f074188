"""Forms of the recorded Mantid, made once for the tests here."""

import pytest
from support.recorded_mantid import RecordedMantid
from support.recordings import recording

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.stubs import extensible_words
from mantidlab.forms.algorithms import form_of_algorithm
from mantidlab.forms.spec import FormSpec


class Forms(dict[str, FormSpec]):
    """Forms by what they are of; hypothesis would write all of them out."""

    def __repr__(self) -> str:
        return f"<{len(self)} forms>"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    mantid = RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))
    return extract_mantid(mantid, lambda line: None)


@pytest.fixture(scope="session")
def forms(catalogue: Catalogue) -> dict[str, FormSpec]:
    """Every form, by what it is of (``algorithm/Rebin-v1``)."""
    words = extensible_words(catalogue)
    made = [form_of_algorithm(algorithm, words) for algorithm in catalogue.algorithms]
    return Forms({form.of: form for form in made})

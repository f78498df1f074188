"""The recorded Mantid, and what is drawn out of it, made once for the tests here."""

import pytest
from support.recorded_mantid import RecordedMantid, write_pages
from support.recordings import recording

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.mantid import extract_mantid


@pytest.fixture(scope="session")
def mantid() -> RecordedMantid:
    return RecordedMantid(recording("catalogue.json"), recording("functions_facilities.json"))


@pytest.fixture(scope="session")
def extracted(mantid: RecordedMantid, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("documentation")
    write_pages(mantid.recorded, folder)
    return extract_mantid(mantid, lambda line: None, folder)

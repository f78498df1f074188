"""What an environment knows is read back as it was written, and what is missing or damaged is said."""

import json

import pytest

import mantidlab.docs
from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.reading import Knowledge, KnowledgeMissing, knowledge, read_catalogue
from mantidlab.docs.search import write_index

from .test_catalogue import FULL


@pytest.fixture
def prefix(tmp_path):
    folder = tmp_path / "share" / "mantidhub"
    folder.mkdir(parents=True)
    FULL.write(folder / "catalogue.json")
    write_index(FULL, folder / "search.sqlite")
    return tmp_path


@pytest.mark.parametrize("catalogue", [FULL, Catalogue(packages={})], ids=["full", "empty"])
def test_what_was_written_is_read(catalogue, tmp_path):
    catalogue.write(tmp_path / "catalogue.json")
    assert read_catalogue(tmp_path / "catalogue.json") == catalogue


def test_knowledge_of_an_environment(prefix):
    known = knowledge(prefix)
    assert isinstance(known, Knowledge)
    assert known.catalogue == FULL
    assert known.search("smooth")[0].leads_to == "algorithm/Smooth-v2"
    assert known.search("smooth", kinds=["page"]) == []


def test_names_of_the_package_are_those_of_the_module():
    assert mantidlab.docs.knowledge is knowledge
    with pytest.raises(AttributeError, match="nothing_of_it"):
        _ = mantidlab.docs.nothing_of_it


def test_environment_without_a_catalogue(tmp_path):
    with pytest.raises(KnowledgeMissing, match="This environment has no catalogue"):
        knowledge(tmp_path / "other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("[]", "has format None, and 1 is read here"),
        ('{"format": 99}', "has format 99, and 1 is read here"),
        ('{"format": 1}', "is damaged: TypeError"),
    ],
)
def test_damaged_catalogue(tmp_path, text, said):
    (tmp_path / "catalogue.json").write_text(text)
    with pytest.raises(KnowledgeMissing, match=said):
        read_catalogue(tmp_path / "catalogue.json")


def test_catalogue_that_lacks_a_key(prefix):
    file = prefix / "share" / "mantidhub" / "catalogue.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    del content["algorithms"][0]["summary"]
    file.write_text(json.dumps(content))
    with pytest.raises(KnowledgeMissing, match=r"is damaged: TypeError.*'summary'"):
        read_catalogue(file)


def test_catalogue_of_another_release_with_the_same_format(prefix):
    file = prefix / "share" / "mantidhub" / "catalogue.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["objects"][0]["colour"] = "unknown here"
    del content["objects"][0]["aliases"]
    file.write_text(json.dumps(content))
    assert read_catalogue(file) == FULL

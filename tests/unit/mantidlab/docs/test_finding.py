"""``mantidlab.search``, and what a person has that no environment knows."""

import json

import pytest
from support.small_catalogue import CATALOGUE

import mantidlab
from mantidlab.docs import belongings, finding
from mantidlab.docs.belongings import Belongings
from mantidlab.docs.finding import Found
from mantidlab.docs.reading import KnowledgeMissing
from mantidlab.docs.search import Entry, Kind, write_index
from mantidlab.interfaces.listed import list_file


def write_example(home, name, *texts, code="import scipp as sc"):
    cells = [{"cell_type": "markdown", "source": text} for text in texts]
    file = home / "examples" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"cells": [*cells, {"cell_type": "code", "source": code}]}))


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    write_example(home, "sans.ipynb", "# Spheres by small angles", "Fit the *radius* of spheres.")
    write_example(home, "more/untitled.ipynb", "No heading")
    write_example(home, ".ipynb_checkpoints/sans-checkpoint.ipynb", "# Spheres by small angles")
    (home / "examples" / "broken.ipynb").write_text("{")
    return home


@pytest.fixture
def prefix(tmp_path, monkeypatch, home):
    prefix = tmp_path / "prefix"
    known = prefix / "share" / "mantidhub"
    known.mkdir(parents=True)
    (known / "catalogue.json").write_text(CATALOGUE.to_json(), encoding="utf-8")
    write_index(CATALOGUE, known / "search.sqlite")
    monkeypatch.setattr("sys.prefix", str(prefix))
    monkeypatch.setenv("HOME", str(home))
    finding._belongings.cache_clear()
    return prefix


def test_examples_are_found_with_mistakes(home):
    mine = Belongings(home)
    assert [hit.leads_to for hit in mine.search("sphers", 5)] == ["example/examples/sans.ipynb"]
    assert [hit.title for hit in mine.search("untitled", 5)] == ["untitled"]
    assert mine.search("sphers", 5, [Kind.INTERFACE]) == []
    assert "radius" in mine.search("radius", 5)[0].snippet


def test_examples_come_and_go(home, monkeypatch):
    monkeypatch.setattr(belongings, "_SECONDS", 0)
    mine = Belongings(home)
    assert mine.search("crystal", 5) == []
    write_example(home, "new.ipynb", "# Crystals")
    assert [hit.title for hit in mine.search("crystal", 5)] == ["Crystals"]
    (home / "examples" / "new.ipynb").unlink()
    assert mine.search("crystal", 5) == []


def test_no_home_no_examples(tmp_path):
    assert Belongings(tmp_path / "nowhere").search("x", 5) == []


def test_interfaces_are_found_too(home):
    entry = Entry(
        Kind.INTERFACE, "sans_iq", "I(Q) from SANS", "Reduces.", "interface/sans_iq", ("sans_iq", "I(Q) from SANS")
    )
    mine = Belongings(home, lambda: [entry])
    assert mine.search("sans iq", 5)[0].leads_to == "interface/sans_iq"


def test_interfaces_come_from_the_list_that_is_kept(prefix, monkeypatch, tmp_path):
    monkeypatch.setenv("MANTIDLAB_CACHE", str(tmp_path / "cache"))
    assert belongings.interface_entries(prefix) == ()
    one = {
        "name": "sans_iq",
        "title": "I(Q) from SANS",
        "summary": "Reduces.",
        "technique": "SANS",
        "instruments": ["LOQ"],
    }
    file = list_file(prefix)
    file.parent.mkdir()
    file.write_text(json.dumps({"signature": "x", "said": {"interfaces": [one], "broken": []}}))
    assert [hit.leads_to for hit in mantidlab.search("i(q) sans", kinds=["interface"])] == ["interface/sans_iq"]
    assert [hit.name for hit in mantidlab.search("loq", kinds=["interface"])] == ["sans_iq"]


def test_search_of_environment_and_home(prefix):
    found = mantidlab.search("conver unts")
    assert found[0].leads_to == "algorithm/ConvertUnits-v1"
    assert "Spheres by small angles" in [hit.title for hit in mantidlab.search("spheres")]
    assert len(mantidlab.search("rebin", limit=2)) == 2
    assert {hit.kind for hit in mantidlab.search("rebin", kinds=["python"])} == {Kind.PYTHON}


def test_what_a_cell_shows(prefix):
    found = mantidlab.search("ConvertUnits")
    assert repr(found).splitlines()[0].split() == [
        "algorithm",
        "ConvertUnits",
        "v1",
        "Does",
        "ConvertUnits.",
        "bare",
        "text",
    ]
    assert "<b>ConvertUnits v1</b>" in found._repr_html_()
    assert list(found[:1]) == [found[0]]
    nothing = Found("<b>", [])
    assert repr(nothing) == "Nothing found for '<b>'."
    assert nothing._repr_html_() == "<p>Nothing found for <em>&lt;b&gt;</em>.</p>"


def test_mistakes_are_said(prefix, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="nonsense"):
        mantidlab.search("x", kinds=["nonsense"])
    monkeypatch.setattr("sys.prefix", str(tmp_path / "nowhere"))
    with pytest.raises(KnowledgeMissing, match="no catalogue"):
        mantidlab.search("x")

"""Search over a small catalogue: what comes first, what is forgiven, and what no text can do to it."""

import sqlite3
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mantidlab.docs.catalogue import Argument, Catalogue, FitFunction, FitParameter, Page, PythonObject
from mantidlab.docs.search import Kind, SearchIndex, SearchUnavailable, search, write_index

from .test_catalogue import INPUT, SMOOTH


def algorithm(name, summary="", **changes):
    return replace(SMOOTH, name=name, version=1, summary=summary, categories=("Transforms",), properties=(), **changes)


def thing(name, summary="", kind="function", **changes):
    return PythonObject(name, kind, "scipp", "scipp.core", "()", summary, "", (), None, (), **changes)


EFIXED = replace(INPUT, name="EFixed", documentation="Fixed energy in meV")
CATALOGUE = Catalogue(
    packages={"mantid": "6.16.0"},
    algorithms=(
        replace(algorithm("ConvertUnits", "Changes the unit of X."), properties=(EFIXED,)),
        algorithm("ConvertUnitsUsingDetectorTable", "The same with a table."),
        algorithm("Rebin", "Rebins data with new boundaries."),
        algorithm("Rebunch", "Rebins by adding bins."),
        algorithm("RebinToWorkspace", "Rebins like another."),
        algorithm("Integration", "Sums over X.", aliases=("Integrate",)),
        replace(algorithm("LoadNexus", "Loads a file."), latest=False, version=1),
        replace(algorithm("LoadNexus", "Loads a file."), version=2),
        replace(algorithm("LoadNexusOld", "Loads."), categories=("Deprecated",)),
        algorithm("LoadNexusMonitors", "Loads monitors."),
        algorithm("SofQW", "Calculates S(Q, ω)."),
        algorithm("FindWavelength", "Finds λ in Å."),
    ),
    functions=(FitFunction("Gaussian", ("Peak",), True, "", (FitParameter("Sigma", "Width", 1.0),), ()),),
    objects=(
        replace(
            thing("scipp.rebin", "Rebin a histogram."),
            arguments=(Argument("edges", "any", "Variable", None, "New boundaries"),),
        ),
        thing("scipp.concat", "Concatenate.", aliases=("scipp.core.join_all",)),
        thing("scipp.old_concat", "Concatenate.", deprecated="gone"),
        thing("scipp.hist", "Count events in bins."),
        thing("scipp.io.Histogrammer", "Counts."),
        thing("ess.normalize_counts", "Divide."),
    ),
    pages=(Page("concepts/Bins.html", "Bin edges", "concept", "Bins " * 30 + "have boundaries, points have zebras."),),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    file = tmp_path_factory.mktemp("a b#c?") / "search.sqlite"
    write_index(CATALOGUE, file)
    return SearchIndex(file)


def names(index, text, **options):
    return [hit.name for hit in index.search(text, **options)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ConvertUnits", "ConvertUnits"),
        ("convertunits", "ConvertUnits"),
        ("convert units", "ConvertUnits"),
        ("convert-units", "ConvertUnits"),
        ("conver units", "ConvertUnits"),
        ("covnert unts", "ConvertUnits"),
        ("how do I convert the units", "ConvertUnits"),
        ("units convert", "ConvertUnits"),
        ("rebn", "Rebin"),
        ("rbein", "Rebin"),
        ("ReBinn", "Rebin"),
        ("integrte", "Integration"),
        ("integrate", "Integration"),
        ("sofqw", "SofQW"),
        ("S(Q, omega)", "SofQW"),
        ("Å", "FindWavelength"),
        ("angstrom", "FindWavelength"),
        ("λ", "FindWavelength"),
        ("efixed", "EFixed"),
        ("join_all", "scipp.concat"),
        ("zebras", "Bin edges"),
        ("sigma", "Sigma"),
        ("histogram", "scipp.hist"),
        ("normalise counts", "ess.normalize_counts"),
    ],
)
def test_what_comes_first(index, text, first):
    assert names(index, text)[0] == first


def test_name_before_beginning_before_likeness_before_text(index):
    found = names(index, "rebin")
    assert found[:3] == ["Rebin", "scipp.rebin", "RebinToWorkspace"]
    assert found.index("RebinToWorkspace") < found.index("Rebunch")


def test_latest_before_old_and_deprecated_last(index):
    titles = [hit.title for hit in index.search("loadnexus")]
    assert titles[0] == "LoadNexus v2"
    assert titles.index("LoadNexus v2") < titles.index("LoadNexus v1")
    beginnings = [hit.name for hit in index.search("loadn")]
    assert beginnings.index("LoadNexusMonitors") < beginnings.index("LoadNexusOld")
    assert names(index, "conca")[:2] == ["scipp.concat", "scipp.old_concat"]


def test_what_a_hit_tells(index):
    hit = search(index, "efixed", 5, [Kind.PROPERTY])[0]
    assert (hit.kind, hit.title, hit.leads_to) == (
        Kind.PROPERTY,
        "EFixed of ConvertUnits",
        "property/ConvertUnits-v1/EFixed",
    )
    page = index.search("zebras")[0]
    assert page.leads_to == "page/concepts/Bins.html"
    assert page.snippet.startswith("… ")
    assert page.snippet.endswith("points have zebras.")
    assert index.search("edges", kinds=["argument"])[0].leads_to == "argument/scipp.rebin/edges"
    assert index.search("sigma")[0].leads_to == "parameter/Gaussian/Sigma"


def test_kinds_and_limit(index):
    assert {hit.kind for hit in index.search("rebin", kinds=["python"])} == {Kind.PYTHON}
    assert len(index.search("e", limit=2)) == 2
    assert index.search("rebin", limit=0) == []
    with pytest.raises(ValueError, match="nonsense"):
        index.search("rebin", kinds=["nonsense"])


HOSTILE = [
    *(
        "",
        " ",
        '"',
        "'",
        '""" OR 1=1 --',
        "rebin; DROP TABLE entry",
        "name:rebin",
        "rebin AND",
        "NEAR(a b)",
        "a*",
        "^a",
    ),
    *("{name} : x", "(((", "-rebin", "re\x00bin", "\ud800", "😀", "😀rebin", "%", "_", "\\", "a" * 10_000),
    *(
        "rebin " * 2000,
        "İ",
        "ß",
        "ﬁ",
        "\U0010ffff",
        "𝐑ebin",
        "和",
        "NOT",
        "OR",
        "AND",
        "0x",
        "٣",
        "rebin\ud800",
        "\u202erebin",
        "x\n\r\ty",
    ),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_too_strange(index, text):
    assert isinstance(index.search(text), list)


@given(st.text(max_size=60))
@example("re\x00bin")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_raises(index, text):
    index.search(text)


def test_nothing_can_be_written(index):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._database.execute("DELETE FROM entry")


def test_any_thread_may_ask(index):
    found = []
    threads = [threading.Thread(target=lambda: found.append(names(index, "rebn")[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Rebin"] * 8


def test_the_file_is_the_same_each_time_and_nothing_stays_beside_it(tmp_path):
    write_index(CATALOGUE, tmp_path / "one")
    write_index(CATALOGUE, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_empty_catalogue(tmp_path):
    write_index(Catalogue(packages={}), tmp_path / "search.sqlite")
    assert SearchIndex(tmp_path / "search.sqlite").search("rebin") == []


def test_missing_damaged_and_other_files_are_said(tmp_path):
    with pytest.raises(SearchUnavailable, match="cannot be read"):
        SearchIndex(tmp_path / "search.sqlite")
    (tmp_path / "search.sqlite").write_text("no database at all, and long enough to be looked at" * 20)
    with pytest.raises(SearchUnavailable, match="cannot be read"):
        SearchIndex(tmp_path / "search.sqlite")
    write_index(CATALOGUE, tmp_path / "search.sqlite")
    with sqlite3.connect(tmp_path / "search.sqlite") as database:
        database.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    with pytest.raises(SearchUnavailable, match="format 99, and 1 is read here"):
        SearchIndex(tmp_path / "search.sqlite")


def test_sqlite_without_trigrams_is_said(tmp_path, monkeypatch):
    class Old:
        def execute(self, query):
            raise sqlite3.OperationalError("no such tokenizer: trigram")

        def close(self): ...

    monkeypatch.setattr("mantidlab.docs.search.index.sqlite3.connect", lambda *_: Old())
    with pytest.raises(SearchUnavailable, match=r"needs SQLite 3\.34 or later with FTS5"):
        write_index(CATALOGUE, tmp_path / "search.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_page_of_an_algorithm_is_found_as_the_algorithm(tmp_path):
    """Else each algorithm stood there twice, once with its properties and once without."""
    described = replace(algorithm("SofQW", "Calculates."), page="algorithms/SofQW-v1.html")
    pages = (Page("algorithms/SofQW-v1.html", "SofQW v1", "algorithm", "SofQW v1\nRotten zebras."),)
    write_index(Catalogue(packages={}, algorithms=(described,), pages=pages), tmp_path / "search.sqlite")
    index = SearchIndex(tmp_path / "search.sqlite")
    assert [hit.kind for hit in index.search("sofqw")] == [Kind.ALGORITHM]
    assert [hit.name for hit in index.search("zebras")] == ["SofQW"]

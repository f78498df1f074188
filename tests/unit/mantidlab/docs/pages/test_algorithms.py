"""Pages of algorithms, fit functions and the offline documentation, from pages in the form that Sphinx gives them."""

from dataclasses import replace

import pytest
from support.small_catalogue import CATALOGUE, PAGE, write_documentation

from mantidlab.docs.pages.opening import Pages
from mantidlab.docs.pages.thing import Link, NothingThere


@pytest.fixture
def folder(tmp_path):
    write_documentation(tmp_path)
    return tmp_path


@pytest.fixture
def page(folder):
    return Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1")


def test_what_the_catalogue_says(page):
    assert (page.title, page.kind, page.summary) == ("ConvertUnits v1", "algorithm", "Does ConvertUnits.")
    assert page.see_also == (Link("Rebin", "algorithm/Rebin-v1"), Link("Unknown", ""))
    assert page.categories == ("Transforms\\Units",)
    rows = {row.name: row for row in page.properties}
    assert list(rows) == ["InputWorkspace", "OutputWorkspace", "Target", "EMode", "EFixed"]
    assert (rows["Target"].required, rows["Target"].choices) == (True, ("DeltaE", "dSpacing", "TOF"))
    assert (rows["EMode"].default, rows["EMode"].required) == ("Elastic", False)
    assert (rows["EFixed"].default, rows["EFixed"].unit) == ("", "meV")  # a number that means "not set" is no default
    assert (rows["OutputWorkspace"].direction, rows["OutputWorkspace"].required) == ("Output", True)


def test_description_without_what_stands_elsewhere_on_the_page(page):
    assert page.html.startswith("<p>Like ")
    for left_out in (
        "¶",
        "Home",
        "Table of Contents",
        "Categories",
        "Back to top",
        "DOCUMENTATION",
        "Usage",
        "Does Conv",
    ):
        assert left_out not in page.html
    assert "<h4>Restrictions</h4><p>Only if <em>common</em> bins.</p>" in page.html
    assert "<h3>References</h3>" in page.html


def test_formulas_stay_as_they_are_typed(page):
    assert r'<span class="math">\(\lambda = h/\unicode{x212B}\)</span>' in page.html
    assert r'<div class="math">\[d = \frac{n \lambda}{2 \sin\theta} &lt; 1\]</div>' in page.html
    assert r'<span class="math">\(E = mc^2\)</span>' in page.html  # of a page on which LaTeX drew it


def test_links_lead_to_things_of_this_environment(page):
    assert '<a href="#of=algorithm/Rebin-v1"><span>Rebin</span></a>' in page.html
    assert '<a href="#of=page/concepts/Workspace.html">workspace</a>' in page.html
    assert "not\nmissing." in page.html
    assert 'href="https://example.org/a?b=1&amp;c" rel="noopener noreferrer"' in page.html


def test_tables_and_pictures(page):
    assert '<th colspan="2"><p>Unit</p></th>' in page.html
    assert "<td><p>µs</p></td>" in page.html
    assert '<img alt="drawing" src="file/_images/units%20drawing.png">' in page.html
    assert "onerror" not in page.html


def test_usage_says_what_is_tested(page):
    first, second = page.usage
    assert (first.title, first.output, first.tested, first.needs) == ("convert to TOF", "1 < 2", True, "mantid")
    assert first.code.splitlines()[2:] == ["if ws:", "    print('1 < 2')"]
    assert first.runs == f"from mantid.simpleapi import *\n\n{first.code}"
    assert (second.title, second.output, second.tested) == ("A second one", "", False)
    assert second.runs == second.code  # it has its own import


def test_older_pages_have_divisions_for_sections(folder):
    older = PAGE.replace("<section", '<div class="section"').replace("</section>", "</div>")
    (folder / "algorithms/ConvertUnits-v1.html").write_text(older)
    page = Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1")
    assert page.html.startswith("<p>Like ")
    assert [usage.title for usage in page.usage] == ["convert to TOF", "A second one"]


def test_without_offline_documentation_the_catalogue_is_all(tmp_path):
    for folder in (None, tmp_path):
        page = Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1")
        assert (page.html, page.usage) == ("", ())
        assert len(page.properties) == 5


def test_hostile_page(folder):
    hostile = PAGE.replace("<p>None.</p>", "<p onclick=x>evil<script>x</script><iframe src=x></iframe></p>")
    (folder / "algorithms/ConvertUnits-v1.html").write_text(hostile)
    assert Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1").html.endswith("<p>evil</p>")


@pytest.mark.parametrize("cut", range(0, len(PAGE), 97))
def test_page_that_is_cut_gives_what_it_has(folder, cut):
    (folder / "algorithms/ConvertUnits-v1.html").write_text(PAGE[:cut])
    Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1")


def test_versions_lead_to_one_another(folder):
    pages = Pages(CATALOGUE, folder)
    old = pages.open("algorithm/LoadNexus-v1")
    assert old.links == (Link("LoadNexus v2", "algorithm/LoadNexus-v2"),)
    assert "later version" in old.deprecated
    assert "deprecated" in pages.open("algorithm/Minus-v1").deprecated


def test_property_leads_to_its_algorithm(folder):
    page = Pages(CATALOGUE, folder).open("property/ConvertUnits-v1/Target")
    assert (page.of, page.property) == ("algorithm/ConvertUnits-v1", "Target")


def test_fit_function(folder):
    page = Pages(CATALOGUE, folder).open("parameter/Gaussian/Height")
    assert (page.of, page.property, page.kind) == ("function/Gaussian", "Height", "fit function")
    assert "<p>A peak.</p>" in page.html
    assert [(row.name, row.default) for row in page.properties] == [
        ("Height", "0"),
        ("Sigma", "1.5"),
        ("NumDeriv", "False"),
    ]
    assert page.properties[1].documentation == "<p>Width &lt; 1</p>"


def test_page_of_the_documentation(folder):
    pages = Pages(CATALOGUE, folder)
    assert pages.open("page/concepts/Workspace.html").html == "<p>Holds <b>data</b>.</p>"
    (folder / "concepts/Workspace.html").unlink()
    assert pages.open("page/concepts/Workspace.html").html == "<p>Holds &lt;data&gt;.</p><p>And more.</p>"


@pytest.mark.parametrize(
    "of", ["algorithm/Nothing-v1", "page/../../etc/passwd", "page/index.html", "x", "", "function/No"]
)
def test_what_is_not_there_is_said(folder, of):
    with pytest.raises(NothingThere, match="This environment has no"):
        Pages(CATALOGUE, folder).open(of)


def test_links_out_of_the_documentation_lead_nowhere(folder):
    page = PAGE.replace("../concepts/Missing.html", "../../../etc/passwd").replace("../_images/units", "../../x/units")
    (folder / "algorithms/ConvertUnits-v1.html").write_text(page)
    html = Pages(CATALOGUE, folder).open("algorithm/ConvertUnits-v1").html
    assert "passwd" not in html
    assert "<img" not in html


def test_every_page_is_json(folder):
    pages = Pages(replace(CATALOGUE), folder)
    content = pages.open("algorithm/ConvertUnits-v1").to_json()
    assert content["call"]["cell"].startswith("from mantid.simpleapi import ConvertUnits\n\nresult = ConvertUnits(")
    assert content["properties"][2]["choices"] == ("DeltaE", "dSpacing", "TOF")

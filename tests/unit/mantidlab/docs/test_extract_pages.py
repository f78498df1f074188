"""Pages of the offline documentation, in the form that Sphinx gives them."""

import pytest

from mantidlab.docs.extract.pages import documentation_folder, extract_pages, kind_of, read_page

BOOTSTRAP = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><title>ConvertUnits v1 &#8212; MantidProject v6.16</title>
<script>var DOCUMENTATION_OPTIONS = {};</script></head>
<body><div id="navbar" class="navbar"><ul class="nav"><li><a href="../index.html">Home</a></li></ul></div>
<div class="container"><div class="row"><div class="body col-md-12 content" role="main">
<div class="math notranslate nohighlight">\\[\\renewcommand\\AA{\\unicode{x212B}}\\]</div>
<section id="convertunits-v1"><span id="algm-convertunits"></span>
<h1>ConvertUnits v1<a class="headerlink" href="#convertunits-v1" title="Link to this heading">¶</a></h1>
<img alt="dialog" src="../_images/ConvertUnits.png"><nav class="contents"><p>Table of Contents</p></nav>
<p>Changes the units of the <a class="reference internal" href="../concepts/Workspace.html">workspace</a>,
also to &lambda; in Å.</p>
<table class="docutils"><tbody><tr><td>Target</td><td>string</td></tr></tbody></table>
<h2>Usage<a class="headerlink" href="#usage">¶</a></h2>
<pre><span>ws</span> <span>=</span> <span>ConvertUnits()</span></pre>
</section></div></div></div><footer class="footer"><p>Back to top</p></footer></body></html>
"""
NEWER_THEME = """<html><head><title>Workspace — Mantid</title></head><body><nav>menu</nav>
<main id="main-content" role="main"><article class="bd-article"><section id="workspace"><h1>Workspace<a
class="headerlink" href="#workspace">#</a></h1><p>Holds data.</p>
</section></article></main><footer>foot</footer></body></html>"""


@pytest.fixture
def folder(tmp_path):
    files = {
        "index.html": "<html><head><title>Mantid</title></head><body><h1>Mantid</h1></body></html>",
        "algorithms/ConvertUnits-v1.html": BOOTSTRAP,
        "algorithms/categories/Diffraction.html": "<h1>list</h1>",
        "concepts/Workspace.html": NEWER_THEME,
        "fitting/fitfunctions/Gaussian.html": "<h1>Gaussian</h1>",
        "genindex.html": "<h1>Index</h1>",
        "search.html": "<h1>Search</h1>",
        "_modules/mantid.html": "<h1>source</h1>",
        "_static/frame.html": "<h1>frame</h1>",
    }
    for name, text in files.items():
        file = tmp_path / "share" / "doc" / "html" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "share" / "doc" / "html"


def test_page_of_the_bootstrap_theme():
    page = read_page("algorithms/ConvertUnits-v1.html", BOOTSTRAP)
    assert (page.title, page.kind) == ("ConvertUnits v1", "algorithm")
    assert "Changes the units of the workspace,\nalso to λ in Å." in page.text
    assert "Target\nstring" in page.text
    assert "ws = ConvertUnits()" in page.text
    for left_out in ("¶", "Home", "Table of Contents", "DOCUMENTATION", "Back to top"):
        assert left_out not in page.text


def test_page_of_a_newer_theme():
    page = read_page("concepts/Workspace.html", NEWER_THEME)
    assert (page.title, page.kind, page.text) == ("Workspace", "concept", "Workspace\nHolds data.")


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("", "Odd"),
        ("<title>T — Mantid</title>", "T"),
        ("<h1>A <em>b", "A b"),
        ("<div role=main><h1>x</h1></p></div></div>text<<<", "x"),
        ("<h1>first</h1><h1>second</h1>", "first"),
        ("<svg><title>picture</title></svg>", "Odd"),
    ],
)
def test_broken_pages_are_read_as_far_as_they_go(content, title):
    assert read_page("concepts/Odd.html", content).title == title


def test_list_of_contents_of_older_sphinx_is_no_text():
    contents = '<div class="contents local topic" id="table-of-contents"><p>Contents</p><ul><li>Usage</li></ul></div>'
    page = read_page("algorithms/Odd-v1.html", f"<div role=main><h1>Odd v1</h1>{contents}<p>Does much.</p></div>")
    assert page.text == "Odd v1\nDoes much."


def test_pages_that_only_send_on_are_left_out(folder):
    """Mantid's documentation has one for each algorithm, which sends on to the page of its latest version."""
    (folder / "algorithms" / "ConvertUnits.html").write_text("<title>ConvertUnits</title><p>You should be redirected.")
    (folder / "algorithms" / "Loose.html").write_text("<h1>No versions</h1>")
    moved = '<html><head><META content="0; URL=../index.html" http-equiv=refresh></head><body>moved</body></html>'
    (folder / "concepts" / "Moved.html").write_text(moved)
    found = extract_pages(folder, lambda message: None)
    assert [page.path for page in found.pages] == [
        "algorithms/ConvertUnits-v1.html",
        "algorithms/Loose.html",
        "concepts/Workspace.html",
        "fitting/fitfunctions/Gaussian.html",
        "index.html",
    ]
    assert found.failures == ()


@pytest.mark.parametrize("processes", [1, 2])
def test_pages_of_a_folder(folder, monkeypatch, processes):
    monkeypatch.setattr("mantidlab.docs.extract.pages._FEW", 2)
    found = extract_pages(folder, lambda message: None, processes)
    assert [page.path for page in found.pages] == [
        "algorithms/ConvertUnits-v1.html",
        "concepts/Workspace.html",
        "fitting/fitfunctions/Gaussian.html",
        "index.html",
    ]
    assert found.failures == ()


def test_page_that_cannot_be_read_is_said(folder):
    (folder / "concepts" / "Gone.html").symlink_to("nowhere.html")
    found = extract_pages(folder, lambda message: None)
    assert [failure.what for failure in found.failures] == ["page concepts/Gone.html"]
    assert len(found.pages) == 4


def test_where_the_documentation_lies(folder):
    prefix = folder.parents[2]
    assert documentation_folder(prefix) == folder
    folder.rename(prefix / "html")
    assert documentation_folder(prefix) is None
    (folder.parent / "index.html").write_text("")
    assert documentation_folder(prefix) == folder.parent


def test_kinds():
    assert kind_of("fitting/fitfunctions/Gaussian.html") == "fit function"
    assert kind_of("fitting/index.html") == kind_of("index.html") == "page"

"""Pages of Python objects: docstrings rendered, examples that run, names that lead on."""

import pytest
from support.small_catalogue import CATALOGUE, LINSPACE

from mantidlab.docs.pages.doctests import usages
from mantidlab.docs.pages.opening import Pages
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.rst import Around, rst_to_html
from mantidlab.docs.pages.thing import Link

AROUND = Around(References(CATALOGUE), "scipp.linspace")


@pytest.fixture(scope="module")
def page():
    return Pages(CATALOGUE, None).open("python/scipp.core.linspace")


def test_function(page):
    assert (page.of, page.kind, page.framework) == ("python/scipp.linspace", "function", "scipp")
    assert page.signature == "linspace(dim: str, start: float, stop: float, *, num: int = 50) -> scipp.Variable"
    rows = {row.name: row for row in page.properties}
    assert (rows["num"].default, rows["num"].required, rows["dim"].required) == ("50", False, True)
    assert rows["num"].documentation == r'<p>Number of values, at least <span class="math">\(2\)</span>.</p>'
    assert '<a href="#of=python/scipp.arange"><code>scipp.arange</code></a>' in rows["start"].documentation


def test_description_with_formula_table_and_links(page):
    assert '<a href="#of=python/scipp.arange"><code>arange</code></a>' in page.html
    assert r"x_i = a + i \, \frac{b}{\unicode{x212B}}" in page.html
    assert "<h3>Notes</h3>" in page.html
    assert "<td><p>1</p></td>" in page.html
    assert "Examples" not in page.html  # they are the usage


def test_see_also(page):
    assert page.see_also == (
        Link("scipp.arange", "python/scipp.arange"),
        Link("scipp.geomspace", ""),
        Link("nowhere.found", ""),
    )


def test_examples_run_one_after_the_other(page):
    first, second = page.usage
    assert first.title == "Make one"
    assert first.output == "{'x': 3}\n3"
    assert first.code.splitlines() == ["x = sc.linspace('x', 0.0, 1.0, num=3)", "x.sizes", "len(x)"]
    assert first.runs.splitlines() == [
        "import scipp as sc",
        "",
        "x = sc.linspace('x', 0.0, 1.0, num=3)",
        "display(x.sizes)",
        "len(x)",
    ]
    assert second.title == "And another, which needs the one before"
    assert second.code == "x + x"
    assert second.runs.startswith("import scipp as sc\n\nx = sc.linspace")
    assert not first.tested


def test_class_with_members():
    page = Pages(CATALOGUE, None).open("python/scipp.DataArray")
    assert page.members == (Link("hist", "python/scipp.DataArray.hist"),)
    method = Pages(CATALOGUE, None).open("argument/scipp.DataArray.hist/kwargs")
    assert (method.property, method.properties[1].name) == ("kwargs", "**kwargs")
    assert method.links == (Link("scipp.DataArray", "python/scipp.DataArray"),)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Plain text, 1 < 2 & more.", None),
        ("*a* ``b`` **c**", "<p><em>a</em> <code>b</code> <strong>c</strong></p>"),
        ("`arange`", '<p><a href="#of=python/scipp.arange"><code>arange</code></a></p>'),
        (":meth:`DataArray.hist`", '<p><a href="#of=python/scipp.DataArray.hist"><code>DataArray.hist</code></a></p>'),
        (":func:`x <scipp.arange>`", '<p><a href="#of=python/scipp.arange"><code>x</code></a></p>'),
        (":func:`nowhere.found`", "<p><code>nowhere.found</code></p>"),
        (":cite:`Mueller2020`", "<p><code>Mueller2020</code></p>"),
        ("`w <https://a.b/c>`_", '<p><a href="https://a.b/c" rel="noopener noreferrer" target="_blank">w</a></p>'),
        ("`w <javascript:alert(1)>`_", "<p>w</p>"),
        (".. note::\n\n   Mind.", None),
        (".. versionadded:: 1.2", None),
        (".. code-block:: python\n\n   x = 1", "<pre><code>x = 1</code></pre>"),
        (".. plot:: :include-source:\n\n   x = 1", None),
        (".. image:: https://evil.example/x.png", ""),
        (".. raw:: html\n\n   <script>alert(1)</script>\n\nafter `x`", "<p>after <code>x</code></p>"),
        (".. include:: /etc/passwd\n\nafter `x`", "<p>after <code>x</code></p>"),
        (".. autosummary::\n   :toctree: x\n\n   a\n   b\n\nafter `x`", "<p>after <code>x</code></p>"),
        (":unknownrole:`a` and *b*", None),
        ("a\n---\n\nb *c", None),
        ("<script>alert(1)</script> *a*", "<p>&lt;script&gt;alert(1)&lt;/script&gt; <em>a</em></p>"),
    ],
)
def test_rst(text, html):
    written = rst_to_html(text, AROUND)
    assert "<script" not in written
    assert "root:" not in written
    if html is not None:
        assert " ".join(written.split()) == html


def test_notes_have_a_look():
    assert rst_to_html(".. warning:: Mind.", AROUND).startswith('<div class="admonition warning">')


@pytest.mark.parametrize("text", ["", "no prompts", ">>>x = 1", ">>> x = (\n... \n", "  >>> x\n >>> y"])
def test_broken_examples_cost_nothing(text):
    list(usages(text, "scipp"))


def test_names_near_come_first():
    references = References(CATALOGUE)
    assert references.of_name("hist", "scipp.DataArray.hist") == "python/scipp.DataArray.hist"
    assert references.of_name("DataArray", LINSPACE.name) == "python/scipp.DataArray"
    assert references.of_name("Rebin") == "algorithm/Rebin-v1"
    assert references.of_name("Gaussian") == "function/Gaussian"
    assert references.of_name("~scippneutron.peaks.fit_peaks()") == "python/scippneutron.peaks.fit_peaks"
    assert references.of_name("data") is None

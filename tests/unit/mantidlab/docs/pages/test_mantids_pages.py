"""Pages as Mantid's own directives and Sphinx make them: drawn formulas, remarks, lines of categories, examples."""

from dataclasses import replace

import pytest
from support.small_catalogue import CATALOGUE, PAGE, write_documentation

from mantidlab.docs.pages.opening import Pages
from mantidlab.docs.pages.sphinx import read_sphinx
from mantidlab.docs.pages.usage import usages

DRAWN = r"""<div class="math" id="equation-bragg"><p><span
class="eqno">(3)<a class="headerlink" href="#equation-bragg">¶</a></span>
<img src="../_images/math/cd.png" alt="{latex}"/></p></div>"""
LEFT_TO_MATHJAX = r"""<div class="math notranslate nohighlight" id="equation-bragg">
<span class="eqno">(3)<a class="headerlink" href="#equation-bragg" title="Link">¶</a></span>\[{latex}\]</div>"""
LEAD = """<div class="admonition warning"><p class="admonition-title">Warning</p>
<p>ConvertUnits is deprecated (on 2030-02-01). Use <a href="Rebin-v1.html">Rebin</a> instead.</p></div>
<section id="summary">"""
EXAMPLES = """<div class="admonition note"><p class="admonition-title">Note</p>
<p>Files of examples are needed.</p></div>
<p><strong>Example - from a file:</strong></p>
<p>This one reads what was measured before it does anything else, as everybody would.</p>
<div class="highlight-python3 notranslate"><div class="highlight"><pre>ws = Load('a.nxs')
print(ws)</pre></div></div>
<p><strong>Output:</strong></p>
<div class="highlight-none notranslate"><div class="highlight"><pre>a</pre></div></div>
<figure><img alt="a plot" src="../_images/out.png"/></figure>
<h3>Example 2: of nothing</h3>
<div class="highlight-default notranslate"><div class="highlight"><pre>print(1)</pre></div></div>
<p>Output</p>
<div class="highlight-python notranslate"><div class="highlight"><pre>1</pre></div></div>
<p>A file of masks looks so:</p>
<div class="highlight-default notranslate"><div class="highlight"><pre>no python at all</pre></div></div>
<div class="highlight-xml notranslate"><div class="highlight"><pre>&lt;mask/&gt;</pre></div></div>
<p><strong>Categories</strong>: <a href="categories/AlgorithmIndex.html">AlgorithmIndex</a> |
<a href="categories/Transforms/Units.html">Transforms\\Units</a></p>
"""


@pytest.fixture
def opened(tmp_path):
    def open_page(page: str, of: str = "algorithm/ConvertUnits-v1", path: str = "algorithms/ConvertUnits-v1.html"):
        write_documentation(tmp_path)
        (tmp_path / path).write_text(page, encoding="utf-8")
        return Pages(CATALOGUE, tmp_path).open(of)

    return open_page


def with_formula(latex: str, form: str) -> str:
    return PAGE.replace('<section id="restrictions">', form.replace("{latex}", latex) + '<section id="restrictions">')


@pytest.mark.parametrize("form", [DRAWN, LEFT_TO_MATHJAX])
def test_a_formula_of_its_own_keeps_its_latex_and_its_number(opened, form):
    page = opened(with_formula(r"n \lambda = 2 d \sin\theta\,\AA", form))
    assert r'<div class="math">\[n \lambda = 2 d \sin\theta\,\unicode{x212B}\tag{3}\]</div>' in page.html
    assert "(3)" not in page.html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a = 1\n\nb = 2", r"\[\begin{aligned}a = 1 \\ b = 2\end{aligned}\tag{3}\]"),
        (r"a = 1 \\ b = 2", r"\[\begin{split}a = 1 \\ b = 2\end{split}\tag{3}\]"),
        (r"\begin{align*}a &amp;= 1\end{align*}", r"\begin{align*}a &amp;= 1\end{align*}"),
    ],
)
def test_drawn_lines_stand_one_below_another(opened, typed, shown):
    assert f'<div class="math">{shown}</div>' in opened(with_formula(typed, DRAWN)).html


def test_a_formula_in_a_heading_is_typeset(opened):
    drawn = '<h3>Of <img class="math" src="../_images/math/e.png" alt="\\sigma"/></h3>'
    assert (
        r'<h4>Of <span class="math">\(\sigma\)</span></h4>' in opened(PAGE.replace("<h3>Restrictions</h3>", drawn)).html
    )


def test_deprecated_says_since_when_and_what_to_use_instead(opened):
    page = opened(PAGE.replace('<section id="summary">', LEAD))
    assert page.deprecated == "ConvertUnits is deprecated (on 2030-02-01). Use Rebin instead."


def test_what_stands_below_the_table_of_properties_is_not_lost(opened):
    page = opened(PAGE.replace("</table></section>", "</table><p>Mind the units.</p></section>", 1))
    assert page.html.startswith("<p>Mind the units.</p><p>Like ")
    assert "<td>Target</td>" not in page.html


def test_lines_of_categories_and_of_a_plots_program_are_left_out(opened):
    plot = (
        '<p>(<a href="../concepts/W-1.py">Source code</a>, <a href="../concepts/W-1.png">png</a>, '
        '<a href="../concepts/W-1.hires.png">hires.png</a>, <a href="../concepts/W-1.pdf">pdf</a>)</p>'
    )
    page = opened(
        f"<main><section><h1>Workspace</h1><p>Holds.</p>{plot}"
        '<p><strong>Category</strong>: <a href="categories/Concepts.html">Concepts</a></p>'
        '<p>Categories: as <a href="https://example.org">people</a> use them</p></section></main>',
        "page/concepts/Workspace.html",
        "concepts/Workspace.html",
    )
    assert page.html.startswith("<p>Holds.</p><p>Categories: as <a ")
    assert "Source code" not in page.html
    assert "Concepts" not in page.html


def test_a_fit_function_has_one_table_of_parameters(opened):
    page = opened(
        "<main><section><h1>Gaussian</h1><section><h2>Description</h2><p>A peak.</p></section>"
        "<section><h2>Properties (fitting parameters)</h2><table><tr><td>Height</td></tr></table></section>"
        '<section><h2>Usage</h2><div class="highlight-python"><pre>Fit(Function="name=Gaussian")</pre></div></section>'
        "<section><h2>Source</h2><p>C++ header</p></section></section></main>",
        "function/Gaussian",
        "fitting/fitfunctions/Gaussian.html",
    )
    assert page.html == "<p>A peak.</p>"
    assert [(one.code, one.tested) for one in page.usage] == [('Fit(Function="name=Gaussian")', False)]


def with_examples(examples: str, heading: str = "Usage") -> str:
    before, _, rest = PAGE.partition('<section id="usage"><h2>Usage</h2>')
    return f'{before}<section id="usage"><h2>{heading}</h2>{examples}</section>{rest.partition("</section>")[2]}'


@pytest.mark.parametrize("heading", ["Usage", "Usage:", "Usage Example", "Examples"])
def test_examples_have_their_texts_outputs_and_pictures(opened, heading):
    page = opened(with_examples(EXAMPLES, heading))
    first, second = page.usage
    assert (first.title, first.output, first.code) == ("from a file", "a", "ws = Load('a.nxs')\nprint(ws)")
    assert first.html.index("Files of examples") < first.html.index("as everybody") < first.html.index("out.png")
    assert (second.title, second.output, second.code) == ("of nothing", "1", "print(1)")
    assert second.html.index("A file of masks looks so:") < second.html.index("&lt;mask/&gt;")
    assert "Categories" not in second.html
    assert heading not in page.html


def test_without_sources_what_is_compared_with_its_output_is_tested():
    page = read_sphinx(with_examples(EXAMPLES))
    addresses = type("Nowhere", (), {"link": lambda *_: None, "picture": lambda *_: None})()
    assert [one.tested for one in usages(page, addresses, None)] == [True, False]


def test_examples_of_a_page_without_a_section_for_them(opened):
    elsewhere = with_examples(EXAMPLES, "Going further")
    page = opened(elsewhere.replace('<section id="restrictions">', '<section id="restrictions">'))
    assert [one.title for one in page.usage] == []  # nothing of it is among what the page's source tests
    assert "Load(" in page.html


def test_a_version_without_a_page_has_no_examples(tmp_path):
    catalogue = replace(CATALOGUE, algorithms=tuple(replace(one, page="") for one in CATALOGUE.algorithms))
    write_documentation(tmp_path)
    assert Pages(catalogue, tmp_path).open("algorithm/ConvertUnits-v1").usage == ()


def test_a_switch_is_true_or_false(tmp_path):
    rows = {row.name: row for row in Pages(CATALOGUE, tmp_path).open("algorithm/Rebin-v1").properties}
    assert rows["PreserveEvents"].default == "True"

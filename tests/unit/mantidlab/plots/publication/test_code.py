"""The cell as a person reads it. That it draws the view is tested where matplotlib is, in tests/environment."""

import ast

import pytest

from mantidlab.plots.publication import (
    AxisView,
    ColourView,
    CurveView,
    FigureDescription,
    FitView,
    ImageView,
    LinesView,
    Paper,
    Recreation,
    figure_code,
)
from mantidlab.plots.publication.cell import number, quoted, sorted_imports

DATA = Recreation('curves(sample, unit="Å")', ("from mantidlab.plots import curves",), ("sample",))
LINES = LinesView(
    AxisView("Wavelength", (1.0, 9.0), "Å"),
    AxisView("Counts", (0.5, 60.0), "counts", "log"),
    (CurveView(0, "empty", "#0072b2"), CurveView(3, "sample", "#e69f00")),
    masked="none",
)


def test_two_curves_read_as_a_person_would_write_them():
    assert figure_code(FigureDescription(DATA, LINES, note="Run 1001, as it was shown.")) == (
        """import matplotlib.pyplot as plt
from mantidlab.plots import curves, save_figure


def draw(shown):
    # Run 1001, as it was shown.
    size = (85 / 25.4, 59.5 / 25.4)  # millimetres in inches
    fig, ax = plt.subplots(figsize=size, layout="constrained")
    for index, name, colour in [
        (0, "empty", "#0072b2"),
        (3, "sample", "#e69f00"),
    ]:
        curve = shown[index]
        edges = curve.axis.values
        y = curve.values
        ax.stairs(y, edges, color=colour, label=name, baseline=None, linewidth=1)
    ax.set(xlim=(1, 9), xlabel="Wavelength (Å)", ylim=(0.5, 60), ylabel="Counts (counts)", yscale="log")
    ax.legend(fontsize="small", framealpha=0.8, edgecolor="none")
    return fig


style = {
    "font.size": 8,
    "font.family": "sans-serif",
    "axes.titlesize": "medium",
    "axes.linewidth": 0.6,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "savefig.dpi": 600,
}
with plt.rc_context(style):
    fig = draw(curves(sample, unit="Å"))
    save_figure(fig, "figure.pdf", data=[sample])"""
    )


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_every_view_is_python(scale):
    x, y = AxisView("h", (8.0, 0.0), "1/Å", scale), AxisView("k", (1e-12, 3e20), "", scale)
    image = ImageView(x, y, ColourView("viridis", (1.0, 100.0), "Counts", "", scale), skew=((1, 0), (-0.5, 0.87)))
    paper = Paper(formats=("svg", "pdf", "png"), family="serif", name="my figures/one.two")
    code = figure_code(FigureDescription(DATA, image, title="it's"), paper)
    ast.parse(code)
    assert '"my figures/one.two.svg"' in code
    assert "import numpy" not in code


def test_one_curve_needs_no_loop():
    curve = CurveView(2, "sample", "#0072b2", "points", "bars")
    code = figure_code(FigureDescription(DATA, LinesView(LINES.x, LINES.y, (curve,), masked="none", legend=False)))
    assert (
        """    curve, colour = shown[2], "#0072b2"
    edges = curve.axis.values
    x = edges[:-1] + (edges[1:] - edges[:-1]) / 2
    y = curve.values
    ax.plot(x, y, ".", color=colour, label="sample", markersize=3)
    if curve.errors is not None:
        ax.errorbar(x, y, curve.errors, fmt="none", ecolor=colour, elinewidth=0.6)
"""
        in code
    )
    assert "for " not in code


def test_a_fit_of_the_figures_own_curves_makes_them_once():
    own = Recreation(f"fitted({DATA.expression}[3], 'gaussian', (1, 2))", ("from mantidlab.plots import fitted",))
    other = Recreation("fitted(mine, 'gaussian', (1, 2))", own.imports)
    for fit, first, last in (
        (own, "    fit = fitted(shown[3], 'gaussian', (1, 2))\n", "draw(curves(sample, unit="),
        (other, "def draw(shown, fit):", "fitted(mine, 'gaussian', (1, 2))"),
    ):
        view = LinesView(LINES.x, LINES.y, LINES.curves, masked="none", fits=(FitView(fit, "Gaussian", "#222222"),))
        code = figure_code(FigureDescription(DATA, view))
        assert first in code
        assert last in code
        assert code.count(DATA.expression) == 1


def test_nothing_of_the_users_is_overwritten_but_a_figure_and_how_it_is_drawn():
    data = Recreation("curves(x, y)", DATA.imports, ("x", "y"))
    tree = ast.parse(figure_code(FigureDescription(data, LINES)))
    bound = {
        node.id
        for each in tree.body
        if not isinstance(each, ast.FunctionDef)
        for node in ast.walk(each)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert bound == {"style", "fig"}


@pytest.mark.parametrize(
    ("value", "span", "written"),
    [
        (1.0, 8.0, "1"),
        (8.123456, 8.0, "8.1235"),
        (25_000.0, 25_000.0, "25000"),
        (1e20, 1e20, "1e20"),
        (1.5e-9, 1e-9, "1.5e-9"),
        (0.1 + 0.2, 1.0, "0.3"),
        (-0.00012, 0.001, "-0.00012"),
        (1_000_000.5, 1.0, "1000000.5"),
        (0.0, 0.0, "0"),
        (123.456789, 0.0, "123.456789"),
    ],
)
def test_numbers_have_the_digits_that_can_be_seen(value, span, written):
    assert number(value, span) == written


def test_what_is_not_finite_is_no_end_of_an_axis():
    with pytest.raises(ValueError, match="nan is no place"):
        number(float("nan"), 1.0)


def test_texts_are_python_and_no_formula():
    assert quoted("spectrum 1") == '"spectrum 1"'
    assert ast.literal_eval(quoted("a \"b\" 'c' \\")) == "a \"b\" 'c' \\"
    assert ast.literal_eval(quoted("5 $")) == "5 \\$"


def test_imports_are_sorted_and_joined():
    lines = ["from mantidlab.plots import save_figure", "import numpy as np", "from mantidlab.plots import curves"]
    assert sorted_imports(lines) == ["import numpy as np", "from mantidlab.plots import curves, save_figure"]

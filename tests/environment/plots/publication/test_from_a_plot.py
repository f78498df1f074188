"""From a plot to a figure: its cell runs in a new kernel after the notebook's cells, and shows what the plot showed."""

import ast
import os
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from mantidlab import plot
from mantidlab.plots import provenance_of
from mantidlab.plots.publication import Paper, figure_code

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data")
DATA = """
import numpy as np
import scipp as sc
values = np.array([[4.0, 9.0, 1.0, 0.0], [1.0, 2.0, 30.0, 4.0]])
sample = sc.DataArray(
    sc.array(dims=["spectrum", "tof"], values=values, variances=values, unit="counts"),
    coords={"tof": sc.linspace("tof", 0.0, 40.0, 5, unit="us")},
)
unrelated = 1
"""
PLOT = 'p = plot(sample, x_range=(5.0, 35.0), y_range=(0.5, 60.0), y_scale="log", errors="band")'


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    plt.close("all")


def run(*cells: str) -> str:
    """Run cells in a kernel of their own, and return what the last one printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": Path.cwd()}}).execute()
    return "".join(output.get("text", "") for output in notebook.cells[-1].outputs)


def test_the_cell_of_a_plot_runs_in_a_new_kernel_and_says_where_it_came_from():
    space = {"plot": plot}
    exec(DATA + PLOT, space)  # noqa: S102
    code = figure_code(space["p"].describe(), Paper(formats=("pdf", "png", "svg")))
    assert not {"p", "plot"} & {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    run("%matplotlib agg\n" + DATA, code)
    for ending in ("pdf", "png", "svg"):
        found = provenance_of(f"figure.{ending}")
        assert found.code.strip() == code.strip()
        assert [step.strip() for step in found.steps] == [f"%matplotlib agg\n{DATA}".strip()]


def test_what_the_plot_shows_is_what_the_figure_shows():
    space = {"plot": plot}
    exec(DATA + PLOT, space)  # noqa: S102
    exec(figure_code(space["p"].describe(), Paper(formats=("png",))), space)  # noqa: S102
    ax = space["fig"].axes[0]
    assert (ax.get_xlim(), ax.get_ylim()) == ((5.0, 35.0), (0.5, 60.0))
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
    steps = [patch.get_data() for patch in ax.patches if patch.get_data().baseline is None]
    np.testing.assert_array_equal([step.values for step in steps], space["values"])
    np.testing.assert_array_equal(steps[0].edges, [0.0, 10.0, 20.0, 30.0, 40.0])
    bands = [patch.get_data() for patch in ax.patches if patch.get_data().baseline is not None]
    np.testing.assert_allclose(bands[1].values - bands[1].baseline, 2 * np.sqrt(space["values"][1]))


def test_fits_are_drawn_as_in_the_plot():
    space = {"plot": plot, "np": np}
    exec("x = np.linspace(0.0, 10.0, 101)\nstraight = (x, 2.0 * x + 1.0)\np = plot(straight)", space)  # noqa: S102
    space["p"].fit("line", between=(2.0, 6.0))
    exec(figure_code(space["p"].describe(), Paper(formats=("png",))), space)  # noqa: S102
    line = space["fig"].axes[0].lines[-1]
    assert 2.0 <= line.get_xdata().min() < line.get_xdata().max() <= 6.0
    np.testing.assert_allclose(line.get_ydata(), 2.0 * line.get_xdata() + 1.0)


def test_of_a_real_file_the_checksum_is_stored():
    file = SHARED / "SANS2D00022048.nxs"
    if not file.exists():
        pytest.skip(f"no {file.name} in {SHARED}; name its folder with MANTIDHUB_SHARED_DATA")
    path = f"path = {str(file)!r}"
    write = (
        "from mantidlab import plot\nfrom mantidlab.plots.publication import figure_code\n"
        "p = plot(path, spectra=[100, 101])\nprint(figure_code(p.describe()))"
    )
    code = run(path, write)
    assert "curves(path, spectra=[100, 101]" in code
    run(f"%matplotlib agg\n{path}", code)
    [source] = provenance_of("figure.pdf").files
    assert Path(source.name).name == file.name
    assert source.size == file.stat().st_size
    assert len(source.sha256) == 64

"""Each example finds the number that went into its simulation, with an honest uncertainty."""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from support.pace import Stopwatch

from mantidlab.simulation import truth

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Expected:
    truth: float
    relative_uncertainty: float
    plots: int


NOTEBOOKS = {
    "sans-spheres": Expected(truth.SPHERE_RADIUS, 0.002, 2),
    "reflectometry-film": Expected(truth.FILM_THICKNESS, 0.001, 2),
    "powder-silicon": Expected(truth.LATTICE_PARAMETER, 0.0001, 2),
    "first-look": Expected(truth.LATTICE_PARAMETER, 0.0001, 0),
    "techniques": Expected(truth.LATTICE_PARAMETER, 0.0001, 0),
}
REPORT = (
    "import json; print('RESULT', json.dumps({k: v if isinstance(v, str) else float(v) for k, v in result.items()}))"
)


def test_every_example_that_ships_is_tested():
    assert {path.stem for path in EXAMPLES.glob("*.ipynb")} == set(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_ships_clean_and_does_not_know_the_answer(name):
    notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not any("mantidlab.simulation" in cell.source for cell in code)


@pytest.mark.parametrize(("name", "expected"), NOTEBOOKS.items(), ids=list(NOTEBOOKS))
def test_it_finds_the_number(name, expected, archive, tmp_path, monkeypatch):
    monkeypatch.setenv("MANTIDHUB_DATA", str(archive))
    notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(REPORT))
    watch = Stopwatch()
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    assert watch.within(60), watch
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"], "warnings in an example"
    assert sum("image/png" in output.get("data", {}) for output in outputs) == expected.plots
    found = json.loads(outputs[-1].text.split("RESULT", 1)[1])
    assert found["unit"] == "angstrom"
    assert found["uncertainty"] < expected.relative_uncertainty * expected.truth
    assert abs(found["value"] - expected.truth) < 3 * found["uncertainty"]
    assert 0.7 < found["reduced_chi_square"] < 1.3

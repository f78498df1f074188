"""A notebook that repeats a result runs from nothing in a new kernel, and gives the same numbers."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mantidlab.simulation.archive import write_archive

INTERFACE = '''
from enum import Enum
from pathlib import Path
from typing import Annotated

import h5py
import numpy as np
from pydantic import BaseModel, Field
from mantidlab.interfaces import Progress, RunFile, Unit, interface, step


class Way(Enum):
    SUM = "sum"
    MEAN = "mean"


class Settings(BaseModel):
    scale: Annotated[float, Unit("counts")] = Field(1.0, gt=0)
    way: Way = Way.SUM


def totals(run: Path) -> np.ndarray:
    """Sum every dataset of numbers in a file."""
    found = []

    def add(name, item):
        if getattr(item, "dtype", None) == np.int32:
            found.append(float(np.sum(item[()])))

    with h5py.File(run) as file:
        file.visititems(add)
    return np.array(found)


@interface(title="Counts of a run", instruments=["SIMSANS"])
def counts(run: RunFile, settings: Settings = Settings()):
    """Count."""
    yield Progress(0.2, "reading")
    found = step(totals, run)
    yield Progress(0.9, "adding")
    return {"counts": float(getattr(found, settings.way.value)() * settings.scale), "parts": found}
'''


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("instrument")
    write_archive(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "interfaces").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MANTIDHUB_DATA", str(archive))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    return tmp_path


def first_run(archive: Path) -> int:
    from mantidlab.archive import list_runs

    return list_runs("SIMSANS", archive)[0].number


def executed(path: Path) -> list[str]:
    """Run a notebook with a kernel of its own, and return what its cells show."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(path.parent))
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs]


def test_of_an_interface_in_a_file(home: Path, archive: Path) -> None:
    (home / "interfaces" / "mine.py").write_text(INTERFACE)
    program = (
        "from mantidlab.interfaces import find\n"
        f"result = find('counts').run({{'run': {first_run(archive)}, 'settings.scale': 2, 'settings.way': 'mean'}})\n"
        "print(repr(result.value['counts'])); print(result.notebook('again'))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    number, path = done.stdout.split()
    assert float(number) > 0
    shown = executed(home / path)
    assert shown[-1] == "The numbers are the same."
    text = (home / path).read_text()
    (home / path).write_text(text.replace("'scale': 2", "'scale': 3"))
    assert executed(home / path)[-1] == "The numbers differ."


def test_of_one_that_ships_whose_last_parameter_was_changed_without_reading_the_runs_again(
    home: Path, archive: Path, cache_folder: Path
) -> None:
    from mantidlab.interfaces import find
    from mantidlab.techniques.sans_iq import sans_iq

    assert find("sans_iq") is sans_iq
    run = first_run(archive)
    first = sans_iq.run({"sample": run})
    assert [step.name for step in first.provenance.steps if step.cached] == []
    second = sans_iq.run({"sample": run, "settings.q_bins": 40})
    assert second.provenance.steps[0].cached
    assert not second.provenance.steps[-1].cached
    assert second != first
    assert sans_iq.run({"sample": run}) == first
    path = second.notebook(home / "again")
    assert executed(path)[-1].startswith("The numbers are the same.")


def test_of_an_interface_that_a_notebook_declares(home: Path, archive: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    declaration, *_ = INTERFACE.partition("@interface")
    cells = [
        "import os",
        declaration,
        "unrelated = 1",
        INTERFACE.removeprefix(declaration),
        f"first = counts({first_run(archive)}, settings=Settings(scale=2, way=Way.MEAN))",
        "first.notebook('again')",
    ]
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, home / "first.ipynb")
    executed(home / "first.ipynb")
    again = home / "again.ipynb"
    assert "unrelated" not in again.read_text()
    assert "import os" not in again.read_text()
    assert executed(again)[-1] == "The numbers are the same."
    assert os.fspath(again).endswith(".ipynb")

"""A real file of SANS2D goes through the same kind of reduction as the simulated ones."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "tests" / "integration" / "notebooks" / "sans2d-22048.ipynb"
SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or ROOT.parent / "shared" / "data")
REPORT = """
import json
numbers = {name: value if isinstance(value, str) else float(value) for name, value in result.items()}
print("RESULT", json.dumps([numbers, checks]))
"""


def test_sans2d_22048(tmp_path, monkeypatch):
    if not (SHARED / "SANS2D00022048.nxs").exists():
        pytest.skip(f"no SANS2D00022048.nxs in {SHARED}; name its folder with MANTIDHUB_SHARED_DATA")
    monkeypatch.setenv("MANTIDHUB_SHARED_DATA", str(SHARED))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(REPORT))
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    found, checks = json.loads(notebook.cells[-1].outputs[-1].text.split("RESULT", 1)[1])

    # What the file itself says, and what two independent ways to find the beam agree on.
    assert checks["total_counts"] == 170_817
    for scattering, shadow in zip(checks["centre"], checks["beam_stop"], strict=True):
        assert abs(scattering - shadow) < 1.0

    # The peak of the precipitates, seen at different places on the detector by short and long wavelengths.
    (short, _), (long, _) = checks["short_wavelengths"], checks["long_wavelengths"]
    assert abs(short / long - 1) < 0.05
    assert 0.006 < found["value"] < 0.0075
    assert found["uncertainty"] < 0.01 * found["value"]
    assert found["reduced_chi_square"] < 3

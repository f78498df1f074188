"""``import mantidlab`` costs nothing; its plots are there when they are asked for."""

import subprocess
import sys

import pytest

import mantidlab
import mantidlab.plots


def test_importing_mantidlab_imports_no_numpy_and_no_widgets():
    named = "('numpy', 'anywidget', 'scipp')"
    look = f"import sys, mantidlab, mantidlab.plots; print([name for name in {named} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_names_that_are_not_there():
    for package in (mantidlab, mantidlab.plots):
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            _ = package.nothing
    assert {"plot", "slices", "instrument"} <= set(mantidlab.__all__)
    assert {"curves", "fitted", "plot"} <= set(dir(mantidlab.plots))

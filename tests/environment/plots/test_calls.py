"""The text of a plot's arguments, as the person wrote them."""

import types

import nbformat
import numpy as np
from nbclient import NotebookClient

from mantidlab.plots import calls
from mantidlab.plots.calls import Call, called_by, expression_of

SAMPLE, RUNS = np.zeros(3), [np.zeros(3), np.ones(3)]


def ours():
    """Return a function as if it were one of `mantidlab.plots`, which `call_of` looks past."""
    module = types.ModuleType("mantidlab.plots.pretended")
    code = "from mantidlab.plots.calls import call_of\ndef plot(*things, **options):\n    return call_of(things)\n"
    exec(compile(code, "pretended", "exec"), module.__dict__)  # noqa: S102
    return module


plot = ours().plot


class Array:
    plot = ours().plot


def test_arguments_as_they_are_written():
    found = plot(SAMPLE, {"twice": 2 * SAMPLE}, spectra=[1, 2], unit="Q")
    assert found == Call(("SAMPLE", "{'twice': 2 * SAMPLE}"), {"spectra": "[1, 2]", "unit": "'Q'"})


def test_what_a_method_is_called_of():
    mine = Array()
    assert mine.plot(unit="Q") == Call(("mine",), {"unit": "'Q'"})


def test_arguments_with_stars_are_named_by_what_they_are():
    assert plot(*[SAMPLE, "a file.nxs"]) == Call(("SAMPLE", "'a file.nxs'"))


def test_without_the_source(monkeypatch):
    monkeypatch.setattr(calls.linecache, "getlines", lambda *_: [])
    assert plot(SAMPLE, 2 * SAMPLE) == Call(("SAMPLE", "data"))


def test_calls_within_calls_and_over_lines():
    found = [plot(SAMPLE, unit="Q"), plot(2 * SAMPLE)]
    assert [each.things for each in found] == [("SAMPLE",), ("2 * SAMPLE",)]
    found = plot(
        {"a": SAMPLE},
        unit="Q",
    ).things
    assert found == ("{'a': SAMPLE}",)


OURS = """
import types
import numpy as np
module = types.ModuleType("mantidlab.plots.pretended")
code = "from mantidlab.plots.calls import call_of\\ndef plot(*things, **options):\\n    return call_of(things)\\n"
exec(compile(code, "pretended", "exec"), module.__dict__)
plot, SAMPLE = module.plot, np.zeros(3)
"""
TWO = "p = plot(SAMPLE); q = plot(2 * SAMPLE, unit='Q')\nprint(p.things, q.things); p"


def test_in_the_cells_of_a_real_kernel():
    cells = [nbformat.v4.new_code_cell(text) for text in (OURS, "p = plot({'a': SAMPLE}); print(p.things)", TWO)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    texts = [cell.outputs[0].text for cell in notebook.cells[1:]]
    assert texts == ["(\"{'a': SAMPLE}\",)\n", "('SAMPLE',) ('2 * SAMPLE',)\n"]


def test_variables_name_what_has_no_name():
    mine = np.zeros(2)
    assert called_by((mine,), Call(("mine",)))[0].keys() == {"mine"}
    named = called_by((RUNS,), Call(("[RUNS[0], other]",)))[0]
    assert isinstance(named[0], np.ndarray)
    assert named[1].keys() == {"other"}
    assert called_by(("a.nxs",), Call(("path",))) == ["a.nxs"]
    assert expression_of(mine, {"_hidden": mine}) == "data"

"""The text of a plot's arguments, as the person wrote them."""

import sys
import types

import numpy as np

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
    monkeypatch.setitem(sys.modules, "executing", None)
    assert plot(SAMPLE, 2 * SAMPLE) == Call(("SAMPLE", "data"))


def test_variables_name_what_has_no_name():
    mine = np.zeros(2)
    assert called_by((mine,), Call(("mine",)))[0].keys() == {"mine"}
    named = called_by((RUNS,), Call(("[RUNS[0], other]",)))[0]
    assert isinstance(named[0], np.ndarray)
    assert named[1].keys() == {"other"}
    assert called_by(("a.nxs",), Call(("path",))) == ["a.nxs"]
    assert expression_of(mine, {"_hidden": mine}) == "data"

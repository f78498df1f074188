"""What stands at the caret, marked by ``|`` in these cells: finished, half-typed and broken ones."""

import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_catalogue import CATALOGUE

from mantidlab.docs.looking import look
from mantidlab.docs.pages.references import References

REFERENCES = References(CATALOGUE)
REBIN, CONVERT, LOAD = "algorithm/Rebin-v1", "algorithm/ConvertUnits-v1", "algorithm/Load-v1"
HIST, LINSPACE = "python/scipp.DataArray.hist", "python/scipp.linspace"


def look_at(cell, context=""):
    offset = cell.index("|")
    return look(cell[:offset] + cell[offset + 1 :], offset, REFERENCES, context)


@pytest.mark.parametrize(
    ("cell", "of", "prop"),
    [
        ("ws = Re|bin(InputWorkspace=ws)", REBIN, None),
        ("ws = Rebin|(InputWorkspace=ws)", REBIN, None),
        ("ws = Rebin(Input|Workspace=ws)", REBIN, "InputWorkspace"),
        ("ws = Rebin(InputWorkspace=w|s, Params='1')", REBIN, "InputWorkspace"),
        ("ws = Rebin(ws, |", REBIN, "Params"),
        ("ws = Rebin(ws,|", REBIN, "Params"),
        ("ws = Rebin(|", REBIN, "InputWorkspace"),
        ("Rebin(ws, '1|, 2", REBIN, "Params"),
        ("Rebin(ws, [1, (2, 3|)], 4)", REBIN, "Params"),
        ("Rebin(params='|')", REBIN, "Params"),  # Mantid does not look at capitals
        ("Rebin(Params=|", REBIN, "Params"),
        ("Rebin(\n  InputWorkspace=ws,\n  # Params\n  Params=|\n)", REBIN, "Params"),
        ("ws = Rebin(ws, '1')|", REBIN, None),
        ("ws = Rebin(ws, '1')  # done|", REBIN, None),
        ("ws = Rebin(ws, '1')\n|", None, None),
        ("Rebin(InputWorkspace=Load('f|'))", LOAD, "Filename"),
        ("Rebin(InputWorkspace=Load('f'), |)", REBIN, None),  # nothing follows a name by place
        ("Rebin(InputWorkspace=ws, Pres|", REBIN, "PreserveEvents"),
        ("Rebin(InputWorkspace=ws,\nx = Load('f|')", LOAD, "Filename"),
        ("ws.rebin(|)", REBIN, "Params"),
        ("a.b.c.rebin(|)", REBIN, "Params"),
        ("f(x)[0].rebin(|)", REBIN, "Params"),
        ("import mantid.simpleapi as api\napi.ConvertUnits(ws, |)", CONVERT, "Target"),
        ("from mantid import simpleapi\nsimpleapi.ConvertUnits(ws, |)", CONVERT, "Target"),
        ("import mantid.simpleapi\nmantid.simpleapi.ConvertUnits(ws, |)", CONVERT, "Target"),
        ("from mantid.simpleapi import *\nConvertUnits(ws, |)", CONVERT, "Target"),
        ("from mantid.simpleapi import (Load,\n  ConvertUnits as CU)\nCU(ws, |)", CONVERT, "Target"),
        ("Sub|tract(a, b)", "algorithm/Minus-v1", None),
        ("%matplotlib inline\n!ls\nws = Rebin(ws, |)", REBIN, "Params"),
        ("f'{Rebin(ws, |)}'", REBIN, "Params"),
        ("alg = AlgorithmManager.create('Reb|in')", REBIN, None),
        ("Fit(Function='name=Gaus|sian,Height=1', InputWorkspace=ws)", "function/Gaussian", None),
        ("Fit(Function='name=LinearBackground;name=Gaussian,Height=|1')", "function/Gaussian", None),
        ("# Rebin(ws, |)", None, None),
        ("x = 'Rebin(|)'", None, None),
        ("def Rebin(x): pass\nRebin(|)", None, None),
        ("Rebin = 3\nRebin(|)", None, None),
        ("from mine import Rebin\nRebin(|)", None, None),
        ("def Re|bin(x): pass", None, None),
        ("import scipp as sc\nsc.linspace('x', |", LINSPACE, "start"),
        ("import scipp\nscipp.linspace('x', 0, 1, num|=3)", LINSPACE, "num"),
        ("from scipp import linspace as ls\nls(|", LINSPACE, "dim"),
        ("from scipp import *\nlinspace(|", LINSPACE, "dim"),
        ("sc.linspace(|", LINSPACE, "dim"),
        ("sc.core.linspace(|", LINSPACE, "dim"),
        ("da.hist(|x=3)", HIST, None),
        ("sc.Data|Array", "python/scipp.DataArray", None),
        ("np.rebin|", None, None),
        ("import numpy as np\nnp.hist(|)", None, None),
        ("", None, None),
    ],
)
def test_what_is_called_and_which_property(cell, of, prop):
    seen = look_at(cell if "|" in cell else "|")
    assert (seen.of, seen.property) == (of, prop)


def test_imports_and_variables_of_cells_before():
    context = "import scipp as abc\nfrom mantid.simpleapi import Rebin as R\nws = R(ws)"
    assert look_at("abc.linspace(|", context).of == LINSPACE
    assert look_at("R(ws, |", context).property == "Params"
    assert [problem.name for problem in look_at("ws.rebin(Prams=|1)", context).problems] == ["Prams"]
    assert look_at("R = 3\nR(|)", context).of is None


@pytest.mark.parametrize(
    ("cell", "wrong", "offers"),
    [
        ("Rebin(InputWorkspace=ws, Parms='1')", "Parms", ("Params",)),
        ("Rebin(InputWorkspace=ws, Preserve=True)", "Preserve", ("PreserveEvents",)),
        ("Rebin(Xyzzy=1)", "Xyzzy", ()),
        ("Rebin(Parms=", "Parms", ("Params",)),
        ("f'{Rebin(Parms=1)}'", "Parms", ("Params",)),
        ("import mantid.simpleapi as s\ns.ConvertUnits(Taget='TOF', EMode='x')", "Taget", ("Target",)),
        ("from mantid.simpleapi import *\nws = Load('x')\nws.rebin(Parms=3)", "Parms", ("Params",)),
        ("sc.DataArray(data=1, cords={})", "cords", ("coords",)),
        ("sc.linspace(dmi='x')", "dmi", ("dim",)),
    ],
)
def test_wrong_names_with_the_nearest_right_ones(cell, wrong, offers):
    problems = look(cell, 0, REFERENCES).problems
    assert [(one.name, one.offers) for one in problems] == [(wrong, offers)]
    assert cell[problems[0].start : problems[0].end] == wrong
    assert wrong in problems[0].message
    assert ("Did you mean" in problems[0].message) == bool(offers)


@pytest.mark.parametrize(
    "cell",
    [
        "Rebin(InputWorkspace=ws, params='1')",
        "Rebin(ws, Version=1, EnableLogging=False, StoreInADS=False)",
        "Load(Filename='x', LoadMonitors=True)",  # more properties come with the file
        "Fit(Function='x', InputWorkspace=ws, StartX=1)",
        "LoadNexus('x', EntryNumber=1, Version=2)",
        "LoadNexus('x', SpectrumMin=1, Version=1)",  # which version is not read
        "ws.rebin(whatever=1)",  # whose method that is, nobody knows
        "da.hist(x=3)",
        "sc.rebin(da, tof=3)",
        "# Rebin(Parms=1)",
        "'''Rebin(Parms=1)",
        "Rebin('a, Parms=1\ny = 2",
        "Rebin(ws,\nx = 3\ny = 4",
        "Rebin(ws,\n  '1'\nfor i in x:\n  Foo=1",
        "Rebin(f(Parms=1), {'Parms': 2}, **dict(Parms=3))",
        "Rebin(InputWorkspace == ws)",
        "def Rebin(Parms=1): pass",
        "unknown(Parms=1)",
    ],
)
def test_what_may_be_right_is_not_called_wrong(cell):
    assert look(cell, 0, REFERENCES).problems == ()


def test_places_count_characters_whatever_they_are():
    cell = "s = 'λ🙂é'\r\nws = Rebin(Parms=1)  # 🙂"
    (problem,) = look(cell, 0, REFERENCES).problems
    assert cell[problem.start : problem.end] == "Parms"


@given(st.text(alphabet="Rebin(ws,=')[]{}\n\t #:.\"λ\\rf;*1", max_size=60), st.integers(0, 60))
def test_nothing_that_people_type_breaks_it(cell, offset):
    seen = look(cell, offset, REFERENCES, context=cell)
    for problem in seen.problems:
        assert cell[problem.start : problem.end] == problem.name


def test_each_beginning_of_a_cell_is_read():
    cell = "from mantid.simpleapi import *\nws = Rebin(Load(Filename='x'), Params='1,2', **{'a': [1]})\n"
    for end in range(len(cell)):
        look(cell[:end], end, REFERENCES)


def test_a_look_takes_less_than_ten_milliseconds():
    cell = "\n".join(f"ws{number} = Rebin(InputWorkspace=ws{number}, Params='1,2,3')" for number in range(40))
    took = []
    for end in range(0, len(cell), 40):
        began = time.process_time()
        look(cell[:end] + "R" + cell[end:], end, REFERENCES, context=cell)
        took.append(time.process_time() - began)
    assert statistics.median(took) < 0.010

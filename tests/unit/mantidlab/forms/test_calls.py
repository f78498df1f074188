"""Calls of every style, read from cells and changed in them."""

from typing import Any

import pytest

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms.book import FormBook
from mantidlab.forms.errors import CannotBeWritten, NoCallHere
from mantidlab.forms.imports import imports_of
from mantidlab.forms.literals import text_of, value_of
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.writing import write_call


def python(text: str) -> dict[str, str]:
    return {"expression": text}


WS = python("ws")


@pytest.fixture(scope="session")
def book(catalogue: Catalogue) -> FormBook:
    return FormBook(catalogue)


def read(
    book: FormBook, marked: str, context: str = ""
) -> tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """Read the call at the ``|`` of a source: what it is of, values, targets, what is kept."""
    place = marked.index("|")
    spec, found = book.read(marked.replace("|", "", 1), place, context)
    return spec.of, dict(found.values), found.call.targets, found.kept


def change(book: FormBook, source: str, at: str, targets: list[str] | None = None, **values: Any) -> str:
    """Change values of the call in a source; ``...`` takes one out."""
    spec, found = book.read(source, source.index(at))
    wanted = {**found.values, **values}
    wanted = {name: value for name, value in wanted.items() if value is not ...}
    changed = rewrite_call(source, found, spec, wanted, targets, imports_of(source))
    assert book.read_span(changed.source, *changed.span)[0].of == spec.of
    return changed.source


@pytest.mark.parametrize(
    ("marked", "of", "values", "targets"),
    [
        (
            'o|ut = ConvertUnits(ws, "dSpacing")',
            "ConvertUnits-v1",
            {"InputWorkspace": WS, "Target": "dSpacing"},
            ("out",),
        ),
        ("from mantid.simpleapi import Rebin as R\nR(|ws, 1)", "Rebin-v1", {"InputWorkspace": WS, "Params": 1}, ()),
        ("import mantid.simpleapi as ms\nms.Rebin(ws|)", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("ws.re|bin(Params='1')", "Rebin-v1", {"InputWorkspace": WS, "Params": "1"}, ()),
        ("a, b = LoadAscii('f', Ver|sion=1)", "LoadAscii-v1", {"Filename": "f"}, ("a", "b")),
        ("Rebin(Conv|ertUnits(ws), 1)", "ConvertUnits-v1", {"InputWorkspace": WS}, ()),
        ("Rebin(ConvertUnits(ws), |1)", "Rebin-v1", {"InputWorkspace": python("ConvertUnits(ws)"), "Params": 1}, ()),
        ("x = [Rebin(w, -0.01|) for w in all]", "Rebin-v1", {"InputWorkspace": python("w"), "Params": -0.01}, ()),
        ("total += Scale(ws, |2)", "Scale-v1", {"InputWorkspace": WS, "Factor": 2}, ()),
        ("%%time\nRebin(ws|)\n!ls (", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("CloneWorkspace(a)\n|Rebin(ws)\n", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("CloneWorkspace(a)\n|out = Rebin(ws)\n", "Rebin-v1", {"InputWorkspace": WS}, ("out",)),
        ("if x:\n    CloneWorkspace(a)\n  |  Rebin(ws)\n", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("CloneWorkspace(a)\nRebin(ws)  # so |it is\nplot(ws)", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("import os\n\n\nRebin(ws)\n|", "Rebin-v1", {"InputWorkspace": WS}, ()),
        ("ConvertUnits(InputWorkspace='ws'|).rebin(1)", "ConvertUnits-v1", {"InputWorkspace": "ws"}, ()),
        ("Rebin(inputworkspace=ws, PARAMS|=1)", "Rebin-v1", {"InputWorkspace": WS, "Params": 1}, ()),
        ("Rebin(1, Inp|utWorkspace=ws)", "Rebin-v1", {"InputWorkspace": WS, "Params": 1}, ()),
    ],
)
def test_calls_are_read_in_every_style(
    book: FormBook, marked: str, of: str, values: dict[str, Any], targets: tuple[str, ...]
) -> None:
    found = read(book, marked)
    assert found[:3] == (f"algorithm/{of}", values, targets)


def test_a_method_of_a_method_has_the_inner_call_as_its_workspace(book: FormBook) -> None:
    values = read(book, "y = ws.rebin(1).convert|Units('TOF')")[1]
    assert values == {"InputWorkspace": python("ws.rebin(1)"), "Target": "TOF"}


def test_what_has_no_field_is_kept(book: FormBook) -> None:
    kept = read(book, "Rebin(|ws, Bogus=2, StoreInADS=False, *more, **options)")[3]
    assert kept == ("Bogus=2", "StoreInADS=False", "*more", "**options")


@pytest.mark.parametrize("marked", ["|", "x = 1|", "print('a')|", "Rebin(ws|", "np.rebin(w|s)"])
def test_where_there_is_no_call_it_is_said(book: FormBook, marked: str) -> None:
    with pytest.raises(NoCallHere) as said:
        read(book, marked, "import numpy as np")
    assert str(said.value).endswith(".")


def test_what_is_called_and_has_no_form_is_told_to_programs(book: FormBook) -> None:
    with pytest.raises(NoCallHere) as said:
        read(book, "my_function(1|)")
    assert said.value.called == ("my_function",)


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("Rebin(ws, '1')  # c", {"Params": "2"}, "Rebin(ws, '2')  # c"),
        ("Rebin(ws, '1')", {"Params": "it's"}, 'Rebin(ws, "it\'s")'),
        ("Rebin(ws, '1')", {"InputWorkspace": ...}, "Rebin(Params='1')"),
        ("Rebin(ws, '1', False)", {"Params": ...}, "Rebin(ws, PreserveEvents=False)"),
        ("Rebin('1', InputWorkspace=ws)", {"InputWorkspace": ...}, "Rebin(Params='1')"),
        ("Rebin(ws, params='1')  # c", {"Params": "2"}, "Rebin(ws, params='2')  # c"),
        ("Rebin(ws)", {"Params": [0, 0.1, 2]}, "Rebin(ws, Params=[0, 0.1, 2])"),
        ("Rebin(ws, )", {"Params": "1"}, 'Rebin(ws, Params="1", )'),
        ("Rebin(ws, **k)", {"Params": "1"}, 'Rebin(ws, Params="1", **k)'),
        ("Rebin(ws)", {"PreserveEvents": True}, "Rebin(ws)"),
        ("Rebin(ws, PreserveEvents=True)", {}, "Rebin(ws, PreserveEvents=True)"),
        (
            "Rebin(ws,\n      Params=1  # bins\n)",
            {"IgnoreBinErrors": True},
            "Rebin(ws,\n      Params=1,  # bins\n      IgnoreBinErrors=True\n)",
        ),
        ("Rebin(\n    ws,  # in\n    Params=1,  # bins\n)", {"Params": ...}, "Rebin(\n    ws,  # in\n    # bins\n)"),
        ("ws.rebin(1)", {"InputWorkspace": python("a + b")}, "(a + b).rebin(1)"),
        ("ws.rebin(1)", {"InputWorkspace": python("a.b")}, "a.b.rebin(1)"),
    ],
)
def test_only_what_changes_is_touched(book: FormBook, before: str, values: dict[str, Any], after: str) -> None:
    assert change(book, before, "(", **values) == after


@pytest.mark.parametrize(
    ("before", "targets", "after"),
    [
        ("Rebin(ws)", ["out"], "out = Rebin(ws)"),
        ("ws  =  Rebin(ws)", ["out"], "out  =  Rebin(ws)"),
        ("ws = Rebin(ws)  # c", [], "Rebin(ws)  # c"),
        ("if x:\n    Rebin(ws)\n", ["a", "b"], "if x:\n    a, b = Rebin(ws)\n"),
    ],
)
def test_targets_change(book: FormBook, before: str, targets: list[str], after: str) -> None:
    assert change(book, before, "(", targets) == after


def test_three_dots_stand_for_a_value_that_is_still_to_come(book: FormBook) -> None:
    source = "Rebin(InputWorkspace=...,  # Input.\n    Params=...,\n)"
    assert read(book, source.replace("(", "(|"))[1] == {}
    assert change(book, source, "(") == source
    assert change(book, source, "(", Params="1") == source.replace("Params=...", 'Params="1"')


def test_a_call_within_a_line_gets_no_target(book: FormBook) -> None:
    with pytest.raises(CannotBeWritten, match="within a longer line"):
        change(book, "x = 1 + Scale(ws)", "(", ["y"])


def test_an_argument_before_a_star_cannot_go(book: FormBook) -> None:
    with pytest.raises(CannotBeWritten, match="cannot be left out"):
        change(book, "Rebin(ws, *more)", "(", InputWorkspace=...)


def test_a_call_that_grows_too_long_is_wrapped(book: FormBook) -> None:
    before = "    result_of_everything = Rebin(ws, Params='0,0.1,20')  # c"
    after = change(book, f"if x:\n{before}\n", "(", FullBinsOnly=True, IgnoreBinErrors=True, PreserveEvents=False)
    assert after == (
        "if x:\n    result_of_everything = Rebin(\n        ws,\n        Params='0,0.1,20',\n"
        "        PreserveEvents=False,\n        FullBinsOnly=True,\n        IgnoreBinErrors=True,\n    )  # c\n"
    )


@pytest.mark.parametrize(
    ("context", "source", "imports"),
    [
        ("", "out = Rebin(InputWorkspace=ws)", ("from mantid.simpleapi import Rebin",)),
        ("from mantid.simpleapi import *", "out = Rebin(InputWorkspace=ws)", ()),
        ("import mantid.simpleapi as ms", "out = ms.Rebin(InputWorkspace=ws)", ()),
        ("from mantid.simpleapi import (Load,\n    Rebin as R)", "out = R(InputWorkspace=ws)", ()),
    ],
)
def test_imports_are_those_that_the_notebook_lacks(
    book: FormBook, context: str, source: str, imports: tuple[str, ...]
) -> None:
    written = write_call(book.form("Rebin"), {"InputWorkspace": WS}, ["out"], imports_of(context))
    assert (written.source, written.imports) == (source, imports)


def test_an_older_version_is_written_with_its_number(book: FormBook) -> None:
    written = write_call(book.form("algorithm/LoadAscii-v1"), {"Filename": "a.txt"}, ["ws"])
    assert written.source == 'ws = LoadAscii(Filename="a.txt", Version=1)'


@pytest.mark.parametrize("text", ["", "a, b", "*a", "b=1", "1)", "a # c", "(", "x := 1", "def f(): pass"])
def test_what_is_no_expression_is_refused(book: FormBook, text: str) -> None:
    with pytest.raises(CannotBeWritten, match=r"\.$"):
        write_call(book.form("Rebin"), {"InputWorkspace": {"expression": text}})


@pytest.mark.parametrize("target", ["1a", "a b", "a; b", "import"])
def test_what_is_no_name_is_refused_as_target(book: FormBook, target: str) -> None:
    with pytest.raises(CannotBeWritten, match="no name for a variable"):
        write_call(book.form("Rebin"), {}, [target])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-0.5", -0.5),
        ("'a'", "a"),
        ("True", True),
        ("None", None),
        ("[1, 'a']", [1, "a"]),
        ("{'a': [1]}", {"a": [1]}),
        ("ws", WS),
        ("(1, 2)", python("(1, 2)")),
        ("f'{a}'", python("f'{a}'")),
        ("[ws, 1]", [WS, 1]),
        ("1j", python("1j")),
        ("2**3", python("2**3")),
        ("9007199254740993", python("9007199254740993")),
        ("1e999", python("1e999")),
        ("{'expression': 'a'}", python("{'expression': 'a'}")),
        ("'a' 'b'", "ab"),
    ],
)
def test_literals_are_values_and_the_rest_is_text(text: str, value: Any) -> None:
    assert value_of(text) == value
    assert value_of(text_of(value)) == value


@pytest.mark.parametrize(("name", "near"), [("Rebn", "Rebin"), ("ConvertUnit", "ConvertUnits"), ("zzz", None)])
def test_a_name_that_nothing_has_is_met_with_the_nearest(book: FormBook, name: str, near: str | None) -> None:
    assert book.near(name) == near

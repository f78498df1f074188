"""Forms of Python functions, from what a catalogue says of them."""

from typing import Any

import pytest

from mantidlab.docs.catalogue import Argument, Catalogue, PythonObject, Section
from mantidlab.forms.book import FormBook
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.hints import hint_of_text
from mantidlab.forms.imports import imports_of
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.spec import Field, Widget
from mantidlab.forms.writing import write_call


def thing(name: str, kind: str, *arguments: Argument, **more: Any) -> PythonObject:
    return PythonObject(
        name=name, kind=kind, package="ess", defined_in=name.rpartition(".")[0], signature=more.pop("signature", ""),
        summary="Do it.", description="", arguments=arguments, returns=None, sections=more.pop("sections", ()), **more
    )  # fmt: skip


MODE = thing("ess.reduce.uncertainty.Mode", "class", sections=(Section("Values", "Mode.drop\nMode.fail"),))
LENGTH = thing("ess.types.Length", "type", signature="NewType(scipp.Variable)")
REDUCE = thing(
    "ess.reduce.broadcast",
    "function",
    Argument("data", "any", "scipp.DataArray", None, "What."),
    Argument("mode", "any", "ess.reduce.uncertainty.Mode", "Mode.fail", ""),
    Argument("length", "keyword", "ess.types.Length | None", "None", ""),
)


@pytest.fixture
def book() -> FormBook:
    return FormBook(Catalogue(packages={}, objects=(MODE, LENGTH, REDUCE)))


def field(book: FormBook, name: str) -> Field:
    found = book.form("ess.reduce.broadcast").field(name)
    assert found is not None
    return found


def test_members_of_enumerations_are_choices(book: FormBook) -> None:
    mode = field(book, "mode")
    assert (mode.widget, [choice.label for choice in mode.choices]) == (Widget.CHOICE, ["drop", "fail"])
    assert mode.default == {"expression": "uncertainty.Mode.fail"}


def test_a_new_type_is_what_it_stands_on(book: FormBook) -> None:
    length = field(book, "length")
    assert (length.widget, length.optional, length.required) == (Widget.WORKSPACE, True, False)


@pytest.mark.parametrize(
    ("documentation", "label"),
    [("Mapping of dimension label to bins.", "by dimension"), ("Handed on to plot.", "by name"), ("", "by name")],
)
def test_further_keywords_say_what_their_names_are(documentation: str, label: str) -> None:
    bins = Argument("bins", "keyword list", "int", None, documentation)
    made = FormBook(Catalogue(packages={}, objects=(thing("ess.reduce.hist", "function", bins),)))
    assert [one.label for one in made.form("ess.reduce.hist").fields] == [label]


def test_a_member_comes_with_its_import(book: FormBook) -> None:
    spec = book.form("ess.reduce.broadcast")
    values = {"data": {"expression": "da"}, "mode": {"expression": "uncertainty.Mode.drop"}}
    written = write_call(spec, values, ["out"])
    assert written.source == "out = reduce.broadcast(da, mode=uncertainty.Mode.drop)"
    assert written.imports == ("from ess import reduce", "from ess.reduce import uncertainty")
    scope = imports_of("from ess import reduce\nfrom ess.reduce import uncertainty")
    assert write_call(spec, values, ["out"], scope).imports == ()


def test_a_member_is_known_however_it_was_imported(book: FormBook) -> None:
    source = "from ess import reduce\nfrom ess.reduce.uncertainty import Mode\nreduce.broadcast(da, Mode.drop)"
    spec, read = book.read(source, len(source))
    assert read.values["mode"] == {"expression": "uncertainty.Mode.drop"}
    assert rewrite_call(source, read, spec, read.values, imports=imports_of(source)).source == source
    changed = rewrite_call(source, read, spec, {**read.values, "mode": {"expression": "uncertainty.Mode.fail"}})
    assert changed.source.endswith("broadcast(da, uncertainty.Mode.fail)")
    assert changed.imports == ("from ess.reduce import uncertainty",)


def test_what_cannot_be_called_has_no_form(book: FormBook) -> None:
    with pytest.raises(NoSuchForm, match="is a type"):
        book.form("python/ess.types.Length")
    with pytest.raises(NoSuchForm, match="There is no form of nothing"):
        book.form("nothing")


@pytest.mark.parametrize(
    ("text", "widget"),
    [
        ("str", Widget.TEXT),
        ("float | int", Widget.NUMBER),
        ("Optional[int]", Widget.INTEGER),
        ("SupportsIndex", Widget.INTEGER),
        ("Literal['plus', 'minus'] | None", Widget.CHOICE),
        ("str | Sequence[str]", Widget.LIST),
        ("str | os.PathLike[str] | StringIO", Widget.FILE),
        ("Mapping[str, str] | Iterable[tuple[str, str]] | None", Widget.DICTIONARY),
        ("scipp.Variable | scipp.DataArray | None", Widget.WORKSPACE),
        ("int | scipp.Variable", Widget.EXPRESSION),
        ("Unit | str | DefaultUnit | None", Widget.TEXT),
        ("Annotated[bool, x]", Widget.SWITCH),
        ("numpy.ndarray[tuple[Any, ...], dtype[+_Float]]", Widget.EXPRESSION),
        ("no type at all", Widget.EXPRESSION),
    ],
)
def test_types_say_what_a_field_is_filled_in_with(text: str, widget: Widget) -> None:
    assert hint_of_text(text).widget == widget


@pytest.mark.parametrize(
    ("name", "default", "widget"),
    [("filename", None, Widget.FILE), ("path", None, Widget.FILE), ("pathology", None, Widget.TEXT)],
)
def test_names_tell_files(name: str, default: Any, widget: Widget) -> None:
    assert hint_of_text("str", name=name, default=default).widget == widget


def test_defaults_tell_where_types_do_not() -> None:
    assert hint_of_text("", default=True).widget == Widget.SWITCH
    assert hint_of_text("Any", default=2.5).widget == Widget.NUMBER

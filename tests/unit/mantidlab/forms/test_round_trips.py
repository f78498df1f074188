"""What is written is read back, and what is read is written as it was: over calls of the whole recorded catalogue."""

import ast
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls_of_forms import values_of_form, written_call

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms.book import FormBook
from mantidlab.forms.literals import same
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.spec import FormSpec
from mantidlab.forms.writing import WIDTH, write_call

_MAGIC = re.compile(r"^([%!].*)$", re.MULTILINE)


def quick(examples: int) -> Any:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture(scope="session")
def book(catalogue: Catalogue) -> FormBook:
    return FormBook(catalogue)


def one_of(data: st.DataObject, forms: dict[str, FormSpec]) -> FormSpec:
    return forms[data.draw(st.sampled_from(sorted(forms)), label="form")]


def parse(source: str) -> None:
    ast.parse(_MAGIC.sub("pass", source))


@quick(120)
@given(data=st.data())
def test_written_values_are_read_back(book: FormBook, forms: dict[str, FormSpec], data: st.DataObject) -> None:
    spec = one_of(data, forms)
    values = data.draw(values_of_form(spec))
    written = write_call(spec, values, ["out"] if spec.call.returns else [])
    parse(written.source)
    found, read = book.read_span(written.source, *written.span)
    assert found.of == spec.of
    assert same(dict(read.values), values)
    assert read.call.targets == (("out",) if spec.call.returns else ())


@quick(120)
@given(data=st.data())
def test_a_call_in_any_style_is_read_and_written_back_letter_by_letter(
    book: FormBook, forms: dict[str, FormSpec], data: st.DataObject
) -> None:
    spec = one_of(data, forms)
    written = data.draw(written_call(spec, data.draw(values_of_form(spec))))
    parse(written.source)
    found, read = book.read(written.source, written.place)
    assert found.title.partition(" ")[0] == spec.call.function
    if spec.call.version is None:
        assert same(dict(read.values), dict(written.values))
    again = rewrite_call(written.source, read, found, read.values, read.call.targets)
    assert again.source == written.source
    assert again.span == (read.call.start, read.call.end)


@quick(200)
@given(data=st.data())
def test_changed_values_are_read_back_and_all_else_stays(
    book: FormBook, forms: dict[str, FormSpec], data: st.DataObject
) -> None:
    spec = one_of(data, {of: form for of, form in forms.items() if form.call.version is None})
    before = data.draw(values_of_form(spec))
    written = data.draw(written_call(spec, before))
    other = data.draw(values_of_form(spec, most=4))
    gone = data.draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
    wanted = {**{name: value for name, value in before.items() if name not in gone}, **other}
    _, read = book.read(written.source, written.place)
    changed = rewrite_call(written.source, read, spec, wanted)
    parse(changed.source)
    again = book.read_span(changed.source, *changed.span)[1]
    assert same(dict(again.values), wanted)
    assert again.kept == read.kept
    for comment in written.comments:
        assert changed.source.count(comment) >= written.source.count(comment)
    assert changed.source.startswith(written.source[: read.call.start])
    assert changed.source.endswith(written.source[read.call.end :])
    for name, place in read.places.items():
        if name in wanted and same(wanted[name], before[name]):
            assert written.source[place.start : place.end] in changed.source


@quick(40)
@given(data=st.data())
def test_long_calls_are_wrapped(forms: dict[str, FormSpec], data: st.DataObject) -> None:
    spec = one_of(data, forms)
    values = {name: 1 for name in (field.name for field in spec.fields) if name.isidentifier()}
    lines = write_call(spec, values, ["out"]).source.splitlines()
    if len(lines) > 1:
        assert lines[-1] == ")"
        assert all(line.startswith("    ") for line in lines[1:-1])
    assert all(len(line) <= WIDTH for line in lines if "=" in line and line.count("=") > 1)

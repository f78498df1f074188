"""Every function, class and method of the environment's catalogue has a form, and its calls go there and back."""

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls_of_forms import values_of_form

from mantidlab.docs import KnowledgeMissing, knowledge
from mantidlab.forms.book import FormBook
from mantidlab.forms.errors import CannotBeWritten, NoSuchForm
from mantidlab.forms.literals import same
from mantidlab.forms.opening import spec_of
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.writing import write_call

REASONS = ("needs the arguments before it", "cannot be left out", "is called on an object")


@pytest.fixture(scope="module")
def book() -> FormBook:
    try:
        return FormBook(knowledge().catalogue)
    except KnowledgeMissing as problem:
        pytest.skip(str(problem))


def alike(values):
    """Return values with the object of a method as Python reads it: it may stand in brackets."""
    own = values.get("self")
    text = own.get("expression") if isinstance(own, dict) else None
    return {**values, "self": ast.unparse(ast.parse(text, mode="eval"))} if isinstance(text, str) else dict(values)


@pytest.mark.parametrize(
    ("name", "near"), [("scipp.rebi", "Did you mean scipp.rebin"), ("Rebin", "Algorithms of Mantid")]
)
def test_a_name_that_nothing_has_is_met_with_the_nearest(book, name, near):
    with pytest.raises(NoSuchForm, match=near):
        spec_of(name)


def test_every_one_has_a_form(book):
    forms = [book.form(of) for of in book.all_of()]
    assert len(forms) > 1500
    widgets = [field.widget for form in forms for field in form.fields]
    assert widgets.count("expression") < len(widgets) / 3


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_calls_are_written_read_changed_and_read_again(book, data):
    spec = book.form(data.draw(st.sampled_from(list(book.all_of()))))
    values, other = data.draw(values_of_form(spec)), data.draw(values_of_form(spec))
    try:
        written = write_call(spec, values, ["out"])
        ast.parse(written.source)
        found, read = book.read_span(written.source, *written.span, "\n".join(written.imports), spec)
        assert same(alike(read.values), alike(values))
        assert rewrite_call(written.source, read, found, read.values, ["out"]).source == written.source
        changed = rewrite_call(written.source, read, found, other)
    except CannotBeWritten as problem:  # an argument without a name needs those before it
        assert any(words in str(problem) for words in REASONS), problem
        return
    ast.parse(changed.source)
    again = book.read_span(changed.source, *changed.span, "\n".join(written.imports), spec)[1]
    assert same(alike(again.values), alike(other))


def test_forms_of_functions_themselves_are_those_of_the_catalogue(book):
    import scipp as sc

    assert spec_of(sc.rebin).of == spec_of("sc.rebin").of == "python/scipp.rebin"
    assert spec_of(sc.linspace).field("num").documentation


def test_what_forms_write_runs(book):
    import scipp as sc

    names = {"sc": sc}
    for of, values in [
        ("scipp.linspace", {"dim": "x", "start": 0.0, "stop": 1.0, "num": 3, "unit": "m"}),
        ("scipp.scalar", {"value": 1.5, "unit": "K"}),
        ("scipp.DataArray.rename_dims", {"self": {"expression": "out"}, "names": {"x": "y"}}),
    ]:
        if of == "scipp.DataArray.rename_dims":
            names["out"] = sc.DataArray(sc.arange("x", 3))
        exec(write_call(book.form(of), values, ["out"]).source, names)  # noqa: S102 - what a form wrote
    assert names["out"].dims == ("y",)

"""Forms of functions as Python has them: annotations, docstrings, pydantic models."""

import ast
import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms.book import FormBook
from mantidlab.forms.checking import problems_of
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.live import form_of_function
from mantidlab.forms.rewriting import rewrite_call
from mantidlab.forms.spec import FormSpec, Widget
from mantidlab.forms.writing import write_call


class Mode(Enum):
    FAST = "fast"
    EXACT = "exact"


class Beam(BaseModel):
    """The beam."""

    wavelength: Annotated[float, "Å"] = Field(1.8, ge=0.1, le=20, description="Mean wavelength.")
    monitors: list[int] = [1, 2]


class Settings(BaseModel):
    model_config = {"title": "Settings of the reduction"}

    low: float
    high: float = 20.0
    beam: Beam = Beam()


@dataclass
class Window:
    """A window.

    Parameters
    ----------
    start
        Where it begins.
    """

    start: float
    width: float = 1.0


@dataclass(frozen=True)
class Metadata:
    form: dict[str, Any]


def reduce(
    sample: Path,
    scale: Annotated[float, "meV"],
    settings: Settings,
    window: Window = Window(2.0),  # noqa: B008
    *,
    mode: Mode = Mode.FAST,
    method: Literal["sum", "mean"] = "sum",
    bins: int | None = None,
    title: str | None = None,
    banks: Annotated[list[int], Metadata({"advanced": True, "group": "Banks"})] = [1],  # noqa: B006
    untyped: Any = True,
    **options: float,
) -> float:
    """Reduce a run.

    It does what it can.

    Parameters
    ----------
    sample
        The run's file.
    bins, title : int
        As you like.
    """
    return scale


@pytest.fixture
def form() -> FormSpec:
    return form_of_function(reduce)


def field(form: FormSpec, name: str) -> Any:
    found = form.field(name)
    assert found is not None, [one.name for one in form.fields]
    return found


@pytest.mark.parametrize(
    ("name", "widget", "required", "default"),
    [
        ("sample", Widget.FILE, True, None),
        ("scale", Widget.NUMBER, True, None),
        ("settings.low", Widget.NUMBER, True, None),
        ("settings.high", Widget.NUMBER, False, 20.0),
        ("settings.beam.wavelength", Widget.NUMBER, False, 1.8),
        ("settings.beam.monitors", Widget.LIST, False, [1, 2]),
        ("window.start", Widget.NUMBER, False, 2.0),
        ("mode", Widget.CHOICE, False, {"expression": "Mode.FAST"}),
        ("method", Widget.CHOICE, False, "sum"),
        ("bins", Widget.INTEGER, False, None),
        ("title", Widget.TEXT, False, None),
        ("banks", Widget.LIST, False, [1]),
        ("untyped", Widget.SWITCH, False, True),
        ("options", Widget.DICTIONARY, False, None),
    ],
)
def test_each_argument_is_a_field(form: FormSpec, name: str, widget: Widget, required: bool, default: Any) -> None:
    found = field(form, name)
    assert (found.widget, found.required, found.default) == (widget, required, default)


def test_what_annotations_and_docstrings_say_is_in_the_form(form: FormSpec) -> None:
    assert form.summary == "Reduce a run."
    assert field(form, "sample").documentation == "The run's file."
    assert field(form, "title").documentation == field(form, "bins").documentation == "As you like."
    assert field(form, "scale").unit == "meV"
    wavelength = field(form, "settings.beam.wavelength")
    assert (wavelength.unit, wavelength.minimum, wavelength.maximum) == ("Å", 0.1, 20.0)
    assert wavelength.documentation == "Mean wavelength."
    assert field(form, "window.start").documentation == "Where it begins."
    assert [choice.value for choice in field(form, "method").choices] == ["sum", "mean"]
    assert field(form, "bins").optional
    assert field(form, "banks").advanced
    labels = {group.name: group.label for group in form.groups}
    assert labels == {
        "settings": "Settings of the reduction", "settings.beam": "beam", "window": "window", "Banks": "Banks"
    }  # fmt: skip


def test_enumerations_of_interfaces_are_given_by_their_value() -> None:
    choices = field(form_of_function(reduce, framework="interface"), "mode").choices
    assert [(choice.value, choice.label) for choice in choices] == [("fast", "FAST"), ("exact", "EXACT")]


def test_a_form_is_the_same_after_json(form: FormSpec) -> None:
    assert FormSpec.from_json(json.loads(json.dumps(form.to_json()))).to_json() == json.loads(
        json.dumps(form.to_json())
    )


def test_models_are_written_as_calls_and_read_back(form: FormSpec) -> None:
    values = {
        "sample": "a.nxs",
        "scale": 2.5,
        "settings.low": 1,
        "settings.beam.wavelength": 2.0,
        "mode": {"expression": "Mode.EXACT"},
        "options": {"extra": 3},
    }
    written = write_call(form, values, ["result"])
    assert "settings=Settings(low=1, beam=Beam(wavelength=2.0))" in written.source
    assert "mode=Mode.EXACT" in written.source
    assert "extra=3" in written.source
    ast.parse(written.source)
    book = FormBook(Catalogue(packages={}))
    _, read = book.read_span(written.source, *written.span, known=form)
    assert dict(read.values) == values


def test_a_model_in_a_cell_is_changed_where_it_stands(form: FormSpec) -> None:
    source = "r = reduce('a', 1, settings=Settings(\n    low=1,  # why\n    beam=Beam(wavelength=2.0)\n))"
    book = FormBook(Catalogue(packages={}))
    spec, read = book.read(source, 6, known=form)
    assert rewrite_call(source, read, spec, read.values).source == source
    values = {name: value for name, value in read.values.items() if name != "settings.beam.wavelength"}
    changed = rewrite_call(source, read, spec, {**values, "settings.low": 2, "settings.high": 30})
    assert changed.source == "r = reduce('a', 1, settings=Settings(\n    low=2,  # why\n    high=30\n))"


class Empty(BaseModel):
    low: float = 1.0
    beam: Beam = Beam()


def of_empty(run: str, settings: Empty) -> None: ...


def test_a_model_that_must_be_given_is_made_even_of_defaults() -> None:
    form = form_of_function(of_empty)
    book = FormBook(Catalogue(packages={}))
    written = write_call(form, {"run": "a"})
    assert written.source == 'of_empty("a", settings=Empty())'
    spec, read = book.read(written.source, 1, known=form)
    assert dict(read.values) == {"run": "a"}
    assert read.kept == ()
    again = rewrite_call(written.source, read, spec, {"run": "a", "settings.beam.wavelength": 2})
    assert again.source == 'of_empty("a", settings=Empty(beam=Beam(wavelength=2)))'
    _, read = book.read(again.source, 1, known=form)
    assert rewrite_call(again.source, read, spec, {"run": "b"}).source == 'of_empty("b", settings=Empty())'


def test_what_is_missing_in_a_model_is_said(form: FormSpec) -> None:
    problems = problems_of(form, {"sample": "a.nxs", "scale": 1, "settings.beam.wavelength": 0.01})
    assert problems["settings.low"] == "settings.low must be given. Write a number."
    assert problems["settings.beam.wavelength"] == "settings.beam.wavelength must be at least 0.1 Å; 0.01 is less."


def test_what_python_cannot_describe_has_no_form() -> None:
    with pytest.raises(NoSuchForm, match="does not tell"):
        form_of_function(min)

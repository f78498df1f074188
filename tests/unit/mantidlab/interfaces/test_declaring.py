"""A typed function becomes an interface; what cannot become one is refused with a sentence when it is declared."""

from collections.abc import Callable, Generator
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from mantidlab.interfaces import DeclarationMistake, Progress, Range, RunFile, Unit, ValuesRefused, interface, report


class Colour(Enum):
    RED = "red"


class Settings(BaseModel):
    low: Annotated[float, Unit("Å")] = 2.0
    high: float = Field(3.0, gt=0)


@interface(title="Sum", instruments=["SIMSANS"], technique="SANS")
def total(number: int, settings: Settings = Settings(low=1.0), how: Literal["up", "down"] = "up") -> float:
    """Add numbers.

    More of it.
    """
    return number + settings.low + settings.high


def test_a_call_stays_a_call() -> None:
    assert total(1).value == 5.0
    assert total(1, Settings(high=10)).value == 13.0
    assert total(number=1, settings=Settings(low=0)).value == 4.0


def test_it_keeps_what_is_said_of_the_function() -> None:
    assert total.__doc__ is not None
    assert total.__doc__.startswith("Add numbers.")
    assert total.heading.summary == "Add numbers."
    assert (total.name, total.heading.title, total.heading.instruments) == ("total", "Sum", ("SIMSANS",))
    assert "SANS" in repr(total)


def test_fields_of_models_are_given_by_their_names_and_the_others_keep_the_default_of_the_call() -> None:
    assert total.run({"number": 1, "settings.high": 7}).value == 9.0  # low stays 1, which is the default of the call
    assert total.run({"number": 1, "settings": {"high": 7}}).value == 9.0


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"number": "x"}, {"number": "It takes a whole number, not 'x'."}),
        ({}, {"number": "It is needed."}),
        ({"number": 1, "settings.high": -1}, {"settings.high": "It must be above 0; it is -1."}),
        ({"number": 1, "settings.hihg": 1}, {"settings.hihg": "There is no such field; there are low, high."}),
        ({"number": 1, "how": "left"}, {"how": "It takes 'up' or 'down', not 'left'."}),
        ({"number": 1, "numbr": 2}, {"numbr": "There is no such field; there are number, settings, how."}),
    ],
)
def test_each_value_that_does_not_fit_gets_a_sentence(values: dict[str, Any], problems: dict[str, str]) -> None:
    with pytest.raises(ValuesRefused) as refused:
        total.run(values)
    assert refused.value.problems == problems
    for name in problems:
        assert name in str(refused.value)


def test_a_call_with_too_many_arguments_gets_a_sentence() -> None:
    with pytest.raises(ValuesRefused, match="too many positional arguments; its parameters are number, settings, how"):
        total(1, Settings(), "up", 4)  # type: ignore[call-arg]


def test_the_default_of_a_call_is_not_changed_by_the_function() -> None:
    @interface(title="Grow")
    def grow(numbers: list[int] = [1]) -> int:  # noqa: B006
        numbers.append(2)
        return len(numbers)

    assert [grow().value, grow().value] == [2, 2]


def test_a_generator_tells_its_progress_and_returns_its_value() -> None:
    @interface(title="Slow")
    def slow(steps: int) -> Generator[Progress, None, int]:
        for each in range(steps):
            yield Progress(each / steps, f"step {each}")
        return steps

    result = slow(2)
    assert result.value == 2
    assert [line.line for line in result.provenance.log] == ["step 0", "step 1"]


def test_a_function_reports_through_a_callback() -> None:
    def deep(callback: Callable[[float, str], None]) -> None:
        callback(0.5, "half")

    @interface(title="Deep")
    def outer(x: int = 1) -> int:
        deep(report)
        return x

    assert [line.line for line in outer().provenance.log] == ["half"]
    report(0.5, "nobody listens")


def no_annotation(a, b: int = 1): ...  # type: ignore[no-untyped-def]
def stars(*a: int) -> None: ...
def only_position(a: int, /) -> None: ...
def bad_default(a: Annotated[float, Field(gt=0)] = -1.0) -> None: ...
def bad_default_of_a_choice(a: Literal["x", "y"] = "z") -> None: ...  # type: ignore[assignment]
def bad_range(a: Range = (2.0, 1.0)) -> None: ...
def field_as_default(a: float = Field(1.0, gt=0)) -> None: ...
def not_imported(a: "Missing") -> None: ...  # type: ignore[name-defined]  # noqa: F821
def no_type(a: "3 + 4") -> None: ...  # type: ignore[valid-type]


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (no_annotation, "parameter a has no annotation. Write its type, such as a: float or a: RunFile"),
        (stars, r"a form has no field for \*a"),
        (only_position, "a has no name in calls"),
        (bad_default, r"default of a does not fit its annotation. It must be above 0; it is -1\.0\."),
        (bad_default_of_a_choice, "default of a does not fit its annotation. It takes 'x' or 'y', not 'z'"),
        (bad_range, "default of a does not fit its annotation. 2 is not below 1"),
        (field_as_default, "the default of a is a Field"),
        (not_imported, "an annotation cannot be read .*Missing"),
        (no_type, "the annotation of a, is no type"),
    ],
)
def test_a_mistake_in_a_declaration_is_said_when_it_is_made(function: Callable[..., Any], sentence: str) -> None:
    with pytest.raises(DeclarationMistake, match=sentence):
        interface(title="T")(function)


def test_instruments_are_a_list() -> None:
    with pytest.raises(DeclarationMistake, match=r'instruments=\["SANS2D"\]'):
        interface(title="T", instruments="SANS2D")


def test_a_default_run_need_not_be_there_when_it_is_declared() -> None:
    @interface(title="T", instruments=["SIMSANS"])
    def with_run(sample: RunFile = 1001) -> str:  # type: ignore[assignment]
        return sample.name

    with pytest.raises(ValuesRefused, match="There is no archive"):
        with_run()

"""Signatures read the same everywhere, also those that compiled functions have in their docstring alone."""

import enum
import inspect
import sys
from typing import Any, Literal, NewType, TypeVar, overload

import pytest

from mantidlab.docs.extract.python_signature import describe_signature, text_of_type, text_of_value

NAMES = {"scipp._scipp.core.Variable": "scipp.Variable"}
T = TypeVar("T")
Bins = NewType("Bins", int)


class Mode(enum.Enum):
    DROP = 1


def made(text, *, bound=False):
    """Describe a function that has nothing but a docstring, as pybind11 makes them."""

    class Compiled:
        __doc__ = text

    return describe_signature(Compiled(), NAMES, bound=bound)


def test_signatures_in_a_list_are_overloads():
    """Of ``scipp.Dataset.get``."""

    def get(self, key, default=None):
        """Get."""

    def short(self, key: str) -> int: ...
    def full(self, key: str, default: T) -> T: ...

    get.__signature__ = [inspect.signature(short), inspect.signature(full)]
    signature, text = describe_signature(get, {}, bound=True)
    assert signature.text == "(key: str) -> int\n(key: str, default: T) -> T"
    assert [one.name for one in signature.arguments] == ["key", "default"]
    assert text == "Get."


def test_kinds_of_arguments():
    def function(a, /, b: int = 2, *args: str, c: Literal["x"] = "x", **kwargs: Any) -> list[int]:
        """Doc."""

    signature, text = describe_signature(function, {})
    assert text == "Doc."
    assert signature.text == "(a, /, b: int = 2, *args: str, c: Literal['x'] = 'x', **kwargs: Any) -> list[int]"
    assert [(one.name, one.kind) for one in signature.arguments] == [
        ("a", "positional"),
        ("b", "any"),
        ("args", "positional list"),
        ("c", "keyword"),
        ("kwargs", "keyword list"),
    ]
    assert signature.returns == "list[int]"


def test_method_hides_the_object_and_shows_a_bare_star():
    def method(self, *, dim: "str | None" = None): ...

    signature, _ = describe_signature(method, {}, bound=True)
    assert signature.text == "(*, dim: str | None = None)"


def test_overloads_of_python():
    @overload
    def function(x: int) -> int: ...
    @overload
    def function(x: str, y: bool) -> str: ...
    def function(x, y=False): ...

    signature, _ = describe_signature(function, {})
    assert signature.text.splitlines() == ["(x: int) -> int", "(x: str, y: bool) -> str"]
    assert [one.name for one in signature.arguments] == ["x", "y"]
    assert signature.returns == "int | str"


def test_compiled_function_with_a_default_that_is_no_python():
    signature, text = made(
        "f(self: scipp._scipp.core.Variable, *, unit: str | None = <automatically deduced unit>, deep: bool = True) "
        "-> scipp._scipp.core.Variable\n\n\n   Return a copy.\n\n   Of all.\n",
        bound=True,
    )
    assert signature.text == "(*, unit: str | None = <automatically deduced unit>, deep: bool = True) -> scipp.Variable"
    assert [(one.name, one.default) for one in signature.arguments] == [
        ("unit", "<automatically deduced unit>"),
        ("deep", "True"),
    ]
    assert text == "Return a copy.\n\nOf all."


def test_compiled_overloads():
    signature, text = made(
        "drop(*args, **kwargs)\nOverloaded function.\n\n1. drop(self: A, name: str) -> A\n\nDrops one.\n\n"
        "2. drop(self: A, names: list[str]) -> A\n\nDrops many.\n",
        bound=True,
    )
    assert signature.text.splitlines() == ["(name: str) -> A", "(names: list[str]) -> A"]
    assert [one.name for one in signature.arguments] == ["name", "names"]
    assert text == "Drops one."


def test_docstring_that_only_looks_like_a_signature():
    signature, text = made("Sum of (all) elements")
    assert signature.text == ""
    assert text == "Sum of (all) elements"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        ("a", "'a'"),
        (Mode.DROP, "Mode.DROP"),
        (set("hgfedcba"), "{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}"),
        (frozenset(), "frozenset()"),
        (int, "int"),
        ([Mode.DROP, len], "[Mode.DROP, len]"),
        (object(), "<object object>"),
        (sys.prefix + "/data", "'PREFIX/data'"),
    ],
)
def test_defaults_are_the_same_in_each_run_and_on_each_machine(value, text):
    assert text_of_value(value, {}) == text


def test_long_default_is_cut():
    assert len(text_of_value("x" * 1000, {})) == 120


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        ("Variable", "Variable"),
        ("scipp._scipp.core.Variable", "scipp.Variable"),
        (list["Variable"], "list[Variable]"),  # noqa: F821
        (type(None), "None"),
        (T, "T"),
        (int | None, "int | None"),
    ],
)
def test_types(annotation, text):
    assert text_of_type(annotation, NAMES).replace("'", "") == text


def test_domain_type_goes_by_its_public_name():
    full = f"{Bins.__module__}.Bins"
    assert text_of_type(list[Bins], {full: "ess.Bins"}) == "list[ess.Bins]"

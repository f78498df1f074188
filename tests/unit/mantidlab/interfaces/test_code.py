"""The number of a function changes with what it does, and with nothing else."""

import functools
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mantidlab.interfaces.code import code_digest

START = """
import math
import calibration
from calibration import offset

FACTOR = 2.0
TABLE = {"a": 1}


class Peak:
    width = 1.0

    def height(self):
        return helper(1)


def helper(x):
    return x + 1


def unrelated():
    return 1


def reduced(x, y=3):
    '''Reduce.'''
    def inner(z):
        return helper(z) * FACTOR
    from calibration import late
    return inner(x) + y + math.sqrt(4) + calibration.scale(x) + offset(x) + TABLE["a"] + late(1) + Peak().height()
"""
CALIBRATION = """
import os
def scale(x): return deeper(x)
def deeper(x): return x * 3
def offset(x): return 5
def late(x): return 6
def unused(x): return 7
"""

Loader = Callable[[str, str], ModuleType]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loader]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def load(text: str, calibration: str = CALIBRATION) -> ModuleType:
        for name, source in (("reduction", text), ("calibration", calibration)):
            (tmp_path / f"{name}.py").write_text(source)
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        from mantidlab.interfaces.code import _is_project

        _is_project.cache_clear()
        return importlib.import_module("reduction")

    yield load
    for name in ("reduction", "calibration"):
        sys.modules.pop(name, None)


def test_the_same_code_has_the_same_number(load: Loader) -> None:
    first = code_digest(load(START, CALIBRATION).reduced)
    assert code_digest(load(START, CALIBRATION).reduced) == first


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return x + 1", "return x + 2"),  # a function that it calls
        ("FACTOR = 2.0", "FACTOR = 3.0"),  # a constant
        ('TABLE = {"a": 1}', 'TABLE = {"a": 2}'),
        ("y=3", "y=4"),  # a default
        ("math.sqrt(4)", "math.cbrt(4)"),  # another function of a package
        ("inner(x) + y", "inner(x) - y"),
        ("width = 1.0", "width = 2.0"),  # a class
        ("return helper(1)", "return helper(2)"),  # a method
    ],
)
def test_what_changes_its_results_changes_its_number(load: Loader, before: str, after: str) -> None:
    first = code_digest(load(START, CALIBRATION).reduced)
    assert before in START
    assert code_digest(load(START.replace(before, after), CALIBRATION).reduced) != first


@pytest.mark.parametrize("before", ["x * 3", "return 5", "return 6"])
def test_functions_of_other_modules_count(load: Loader, before: str) -> None:
    first = code_digest(load(START, CALIBRATION).reduced)
    assert code_digest(load(START, CALIBRATION.replace(before, "x * 17")).reduced) != first


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    return x + 1", "    # why\n\n    return x + 1"),  # comments and lines
        ("'''Reduce.'''", "'''Reduce it, and say so.'''"),
        ("def unrelated():\n    return 1", "def unrelated():\n    return 2"),
    ],
)
def test_what_changes_no_result_does_not(load: Loader, before: str, after: str) -> None:
    first = code_digest(load(START, CALIBRATION).reduced)
    assert before in START
    assert code_digest(load(START.replace(before, after), CALIBRATION).reduced) == first
    assert code_digest(load(START, CALIBRATION.replace("return 7", "return 8")).reduced) == first


def test_it_is_the_same_in_another_process_and_before_and_after_a_late_import(load: Loader, tmp_path: Path) -> None:
    first = code_digest(load(START, CALIBRATION).reduced)
    program = (
        "import reduction; from mantidlab.interfaces.code import code_digest as d\n"
        "a = d(reduction.reduced); reduction.reduced(1); print(a, d(reduction.reduced))"
    )
    variables = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=variables)
    assert done.stdout.split() == [first, first]


def test_a_counter_that_it_sets_itself_does_not_count() -> None:
    names: dict[str, object] = {"calls": 0, "__name__": "__main__"}
    exec("def counted():\n    global calls\n    calls += 1\n    return 1", names)  # noqa: S102
    counted = names["counted"]
    assert callable(counted)
    first = code_digest(counted)
    counted()
    assert code_digest(counted) == first


def test_partials_and_closures_count_with_what_they_hold() -> None:
    def power(exponent: float) -> Callable[[float], float]:
        return lambda x: x**exponent

    assert code_digest(power(2)) != code_digest(power(3))
    assert code_digest(power(2)) == code_digest(power(2))
    assert code_digest(functools.partial(pow, 2)) != code_digest(functools.partial(pow, 3))


def test_functions_that_call_each_other_end() -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    exec("def one(n): return other(n)\ndef other(n): return one(n - 1) if n else 0", names)  # noqa: S102
    assert code_digest(names["one"]) != code_digest(names["other"])


def test_functions_in_tables_and_dataclasses_are_followed_once_each() -> None:
    # Each function names a table of all: followed anew for each, this would take for ever.
    names: dict[str, object] = {"__name__": "__main__"}
    count = 30
    for number in range(count):
        exec(f"def f{number}(): return [holder.table[{number}], TABLE]", names)  # noqa: S102
    exec("from dataclasses import dataclass\n@dataclass\nclass Holder:\n    table: tuple", names)  # noqa: S102
    names["TABLE"] = {str(number): (names[f"f{number}"],) for number in range(count)}
    names["holder"] = names["Holder"](tuple(names[f"f{number}"] for number in range(count)))  # type: ignore[operator]
    started = time.monotonic()
    first = code_digest(names["f0"])
    assert time.monotonic() - started < 2
    assert code_digest(names["f0"]) == first
    exec("def f29(): return 1", names)  # noqa: S102
    names["TABLE"]["29"] = (names["f29"],)  # type: ignore[index]
    assert code_digest(names["f0"]) != first


def test_which_of_two_functions_stands_where_counts() -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    exec("def a(): return 1\ndef b(): return 2\ndef f(): return (a, b, TABLE)", names)  # noqa: S102
    names["TABLE"] = {"x": names["a"], "y": names["b"]}
    first = code_digest(names["f"])
    names["TABLE"] = {"x": names["b"], "y": names["a"]}
    assert code_digest(names["f"]) != first


def test_looking_at_a_class_does_not_change_its_number() -> None:
    class Bare:
        def height(self) -> int:
            return 1

    class Cached:
        @functools.cached_property
        def height(self) -> int:
            return 1

    def used() -> int:
        return Bare().height()

    first = code_digest(used)
    assert Bare.__annotations__ == {}  # leaves an empty mapping in the class
    assert code_digest(used) == first
    before = code_digest(Cached)
    Cached.height.func.__code__ = (lambda self: 2).__code__  # type: ignore[attr-defined]
    assert code_digest(Cached) != before


def test_another_function_of_mantid_s_is_another_number(load: Loader) -> None:
    text = """
class Wrapper:
    __slots__ = ("__name__",)
    __module__ = "mantid.simpleapi"
    def __init__(self, name): self.__name__ = name
    def __call__(self, *args): pass

algorithm = Wrapper("{name}")

def reduced(x):
    return algorithm(x)
"""
    one, same, other = (code_digest(load(text.format(name=name), "").reduced) for name in ("Rebin", "Rebin", "Scale"))
    assert one == same
    assert one != other

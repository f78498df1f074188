"""What is public in a package, and how it is described; on packages that the tests write."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mantidlab.docs.extract.errors import ExtractionFailed
from mantidlab.docs.extract.python import extract_python

FILES = {
    "fake/__init__.py": '''
        """Fake neutrons."""
        from .core import rebin, Variable as Variable, _hidden
        from .core import deep
        from os.path import join
        __all__ = ["rebin", "Variable", "deep", "join", "LEVEL"]
        LEVEL = 3
    ''',
    "fake/core/__init__.py": '''
        from .deep import deep
        def rebin(x: "Variable", edges=None) -> "Variable":
            """Rebin.

            Parameters
            ----------
            x:
                What.
            edges:
                Where.
            """
        class Base:
            def inherited(self):
                """Of the base."""
        class Variable(Base):
            """Values with a unit."""
            def __init__(self, values: list, unit: str = "m") -> None:
                """Make one.

                Parameters
                ----------
                values:
                    The numbers.
                """
            @property
            def unit(self) -> str:
                """The unit."""
            @classmethod
            def zeros(cls, n: int): "Zeros."
            @staticmethod
            def parse(text): "Parse."
            def _private(self): ...
            def __add__(self, other): ...
        def _hidden(): ...
        def no_docstring(): ...
        from typing import NewType, Protocol, TypedDict
        class Sized(Protocol):
            def size(self) -> int: ...
        class Keys(TypedDict):
            x: int
        Limit = NewType("Limit", float)
        """Where to stop."""
        def said(): "Says what it is for."
    ''',
    "fake/core/deep.py": 'def deep(): "Deep."',
    "fake/types.py": '''
        """Types."""
        from typing import NewType, TypeVar
        from enum import Enum
        Bins = NewType("Bins", int)
        """Edges of bins."""
        T = TypeVar("T")
        Alias = dict[str, int]
        class Mode(Enum):
            """How."""
            drop = 1
            keep = 2
    ''',
    "fake/old.py": '''
        """Old."""
        import warnings
        from .core import said
        warnings.warn("fake.old is deprecated; use fake.core instead.", DeprecationWarning)
        __all__ = ["said"]
    ''',
    "fake/leaving.py": '''
        """Leaving."""
        def go():
            """Go.

            This is deprecated and will be
            removed. Use stay.
            """
    ''',
    "fake/needs.py": "import not_here_at_all",
    "fake/ends.py": "raise SystemExit('no')",
    "fake/prints.py": '"""Prints."""\nprint("0 0 hello")\ndef quiet(): ...',
    "fake/_private.py": "def secret(): 'Secret.'",
    "space/one/__init__.py": "def first(): 'First.'",
    "space/two/__init__.py": "from space.one import first\n__all__ = ['first']",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    return folder


@pytest.fixture(scope="module")
def known(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield extract_python(("fake", "space"), lambda message: None)
    for name in [name for name in sys.modules if name.split(".")[0] in ("fake", "space")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def by_name(known):
    return {thing.name: thing for thing in known.objects}


def test_what_is_public(by_name):
    functions = {name for name, thing in by_name.items() if thing.kind == "function"}
    assert functions == {
        *("fake.rebin", "fake.deep", "fake.join", "fake.core.said", "fake.core.no_docstring", "fake.leaving.go"),
        *("fake.prints.quiet", "space.one.first"),
    }
    assert {name for name, thing in by_name.items() if thing.kind == "class"} == {
        *("fake.Variable", "fake.core.Base", "fake.core.Keys", "fake.core.Sized", "fake.types.Mode"),
    }
    assert {name for name, thing in by_name.items() if thing.kind == "type"} == {"fake.types.Bins", "fake.core.Limit"}
    assert "fake.types" in by_name


def test_each_thing_once_by_its_shortest_name(by_name):
    assert by_name["fake.deep"].aliases == ("fake.core.deep.deep",)
    # in the package that defines it, even if another one has a name as short
    assert by_name["space.one.first"].aliases == ("space.two.first",)
    # and never by a module that calls itself deprecated
    assert by_name["fake.core.said"].aliases == ("fake.old.said",)


def test_function(by_name):
    rebin = by_name["fake.rebin"]
    assert rebin.signature == "(x: Variable, edges=None) -> Variable"
    assert [(one.name, one.default, one.documentation) for one in rebin.arguments] == [
        ("x", None, "What."),
        ("edges", "None", "Where."),
    ]
    assert rebin.returns is not None
    assert (rebin.returns.type, rebin.defined_in, rebin.summary) == ("Variable", "fake.core", "Rebin.")


def test_class_with_its_members(by_name):
    variable = by_name["fake.Variable"]
    assert variable.signature == "(values: list, unit: str = 'm')"
    assert variable.arguments[0].documentation == "The numbers."
    members = {member.name.removeprefix("fake.Variable."): member for member in variable.members}
    assert {name: member.kind for name, member in members.items()} == {
        "inherited": "method",
        "parse": "method",
        "unit": "property",
        "zeros": "method",
    }
    assert members["zeros"].signature == "(n: int)"
    assert members["parse"].signature == "(text)"
    assert members["unit"].returns is not None
    assert members["unit"].returns.type == "str"


def test_domain_type_has_the_text_below_its_assignment(by_name):
    bins = by_name["fake.types.Bins"]
    assert (bins.signature, bins.summary) == ("NewType(int)", "Edges of bins.")
    assert by_name["fake.core.Limit"].summary == "Where to stop."  # also in a module that says nothing of itself


def test_values_of_an_enumeration(by_name):
    assert by_name["fake.types.Mode"].sections[-1].text == "Mode.drop\nMode.keep"


def test_deprecated(by_name):
    assert by_name["fake.leaving.go"].deprecated == "This is deprecated and will be removed. Use stay."
    assert by_name["fake.rebin"].deprecated == ""


def test_modules_that_cannot_be_imported_are_said(known):
    assert {failure.what: failure.reason for failure in known.failures} == {
        "fake.ends": "SystemExit: no",
        "fake.needs": "ModuleNotFoundError: No module named 'not_here_at_all'",
    }


def test_missing_package():
    with pytest.raises(ExtractionFailed, match="no_such_package cannot be described: not installed"):
        extract_python(("no_such_package",), lambda message: None)


def test_the_same_text_in_each_process(folder):
    def text(seed: str) -> bytes:
        code = (
            "from mantidlab.docs.extract.python import extract_python\nfrom mantidlab.docs.catalogue import Catalogue\n"
            "known = extract_python(('space', 'fake'), lambda message: None)\n"
            "print(Catalogue(packages=known.packages, objects=known.objects, failures=known.failures).to_json())"
        )
        import mantidlab

        source = str(Path(mantidlab.__file__).parents[1])
        variables = {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{folder}:{source}", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, check=True).stdout

    first = text("1")
    assert first == text("2")
    assert json.loads(first)["objects"]

"""Steps of Mantid's history as calls of Python, checked against the catalogue where the environment has one."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mantidlab.docs.catalogue import Algorithm, Property
from mantidlab.frameworks.model import Parameter, Step

LONGEST = 107
"""Characters in a line, after which a call is broken into several; so many a laptop shows."""
LOADS = ("Load", "OptionalLoad", "MultipleLoad")
DYNAMIC = ("Load",)
"""Takes on the properties of the loader that it finds for its file."""
TRUTHS = {"1": "True", "0": "False", "true": "True", "false": "False"}


@dataclass(frozen=True)
class Call:
    """A step as Python.

    Attributes
    ----------
    source
        The call.
    function
        What must be imported.
    files
        That it read.
    problem
        Why it will not run as it is; empty where nothing is known to be wrong.
    """

    source: str
    function: str
    files: tuple[str, ...]
    problem: str


def call_of(step: Step, algorithms: Mapping[str, Algorithm]) -> Call:
    """Return a step as a call with what is not its default.

    Parameters
    ----------
    step
        Of a history.
    algorithms
        Of the environment's catalogue, by name and by former name, the latest versions; empty where there is none.
    """
    known = algorithms.get(step.name)
    name = known.name if known else step.name
    properties = {each.name: each for each in known.properties} if known else {}
    given = [each for each in step.parameters if _is_given(each, properties.get(each.name))]
    arguments = [f"{each.name}={_value(each, properties.get(each.name))}" for each in given]
    if step.version > 0 and (known is None or known.version != step.version):
        arguments.append(f"Version={step.version}")
    return Call(
        source=_laid_out(name, arguments),
        function=name,
        files=tuple(each.value for each in given if _is_read(each, properties.get(each.name))),
        problem=_problem(step, algorithms, known, given),
    )


def _is_given(parameter: Parameter, known: Property | None) -> bool:
    """Tell whether a call must say it: results that are numbers cannot be given, names of result workspaces must."""
    if parameter.is_default or not parameter.name.isidentifier():
        return False
    if parameter.direction != "output":
        return True
    is_workspace = known.is_workspace if known else "workspace" in parameter.name.lower()
    return bool(parameter.value) and (is_workspace or bool(known and known.file))


def _is_read(parameter: Parameter, known: Property | None) -> bool:
    if known is not None:
        return known.file in LOADS or (known.multiple_files and known.direction == "Input")
    return parameter.name == "Filename" and parameter.direction == "input"


def _value(parameter: Parameter, known: Property | None) -> str:
    """Return a value as Python; Mantid takes every value as its text, and a number is read more easily."""
    text = parameter.value
    if known is not None and known.type == "boolean" and text in TRUTHS:
        return TRUTHS[text]
    if known is not None and known.type == "number" and _is_number(text):
        return text
    return f'"{text}"' if repr(text) == f"'{text}'" and '"' not in text else repr(text)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and text == text.strip() and "_" not in text
    except ValueError:
        return False


def _laid_out(name: str, arguments: Iterable[str]) -> str:
    parts = list(arguments)
    line = f"{name}({', '.join(parts)})"
    return line if len(line) <= LONGEST else "\n".join([f"{name}(", *(f"    {part}," for part in parts), ")"])


def _problem(
    step: Step, algorithms: Mapping[str, Algorithm], known: Algorithm | None, given: Iterable[Parameter]
) -> str:
    if not algorithms:
        return ""
    if known is None:
        return f"This environment has no algorithm {step.name}."
    if known.version != step.version or known.name in DYNAMIC:
        return ""  # the catalogue's properties are those of the latest version, and of no file
    strange = [each.name for each in given if each.name not in {prop.name for prop in known.properties}]
    return f"{step.name} of this environment has no property {', '.join(strange)}." if strange else ""

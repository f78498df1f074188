"""What **Insert call** writes: the import that is needed, and a call with all that must be given.

``...`` stands where a person must say something, with what is wanted behind it as a comment: it can be seen, an editor
can jump to it, and a call that still has one fails with the argument's name.
"""

import re
from collections.abc import Sequence

from mantidlab.docs.catalogue import Algorithm, Argument, FitFunction, Property, PythonObject
from mantidlab.docs.marks import without_marks
from mantidlab.docs.pages.thing import Call

CUSTOMARY = {"scipp": "sc", "scippneutron": "scn", "scippnexus": "snx", "plopp": "pp", "numpy": "np"}
"""How people of this field abbreviate modules."""

_COMMENT = 70  # characters of a comment behind an argument
_BUILTIN = {"builtins"}


def algorithm_call(algorithm: Algorithm) -> Call:
    """Return a call by keywords in the order of the function, with the version where it is not the latest."""
    arguments = [_assigned(prop.name, _value(prop), _wanted(prop)) for prop in algorithm.arguments if prop.mandatory]
    if not algorithm.latest:
        arguments.append(_assigned("Version", str(algorithm.version), ""))
    outputs = [prop for prop in algorithm.outputs if prop.is_workspace and prop.name_required]
    names = ["result"] if len(outputs) == 1 else [snake(prop.name) for prop in outputs]
    # What is no name of Python can only be given through **.
    odd = [line for line in arguments if not line[0].isidentifier()]
    plain = [line for line in arguments if line[0].isidentifier()]
    if odd:
        plain.append(("**{" + ", ".join(f'"{name}": {value}' for name, value, _ in odd) + "}", "", ""))
    target = f"{', '.join(names)} = " if names and len(algorithm.outputs) == len(outputs) else ""
    return Call(f"from mantid.simpleapi import {algorithm.name}", f"{target}{_call(algorithm.name, plain)}")


def function_call(function: FitFunction) -> Call:
    """Return a fit with a fit function."""
    start = function.initial or f"name={function.name}"
    arguments = [
        _assigned("Function", f'"{start}"' if '"' not in start else repr(start), ""),
        _assigned("InputWorkspace", "...", "workspace with the data"),
        _assigned("Output", '"fit"', ""),
    ]
    return Call("from mantid.simpleapi import Fit", f"result = {_call('Fit', arguments)}")


def object_call(thing: PythonObject, owner: PythonObject | None) -> Call | None:
    """Return a call of a Python function, class or method; a reference to anything else.

    Parameters
    ----------
    owner
        The class of a method.
    """
    if thing.kind == "module":
        return Call("", f"import {thing.name}")
    if owner is not None:
        before = snake(owner.name.rpartition(".")[2])
        last = thing.name.rpartition(".")[2]
        if thing.kind == "property":
            return Call("", f"{before}.{last}")
        return Call("", f"result = {_call(f'{before}.{last}', _arguments(thing.arguments))}")
    imports, name = import_of(thing.name)
    if thing.kind == "type":
        return Call(imports, name)
    return Call(imports, f"result = {_call(name, _arguments(thing.arguments))}")


def import_of(name: str) -> tuple[str, str]:
    """Return how a person imports an object by its full name, and by which name it is called then."""
    module, _, last = name.partition("[")[0].rpartition(".")
    if module in CUSTOMARY:
        return f"import {module} as {CUSTOMARY[module]}", f"{CUSTOMARY[module]}.{last}"
    return (f"from {module} import {last}", last) if module and module not in _BUILTIN else ("", last)


def snake(name: str) -> str:
    """Return a name as a variable: ``OutputWorkspace`` is ``output_workspace``."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", re.sub(r"\W", "_", name))
    return parts.lower()


def _arguments(arguments: Sequence[Argument]) -> list[tuple[str, str, str]]:
    """Return those that must be given: by position where Python asks for it, else by name."""
    needed: list[tuple[str, str, str]] = []
    for one in arguments:
        if one.default is not None or one.kind.endswith("list") or one.name in ("self", "cls"):
            continue
        comment = one.documentation or one.type
        if one.kind == "positional":
            needed.append(("...", "", f"{one.name}: {comment}" if comment else one.name))
        else:
            needed.append(_assigned(one.name, "...", comment))
    return needed


def _value(prop: Property) -> str:
    if prop.choices and prop.allowed_values:
        return f'"{prop.default}"' if prop.default in prop.choices else "..."
    return "..."


def _wanted(prop: Property) -> str:
    if prop.choices:
        return "one of " + ", ".join(prop.choices)
    if prop.file:
        return f"file ({', '.join(prop.extensions[:4])})" if prop.extensions else "file"
    kind = {"dbl list": "numbers", "int list": "whole numbers", "str list": "texts", "number": "number"}.get(prop.type)
    return f"{kind or prop.type}: {prop.documentation}" if prop.documentation else kind or prop.type


def _assigned(name: str, value: str, comment: str) -> tuple[str, str, str]:
    return name, value, comment


def _call(name: str, arguments: Sequence[tuple[str, str, str]]) -> str:
    if not arguments:
        return f"{name}()"
    if len(arguments) == 1 and not arguments[0][2]:
        return f"{name}({_argument(arguments[0])})"
    lines = (f"    {_argument(one)},{_comment(one[2])}" for one in arguments)
    return f"{name}(\n" + "\n".join(lines) + "\n)"


def _argument(argument: tuple[str, str, str]) -> str:
    name, value, _ = argument
    return f"{name}={value}" if value else name


def _comment(text: str) -> str:
    line = " ".join(without_marks(text).split())
    if len(line) > _COMMENT:
        line = line[:_COMMENT].rpartition(" ")[0] + " …"
    return f"  # {line}" if line else ""

"""Signatures as text and arguments: of Python functions, and of compiled ones that have theirs in the docstring.

All text is the same on each machine and in each run: no addresses, no folders, no order of a set.
"""

import ast
import enum
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_overloads

from mantidlab.docs.catalogue import Argument

Names = Mapping[str, str]
"""The public name of what is defined elsewhere: ``scipp._scipp.core.Variable`` is ``scipp.Variable``."""

_LONGEST_DEFAULT = 120
_DOTTED = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_FORWARD = re.compile(r"ForwardRef\('([^']*)'[^)]*\)")
_CLASS = re.compile(r"<(?:class|enum|function) '?([\w.]+)'?>")
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_NOISE = ("typing.", "collections.abc.", "builtins.", "types.")
_COMPILED = re.compile(r"^(?:\d+\. )?(?P<name>\w*)(?P<rest>\(.*\)(?: -> .+)?)$")
_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "any",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "positional list",
    inspect.Parameter.VAR_KEYWORD: "keyword list",
}


@dataclass(frozen=True)
class Signature:
    """How a function is called: one line for each overload, the arguments of all, the type of what it returns."""

    text: str = ""
    arguments: tuple[Argument, ...] = ()
    returns: str = ""


def describe_signature(function: Any, names: Names, *, bound: bool = False) -> tuple[Signature, str]:
    """Return a function's signature, and its docstring without what belongs to the signature.

    Parameters
    ----------
    bound
        Whether the first argument is given by the object that it is a method of.
    """
    docstring = getattr(function, "__doc__", None) or ""
    compiled, rest = _from_docstring(docstring, names, bound=bound)
    if compiled is not None:
        return compiled, rest
    found = [_inspected(one, names, bound=bound) for one in _overloads(function) or (function,)]
    return _joined([one for one in found if one is not None]), docstring


def _overloads(function: Any) -> Sequence[Any]:
    """Return what `typing.overload` has seen, or the list of signatures that scipp gives some of its methods."""
    written = getattr(function, "__signature__", None)
    if isinstance(written, list):
        return written
    return get_overloads(function) if inspect.isfunction(function) else ()


def text_of_value(value: Any, names: Names) -> str:
    """Return a default as a person would write it."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, (type, Callable)) and hasattr(value, "__qualname__"):  # type: ignore[arg-type]
        full = f"{value.__module__}.{value.__qualname__}"
        return names.get(full, full.removeprefix("builtins."))
    if isinstance(value, (set, frozenset)):
        inside = ", ".join(sorted(text_of_value(item, names) for item in value))
        return f"{{{inside}}}" if value else f"{type(value).__name__}()"
    if type(value) in (list, tuple) and len(value) > 1:
        inside = ", ".join(text_of_value(item, names) for item in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    text = _CLASS.sub(r"\1", " ".join(_ADDRESS.sub("", repr(value)).split()))
    for folder, stands_for in ((os.path.realpath(sys.prefix), "PREFIX"), (sys.prefix, "PREFIX"), (_home(), "~")):
        text = text.replace(folder, stands_for) if len(folder) > 1 else text
    text = _shortened(text, names) if not isinstance(value, str) else text
    return text if len(text) <= _LONGEST_DEFAULT else text[: _LONGEST_DEFAULT - 1] + "…"


def text_of_type(annotation: Any, names: Names) -> str:
    """Return an annotation with the public names of what it speaks of."""
    if annotation is inspect.Parameter.empty:
        return ""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    text = _FORWARD.sub(r"\1", text)
    text = _CLASS.sub(r"\1", _ADDRESS.sub("", text)).replace("~", "").replace("NoneType", "None")
    return " ".join(_shortened(text, names).split())


def _home() -> str:
    return os.path.expanduser("~")  # noqa: PTH111  (Path.home() raises where there is none)


def _shortened(text: str, names: Names) -> str:
    def public(found: re.Match[str]) -> str:
        full = found[0]
        if full in names:
            return names[full]
        for noise in _NOISE:
            if full.startswith(noise):
                return full.removeprefix(noise)
        return full

    return _DOTTED.sub(public, text)


def _inspected(function: Any, names: Names, *, bound: bool) -> Signature | None:
    try:
        signature = function if isinstance(function, inspect.Signature) else inspect.signature(function)
    except (TypeError, ValueError):
        return None
    parameters = list(signature.parameters.values())
    if bound and parameters and parameters[0].kind is not inspect.Parameter.KEYWORD_ONLY:
        parameters = parameters[1:]
    arguments = tuple(
        Argument(
            parameter.name,
            _KINDS[parameter.kind],
            text_of_type(parameter.annotation, names),
            None if parameter.default is parameter.empty else text_of_value(parameter.default, names),
            "",
        )
        for parameter in parameters
    )
    returns = text_of_type(signature.return_annotation, names)
    return Signature(_written(arguments, returns), arguments, returns)


def _joined(signatures: list[Signature]) -> Signature:
    if not signatures:
        return Signature()
    arguments: dict[str, Argument] = {}
    for signature in signatures:
        for argument in signature.arguments:
            arguments.setdefault(argument.name, argument)
    lines = dict.fromkeys(signature.text for signature in signatures)
    returns = dict.fromkeys(signature.returns for signature in signatures if signature.returns)
    return Signature("\n".join(lines), tuple(arguments.values()), " | ".join(returns))


def _written(arguments: tuple[Argument, ...], returns: str) -> str:
    """Return the signature as it stands in a definition."""
    parts: list[str] = []
    kinds = [argument.kind for argument in arguments]
    for place, argument in enumerate(arguments):
        if argument.kind == "keyword" and not {"keyword", "positional list"} & set(kinds[:place]):
            parts.append("*")
        star = {"positional list": "*", "keyword list": "**"}.get(argument.kind, "")
        annotation = f": {argument.type}" if argument.type else ""
        equals = " = " if argument.type else "="
        default = "" if argument.default is None else f"{equals}{argument.default}"
        parts.append(f"{star}{argument.name}{annotation}{default}")
        if argument.kind == "positional" and "positional" not in kinds[place + 1 :]:
            parts.append("/")
    return f"({', '.join(parts)})" + (f" -> {returns}" if returns else "")


def _from_docstring(docstring: str, names: Names, *, bound: bool) -> tuple[Signature | None, str]:
    """Read the lines that pybind11 writes before a docstring, also one for each overload."""
    lines = docstring.splitlines()
    while lines and not lines[0].strip():
        lines = lines[1:]
    if not lines or (first := _COMPILED.match(lines[0].strip())) is None:
        return None, docstring
    if len(lines) < 2 or lines[1].strip() != "Overloaded function.":
        signature = _parsed(first["rest"], names, bound=bound)
        return signature, inspect.cleandoc("\n".join(lines[1:]))
    signatures, texts = [], list[str]()
    for line in lines[2:]:
        found = _COMPILED.match(line) if line[:1].isdigit() else None
        if found and (signature := _parsed(found["rest"], names, bound=bound)):
            signatures.append(signature)
            texts.append("")
        elif texts:
            texts[-1] += line + "\n"
    # The first overload that says something is the one that explains all.
    return _joined(signatures), next((inspect.cleandoc(text) for text in texts if text.strip()), "")


def _parsed(text: str, names: Names, *, bound: bool) -> Signature | None:
    """Read one signature; pybind11 writes defaults as ``<automatically deduced unit>``, which is no Python."""
    stand_ins: dict[str, str] = {}

    def hide(found: re.Match[str]) -> str:
        name = f"_stand_in_{len(stand_ins)}_"
        stand_ins[name] = _CLASS.sub(r"\1", _ADDRESS.sub("", found[0]))
        return name

    def show(node: ast.expr) -> str:
        shown = ast.unparse(node)
        for name, original in stand_ins.items():
            shown = shown.replace(name, original)
        return " ".join(_shortened(shown, names).split())

    def show_type(node: ast.expr | None) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return text_of_type(node.value, names)
        return "" if node is None else show(node)

    called = re.sub(r"(?<![-=])<[^<>]*(?:<[^<>]*>[^<>]*)*>", hide, text)
    try:
        definition = ast.parse(f"def f{called}: ...").body[0]
    except SyntaxError:
        return Signature(" ".join(_shortened(_ADDRESS.sub("", text), names).split()))
    if not isinstance(definition, ast.FunctionDef):
        return None
    given = definition.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    arguments = [
        Argument(
            node.arg,
            "positional" if place < len(given.posonlyargs) else "any",
            show_type(node.annotation),
            None if default is None else show(default),
            "",
        )
        for place, (node, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    if bound:
        arguments = arguments[1:]
    if given.vararg:
        arguments.append(Argument(given.vararg.arg, "positional list", show_type(given.vararg.annotation), None, ""))
    for node, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        shown = None if default is None else show(default)
        arguments.append(Argument(node.arg, "keyword", show_type(node.annotation), shown, ""))
    if given.kwarg:
        arguments.append(Argument(given.kwarg.arg, "keyword list", show_type(given.kwarg.annotation), None, ""))
    returns = show_type(definition.returns)
    return Signature(_written(tuple(arguments), returns), tuple(arguments), returns)

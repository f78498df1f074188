"""What an argument is filled in with, from its type as text: ``Variable | DataArray``, ``Literal['a', 'b']``."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mantidlab.forms.accepting import accepted_scipp
from mantidlab.forms.literals import is_expression, value_of
from mantidlab.forms.spec import Accepts, Choice, Json, Widget

_SCALARS = {
    "str": Widget.TEXT,
    "int": Widget.INTEGER,
    "SupportsIndex": Widget.INTEGER,
    "float": Widget.NUMBER,
    "Number": Widget.NUMBER,
    "bool": Widget.SWITCH,
    "Unit": Widget.TEXT,
    "DefaultUnit": Widget.TEXT,
    "dict": Widget.DICTIONARY,
    "Mapping": Widget.DICTIONARY,
    "Path": Widget.FILE,
    "PathLike": Widget.FILE,
    "StrPath": Widget.FILE,
    "FilePath": Widget.FILE,
}

_LISTS = ("list", "List", "Sequence", "Iterable", "Collection", "tuple", "Tuple", "set", "Set")

_OBJECTS = ("Variable", "DataArray", "Dataset", "DataGroup")

# What scipp calls families of its own classes (`scipp.typing`).
_FAMILIES = {
    "VariableLike": _OBJECTS,
    "VariableLikeType": _OBJECTS,
    "NumberOrVar": ("float", "Variable"),
    "Dims": ("str", "tuple"),
    "IntoStrDict": ("dict",),
}

_A_FILE = re.compile(r"^(?:.*_)?(?:file(?:_?name|_?path)?|path)$")

# Streams and open files can stand where a path can, and marks where nothing is given; nobody types one.
_STREAMS = frozenset(
    {"BytesIO", "StringIO", "BinaryIO", "TextIO", "IO", "Group", "NeXusFile", "NeXusGroup", "_NoArgProvided"}
)

# Unions in which the first one can be filled in for all.
_ONE_FOR_ALL = (
    (Widget.FILE, {Widget.FILE, Widget.TEXT}),
    (Widget.LIST, {Widget.LIST, Widget.TEXT}),
    (Widget.NUMBER, {Widget.NUMBER, Widget.INTEGER}),
    (Widget.DICTIONARY, {Widget.DICTIONARY, Widget.LIST}),
    (Widget.CHOICE, {Widget.CHOICE, Widget.TEXT}),
)


Types: TypeAlias = Mapping[str, str | tuple[Choice, ...]]
"""By the name of a type, what a ``NewType`` stands on, or the members of an enumeration."""


@dataclass(frozen=True)
class Hint:
    """What a type says of a field; see `mantidlab.forms.spec.Field`."""

    widget: Widget
    item: Widget | None = None
    choices: tuple[Choice, ...] = ()
    open: bool = False
    accepts: Accepts | None = None
    optional: bool = False


ANYTHING = Hint(Widget.EXPRESSION)


def hint_of_text(text: str, types: Types | None = None, name: str = "", default: Json = None) -> Hint:
    """Return what a type means for a field.

    Parameters
    ----------
    types
        What the catalogue knows of types.
    name, default
        Of the argument, which tell more where the type says little.
    """
    try:
        tree = ast.parse(text.strip() or "Any", mode="eval").body
    except (SyntaxError, ValueError):
        return ANYTHING
    hint = joined(list(_members(tree, types or {})))
    if hint.widget is Widget.EXPRESSION and hint.accepts is None and not hint.choices:
        return Hint(_by_default(default), optional=hint.optional)
    if hint.widget is Widget.TEXT and _A_FILE.match(name):
        return Hint(Widget.FILE, optional=hint.optional)
    return hint


def _by_default(default: Json) -> Widget:
    if isinstance(default, bool):
        return Widget.SWITCH
    if isinstance(default, int):
        return Widget.INTEGER
    if isinstance(default, float):
        return Widget.NUMBER
    return Widget.TEXT if isinstance(default, str) else Widget.EXPRESSION


def _members(tree: ast.expr, types: Types, depth: int = 0) -> Iterator[Hint | str]:
    """Return the members of a union: hints, or the names of scipp's classes."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        yield from _members(tree.left, types, depth)
        yield from _members(tree.right, types, depth)
    elif isinstance(tree, ast.Constant) and tree.value is None:
        yield "None"
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str) and depth < 4:
        yield from _of_inner(tree.value, types, depth)
    elif isinstance(tree, ast.Subscript):
        yield from _of_subscript(tree, types, depth)
    elif isinstance(tree, (ast.Name, ast.Attribute)):
        yield from _of_name(ast.unparse(tree), types, depth)
    else:
        yield ANYTHING


def _of_subscript(tree: ast.Subscript, types: Types, depth: int) -> Iterator[Hint | str]:
    outer = ast.unparse(tree.value).rpartition(".")[2]
    inner = list(tree.slice.elts) if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    if outer in ("Union", "Optional"):
        for one in inner:
            yield from _members(one, types, depth)
        if outer == "Optional":
            yield "None"
    elif outer == "Annotated":
        yield from _members(inner[0], types, depth)
    elif outer == "Literal":
        yield Hint(Widget.CHOICE, choices=tuple(_choice(ast.unparse(one)) for one in inner))
    elif outer in _LISTS:
        yield _list_of(inner[0] if inner else None, types)
    else:
        yield from _of_name(ast.unparse(tree.value), types, depth)


def _choice(text: str) -> Choice:
    value = value_of(text)
    return Choice(value, text.rpartition(".")[2] if is_expression(value) else str(value))


def _list_of(item: ast.expr | None, types: Types) -> Hint:
    inner = joined(list(_members(item, types))) if item is not None else ANYTHING
    return Hint(Widget.LIST, item=inner.widget, choices=inner.choices, accepts=inner.accepts)


def _of_name(name: str, types: Types, depth: int) -> Iterator[Hint | str]:
    last = name.rpartition(".")[2]
    if last in _FAMILIES:
        for one in _FAMILIES[last]:
            yield from _of_name(one, {}, depth)
    elif last in _OBJECTS:
        yield last
    elif last in _STREAMS:
        return
    elif last in _LISTS:
        yield Hint(Widget.LIST, item=Widget.EXPRESSION)
    elif last in _SCALARS:
        yield Hint(_SCALARS[last])
    elif name in types and depth < 4:
        known = types[name]
        if isinstance(known, str):
            yield from _of_inner(known, types, depth)
        else:
            yield Hint(Widget.CHOICE, choices=known)
    else:
        yield ANYTHING


def _of_inner(text: str, types: Types, depth: int) -> Iterator[Hint | str]:
    try:
        yield from _members(ast.parse(text, mode="eval").body, types, depth + 1)
    except (SyntaxError, ValueError):
        yield ANYTHING


def joined(members: Sequence[Hint | str]) -> Hint:
    """Return what a union is filled in with: the one of its members that serves for all, else an expression.

    Parameters
    ----------
    members
        Hints, the names of scipp's classes, and ``"None"``.
    """
    optional = "None" in members
    objects = {one for one in members if isinstance(one, str) and one != "None"}
    hints = [one for one in members if isinstance(one, Hint)]
    accepts = accepted_scipp(objects) if objects else None
    if objects:
        # A number of bins or the edges: people type the one and name the other.
        return Hint(Widget.EXPRESSION if hints else Widget.WORKSPACE, accepts=accepts, optional=optional)
    widgets = {hint.widget for hint in hints}
    if len(widgets) == 1:
        first = hints[0]
        choices = tuple(choice for hint in hints for choice in hint.choices)
        return Hint(first.widget, first.item, choices, first.open, first.accepts, optional)
    for widget, of in _ONE_FOR_ALL:
        if widget in widgets and widgets <= of:
            hint = next(hint for hint in hints if hint.widget is widget)
            return Hint(widget, hint.item, hint.choices, widget is Widget.CHOICE, hint.accepts, optional)
    return Hint(Widget.EXPRESSION, optional=optional)

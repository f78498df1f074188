"""How a plot was called: the text of its arguments, for cells that draw it again."""

import ast
import inspect
import linecache
from dataclasses import dataclass, field
from os import PathLike, fspath
from types import FrameType
from typing import Any

OURS = "mantidlab.plots"
"""Frames of these modules are not the person's code."""


@dataclass(frozen=True)
class Call:
    """The arguments of a call as they were written.

    Attributes
    ----------
    things
        The positional ones, each an expression.
    options
        The others by name.
    """

    things: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


def call_of(things: tuple[Any, ...]) -> Call:
    """Return the text of the call of a plot that is under way, as it stands in the person's own code.

    Where the source is not known, each argument is named by a variable that holds it, or by what it is.

    Parameters
    ----------
    things
        The data that the plot was given: the positional arguments, the first of which may be what a method was called
        of (``sample.plot()``).
    """
    frame = inspect.currentframe()
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith(OURS):
        frame = frame.f_back
    if frame is None:
        return Call(tuple(expression_of(thing, {}) for thing in things))
    written = _written(frame, len(things))
    if written is not None:
        return written
    names = {**frame.f_globals, **frame.f_locals}
    return Call(tuple(expression_of(thing, names) for thing in things))


def _written(frame: FrameType, count: int) -> Call | None:
    """Return the call that a frame is in, from its source; None where that is not known or has stars."""
    node = _node(frame)
    if node is None or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    positional = list(node.args)
    if len(positional) == count - 1 and isinstance(node.func, ast.Attribute):
        positional.insert(0, node.func.value)
    if len(positional) != count or any(keyword.arg is None for keyword in node.keywords):
        return None
    options = {str(keyword.arg): ast.unparse(keyword.value) for keyword in node.keywords}
    return Call(tuple(ast.unparse(argument) for argument in positional), options)


def _node(frame: FrameType) -> ast.Call | None:
    """Return the call in the source that ends where the instruction that is under way ends.

    Ends are compared: of ``a.b.plot()`` over several lines, Python 3.11 lets the instruction begin at the attribute.
    """
    places = list(frame.f_code.co_positions())
    _, line, _, column = places[frame.f_lasti // 2]
    source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    ending = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (node.end_lineno, node.end_col_offset) == (line, column)
    ]
    # Calls that end at one place contain one another no further than by their functions: plot(x), never f(plot(x)).
    return ending[0] if len(ending) == 1 else None


def expression_of(thing: Any, names: dict[str, Any]) -> str:
    """Return Python that gives a thing again: the name of a variable that holds it, or the text of a path."""
    for name, value in names.items():
        if value is thing and name.isidentifier() and not name.startswith("_"):
            return name
    if isinstance(thing, str | PathLike):
        return repr(fspath(thing))
    return "data"


def called_by(things: tuple[Any, ...], call: Call) -> list[Any]:
    """Return data with the names that the person's variables have, where the data have none themselves.

    Arrays and scipp's objects in variables, and lists of them, come back as dicts with these names.
    """
    return [_called(thing, _parsed(text)) for thing, text in zip(things, call.things, strict=True)]


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _called(thing: Any, written: ast.expr | None) -> Any:
    if isinstance(thing, list) and isinstance(written, ast.List) and len(written.elts) == len(thing):
        return [_called(item, element) for item, element in zip(thing, written.elts, strict=True)]
    maker = type(thing).__module__.partition(".")[0]
    nameless = maker in ("numpy", "scipp") and type(thing).__name__ not in ("Dataset", "DataGroup")
    if isinstance(written, ast.Name) and nameless and not getattr(thing, "name", ""):
        return {written.id: thing}
    return thing

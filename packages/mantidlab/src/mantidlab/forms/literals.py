"""Values of JSON as text of Python, and back."""

import ast
import json
import math
from typing import Any

from mantidlab.forms.errors import CannotBeWritten
from mantidlab.forms.spec import EXPRESSION, Json

# Whole numbers beyond this are rounded by a browser's numbers; as text they are left alone.
_EXACT = 2**53


def expression(text: str) -> Json:
    """Return the value that stands for a text of Python."""
    return {EXPRESSION: text}


def is_expression(value: Json) -> bool:
    """Return whether a value is a text of Python."""
    return isinstance(value, dict) and set(value) == {EXPRESSION} and isinstance(value[EXPRESSION], str)


def same(one: Json, other: Json) -> bool:
    """Return whether two values are the same; to a browser ``1`` and ``1.0`` are, and ``True`` is neither."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def same_member(one: Json, other: Json) -> bool:
    """Return whether two texts of Python end with the same member of a class."""
    if not (isinstance(one, dict) and isinstance(other, dict) and is_expression(one) and is_expression(other)):
        return False
    ends = [value["expression"].rsplit(".", 2)[-2:] for value in (one, other)]
    return ends[0] == ends[1] and len(ends[0]) == 2


def value_of(text: str) -> Json:
    """Return the value of a text of Python: a literal that JSON has as itself, anything else as an expression."""
    try:
        tree = ast.parse(f"(\n{text}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return expression(text)
    lines = f"(\n{text}\n)"
    return _value(tree, lines, text)


def _value(node: ast.expr, source: str, whole: str) -> Json:
    def part(inner: ast.expr) -> Json:
        segment = ast.get_source_segment(source, inner)
        return expression(whole) if segment is None else _value(inner, source, segment)

    if isinstance(node, ast.List):
        items = [part(item) for item in node.elts]
        return expression(whole) if any(isinstance(item, ast.Starred) for item in node.elts) else items
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        if len(set(keys)) == len(keys) and all(isinstance(key, str) for key in keys) and keys != [EXPRESSION]:
            return {str(key): part(value) for key, value in zip(keys, node.values, strict=True)}
        return expression(whole)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return expression(whole)
    return value if _is_plain(value) else expression(whole)


def _is_plain(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, str):
        return value.isprintable() or not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, int):
        return abs(value) < _EXACT
    return isinstance(value, float) and math.isfinite(value)


def text_of(value: Json, quote: str = '"') -> str:
    """Return a value as text of Python.

    Parameters
    ----------
    quote
        The quotation mark that texts have, unless they hold it.

    Raises
    ------
    CannotBeWritten
        An expression is not one, or would change what stands around it.
    """
    if is_expression(value):
        return checked_expression(value[EXPRESSION])  # type: ignore[index,call-overload]
    if isinstance(value, str):
        return _quoted(value, quote)
    if isinstance(value, list):
        return f"[{', '.join(text_of(item, quote) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(key, quote)}: {text_of(item, quote)}' for key, item in value.items())}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _quoted(text: str, quote: str) -> str:
    written = repr(text)
    if written[0] == quote or quote in text:
        return written
    return f"{quote}{written[1:-1]}{quote}"  # it holds neither mark, so there is nothing to escape


def checked_expression(text: str) -> str:
    """Return a text of Python as it can stand as an argument.

    Raises
    ------
    CannotBeWritten
        It is not one expression.
    """
    stripped = text.strip()
    try:
        call = ast.parse(f"f(value={stripped}, rest=0)", mode="eval").body
    except (SyntaxError, ValueError) as problem:
        reason = problem.msg if isinstance(problem, SyntaxError) else str(problem)
        raise CannotBeWritten(
            f"{_short(stripped)} is not an expression of Python ({reason}). Write a variable, a number, a text in "
            "quotation marks, or a call."
        ) from problem
    if not (isinstance(call, ast.Call) and not call.args and [word.arg for word in call.keywords] == ["value", "rest"]):
        raise CannotBeWritten(f"{_short(stripped)} is more than one expression of Python. Put it into brackets.")
    return stripped


def _short(text: str) -> str:
    return json.dumps(text if len(text) <= 60 else text[:59] + "…", ensure_ascii=False) if text else "Nothing"

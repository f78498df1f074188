"""What the cells that ran say of a name: its definition, the line that gave it its value, the names in a line."""

import ast
from collections.abc import Iterable, Sequence

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def definition_of(name: str, cells: Sequence[str]) -> str | None:
    """Return the newest definition of a class or function, with its decorators; None where no cell has one."""
    for source in reversed(cells):
        for node in reversed(_statements(source)):
            if isinstance(node, DEFINITIONS) and node.name == name:
                begin = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                return "\n".join(source.splitlines()[begin - 1 : node.end_lineno]) + "\n"
    return None


def line_that_made(name: str, cells: Sequence[str]) -> tuple[int, str] | None:
    """Return the number of the newest cell that gave a name its value, and the first line of that statement."""
    for number in range(len(cells) - 1, -1, -1):
        for node in reversed(_statements(cells[number])):
            if name in _bound(node):
                return number, cells[number].splitlines()[node.lineno - 1].strip()
    return None


def names_in(source: str, line: int) -> set[str]:
    """Return the names in the innermost statements of a cell that have that line."""
    statements = [
        node
        for node in ast.walk(ast.Module(_statements(source), []))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    last = max((node.lineno for node in statements), default=0)
    return {
        each.id for node in statements if node.lineno == last for each in ast.walk(node) if isinstance(each, ast.Name)
    }


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):  # a cell that never ran
        return []


def _bound(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, DEFINITIONS):
        return (node.name,)
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}

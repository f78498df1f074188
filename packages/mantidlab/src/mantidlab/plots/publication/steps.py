"""Which of the cells that ran before made the data of a figure: read from their text, not by running them."""

import ast
from collections.abc import Sequence

MAGICS = ("%", "!", "?")


def steps_to(code: str, cells: Sequence[str]) -> list[str]:
    """Return the cells, in their order, that made what *code* uses.

    Backwards from the figure's cell: a cell belongs to it if it binds, changes or imports a name that is needed, or
    calls a method of one, and then what it uses itself is needed too. Rather one too many than one too few.

    Parameters
    ----------
    code
        The figure's cell.
    cells
        What ran before it, the first one first.
    """
    needed = _names(code)[1]
    found: list[str] = []
    for cell in reversed(cells):
        changed, used = _names(cell)
        if changed & needed:
            found.append(cell)
            needed |= used
    return found[::-1]


def _names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell may change, and all that it uses."""
    try:
        tree = ast.parse("\n".join(line for line in code.splitlines() if not line.lstrip().startswith(MAGICS)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()  # it did not run either
    changed: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else changed).add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed |= _root(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            changed.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            changed |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # A call whose result nobody takes is there for what it changes.
            changed |= _root(node.value.func)
            for argument in node.value.args:
                changed |= _root(argument)
    return changed, used


def _root(node: ast.AST) -> set[str]:
    """Return the variable that an expression such as ``array.coords["x"]`` is a part of."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()

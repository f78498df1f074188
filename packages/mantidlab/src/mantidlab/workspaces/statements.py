"""Which lines of a notebook made a variable: read from the text of the cells that ran, not by running them.

Finer than whole cells (`mantidlab.plots.publication.steps`): a cell that was run five times while it was being written
gives its lines once, and what only showed something is left out.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LINE_MAGICS = ("%time ", "%timeit ")
"""What runs the rest of its line."""
CELL_MAGICS = ("%%time", "%%capture")
"""What runs the rest of its cell."""
SHOWING = frozenset(
    ("plot", "slices", "instrument", "print", "display", "show", "history", "workspaces", "search", "form", "table",
     "slicer", "inspector", "superplot", "to_hdf5", "savefig", "stop", "help", "head", "info", "describe")
)  # fmt: skip
"""Calls that show or save what they are given and do not change it, by their last name."""


@dataclass(frozen=True)
class Statement:
    """One statement at the outermost level of a cell.

    Attributes
    ----------
    source
        Its lines, with the comment above it.
    cell
        The number of its cell, as the notebook shows it in brackets.
    binds
        Names that mean something new after it.
    changes
        Names whose data it may change in place.
    uses
        Names that it needs.
    aliases
        Pairs of names that mean the same data after it.
    surely
        Whether all that it binds is bound whatever happens, so that what the names were before does not matter.
    """

    source: str
    cell: int
    binds: frozenset[str]
    changes: frozenset[str]
    uses: frozenset[str]
    aliases: frozenset[tuple[str, str]]
    surely: bool


def statements_of(code: str, cell: int) -> list[Statement]:
    """Return the statements of a cell; none of what is no Python."""
    text = _without_magics(code)
    try:
        tree = compile(text, "", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # it did not run either
    sources = _sources(text, tree.body)
    return [_statement(node, source, cell) for node, source in zip(tree.body, sources, strict=True)]


def made_by(names: Iterable[str], statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements, in their order, of which names are the result. Rather one too many than one too few."""
    same = _aliases(statements)
    needed = set(names)
    found: list[Statement] = []
    for statement in reversed(statements):
        reached = set().union(*(same.get(name, {name}) for name in needed)) if needed else set()
        if statement.binds & needed or statement.changes & reached:
            found.append(statement)
            if statement.surely:
                needed -= statement.binds
            needed |= statement.uses
    return found[::-1]


def unexplained(names: Iterable[str], statements: Sequence[Statement]) -> set[str]:
    """Return the names that statements need and none of them makes."""
    made: set[str] = set(dir(builtins))
    missing: set[str] = set()
    for statement in statements:
        missing |= statement.uses - made - statement.binds
        made |= statement.binds
    return missing | (set(names) - made)


def _without_magics(code: str) -> str:
    lines = code.splitlines()
    if lines and lines[0].startswith("%%"):
        if not lines[0].startswith(CELL_MAGICS):
            return ""
        lines[0] = ""
    return "\n".join(_without_magic(line) for line in lines)


def _without_magic(line: str) -> str:
    for magic in LINE_MAGICS:
        if line.startswith(magic):
            return line.removeprefix(magic)
    return "" if line.lstrip().startswith(("%", "!", "?")) else line


def _sources(text: str, nodes: Sequence[ast.stmt]) -> Iterator[str]:
    """Return the lines of each statement with the comments right above it; of a shared line only its own part."""
    lines = text.splitlines()
    for place, node in enumerate(nodes):
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        last = node.end_lineno or first
        before = nodes[place - 1].end_lineno or 0 if place else 0
        after = nodes[place + 1].lineno if place + 1 < len(nodes) else len(lines) + 1
        if before == first or after == last:
            yield ast.get_source_segment(text, node) or ast.unparse(node)
            continue
        start = first - 1
        while start > before and lines[start - 1].startswith("#"):
            start -= 1
        yield "\n".join(lines[start:last]).rstrip()


def _statement(node: ast.stmt, source: str, cell: int) -> Statement:
    bound, changed, used = _Names.of(node)
    simple = isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
    return Statement(
        source=source,
        cell=cell,
        binds=frozenset(bound),
        changes=frozenset(changed),
        uses=frozenset(used),
        aliases=frozenset(_aliased(node)),
        surely=simple,
    )


def _aliased(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Return the pairs that an assignment without a call makes one: ``b = a``, ``b = a["x"]``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Name | ast.Attribute | ast.Subscript):
            for target in part.targets:
                yield from ((left, right) for left in _root(target) for right in _root(part.value))


def _aliases(statements: Iterable[Statement]) -> dict[str, set[str]]:
    """Return for each name those that may mean the same data, itself among them."""
    same: dict[str, set[str]] = {}
    for statement in statements:
        for left, right in statement.aliases:
            joined = same.get(left, {left}) | same.get(right, {right})
            same.update(dict.fromkeys(joined, joined))
    return same


class _Names(ast.NodeVisitor):
    """Collects what a statement binds, changes in place and uses."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.changed: set[str] = set()
        self.used: set[str] = set()

    @classmethod
    def of(cls, node: ast.AST) -> tuple[set[str], set[str], set[str]]:
        names = cls()
        names.visit(node)
        return names.bound, names.changed, names.used

    def visit_Name(self, node: ast.Name) -> None:
        (self.used if isinstance(node.ctx, ast.Load) else self.bound).add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._part(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._part(node)

    def _part(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.changed |= _root(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        # What it does to x, it does to all names of x's data.
        self.changed |= _root(node.target)
        self.used |= _root(node.target)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and not _shows(call):
            # A call whose result nobody takes is there for what it changes.
            self.changed |= _root(call.func) if isinstance(call.func, ast.Attribute) else set()
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
                self.changed |= _root(argument)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.bound |= {alias.asname or alias.name for alias in node.names}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._definition(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._inner(node, {each.arg for each in node.args.args})

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._inner(node, set())

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._inner(node, set())

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._inner(node, set())

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._inner(node, set())

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bound.add(node.name)
        self._inner(node, set())

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bound.add(node.name)
        arguments = node.args
        own = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        own |= {each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None}
        self._inner(node, own)

    def _inner(self, node: ast.AST, own: set[str]) -> None:
        """Take from a scope of its own only what it needs from outside."""
        inner = _Names()
        inner.generic_visit(node)
        self.used |= inner.used - inner.bound - own


def _shows(call: ast.Call) -> bool:
    last = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return last in SHOWING or last.lower().startswith("save")


def _root(node: ast.AST) -> set[str]:
    """Return the variable that an expression such as ``array.coords["x"]`` is a part of."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()

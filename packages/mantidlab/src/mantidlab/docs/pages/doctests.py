"""Examples of docstrings as code that runs: what stands behind ``>>>``, and what it is said to print."""

import ast
import doctest
import re
from collections.abc import Iterator
from textwrap import dedent

from mantidlab.docs.marks import without_marks
from mantidlab.docs.pages.calling import CUSTOMARY
from mantidlab.docs.pages.thing import Usage

_MODULES = {short: module for module, short in CUSTOMARY.items()}
_DIRECTIVES = re.compile(r"[ \t]*#\s*doctest:[^\n]*")


def usages(text: str, framework: str) -> Iterator[Usage]:
    """Return the examples of a section, one for each block between texts.

    A block may need what the blocks before it made, so that `runs` has these too, and the imports that the author took
    for granted.
    """
    before: list[str] = []
    for title, examples in _blocks(text):
        code = "\n".join(map(_source, examples))
        output = "\n".join(example.want.rstrip("\n") for example in examples if example.want)
        runs = "\n".join([*before, *map(_shown, examples[:-1]), _source(examples[-1])])
        before.append(code)
        yield Usage(title, code, _with_imports(runs), output, tested=False, needs=framework)


def _source(example: doctest.Example) -> str:
    return _DIRECTIVES.sub("", example.source.rstrip("\n"))


def _shown(example: doctest.Example) -> str:
    """Return an example so that a cell shows its value, as a prompt does, though it is not the cell's last line."""
    source = _source(example)
    shown = f"display({source})"
    try:
        ast.parse(source, mode="eval")
        ast.parse(shown)  # a comment at the end would swallow the bracket
    except SyntaxError:
        return source
    return shown if example.want else source


def _blocks(text: str) -> Iterator[tuple[str, list[doctest.Example]]]:
    try:
        parts = doctest.DocTestParser().parse(dedent(text))
    except ValueError:
        return  # an author's prompt without a space, or an indentation that no code has
    title, examples = "Example", list[doctest.Example]()
    for part in parts:
        if isinstance(part, doctest.Example):
            examples.append(part)
            continue
        said = _title(part)
        if not said:
            continue
        if examples:
            yield title, examples
            examples = []
        title = said
    if examples:
        yield title, examples


def _title(text: str) -> str:
    paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()]
    plain = [one for one in paragraphs if not one.startswith("..")]
    return without_marks(plain[-1]).rstrip(":") if plain else ""


def _with_imports(code: str) -> str:
    """Return code with the imports that its abbreviations (``sc``, ``np``) mean."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return code
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    lines = [f"import {_MODULES[name]} as {name}" for name in sorted(names & _MODULES.keys() - imported)]
    return "\n".join([*lines, "", code]) if lines else code

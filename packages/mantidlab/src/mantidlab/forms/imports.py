"""What the imports of a notebook call things, found without running it."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+[^\n]*", re.MULTILINE)

CONVENTIONS = {
    "scipp": "sc",
    "scippneutron": "scn",
    "scippnexus": "snx",
    "plopp": "pp",
    "numpy": "np",
    "matplotlib.pyplot": "plt",
    "sciline": "sl",
}
"""What everybody calls a module."""


@dataclass(frozen=True)
class Imports:
    """The names that imports bind.

    Attributes
    ----------
    names
        By the name in the notebook, what it stands for: ``sc`` is ``scipp``, ``Rebin`` is ``mantid.simpleapi.Rebin``.
    stars
        Modules of which every public name is there.
    """

    names: dict[str, str] = field(default_factory=dict)
    stars: tuple[str, ...] = ()

    def path_of(self, dotted: str) -> str:
        """Return the whole name of what a text like ``sc.rebin`` means; the text itself where nothing is known."""
        first, dot, rest = dotted.partition(".")
        return f"{self.names[first]}{dot}{rest}" if first in self.names else dotted

    def name_of(self, path: str, aliases: Iterable[str] = ()) -> str | None:
        """Return how the notebook can write a whole name; None where nothing imported leads there."""
        for whole in (path, *aliases):
            bound = [name for name, stands_for in self.names.items() if stands_for == whole]
            if bound:
                return min(bound, key=len)
            module, _, last = whole.rpartition(".")
            if module in self.stars:
                return last
        for whole in (path, *aliases):
            ways = [
                f"{name}{whole[len(stands_for) :]}"
                for name, stands_for in self.names.items()
                if whole.startswith(f"{stands_for}.")
            ]
            if ways:
                return min(ways, key=len)
        return None


def imports_of(*sources: str) -> Imports:
    """Return the names that the imports of cells bind, the later ones last; half-typed ones are passed over."""
    names: dict[str, str] = {}
    stars: dict[str, None] = {}
    for source in sources:
        for statement in _statements(source):
            for node in statement.body:
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        if alias.asname:
                            names[alias.asname] = alias.name
                        else:
                            names[alias.name.partition(".")[0]] = alias.name.partition(".")[0]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    for alias in node.names:
                        if alias.name == "*":
                            stars[node.module] = None
                        else:
                            names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return Imports(names, tuple(stars))


def _statements(source: str) -> Iterable[ast.Module]:
    for found in _IMPORT.finditer(source):
        text = found[0].strip()
        if "(" in text and ")" not in text:
            end = source.find(")", found.end())
            text = source[found.start() : end + 1].strip() if end >= 0 else ""
        elif text.endswith("\\"):
            text = source[found.start() :].split("\n\n", 1)[0].strip()
        try:
            yield ast.parse(text)
        except (SyntaxError, ValueError):
            continue

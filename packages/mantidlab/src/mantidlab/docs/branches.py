"""All that a catalogue has as a tree: algorithms and fit functions by category, Python by module, pages by kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mantidlab.docs.catalogue import Catalogue

ALGORITHMS = "algorithms"
FUNCTIONS = "functions"
PYTHON = "python"
PAGES = "pages"
NONE = "Other"
"""Where things of no category are."""


@dataclass
class Branch:
    """One node of the tree.

    Attributes
    ----------
    of
        What its own page is called, as search calls it; empty where it has none.
    branches
        By their names.
    leaves
        Pairs of title and what the page is called; a thing of several categories stands below each.
    """

    of: str = ""
    branches: dict[str, "Branch"] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)

    def below(self, path: Sequence[str]) -> "Branch":
        """Return a node below this one, made where there is none."""
        found = self
        for name in path:
            found = found.branches.setdefault(name, Branch())
        return found

    def count(self) -> int:
        """Return how many different things are below."""
        return len(self._things())

    def _things(self) -> set[str]:
        return set(self.leaves.values()).union(*(each._things() for each in self.branches.values()))

    def listed(self) -> list[dict[str, Any]]:
        """Return what stands right below: branches with how much they hold, then leaves; each by the alphabet."""
        branches = [
            {"title": name, "of": branch.of, "count": branch.count()}
            for name, branch in sorted(self.branches.items(), key=lambda pair: pair[0].lower())
        ]
        leaves = sorted(self.leaves.items(), key=lambda pair: pair[0].lower())
        return branches + [{"title": title, "of": of, "count": 0} for title, of in leaves]


def tree_of(catalogue: Catalogue) -> Branch:
    """Return the tree of a catalogue; what an environment has nothing of is no branch."""
    root = Branch()
    for algorithm in catalogue.algorithms:
        if algorithm.latest and not algorithm.hidden:
            of = f"algorithm/{algorithm.name}-v{algorithm.version}"
            for category in algorithm.categories or (NONE,):
                root.below([ALGORITHMS, *category.split("\\")]).leaves[algorithm.name] = of
    for function in catalogue.functions:
        for category in function.categories or (NONE,):
            root.below([FUNCTIONS, *category.split("\\")]).leaves[function.name] = f"function/{function.name}"
    for thing in catalogue.objects:
        *modules, name = thing.name.split(".")
        if thing.kind == "module":
            root.below([PYTHON, *modules, name]).of = f"python/{thing.name}"
        else:
            root.below([PYTHON, *modules]).leaves[name] = f"python/{thing.name}"
    for page in catalogue.pages:
        if page.kind not in ("algorithm", "fit function"):
            root.below([PAGES, page.kind or NONE]).leaves[page.title] = f"page/{page.path}"
    return root


def found(root: Branch, path: Sequence[str]) -> Branch | None:
    """Return the node at a path; None where there is none."""
    branch: Branch | None = root
    for name in path:
        branch = None if branch is None else branch.branches.get(name)
    return branch

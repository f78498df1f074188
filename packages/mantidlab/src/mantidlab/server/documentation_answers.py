"""Answers questions about the documentation of a session's environments, from the files that they were built with.

It needs no kernel and no network. What it reads and imports is read for the first question, or before it by `warm`, and
kept: an environment never changes.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mantidlab.server.kernels import kernel_names
from mantidlab.server.session_environments import SessionEnvironment

if TYPE_CHECKING:
    from mantidlab.docs.belongings import Belongings
    from mantidlab.docs.pages.thing import Thing
    from mantidlab.docs.reading import Knowledge

OWN_FILES = "own"
"""Names the session's own environment in an address when it has no hash."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


class Refused(Exception):
    """A question that has no answer: its status, and a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Documentation:
    """What the environments of a session know, read when it is first asked for, and then kept.

    Parameters
    ----------
    environments
        Of the session, its own first.
    home
        In which the examples are.
    """

    def __init__(self, environments: Sequence[SessionEnvironment], home: Path) -> None:
        self.environments = environments
        self.home = home
        self._mine: dict[Path, Belongings] = {}
        self._named = dict(zip(kernel_names(environments), environments, strict=True))

    def environment(self, name: str) -> SessionEnvironment:
        """Return an environment by hash, name or kernel; the session's own for any other name."""
        found = (one for one in self.environments if name and name in (one.hash, one.name))
        return self._named.get(name) or next(found, self.environments[0])

    def warm(self) -> None:
        """Search once for nobody: what the first search imports and opens takes a tenth of a second and 3 MB."""
        with suppress(Refused):
            self.search("warm", 1, None, "")

    def search(self, text: str, limit: int, kinds: Iterable[str] | None, name: str) -> dict[str, Any]:
        """Return what is meant by a text, best first."""
        from mantidlab.docs.search import Kind, SearchUnavailable, best_first

        began = time.perf_counter()
        try:
            wanted = None if kinds is None else frozenset(Kind(kind) for kind in kinds)
        except ValueError as problem:
            raise Refused(400, f"There is nothing of that kind: {problem}.") from problem
        try:
            hits = self._knowledge(name).search(text, limit, wanted)
        except SearchUnavailable as problem:
            raise Refused(404, str(problem)) from problem
        mine = self._belongings(name).search(text, limit, wanted)
        best = best_first([*hits, *mine])[:limit]
        ms = round(1000 * (time.perf_counter() - began), 2)
        return {"hits": [asdict(hit) for hit in best], "ms": ms, "environment": self.environment(name).title}

    def branch(self, path: Sequence[str], name: str) -> dict[str, Any]:
        """Return what stands right below a branch of the tree of all that an environment has."""
        from mantidlab.docs.branches import found
        from mantidlab.docs.reading import KnowledgeMissing

        try:
            branch = found(self._knowledge(name).tree, path)
        except KnowledgeMissing as problem:
            raise Refused(404, str(problem)) from problem
        if branch is None:
            raise Refused(404, f"There is nothing called {' / '.join(path)} in {self.environment(name).title}.")
        return {"items": branch.listed(), "environment": self.environment(name).title}

    def thing(self, of: str, name: str, files: str) -> dict[str, Any]:
        """Return the page of a thing.

        Parameters
        ----------
        files
            The address before ``HASH/PATH`` of pictures.
        """
        environment = self.environment(name)
        content = self._thing(of, name).to_json()
        before = f'src="{files}/{quote(environment.hash or OWN_FILES)}/'
        for told in (content, *content["usage"]):
            told["html"] = told["html"].replace('src="file/', before)
        return {**content, "environment": environment.title}

    def _thing(self, of: str, name: str) -> "Thing":
        from mantidlab.docs.pages.notebooks import example_thing
        from mantidlab.docs.pages.thing import NothingThere
        from mantidlab.docs.reading import KnowledgeMissing

        try:
            kind, _, rest = of.partition("/")
            return example_thing(rest, self.home) if kind == "example" else self._knowledge(name).pages.open(of)
        except (NothingThere, KnowledgeMissing) as problem:
            raise Refused(404, str(problem)) from problem

    def look(self, source: str, offset: int, context: str, name: str) -> dict[str, Any]:
        """Return what stands at a caret."""
        from mantidlab.docs.looking import look
        from mantidlab.docs.reading import KnowledgeMissing

        try:
            references = self._knowledge(name).pages.references
        except (Refused, KnowledgeMissing):
            return {"of": None, "property": None, "problems": []}  # nothing is known, so nothing is wrong
        return asdict(look(source, offset, references, context))

    def picture(self, name: str, path: str) -> Path:
        """Return the file of a picture of the offline documentation."""
        from mantidlab.docs.extract.pages import documentation_folder

        folder = documentation_folder(self.environment(name).prefix)
        file = None if folder is None else (folder / path).resolve()
        if folder is None or file is None or file.suffix.lower() not in _PICTURES or not file.is_file():
            raise Refused(404, f"The documentation has no picture {path}.")
        if not file.is_relative_to(folder.resolve()):
            raise Refused(404, f"The documentation has no picture {path}.")
        return file

    def _knowledge(self, name: str) -> "Knowledge":
        from mantidlab.docs.reading import KnowledgeMissing, knowledge

        try:
            return knowledge(self.environment(name).prefix)
        except KnowledgeMissing as problem:
            raise Refused(404, str(problem)) from problem

    def _belongings(self, name: str) -> "Belongings":
        from mantidlab.docs.belongings import Belongings, interface_entries

        prefix = self.environment(name).prefix
        if prefix not in self._mine:
            self._mine[prefix] = Belongings(self.home, lambda: interface_entries(prefix))
        return self._mine[prefix]

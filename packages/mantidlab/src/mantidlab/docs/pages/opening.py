"""Opens what a search leads to: the one place that knows all kinds of pages."""

from dataclasses import replace
from pathlib import Path

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.pages.algorithms import algorithm_thing
from mantidlab.docs.pages.files import page_thing
from mantidlab.docs.pages.functions import function_thing
from mantidlab.docs.pages.objects import object_thing
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.thing import NothingThere, Thing


class Pages:
    """The pages of one environment.

    Parameters
    ----------
    catalogue
        Of the environment.
    folder
        Of its offline documentation; None where there is none.
    """

    def __init__(self, catalogue: Catalogue, folder: Path | None) -> None:
        self.references = References(catalogue)
        self.folder = folder

    def open(self, of: str) -> Thing:
        """Return the page that `of` leads to; for a property that of what has it.

        Parameters
        ----------
        of
            As `mantidlab.docs.search.entries.Entry.leads_to` has it.

        Raises
        ------
        NothingThere
            This environment has no such thing.
        """
        kind, _, rest = of.partition("/")
        if kind in ("property", "parameter", "argument"):
            owner, _, name = rest.rpartition("/")
            whole = {"property": "algorithm", "parameter": "function", "argument": "python"}[kind]
            return replace(self.open(f"{whole}/{owner}"), property=name)
        found = self._open(kind, rest)
        if found is None:
            raise NothingThere(f"This environment has no {_WORDS.get(kind, 'page')} {rest or of}.")
        return found

    def _open(self, kind: str, name: str) -> Thing | None:
        known = self.references
        if kind == "algorithm":
            algorithm = known.algorithms.get(f"algorithm/{name}") or known.algorithm(name)
            return algorithm_thing(algorithm, known, self.folder) if algorithm else None
        if kind == "function" and name in known.functions:
            return function_thing(known.functions[name], known, self.folder)
        if kind == "python":
            thing = known.object(name)
            return object_thing(thing, known) if thing else None
        if kind == "page" and name in known.pages:
            return page_thing(known.pages[name], known, self.folder)
        return None


_WORDS = {"algorithm": "algorithm", "function": "fit function", "python": "Python object"}

"""What a name in a text means in this environment: an algorithm, a fit function, a Python object or a page."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from mantidlab.docs.catalogue import Algorithm, Catalogue, PythonObject

OF = "#of="
"""How an address begins that leads to another thing of the documentation."""

_VERSION = re.compile(r"(?P<name>.+)-v(?P<version>\d+)")


def algorithm_key(algorithm: Algorithm) -> str:
    """Return what leads to an algorithm."""
    return f"algorithm/{algorithm.name}-v{algorithm.version}"


def address(of: str) -> str:
    """Return the address of a link to a thing."""
    return OF + quote(of, safe="/-_.~")


class References:
    """All names of a catalogue, and what they lead to."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.algorithms = {algorithm_key(one): one for one in catalogue.algorithms}
        self.functions = {one.name: one for one in catalogue.functions}
        self.objects = {one.name: one for one in _with_members(catalogue.objects)}
        self.pages = {page.path: page for page in catalogue.pages}
        self.methods = {one.method: one for one in catalogue.algorithms if one.latest and one.method}
        self._latest: dict[str, Algorithm] = {}
        self._aliases: dict[str, str] = {}
        self._by_last_name: dict[str, list[str]] = {}
        for algorithm in catalogue.algorithms:
            if algorithm.latest:
                self._latest.setdefault(algorithm.name, algorithm)
                for alias in algorithm.aliases:
                    self._latest.setdefault(alias, algorithm)
        for one in catalogue.objects:
            self._aliases |= dict.fromkeys(one.aliases, one.name)
        for name in self.objects:
            self._by_last_name.setdefault(name.rpartition(".")[2], []).append(name)
        self._of_page = {one.page: algorithm_key(one) for one in catalogue.algorithms if one.page}

    def algorithm(self, name: str, version: int | None = None) -> Algorithm | None:
        """Return an algorithm by its name or another name of it; the latest version when none is named."""
        return self._latest.get(name) if version is None else self.algorithms.get(f"algorithm/{name}-v{version}")

    def object(self, name: str) -> PythonObject | None:
        """Return a Python object by any of its full names; of a method of an alias of a class too."""
        found = self.objects.get(self._aliases.get(name, name))
        if found is None and "." in name:
            owner, _, member = name.rpartition(".")
            owner = self._aliases.get(owner, owner)
            found = self.objects.get(f"{owner}.{member}")
        return found

    def members_named(self, name: str) -> list[PythonObject]:
        """Return the methods and properties of that name, of whatever class."""
        found = (self.objects[one] for one in self._by_last_name.get(name, ()))
        return [one for one in found if one.kind in ("method", "property")]

    def of_name(self, name: str, near: str = "") -> str | None:
        """Return what a name leads to.

        Parameters
        ----------
        name
            As an author wrote it: ``~scipp.bin()``, ``Rebin``, ``DataArray.hist``.
        near
            The full name of the object in whose docstring it stands; what is beside it comes first.
        """
        name = name.strip().lstrip("~.").removesuffix("()")
        if not name:
            return None
        around = near.split(".")
        for length in range(len(around), -1, -1):
            found = self.object(".".join([*around[:length], name])) if near or not length else None
            if found is not None:
                return f"python/{found.name}"
        algorithm = self.algorithm(name)
        if algorithm is not None:
            return algorithm_key(algorithm)
        if name in self.functions:
            return f"function/{name}"
        alone = self._by_last_name.get(name, []) if "." not in name and len(name) > 3 else []
        return f"python/{alone[0]}" if len(alone) == 1 else None

    def of_page(self, path: str) -> str | None:
        """Return what a page of the offline documentation leads to: the algorithm or function that it is about."""
        path = unquote(path)
        stem = posixpath.splitext(posixpath.basename(path))[0]
        if path in self._of_page:
            return self._of_page[path]
        if path.startswith("algorithms/"):
            versioned = _VERSION.fullmatch(stem)
            version = int(versioned["version"]) if versioned else None
            algorithm = self.algorithm(versioned["name"] if versioned else stem, version)
            if algorithm is not None:
                return algorithm_key(algorithm)
        if path.startswith("fitting/fitfunctions/") and stem in self.functions:
            return f"function/{stem}"
        return f"page/{path}" if path in self.pages else None


def _with_members(objects: tuple[PythonObject, ...]) -> Iterator[PythonObject]:
    for one in objects:
        yield one
        yield from one.members

"""All forms of an environment: found by what they are of, or by how a cell calls it; each made when it is asked for."""

import difflib
import functools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mantidlab.docs.catalogue import Algorithm, Catalogue, Facility, PythonObject
from mantidlab.docs.reading import KnowledgeMissing, knowledge
from mantidlab.docs.stubs import extensible_words
from mantidlab.forms.algorithms import form_of_algorithm
from mantidlab.forms.calls import CallText, Cell
from mantidlab.forms.catalogued import CALLABLE, form_of_object, types_of
from mantidlab.forms.errors import NoCallHere, NoSuchForm
from mantidlab.forms.hints import Types
from mantidlab.forms.imports import CONVENTIONS, Imports, imports_of
from mantidlab.forms.literals import value_of
from mantidlab.forms.reading import ReadCall, read_values
from mantidlab.forms.spec import FormSpec

_SIMPLEAPI = "mantid.simpleapi."

_OWNERS = ("scipp.DataArray", "scipp.Variable", "scipp.Dataset")
"""Whose method is meant where several classes have one of that name, the most likely first."""


class FormBook:
    """The forms of what one catalogue holds.

    Attributes
    ----------
    prefix
        Of the environment whose catalogue it is.
    """

    def __init__(self, catalogue: Catalogue, prefix: Path = Path(sys.prefix)) -> None:
        self.prefix = prefix
        self._catalogue = catalogue
        self._made: dict[str, FormSpec] = {}

    @functools.cached_property
    def _algorithms(self) -> Mapping[str, Algorithm]:
        """Each version as ``Rebin-v1``, and the latest also by its name and other names."""
        found = {}
        for one in self._catalogue.algorithms:
            found[f"{one.name}-v{one.version}"] = one
            if one.latest:
                found.update({alias: one for alias in one.aliases if alias not in found})
        found.update({one.name: one for one in self._catalogue.algorithms if one.latest})
        return found

    @functools.cached_property
    def _methods(self) -> Mapping[str, Algorithm]:
        return {one.method: one for one in self._catalogue.algorithms if one.latest and one.method}

    @functools.cached_property
    def _objects(self) -> Mapping[str, PythonObject]:
        things = [*_walked(self._catalogue.objects)]
        found = {alias: thing for thing in things for alias in thing.aliases}
        return {**found, **{thing.name: thing for thing in things}}

    @functools.cached_property
    def _members(self) -> Mapping[str, PythonObject]:
        found: dict[str, PythonObject] = {}
        for owner in (*_OWNERS, *(one.name for one in self._catalogue.objects)):
            for member in self._objects[owner].members if owner in self._objects else ():
                if member.kind == "method":
                    found.setdefault(member.name.rpartition(".")[2], member)
        return found

    @functools.cached_property
    def _types(self) -> Types:
        return types_of(self._catalogue.objects)

    @functools.cached_property
    def _extensible(self) -> frozenset[str]:
        return extensible_words(self._catalogue)

    def form(self, of: str) -> FormSpec:
        """Return a form.

        Parameters
        ----------
        of
            As the search says it (``algorithm/Rebin-v1``, ``python/scipp.rebin``, also of one of their properties or
            arguments), or a name alone: ``Rebin``, ``scipp.rebin``, ``sc.rebin``.

        Raises
        ------
        NoSuchForm
            The environment has nothing of that name that can be called.
        """
        if of not in self._made:
            made = self._make(of)
            of_its_own = self._made.setdefault(made.of, made)
            self._made[of] = of_its_own
        return self._made[of]

    def _make(self, of: str) -> FormSpec:
        kind, _, name = of.partition("/")
        if kind in ("property", "argument"):
            kind, name = {"property": "algorithm", "argument": "python"}[kind], name.rpartition("/")[0]
        if kind in ("algorithm", of) and (algorithm := self._algorithms.get(name or of)) is not None:
            return form_of_algorithm(algorithm, self._extensible)
        if kind in ("python", of):
            thing = self._object(name or of)
            if thing is not None:
                return form_of_object(thing, self._types)
        raise NoSuchForm(
            f"There is no form of {name or of}: this environment has no algorithm or function of that name. Search for "
            "it, or start a session with an environment that has it."
        )

    def _object(self, dotted: str) -> PythonObject | None:
        whole = _CONVENTIONS.path_of(dotted)
        return self._objects.get(dotted) or self._objects.get(whole)

    def near(self, name: str) -> str | None:
        """Return the name that is most like one that there is no form of, as one would write it; None for none."""
        whole = _CONVENTIONS.path_of(name)
        found = difflib.get_close_matches(whole, [*self._algorithms, *self._objects], n=1, cutoff=0.8)
        return found[0] if found else None

    def all_of(self) -> Iterator[str]:
        """Return what there are forms of."""
        for algorithm in self._catalogue.algorithms:
            yield f"algorithm/{algorithm.name}-v{algorithm.version}"
        for thing in _walked(self._catalogue.objects):
            if thing.kind in CALLABLE:
                yield f"python/{thing.name}"

    @property
    def facilities(self) -> tuple[Facility, ...]:
        """Return the facilities with their instruments; none in an environment without Mantid."""
        return self._catalogue.facilities

    def read(
        self, source: str, offset: int, context: str = "", known: FormSpec | None = None
    ) -> tuple[FormSpec, ReadCall]:
        """Return the form of the call at a place of a cell, and the call's values.

        Parameters
        ----------
        offset
            Where the caret is, in letters.
        context
            The sources of other cells, for their imports.
        known
            A form that is not of this environment: of a function in the kernel, of an interface.

        Raises
        ------
        NoCallHere
            Nothing that is called there has a form.
        """
        scope = imports_of(context, source)
        tried = []
        for call in Cell(source).calls_at(offset):
            found = self.called(call, source, scope, known)
            if found is not None:
                spec, receives = found
                return spec, read_values(source, call, spec, receives=receives)
            tried.append(call.callee)
        if tried:
            names = tuple(dict.fromkeys(tried))
            raise NoCallHere(f"There is no form of {', '.join(names)} in this environment.", names)
        raise NoCallHere("There is no whole call where the caret is. Put it on a call that ends with its bracket.")

    def read_span(
        self, source: str, start: int, end: int, context: str = "", known: FormSpec | None = None
    ) -> tuple[FormSpec, ReadCall]:
        """Return the form of the call between two places of a cell, and its values; see `read`.

        Raises
        ------
        NoCallHere
            There is another text by now, or no form of it.
        """
        call = Cell(source).call_in(start, end)
        found = None if call is None else self.called(call, source, imports_of(context, source), known)
        if call is None or found is None:
            raise NoCallHere("The call is no longer where it was in the cell. Open its form again from the cell.")
        return found[0], read_values(source, call, found[0], receives=found[1])

    def called(
        self, call: CallText, source: str, scope: Imports, known: FormSpec | None = None
    ) -> tuple[FormSpec, bool] | None:
        """Return the form of what is called, and whether it is called as a method; None where there is none."""
        if known is not None and known.call.function.rpartition(".")[2] == call.method:
            return known, known.call.receives
        algorithm = self._called_algorithm(call.callee, scope)
        if algorithm is not None:
            return self._version(algorithm, call, source), False
        thing = self._objects.get(scope.path_of(call.callee)) or self._object(call.callee)
        if thing is not None and thing.kind in ("function", "class"):
            return self.form(f"python/{thing.name}"), False
        # What an import stands before is a function of a module that the catalogue does not know.
        if call.receiver_end is None or call.callee.partition(".")[0] in scope.names:
            return None
        return self._called_method(call.method)

    def _called_method(self, name: str) -> tuple[FormSpec, bool] | None:
        if name in self._methods:
            algorithm = self._methods[name]
            return self.form(f"algorithm/{algorithm.name}-v{algorithm.version}"), True
        return (self.form(f"python/{self._members[name].name}"), True) if name in self._members else None

    def _called_algorithm(self, callee: str, scope: Imports) -> Algorithm | None:
        whole = scope.path_of(callee)
        if whole.startswith(_SIMPLEAPI):
            whole = whole.removeprefix(_SIMPLEAPI)
        elif "." in whole:
            return None  # a module's function, or a method
        return self._algorithms.get(whole) if whole.isidentifier() else None

    def _version(self, algorithm: Algorithm, call: CallText, source: str) -> FormSpec:
        """Return the form of the version that the call asks for."""
        for argument in call.arguments:
            if argument.name == "Version":
                number = value_of(source[argument.value_start : argument.value_end])
                asked = self._algorithms.get(f"{algorithm.name}-v{number}")
                algorithm = asked if asked is not None else algorithm
        return self.form(f"algorithm/{algorithm.name}-v{algorithm.version}")


_CONVENTIONS = Imports({alias: module for module, alias in CONVENTIONS.items()})


def _walked(things: tuple[PythonObject, ...]) -> Iterator[PythonObject]:
    for thing in things:
        yield thing
        yield from _walked(thing.members)


@functools.cache
def form_book(prefix: Path = Path(sys.prefix)) -> FormBook:
    """Return the forms of an environment; an environment without a catalogue has none.

    Raises
    ------
    KnowledgeMissing
        The catalogue is there and cannot be read.
    """
    try:
        known = knowledge(prefix)
    except KnowledgeMissing:
        return FormBook(Catalogue(packages={}), prefix)
    return FormBook(known.catalogue, prefix)

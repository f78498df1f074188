"""What can be found in a catalogue: one entry for each algorithm, property, fit function, Python object and page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mantidlab.docs.catalogue import Algorithm, Catalogue, FitFunction, Page, PythonObject
from mantidlab.docs.marks import without_marks

_VERSION = re.compile(r" v\d+$")


class Kind(StrEnum):
    """What a hit is."""

    ALGORITHM = "algorithm"
    PROPERTY = "property"
    FIT_FUNCTION = "fit function"
    FIT_PARAMETER = "fit parameter"
    PYTHON = "python"
    ARGUMENT = "argument"
    PAGE = "page"
    EXAMPLE = "example"
    INTERFACE = "interface"


DETAILS = frozenset({Kind.PROPERTY, Kind.FIT_PARAMETER, Kind.ARGUMENT})
"""What belongs to another thing; that one is what people look for first."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    Attributes
    ----------
    name
        By which people call it: ``ConvertUnits``, ``Target``, ``scipp.rebin``.
    names
        All that it is found by as a name, the ones of most use first.
    title
        What a list shows: ``ConvertUnits v1``, ``Target of ConvertUnits``.
    text
        Of what a snippet is taken, and what full-text search reads.
    leads_to
        ``algorithm/ConvertUnits-v1``, ``property/ConvertUnits-v1/Target``, ``function/Gaussian``,
        ``parameter/Gaussian/Height``, ``python/scipp.rebin``, ``argument/scipp.rebin/x``, ``page/concepts/….html``,
        ``example/examples/sans-spheres.ipynb``, ``interface/NAME``.
    also
        Further words that it is found by, such as categories.
    behind
        How far it stands behind its like: 1 for older versions, methods and modules, 2 and more for what is hidden or
        deprecated.
    """

    kind: Kind
    name: str
    title: str
    text: str
    leads_to: str
    names: tuple[str, ...]
    also: str = ""
    behind: int = 0


def entries_of(catalogue: Catalogue) -> Iterator[Entry]:
    """Return all entries of a catalogue.

    The page of an algorithm or a fit function is no entry of its own: its text is searched with what it is about.
    """
    pages = {page.path: page.text for page in catalogue.pages}
    told = set()
    for algorithm in catalogue.algorithms:
        yield from _of_algorithm(algorithm, pages.get(algorithm.page, ""))
        told.add(algorithm.page)
    for function in catalogue.functions:
        path = f"fitting/fitfunctions/{function.name}.html"
        yield from _of_function(function, pages.get(path, ""))
        told.add(path)
    for thing in catalogue.objects:
        yield from _of_object(thing)
    for page in catalogue.pages:
        if page.path not in told:
            yield _of_page(page)


def _of_algorithm(algorithm: Algorithm, page: str) -> Iterator[Entry]:
    key = f"{algorithm.name}-v{algorithm.version}"
    deprecated = algorithm.hidden or "Deprecated" in algorithm.categories
    behind = 2 * deprecated + (not algorithm.latest)
    yield Entry(
        Kind.ALGORITHM,
        algorithm.name,
        f"{algorithm.name} v{algorithm.version}",
        _with_page(algorithm.summary, page),
        f"algorithm/{key}",
        (algorithm.name, *algorithm.aliases, *((algorithm.method,) if algorithm.method else ())),
        " ".join(algorithm.categories),
        behind,
    )
    for prop in algorithm.properties:
        yield Entry(
            Kind.PROPERTY,
            prop.name,
            f"{prop.name} of {algorithm.name}" + ("" if algorithm.latest else f" v{algorithm.version}"),
            prop.documentation,
            f"property/{key}/{prop.name}",
            (prop.name,),
            f"{algorithm.name} {' '.join(prop.choices[:50])}",
            behind,
        )


def _of_function(function: FitFunction, page: str) -> Iterator[Entry]:
    parameters = ", ".join(parameter.name for parameter in function.parameters)
    yield Entry(
        Kind.FIT_FUNCTION,
        function.name,
        function.name,
        _with_page(f"Fit function with {parameters}." if parameters else "Fit function.", page),
        f"function/{function.name}",
        (function.name,),
        " ".join(function.categories),
    )
    for parameter in function.parameters:
        yield Entry(
            Kind.FIT_PARAMETER,
            parameter.name,
            f"{parameter.name} of {function.name}",
            parameter.description,
            f"parameter/{function.name}/{parameter.name}",
            (parameter.name,),
            function.name,
        )


def _of_object(thing: PythonObject, *, of_old: bool = False) -> Iterator[Entry]:
    last = thing.name.rpartition(".")[2]
    behind = 2 * bool(thing.deprecated or of_old) + (
        thing.kind in ("method", "property", "module") or not thing.summary
    )
    sections = "\n".join(section.text for section in thing.sections if section.title not in ("Examples", "Raises"))
    yield Entry(
        Kind.PYTHON,
        thing.name,
        thing.name,
        without_marks("\n".join(filter(None, (thing.summary, thing.description, sections)))),
        f"python/{thing.name}",
        (last, thing.name, *dict.fromkeys(alias.rpartition(".")[2] for alias in thing.aliases)),
        f"{thing.package} {thing.kind}",
        behind,
    )
    for argument in thing.arguments:
        if argument.documentation:
            yield Entry(
                Kind.ARGUMENT,
                argument.name,
                f"{argument.name} of {thing.name}",
                without_marks(argument.documentation),
                f"argument/{thing.name}/{argument.name}",
                (argument.name,),
                last,
                behind,
            )
    for member in thing.members:
        yield from _of_object(member, of_old=behind > 1)


def _with_page(summary: str, page: str) -> str:
    # without the page's title, and the macros that formulas stand on
    lines = [line for line in page.splitlines()[1:] if "\\renewcommand" not in line]
    return "\n".join([summary, *lines])


def _of_page(page: Page) -> Entry:
    names = (_VERSION.sub("", page.title), page.title)
    return Entry(Kind.PAGE, page.title, page.title, page.text, f"page/{page.path}", names, page.kind)

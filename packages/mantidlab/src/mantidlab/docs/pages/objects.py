"""The page of a Python object: its docstring, its arguments and its examples."""

import re
from collections.abc import Iterator

from mantidlab.docs.catalogue import Argument, PythonObject, Section
from mantidlab.docs.marks import without_marks
from mantidlab.docs.pages.calling import object_call
from mantidlab.docs.pages.doctests import usages
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.rst import Around, rst_to_html
from mantidlab.docs.pages.thing import Link, PropertyRow, Thing, unique
from mantidlab.docs.pages.whitelist import text_to_html

_EXAMPLES = frozenset({"examples", "example"})
_SEE_ALSO = frozenset({"see also"})
_NAMES = re.compile(r"^(?:\s{0,3})([\w.~`:,\s()]+?)(?:\s*:|\s*$)")
_HAS_FORM = frozenset({"function", "class"})


def object_thing(thing: PythonObject, references: References) -> Thing:
    """Return the page of a function, class, method, property, type or module."""
    around = Around(references, thing.name)
    framework = thing.name.partition(".")[0]
    owner = references.objects.get(thing.name.rpartition(".")[0]) if thing.kind in ("method", "property") else None
    return Thing(
        of=f"python/{thing.name}",
        kind=thing.kind,
        title=thing.name,
        summary=without_marks(thing.summary),
        framework=framework,
        html="".join(_description(thing, around)),
        signature=_signature(thing),
        returns=_returns(thing.returns, around),
        deprecated=thing.deprecated,
        properties=tuple(argument_row(one, around) for one in thing.arguments),
        usage=tuple(one for section in _sections(thing, _EXAMPLES) for one in usages(section.text, framework)),
        see_also=unique([link for section in _sections(thing, _SEE_ALSO) for link in _see_also(section, around)]),
        members=tuple(Link(one.name.rpartition(".")[2], f"python/{one.name}") for one in thing.members),
        categories=(thing.package,),
        links=(Link(owner.name, f"python/{owner.name}"),) if owner else (),
        call=object_call(thing, owner),
        form=thing.kind in _HAS_FORM and bool(thing.arguments),
    )


def argument_row(argument: Argument, around: Around) -> PropertyRow:
    """Return an argument as a row of a table."""
    listed = argument.kind.endswith("list")
    name = f"{'**' if argument.kind == 'keyword list' else '*'}{argument.name}" if listed else argument.name
    return PropertyRow(
        name,
        argument.type,
        "Input",
        argument.default or "",
        argument.default is None and not listed,
        rst_to_html(argument.documentation, around),
    )


def _signature(thing: PythonObject) -> str:
    last = thing.name.rpartition(".")[2]
    if not thing.signature.startswith("("):
        return thing.signature
    return "\n".join(f"{last}{line}" for line in thing.signature.splitlines())


def _description(thing: PythonObject, around: Around) -> Iterator[str]:
    if thing.description:
        yield rst_to_html(thing.description, around)
    for section in thing.sections:
        title = section.title.casefold()
        if title in _SEE_ALSO or (title in _EXAMPLES and ">>>" in section.text):
            continue
        yield text_to_html(section.title).replace("<p>", "<h3>").replace("</p>", "</h3>")
        yield rst_to_html(section.text, around)


def _sections(thing: PythonObject, titles: frozenset[str]) -> Iterator[Section]:
    return (section for section in thing.sections if section.title.casefold() in titles)


def _returns(returns: Argument | None, around: Around) -> str:
    if returns is None:
        return ""
    said = rst_to_html(returns.documentation, around)
    return f"{text_to_html(returns.type)}{said}"


def _see_also(section: Section, around: Around) -> Iterator[Link]:
    for line in section.text.splitlines():
        if line[:4].strip() == "" and line.strip():
            continue  # what is said of the name above
        found = _NAMES.match(re.sub(r":(?:py:)?\w+:(?=`)", "", line))
        for name in re.split(r"[,\s]+", found[1].replace("`", "").replace("~", "") if found else ""):
            if name:
                of = around.references.of_name(name, around.near)
                yield Link(name.removesuffix("()"), of or "")

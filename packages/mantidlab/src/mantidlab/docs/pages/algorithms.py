"""The page of a Mantid algorithm: what the catalogue says of it, and the text of the offline documentation."""

import re
from collections.abc import Iterator
from pathlib import Path

from mantidlab.docs.catalogue import Algorithm, Property
from mantidlab.docs.pages.calling import algorithm_call
from mantidlab.docs.pages.references import References, algorithm_key
from mantidlab.docs.pages.sphinx import (
    PageAddresses,
    Section,
    SphinxPage,
    read_sphinx,
    section_html,
)
from mantidlab.docs.pages.thing import Link, PropertyRow, Thing
from mantidlab.docs.pages.tree import Element
from mantidlab.docs.pages.usage import bare, sections_with_usage, usages
from mantidlab.docs.pages.whitelist import text_to_html, to_html

_SAID_ELSEWHERE = frozenset({"summary", "see also", "properties", "categories", "source", "table of contents"})
_SWITCH = {"0": "False", "1": "True"}
_TESTED = re.compile(r"^\.\. testcode::[^\n]*\n(?P<code>(?:[ \t]+[^\n]*\n?|[ \t]*\n)+)", re.MULTILINE)


def algorithm_thing(algorithm: Algorithm, references: References, folder: Path | None) -> Thing:
    """Return the page of an algorithm; without offline documentation it has no description and no usage.

    Parameters
    ----------
    folder
        Of the offline documentation, where the environment has it.
    """
    page = _page_of(algorithm, folder)
    addresses = PageAddresses(algorithm.page, references)
    return Thing(
        of=algorithm_key(algorithm),
        kind="algorithm",
        title=f"{algorithm.name} v{algorithm.version}",
        summary=algorithm.summary,
        framework="mantid",
        html=_description(page, addresses) if page else "",
        signature=algorithm.signature and f"{algorithm.name}{algorithm.signature}",
        deprecated=_deprecation(algorithm, page),
        properties=tuple(property_row(prop) for prop in algorithm.properties),
        usage=tuple(usages(page, addresses, _tested_codes(algorithm, folder))) if page else (),
        see_also=tuple(_see_also(algorithm, references)),
        categories=algorithm.categories,
        links=_versions(algorithm, references),
        call=algorithm_call(algorithm),
        form=True,
    )


def property_row(prop: Property) -> PropertyRow:
    """Return a property as a row of a table."""
    default = "" if prop.unset or prop.mandatory else prop.default
    if prop.type == "boolean":
        default = _SWITCH.get(default, default)
    return PropertyRow(
        prop.name,
        prop.type,
        prop.direction,
        default,
        prop.mandatory or prop.name_required,
        text_to_html(prop.documentation),
        prop.choices,
        prop.units,
    )


def _page_of(algorithm: Algorithm, folder: Path | None) -> SphinxPage | None:
    if folder is None or not algorithm.page.endswith(".html"):
        return None
    try:
        return read_sphinx((folder / algorithm.page).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def _description(page: SphinxPage, addresses: PageAddresses) -> str:
    """Return all sections that nothing else of the page says."""
    examples = sections_with_usage(page)
    told = [
        section
        for section in page.sections
        if section.title.casefold() not in _SAID_ELSEWHERE and section not in examples
    ]
    if not page.sections:
        return to_html(page.lead, addresses)
    return to_html(_remarks(page), addresses) + "".join(
        section_html(Section("", one.children) if one.title == "Description" else one, addresses) for one in told
    )


def _remarks(page: SphinxPage) -> Iterator[Element]:
    """Return what an author put below the table of properties."""
    section = page.section("properties")
    for child in section.children if section else ():
        if isinstance(child, Element) and not any(one.tag == "table" for one in child.all()):
            yield child


def _deprecation(algorithm: Algorithm, page: SphinxPage | None) -> str:
    said = next((text for text in _warnings(page) if "deprecated" in text.casefold()), "") if page else ""
    if said:
        return said  # since when, and what to use instead
    if "Deprecated" in algorithm.categories:
        return "Mantid calls it deprecated."
    return "" if algorithm.latest else "There is a later version, which runs unless Version is given."


def _warnings(page: SphinxPage) -> Iterator[str]:
    """Return the warnings before the first section, which Mantid itself puts there."""
    for child in page.lead:
        if isinstance(child, Element) and "warning" in child.classes:
            told = (one for one in child.children if isinstance(one, str) or "admonition-title" not in one.classes)
            yield " ".join("".join(one if isinstance(one, str) else one.text() for one in told).split())


def _see_also(algorithm: Algorithm, references: References) -> Iterator[Link]:
    for name in algorithm.see_also:
        found = references.algorithm(name)
        yield Link(name, algorithm_key(found) if found else "")


def _versions(algorithm: Algorithm, references: References) -> tuple[Link, ...]:
    versions = sorted(
        (one for one in references.algorithms.values() if one.name == algorithm.name and one != algorithm),
        key=lambda one: -one.version,
    )
    return tuple(Link(f"{one.name} v{one.version}", algorithm_key(one)) for one in versions)


def _tested_codes(algorithm: Algorithm, folder: Path | None) -> frozenset[str] | None:
    """Return the examples that Mantid's own tests run, by the page's source; None where the source is not there."""
    if folder is None:
        return None
    stem = f"_sources/algorithms/{algorithm.name}-v{algorithm.version}"
    source = next((file for end in (".rst.txt", ".txt") if (file := folder / f"{stem}{end}").is_file()), None)
    if source is None:
        return None
    text = source.read_text(encoding="utf-8", errors="replace")
    return frozenset(bare(match["code"]) for match in _TESTED.finditer(text))

"""The page of a Mantid algorithm: what the catalogue says of it, and the text of the offline documentation."""

import re
from collections.abc import Iterator
from pathlib import Path

from mantidlab.docs.catalogue import Algorithm, Property
from mantidlab.docs.pages.calling import algorithm_call
from mantidlab.docs.pages.references import References, algorithm_key
from mantidlab.docs.pages.sphinx import (
    CodeBlock,
    PageAddresses,
    Section,
    SphinxPage,
    code_blocks,
    read_sphinx,
    section_html,
)
from mantidlab.docs.pages.thing import Link, PropertyRow, Thing, Usage
from mantidlab.docs.pages.whitelist import text_to_html, to_html

_SAID_ELSEWHERE = frozenset({"summary", "see also", "properties", "usage", "categories", "source", "table of contents"})
_TESTED = re.compile(r"^\.\. testcode::[^\n]*\n(?P<code>(?:[ \t]+[^\n]*\n?|[ \t]*\n)+)", re.MULTILINE)
_OUTPUT = frozenset({"none", "text"})


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
        deprecated=_deprecation(algorithm),
        properties=tuple(property_row(prop) for prop in algorithm.properties),
        usage=tuple(_usage(page, _tested_codes(algorithm, folder))) if page else (),
        see_also=tuple(_see_also(algorithm, references)),
        categories=algorithm.categories,
        links=_versions(algorithm, references),
        call=algorithm_call(algorithm),
        form=True,
    )


def property_row(prop: Property) -> PropertyRow:
    """Return a property as a row of a table."""
    default = "" if prop.unset or prop.mandatory else prop.default
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
    told = [section for section in page.sections if section.title.casefold() not in _SAID_ELSEWHERE]
    if not told and not page.sections:
        return to_html(page.lead, addresses)
    return "".join(
        section_html(Section("", one.children) if one.title == "Description" else one, addresses) for one in told
    )


def _deprecation(algorithm: Algorithm) -> str:
    if "Deprecated" in algorithm.categories:
        return "Mantid calls it deprecated."
    return "" if algorithm.latest else "There is a later version, which runs unless Version is given."


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


def _usage(page: SphinxPage, tested: frozenset[str]) -> Iterator[Usage]:
    section = page.section("usage")
    if section is None:
        return
    waiting: CodeBlock | None = None
    for block in code_blocks(section.children):
        if block.language in _OUTPUT:
            if waiting is not None:
                yield _example(waiting, block.code, tested)
            waiting = None
            continue
        if waiting is not None:
            yield _example(waiting, "", tested)
        waiting = block
    if waiting is not None:
        yield _example(waiting, "", tested)


def _example(block: CodeBlock, output: str, tested: frozenset[str]) -> Usage:
    title = re.sub(r"^Example\s*[-–—:]*\s*", "", block.before).rstrip(":") or "Example"
    # Mantid's tests run examples after this line, so pages leave it out.
    imported = "from mantid.simpleapi import" in block.code or "import mantid" in block.code
    runs = block.code if imported else f"from mantid.simpleapi import *\n\n{block.code}"
    return Usage(title, block.code, runs, output, _bare(block.code) in tested, "mantid")


def _tested_codes(algorithm: Algorithm, folder: Path | None) -> frozenset[str]:
    """Return the examples that Mantid's own tests run, by the page's source: HTML does not tell them from others."""
    if folder is None:
        return frozenset()
    stem = f"_sources/algorithms/{algorithm.name}-v{algorithm.version}"
    source = next((file for end in (".rst.txt", ".txt") if (file := folder / f"{stem}{end}").is_file()), None)
    if source is None:
        return frozenset()
    text = source.read_text(encoding="utf-8", errors="replace")
    return frozenset(_bare(match["code"]) for match in _TESTED.finditer(text))


def _bare(code: str) -> str:
    """Return code by which two blocks compare: without spaces at ends of lines, empty lines and indentation of all."""
    lines = [line.strip() for line in code.splitlines() if line.strip()]
    return "\n".join(line for line in lines if not line.startswith(":"))

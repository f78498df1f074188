"""Pages that Sphinx made, taken apart: the main part, its sections, formulas, links, pictures and examples.

The form is that of Sphinx 1 to 9 with the themes that Mantid's documentation uses: the main part has
``role="main"``, a section is a ``section`` or a ``div`` of that class, a formula is an element of class ``math`` with
its LaTeX between ``\\(`` and ``\\)``, an example a ``div`` of class ``highlight-…``. Where LaTeX was drawn,
the picture's text is it.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mantidlab.docs.pages.references import References, address
from mantidlab.docs.pages.tree import Element, parse
from mantidlab.docs.pages.whitelist import to_html, web_address

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PICTURES = "file/"
"""How an address of a picture begins; whoever hands the page out puts its own place before it."""

_NOT_TEXT = frozenset({"headerlink", "contents", "viewcode-link", "eqno", "linenos", "sphinxsidebar"})
_PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading: all that is in it, without the heading."""

    title: str
    children: tuple[Element | str, ...]


@dataclass(frozen=True)
class SphinxPage:
    """A page: its title, what stands before the first section, and the sections."""

    title: str
    lead: tuple[Element | str, ...]
    sections: tuple[Section, ...]

    def section(self, *titles: str) -> Section | None:
        """Return the first section of one of some titles."""
        return next((one for one in self.sections if one.title.casefold() in titles), None)


def read_sphinx(content: str) -> SphinxPage:
    """Take a page apart; one that is cut or malformed gives what it has."""
    main = _main_part(parse(content))
    _clean(main)
    outer = _outer_section(main)
    title = next((one.text() for one in outer.all() if one.tag == "h1"), "")
    lead: list[Element | str] = []
    sections: list[Section] = []
    for child in outer.children:
        if isinstance(child, Element) and _is_section(child) and child.elements:
            heading = next((one for one in child.elements if one.tag in HEADINGS), None)
            inside = tuple(one for one in child.children if one is not heading)
            sections.append(Section(_line(heading.text()) if heading else "", inside))
        elif not (isinstance(child, Element) and child.tag == "h1"):
            lead.append(child)
    return SphinxPage(_line(title), tuple(lead), tuple(sections))


class PageAddresses:
    """Where the links of one page lead.

    Parameters
    ----------
    path
        Of the page, below the folder of the documentation.
    """

    def __init__(self, path: str, references: References) -> None:
        self.path = path
        self.references = references

    def link(self, href: str) -> str | None:
        """Return the address of a thing, or of the web; None for places on the page and all that is unknown."""
        inside = self._inside(href)
        if inside is None:
            return web_address(href)
        of = self.references.of_page(inside)
        return address(of) if of else None

    def picture(self, src: str) -> str | None:
        """Return the address of a picture of the documentation."""
        inside = self._inside(src)
        if inside is None or not inside.lower().endswith(_PICTURE_TYPES):
            return None
        return PICTURES + quote(inside)

    def _inside(self, href: str) -> str | None:
        parts = urlsplit(href.strip())
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return None
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), parts.path))
        return None if joined.startswith("..") else joined


def section_html(section: Section, addresses: PageAddresses, *, level: int = 3) -> str:
    """Return a section as HTML with its heading."""
    heading = f"<h{level}>{to_html([section.title], addresses)}</h{level}>" if section.title else ""
    return heading + to_html(section.children, addresses).strip()


@dataclass(frozen=True)
class CodeBlock:
    """A block of code or of output, with the text before it."""

    before: str
    code: str
    language: str


def code_blocks(children: tuple[Element | str, ...]) -> Iterator[CodeBlock]:
    """Return the blocks of code of a section, in their order."""
    before: list[str] = []
    for element in _blocks(children):
        language = next((one.removeprefix("highlight-") for one in element.classes if one.startswith("highlight-")), "")
        if element.tag == "pre" or language:
            yield CodeBlock(before[-1] if before else "", element.text().strip("\n"), language or "default")
            before = []
        elif _line(element.text()):
            before.append(_line(element.text()))


def _blocks(children: tuple[Element | str, ...]) -> Iterator[Element]:
    for child in children:
        if isinstance(child, str):
            continue
        if child.tag in ("p", "pre", *HEADINGS) or any(one.startswith("highlight-") for one in child.classes):
            yield child
        else:
            yield from _blocks(tuple(child.children))


def _main_part(root: Element) -> Element:
    """Return the main part; all of a page that has none."""
    return next((one for one in root.all() if one.tag == "main" or one.attributes.get("role") == "main"), root)


def _outer_section(main: Element) -> Element:
    """Return what holds the page's heading beside its sections."""
    return next((one for one in main.all() if any(child.tag == "h1" for child in one.elements)), main)


def _is_section(element: Element) -> bool:
    return element.tag == "section" or (element.tag == "div" and "section" in element.classes)


def _clean(element: Element) -> None:
    """Drop marks and menus, and turn drawn formulas and spans of code into their text."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            if child.classes & _NOT_TEXT and child.tag in ("a", "nav", "div", "span", "td"):
                continue
            if child.tag == "img" and "math" in child.classes:
                kept.append(Element("span", {"class": "math"}, [f"\\({child.attributes.get('alt', '')}\\)"]))
                continue
            _clean(child)
            if "math" in child.classes:
                child.children = [_latex(child.text())]
            elif child.tag == "pre":
                child.children = [child.text()]
        kept.append(child)
    element.children = kept


def _latex(text: str) -> str:
    # Mantid's pages define it at their beginning, which is not shown here
    return re.sub(r"\\AA(?![A-Za-z])", r"\\unicode{x212B}", text)


def _line(text: str) -> str:
    return " ".join(text.split())

"""Pages that Sphinx made, taken apart: the main part, its sections, formulas, links, pictures and examples.

The form is that of Sphinx 1 to 9 with the themes that Mantid's documentation uses: the main part has
``role="main"``, a section is a ``section`` or a ``div`` of that class, a formula is an element of class ``math`` with
its LaTeX between ``\\(`` and ``\\)``, an example a ``div`` of class ``highlight-…``. Where LaTeX was drawn,
the picture's text is it.
"""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mantidlab.docs.pages.formulas import formula
from mantidlab.docs.pages.references import References, address
from mantidlab.docs.pages.tree import Element, parse
from mantidlab.docs.pages.whitelist import to_html, web_address

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OF_A_SECTION = 2  # the level at which Sphinx puts the heading of a section of a page
PICTURES = "file/"
"""How an address of a picture begins; whoever hands the page out puts its own place before it."""

_NOT_TEXT = frozenset({"headerlink", "contents", "viewcode-link", "linenos", "sphinxsidebar"})
_CATEGORIES = re.compile(r"Categor(?:y|ies)\s*:")
_OF_A_PLOT = re.compile(r"\((?:(?:Source code|[\w.]*png|pdf|svg)(?:, )?)+\)")
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
        if isinstance(child, Element) and is_section(child) and child.elements:
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
    """Return a section as HTML with its heading; headings within it stand that much deeper than on its page."""
    heading = f"<h{level}>{to_html([section.title], addresses)}</h{level}>" if section.title else ""
    inside = (_lowered(child, level - _OF_A_SECTION) for child in section.children)
    return heading + to_html(inside, addresses).strip()


def _lowered(child: Element | str, by: int) -> Element | str:
    """Return a part of a page with its headings some levels deeper."""
    if isinstance(child, str):
        return child
    tag = f"h{min(6, int(child.tag[1]) + by)}" if child.tag in HEADINGS else child.tag
    return Element(tag, child.attributes, [_lowered(one, by) for one in child.children])


@dataclass(frozen=True)
class CodeBlock:
    """A block of code or of output."""

    code: str
    language: str


def code_block(element: Element) -> CodeBlock | None:
    """Return the code that an element is for, None for any other."""
    language = next((one.removeprefix("highlight-") for one in element.classes if one.startswith("highlight-")), "")
    if element.tag != "pre" and not language:
        return None
    return CodeBlock(element.text().strip("\n"), language or "default")


def _main_part(root: Element) -> Element:
    """Return the main part; all of a page that has none."""
    return next((one for one in root.all() if one.tag == "main" or one.attributes.get("role") == "main"), root)


def _outer_section(main: Element) -> Element:
    """Return what holds the page's heading beside its sections."""
    return next((one for one in main.all() if any(child.tag == "h1" for child in one.elements)), main)


def is_section(element: Element) -> bool:
    """Return whether an element is a section with a heading."""
    return element.tag == "section" or (element.tag == "div" and "section" in element.classes)


def _clean(element: Element) -> None:
    """Drop marks, menus and what the page says elsewhere, and turn drawn formulas and spans of code into their text."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            if (child.classes & _NOT_TEXT and child.tag in ("a", "nav", "div", "span", "td")) or _is_by_the_way(child):
                continue
            if "math" in child.classes:
                kept.append(formula(child))
                continue
            _clean(child)
            if child.tag == "pre":
                child.children = [child.text()]
        kept.append(child)
    element.children = kept


def _is_by_the_way(element: Element) -> bool:
    """Return whether a paragraph is a line of categories, or leads to the program that drew a plot."""
    if element.tag != "p":
        return False
    text = _line(element.text())
    if _CATEGORIES.match(text):
        links = [one.attributes.get("href", "") for one in element.all() if one.tag == "a"]
        return all("categories/" in href for href in links)
    return _OF_A_PLOT.fullmatch(text) is not None


def _line(text: str) -> str:
    return " ".join(text.split())

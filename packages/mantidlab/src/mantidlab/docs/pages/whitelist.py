"""HTML that cannot do anything: written anew, element by element, from a list of what a page of text needs.

Nothing is passed through. Of each element on the list the name is written, and of its attributes those on the list; of
all others the text alone, and of what holds no text for people (scripts, styles, forms, drawings, frames) nothing.
"""

import html
import re
from collections.abc import Iterable
from typing import Protocol

from mantidlab.docs.pages.tree import EMPTY, Element

_TEXT = (
    "a abbr b blockquote br caption cite code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "i img ins kbd li ol p pre q s samp small span strong sub sup table tbody td tfoot th thead tr tt u ul var"
)
TAGS = frozenset(_TEXT.split())
ATTRIBUTES = {
    "a": ("title",),
    "img": ("alt", "width", "height"),
    "ol": ("start",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
}
CLASSES = frozenset(
    {"math", "admonition", "warning", "note", "attention", "important", "tip", "admonition-title", "rubric"}
)
"""Words of a class that the panel gives a look; all others are dropped, JupyterLab's among them."""
_NO_TEXT = (
    "script style template noscript iframe frame frameset object embed applet form button input select textarea option "
    "svg math canvas audio video source track link meta base head title nav footer dialog slot portal marquee"
)
DROPPED = frozenset(_NO_TEXT.split())
_NUMBER = re.compile(r"[0-9]{1,5}%?")
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)


class Addresses(Protocol):
    """Where links and pictures lead."""

    def link(self, href: str) -> str | None:
        """Return the address that is written for a link, None for none."""

    def picture(self, src: str) -> str | None:
        """Return the address of a picture, None to leave it out."""


class WebOnly:
    """Links into the web, and no pictures."""

    def link(self, href: str) -> str | None:
        """Return addresses of the web."""
        return web_address(href)

    def picture(self, src: str) -> str | None:
        """Return nothing: a picture would be fetched without being asked for."""
        return None


def web_address(href: str) -> str | None:
    """Return an address of the web as it is, None for anything else (``javascript:``, ``data:``, ``//host``)."""
    href = href.strip()
    return href if _WEB.fullmatch(href) else None


def to_html(children: Iterable[Element | str], addresses: Addresses) -> str:
    """Write what is harmless.

    Parameters
    ----------
    children
        Texts and elements.
    addresses
        Decides on links and pictures; what it returns is escaped here.
    """
    return "".join(_written(child, addresses) for child in children)


def text_to_html(text: str) -> str:
    """Return a text as HTML, paragraph by paragraph."""
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{html.escape(part)}</p>" for part in paragraphs if part)


def _written(child: Element | str, addresses: Addresses) -> str:
    if isinstance(child, str):
        return html.escape(child)
    if child.tag in DROPPED:
        return ""
    inside = to_html(child.children, addresses)
    if child.tag not in TAGS:
        return inside
    attributes = _attributes(child, addresses)
    if attributes is None:
        return inside
    tag = child.tag
    return f"<{tag}{attributes}>" if tag in EMPTY else f"<{tag}{attributes}>{inside}</{tag}>"


def _attributes(element: Element, addresses: Addresses) -> str | None:
    """Return what is written behind the element's name; None where without it there is no element."""
    given = element.attributes
    kept = {name: given[name] for name in ATTRIBUTES.get(element.tag, ()) if name in given}
    for name in ("width", "height", "start", "colspan", "rowspan"):
        if name in kept and not _NUMBER.fullmatch(kept[name]):
            del kept[name]
    classes = sorted(element.classes & CLASSES)
    if classes:
        kept["class"] = " ".join(classes)
    needed = {"a": ("href", addresses.link), "img": ("src", addresses.picture)}.get(element.tag)
    if needed is not None:
        where, decide = needed
        address = decide(given.get(where, ""))
        if address is None:
            return None
        kept[where] = address
        if element.tag == "a" and not address.startswith("#"):
            kept |= {"rel": "noopener noreferrer", "target": "_blank"}
    return "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())

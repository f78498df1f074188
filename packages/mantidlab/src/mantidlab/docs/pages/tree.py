"""HTML as a tree, read forgivingly: what was left open is closed, and nothing of it is believed yet."""

import html.parser
from collections.abc import Iterator
from dataclasses import dataclass, field

EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_DEEPEST = 200  # elements in one another; no page of people has as many, and each costs a frame of the stack


@dataclass
class Element:
    """An element with what is in it: texts and elements."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The words of its class."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def elements(self) -> "list[Element]":
        """The elements in it."""
        return [child for child in self.children if isinstance(child, Element)]

    def all(self) -> "Iterator[Element]":
        """Return it and all elements below, in the order of the page."""
        yield self
        for child in self.elements:
            yield from child.all()

    def text(self) -> str:
        """Return all texts in it."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse(content: str) -> Element:
    """Read HTML, whatever it is."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader.root


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in EMPTY and len(self._open) < _DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that closes itself."""
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        """Take text."""
        self._open[-1].children.append(data)

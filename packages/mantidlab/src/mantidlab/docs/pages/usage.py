"""Examples on the page of an algorithm or a fit function: code, what it prints, and what is said of it."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mantidlab.docs.pages.sphinx import HEADINGS, CodeBlock, PageAddresses, Section, SphinxPage, code_block, is_section
from mantidlab.docs.pages.thing import Usage
from mantidlab.docs.pages.tree import Element
from mantidlab.docs.pages.whitelist import to_html

_TITLE = re.compile(r"(?:usage|examples?)\b")
_OUTPUT = frozenset({"none", "text"})
_PYTHON = frozenset({"python", "python3", "py", "ipython3"})
_UNMARKED = frozenset({"default"})
_SAYS_OUTPUT = re.compile(r"(?:the )?outputs?(?: is)?[\s:.]*", re.IGNORECASE)
_EXAMPLE = re.compile(r"Examples?\b\s*\d*\s*[-–—:.]*\s*", re.IGNORECASE)
_GROUPS = frozenset({"div", "section", "blockquote", "dl", "dd"})
_LONGEST_TITLE, _SHORT = 90, 60  # letters


@dataclass
class _Example:
    title: str
    block: CodeBlock
    said: list[Element] = field(default_factory=list)
    printed: CodeBlock | None = None


def sections_with_usage(page: SphinxPage) -> tuple[Section, ...]:
    """Return the sections that are there for examples."""
    return tuple(section for section in page.sections if _TITLE.match(section.title.casefold()))


def usages(page: SphinxPage, addresses: PageAddresses, tested: frozenset[str] | None) -> Iterator[Usage]:
    """Return the examples of a page.

    They are those of its sections for them, and where it has none, all code that Mantid's tests compare with what it
    prints.

    Parameters
    ----------
    tested
        The `bare` code of what Mantid's own tests run; None where the page's source is not there.
    """
    sections = sections_with_usage(page)
    found = [one for section in sections for one in _examples(section.children)]
    if not sections:
        everywhere = (one for section in page.sections for one in _examples(section.children))
        found = [one for one in everywhere if _is_tested(one, tested)]
        for one in found:
            one.said = []  # the description says it already
    for one in found:
        # Mantid's tests run examples after this line, so pages leave it out.
        code = one.block.code
        imported = "from mantid.simpleapi import" in code or "import mantid" in code
        runs = code if imported else f"from mantid.simpleapi import *\n\n{code}"
        output = one.printed.code if one.printed else ""
        html = to_html(one.said, addresses).strip()
        yield Usage(one.title or "Example", code, runs, output, _is_tested(one, tested), "mantid", html)


def bare(code: str) -> str:
    """Return code by which two blocks compare: without spaces at ends of lines, empty lines and indentation of all."""
    lines = [line.strip() for line in code.splitlines() if line.strip()]
    return "\n".join(line for line in lines if not line.startswith(":"))


def _is_tested(one: _Example, tested: frozenset[str] | None) -> bool:
    if tested is not None:
        return bare(one.block.code) in tested
    # What a tested example prints is marked as no language; of examples that nobody tests it is hardly ever said.
    return one.printed is not None and one.printed.language == "none"


def _examples(children: Sequence[Element | str]) -> Iterator[_Example]:
    """Return the examples among parts of a page, each with the texts before it and the pictures behind it."""
    last: _Example | None = None
    title, said, awaited = list[Element](), list[Element](), False
    for part in _parts(children):
        block = code_block(part)
        if block is not None and last is not None and last.printed is None and (awaited or block.language in _OUTPUT):
            last.printed, awaited = block, False
            continue
        awaited = _SAYS_OUTPUT.fullmatch(_line(part)) is not None
        if block is not None and _is_python(block):
            if last is not None:
                yield last
            last = _Example(_titled(title), block, said)
            title, said = [], []
        elif block is None and _is_title(part):
            title = [part]
        elif last is not None and not part.text().strip():
            last.said.append(part)  # a picture of what came out
        elif not awaited:
            said += [*(title if block is not None else ()), part]
            title = [] if block is not None else title
    if last is not None:
        last.said += [*said, *title]
        yield last


def _is_python(block: CodeBlock) -> bool:
    if block.language not in _UNMARKED:
        return block.language in _PYTHON
    try:
        ast.parse(block.code)
    except (SyntaxError, ValueError):
        return False  # a file, a formula, or what comes out
    return True


def _titled(title: list[Element]) -> str:
    text = _line(title[0]) if title else ""
    return _EXAMPLE.sub("", text, count=1).rstrip(":. ")


def _is_title(part: Element) -> bool:
    """Return whether a part is a heading, or a line that authors write as one above code."""
    text = _line(part)
    if not text or len(text) > _LONGEST_TITLE or _SAYS_OUTPUT.fullmatch(text):
        return False
    if part.tag in HEADINGS:
        return True
    inside = [one for one in part.children if not isinstance(one, str) or one.strip()]
    bold = len(inside) == 1 and isinstance(inside[0], Element) and inside[0].tag == "strong"
    short = len(text) <= _SHORT and text[-1] not in ".!?" and all(one.tag != "img" for one in part.all())
    return part.tag == "p" and (bold or short or _EXAMPLE.match(text) is not None)


def _parts(children: Iterable[Element | str]) -> Iterator[Element]:
    for child in children:
        if isinstance(child, str):
            continue
        opened = child.tag in _GROUPS and code_block(child) is None and "admonition" not in child.classes
        if opened and (is_section(child) or "math" not in child.classes):
            yield from _parts(child.children)
        else:
            yield child


def _line(element: Element) -> str:
    return " ".join(element.text().split())

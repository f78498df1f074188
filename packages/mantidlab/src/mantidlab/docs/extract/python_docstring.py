"""Docstrings as data: numpydoc sections, or Sphinx fields where an author wrote those; read by griffe."""

import re
from dataclasses import dataclass
from inspect import cleandoc

import griffe

from mantidlab.docs.catalogue import Argument, Section

_FIELD = re.compile(r"^\s*:(param|parameter|arg|returns?|raises?|rtype|type)\b[^\n]*:", re.MULTILINE)
_UNDERLINED = re.compile(r"^\S[^\n]*\n\s*-{3,}\s*$", re.MULTILINE)
_SEE_ALSO_FIELD = re.compile(r"^:seealso:\s*(?P<text>.+?)(?=^:|\Z)", re.MULTILINE | re.DOTALL)
_DEPRECATED = re.compile(
    r"^\.\. deprecated::[ \t]*(?P<since>[^\n]*)\n?(?P<text>(?:[ \t]+[^\n]*\n?|[ \t]*\n)*)", re.MULTILINE
)

_ARGUMENTS = {griffe.DocstringSectionKind.parameters, griffe.DocstringSectionKind.other_parameters}
_TITLES = {
    griffe.DocstringSectionKind.raises: "Raises",
    griffe.DocstringSectionKind.warns: "Warns",
    griffe.DocstringSectionKind.yields: "Yields",
    griffe.DocstringSectionKind.receives: "Receives",
    griffe.DocstringSectionKind.attributes: "Attributes",
    griffe.DocstringSectionKind.examples: "Examples",
}


@dataclass(frozen=True)
class Docstring:
    """The parts of a docstring.

    Attributes
    ----------
    summary, description
        The first paragraph on one line, and the text before the first section without it.
    arguments
        What it says of each argument, by name without asterisks: type and text.
    returns
        Type and text of what comes back.
    sections
        The rest, in the author's order.
    deprecated
        Since when and what to use instead; empty where it is not deprecated.
    """

    summary: str = ""
    description: str = ""
    arguments: tuple[tuple[str, Argument], ...] = ()
    returns: Argument | None = None
    sections: tuple[Section, ...] = ()
    deprecated: str = ""


def parse_docstring(text: str | None) -> Docstring:
    """Read a docstring; what has no known form stays text, and nothing is refused."""
    if not text or not text.strip():
        return Docstring()
    clean, deprecated = _without_deprecation(cleandoc(text))
    clean, see_also = _without_see_also(clean)
    style = griffe.Parser.sphinx if _FIELD.search(clean) and not _UNDERLINED.search(clean) else griffe.Parser.numpy
    arguments: list[tuple[str, Argument]] = []
    sections: list[Section] = list(see_also)
    lead: list[str] = []
    returns: Argument | None = None
    for part in griffe.Docstring(clean).parse(style, warnings=False):
        if part.kind is griffe.DocstringSectionKind.text:
            lead.append(part.value)
        elif part.kind in _ARGUMENTS:
            arguments += [(item.name.lstrip("*"), _argument(item)) for item in part.value]
        elif part.kind is griffe.DocstringSectionKind.returns:
            returns = _returned(part.value)
        elif part.kind is griffe.DocstringSectionKind.deprecated:
            deprecated = deprecated or _one_line(f"{part.value.version} {part.value.description}")
        else:
            sections.append(_section(part))
    summary, _, description = "\n\n".join(lead).strip().partition("\n\n")
    return Docstring(_one_line(summary), description.strip(), tuple(arguments), returns, tuple(sections), deprecated)


def _without_deprecation(text: str) -> tuple[str, str]:
    """Return the text without its ``deprecated`` directive, and what that says."""
    found = _DEPRECATED.search(text)
    if found is None:
        return text, ""
    said = _one_line(f"{found['since']} {found['text']}")
    return (text[: found.start()] + text[found.end() :]).strip(), said or "deprecated"


def _without_see_also(text: str) -> tuple[str, list[Section]]:
    """Return the text without the field ``:seealso:``, which no parser knows and scipp's methods have."""
    found = _SEE_ALSO_FIELD.search(text)
    if found is None:
        return text, []
    return (text[: found.start()] + text[found.end() :]).strip(), [Section("See Also", found["text"].strip())]


def _argument(item: "griffe.DocstringParameter | griffe.DocstringReturn") -> Argument:
    default = getattr(item, "default", None)
    return Argument(
        getattr(item, "name", "") or "",
        "",
        str(item.annotation or ""),
        None if default is None else str(default),
        item.description.strip(),
    )


def _returned(items: "list[griffe.DocstringReturn]") -> Argument | None:
    if not items:
        return None
    if len(items) == 1:
        return _argument(items[0])
    text = "\n".join(f"{item.name or item.annotation or ''}: {item.description}".lstrip(": ") for item in items)
    return Argument(
        "", "", f"tuple[{', '.join(str(item.annotation or item.name or '?') for item in items)}]", None, text
    )


def _section(part: "griffe.DocstringSection") -> Section:
    title = (part.title or _TITLES.get(part.kind, part.kind.value.title())).strip()
    value = part.value
    if part.kind is griffe.DocstringSectionKind.examples:
        return Section(title, "\n\n".join(text for _, text in value))
    if part.kind is griffe.DocstringSectionKind.admonition:
        return Section(title, (value.description or "").strip())
    if isinstance(value, list):
        return Section(title, "\n".join(_item(item) for item in value))
    return Section(title, str(getattr(value, "description", value)).strip())


def _item(item: "griffe.DocstringElement") -> str:
    name = getattr(item, "name", "") or ""
    annotation = str(item.annotation or "")
    head = f"{name} : {annotation}" if name and annotation else name or annotation
    return f"{head}\n" + "\n".join(f"    {line}".rstrip() for line in item.description.splitlines())


def _one_line(text: str) -> str:
    return " ".join(text.split())

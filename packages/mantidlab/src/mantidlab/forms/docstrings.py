"""What a docstring says of each argument, in numpy's style or Google's; without a library, which kernels may lack."""

import inspect
import re

_NUMPY = re.compile(r"^(?:Other )?Parameters\n-{3,}$", re.MULTILINE)
_GOOGLE = re.compile(r"^(?:Args|Arguments|Parameters):$", re.MULTILINE)
_HEADING = re.compile(r"^\S.*\n-{3,}$", re.MULTILINE)
_NAMES = re.compile(r"^(?P<names>\*{0,2}\w+(?: *, *\*{0,2}\w+)*)(?: *:.*)?$")
_GOOGLE_ITEM = re.compile(r"^(?P<names>\*{0,2}\w+)(?: *\([^)]*\))?: *(?P<text>.*)$")


_ROLE = re.compile(r":(?:\w+[:-])*\w+:`(?P<short>~?)(?P<name>[^`<]+?)(?:\s*<[^`>]*>)?`")
_MARKED = re.compile(r"``(?P<code>[^`]+)``|`(?P<text>[^`<]+?)(?:\s*<[^`>]*>)?`_{0,2}")


def plain_text(text: str) -> str:
    """Return what a docstring says without the marks of reStructuredText: ``:class:`Variable``` is ``Variable``."""
    shortened = _ROLE.sub(lambda found: found["name"].rpartition(".")[2] if found["short"] else found["name"], text)
    return _MARKED.sub(lambda found: found["code"] or found["text"], shortened)


def summary_of(thing: object) -> str:
    """Return the first paragraph of a docstring as one line."""
    text = inspect.getdoc(thing) or ""
    return plain_text(" ".join(text.partition("\n\n")[0].split()))


def documented_arguments(thing: object) -> dict[str, str]:
    """Return the text of each argument that the docstring speaks of."""
    text = inspect.getdoc(thing) or ""
    found: dict[str, str] = {}
    for section in _NUMPY.finditer(text):
        following = _HEADING.search(text, section.end())
        found |= _items(text[section.end() : following.start() if following else None])
    for section in _GOOGLE.finditer(text):
        found |= _google(text[section.end() :])
    return {name: plain_text(said) for name, said in found.items()}


def _items(section: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line[0].isspace():
            head = _NAMES.match(line)
            names = [name.strip(" *") for name in head["names"].split(",")] if head else []
        for name in names:
            if not line or line[0].isspace():
                found.setdefault(name, []).append(line)
    return {name: inspect.cleandoc("\n".join(lines)) for name, lines in found.items()}


def _google(section: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name, depth = "", None
    for line in section.splitlines():
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if not indent:
            break
        depth = indent if depth is None else depth
        head = _GOOGLE_ITEM.match(line.strip()) if indent == depth else None
        if head:
            name = head["names"].strip("*")
            found[name] = [head["text"]]
        elif name:
            found[name].append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in found.items()}

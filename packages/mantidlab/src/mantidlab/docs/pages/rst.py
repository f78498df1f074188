"""Texts of docstrings as HTML: rendered by docutils, with the roles and directives that scientific packages use.

docutils reads no file, runs nothing and stops at nothing here; what it writes goes through the whitelist all the same.
Its registers of roles and directives are one for the whole process and stay as they are: before it reads a text, names
of Sphinx's become names of ours.
"""

import functools
import html
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from mantidlab.docs.pages.references import References, address
from mantidlab.docs.pages.tree import Element, parse
from mantidlab.docs.pages.whitelist import to_html, web_address

_PLAIN = re.compile(r"[\w\s.,;()'\"/=<>+%&\[\]{}?!Å-]*")
"""Texts of one paragraph without any mark: they need no docutils."""
_STRUCTURE = re.compile(r"^\s*(?:[-+=#~^]|\w{1,3}[.)]\s)|^\s{2}|__|::|\n\s*\n", re.M)

_ROLE = re.compile(r":(?:py:|c:|cpp:)?(?:func|class|meth|attr|mod|obj|data|exc|const|type|algm|ref|doc|term|any):(?=`)")
_OTHER_ROLE = re.compile(
    r":(?:cite|numref|eq|footcite|cite:[a-z]+|download|file|kbd|command|option|envvar|samp|py):(?=`)"
)
_CODE = re.compile(
    r"^(?P<indent>[ \t]*)\.\. (?:plot|testcode|testoutput|ipython|jupyter-execute|prompt|testsetup)::.*$", re.M
)
_NO_USE = re.compile(
    r"^(?P<indent>[ \t]*)\.\. (?:highlight|currentmodule|module|index|autosummary|toctree|automodule|autoclass|"
    r"tabularcolumns|bibliography|footbibliography|raw|include|csv-table|only|todo)::[^\n]*\n"
    r"(?:(?P=indent)[ \t]+[^\n]*\n?|[ \t]*\n)*",
    re.M,
)
_VERSIONS = re.compile(
    r"^(?P<indent>[ \t]*)\.\. (?P<what>versionadded|versionchanged|deprecated)::[ \t]*(?P<rest>.*)$", re.M
)
_SEE = re.compile(r"^(?P<indent>[ \t]*)\.\. seealso::", re.M)
_SAID = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}
_MATH = re.compile(r"\\(?:\(|\[)|\\begin")
_OURS = "mantidlab-name"

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "line_length_limit": 100_000,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "math_output": "MathJax /nowhere",
    "syntax_highlight": "none",
    "initial_header_level": 3,
    "doctitle_xform": False,
    "smart_quotes": False,
    "input_encoding": "unicode",
}


@dataclass(frozen=True)
class Around:
    """Where a text stands: in the docstring of the object `near`, among all that `references` knows."""

    references: References
    near: str


def rst_to_html(text: str, around: Around) -> str:
    """Return a docstring's text as HTML of whitelisted elements; nothing is refused."""
    text = text.strip()
    if not text:
        return ""
    if _PLAIN.fullmatch(text) and not _STRUCTURE.search(text):
        return f"<p>{html.escape(' '.join(text.split()))}</p>"
    from docutils.core import publish_parts

    source = f".. default-role:: {_OURS}\n\n{_prepared(text)}\n"
    _register()
    here = _around.set(around)
    try:
        parts = publish_parts(source, writer="html5", settings_overrides=_SETTINGS)
    except Exception:  # noqa: BLE001  (docutils fails in many ways on what was never meant for it)
        return f"<pre>{html.escape(text)}</pre>"
    finally:
        _around.reset(here)
    body = parse(parts["body"])
    _tidy(body)
    return to_html(body.children, _Addresses()).strip()


class _Addresses:
    """Links to things and into the web; pictures of docstrings lie in no environment."""

    def link(self, href: str) -> str | None:
        """Return it as it is, if it leads to a thing or into the web."""
        return href if href.startswith("#of=") else web_address(href)

    def picture(self, src: str) -> str | None:
        """Return nothing."""
        return None


# Tells the role where its text stands: docutils gives roles nothing of their caller's.
_around: ContextVar[Around] = ContextVar("around")


@functools.cache
def _register() -> None:
    from docutils.parsers.rst import roles

    roles.register_local_role(_OURS, _name_role)


def _name_role(*given_by_docutils: Any, options: Any = None, content: Any = ()) -> Any:
    """Return a name of something: a link where this environment has it, else code."""
    from docutils import nodes

    text = given_by_docutils[2].replace("\x00", "")
    given = re.fullmatch(r"(?P<title>.+?)\s*<(?P<name>[^<>]+)>", text, re.DOTALL)
    title, name = (given["title"], given["name"]) if given else (text, text)
    if not given:
        title = title.rpartition(".")[2] if title.startswith("~") else title.lstrip(".")
    around = _around.get()
    of = around.references.of_name(name, around.near)
    shown = nodes.literal("", title)
    return ([nodes.reference("", "", shown, refuri=address(of))] if of else [shown]), []


def _prepared(text: str) -> str:
    """Return the text with what docutils knows in place of what Sphinx knows."""
    text = _NO_USE.sub("", text)
    text = _ROLE.sub(f":{_OURS}:", text)
    text = _OTHER_ROLE.sub(":literal:", text)
    text = _CODE.sub(r"\g<indent>.. code::", text)
    text = _SEE.sub(r"\g<indent>.. admonition:: See also", text)
    text = _VERSIONS.sub(lambda match: f"{match['indent']}.. note:: {_SAID[match['what']]} {match['rest']}", text)
    return re.sub(r"\\AA(?![A-Za-z])", lambda _: r"\unicode{x212B}", text)


def _tidy(element: Element) -> None:
    """Make of docutils's HTML what the panel shows: formulas between marks, notes with a class, no outlines."""
    for child in element.elements:
        _tidy(child)
        if child.tag in ("aside", "div") and "admonition" in child.classes:
            child.tag = "div"
        if child.tag in ("main", "section", "aside"):
            child.tag = "div"
        if child.tag == "span" and "literal" in child.classes:
            child.tag = "code"
        if "math" in child.classes and child.tag in ("div", "span"):
            child.children = [_math(child.text(), block=child.tag == "div")]
        if "system-message" in child.classes:
            child.children = []


def _math(text: str, *, block: bool) -> str:
    if _MATH.match(text.strip()):
        return text
    return f"\\[{text}\\]" if block else f"\\({text}\\)"

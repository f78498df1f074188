"""Formulas of pages that Sphinx made, as LaTeX between the marks by which JupyterLab typesets it.

Sphinx leaves LaTeX to MathJax, or has it drawn when the pages are built: then a picture stands in its place, whose text
is the LaTeX. The pages of the package ``mantiddocs`` are of the second kind, those on the web of the first.
"""

import re

from mantidlab.docs.pages.tree import Element

_MARKED = re.compile(r"\\(?:\(|\[)")
_ENVIRONMENT = re.compile(r"\\begin\{(?:align|alignat|eqnarray|equation|flalign|gather|multline)\*?\}")
_NUMBER = re.compile(r"\((?P<number>[^()]+)\)")


def formula(element: Element) -> Element:
    """Return an element of the class ``math`` with nothing in it but its LaTeX."""
    block = element.tag == "div"
    drawn = next((one.attributes.get("alt", "") for one in element.all() if one.tag == "img"), None)
    number = next((one for one in element.all() if "eqno" in one.classes), None)
    text = (drawn if drawn is not None else _text(element)).strip()
    found = _NUMBER.search(number.text()) if number is not None else None
    return Element(
        "div" if block else "span",
        {"class": "math"},
        [_with_angstrom(_marked(text, block=block, number=found["number"].strip() if found else ""))],
    )


def _text(element: Element) -> str:
    """Return the texts in an element without the number of the formula."""
    parts = (child if isinstance(child, str) else _text(child) for child in element.children)
    return "" if "eqno" in element.classes else "".join(parts)


def _marked(latex: str, *, block: bool, number: str) -> str:
    if not latex:
        return ""
    if not block:
        return latex if _MARKED.match(latex) else f"\\({latex}\\)"
    inside = latex.removeprefix("\\[").removesuffix("\\]") if _MARKED.match(latex) else _rows(latex)
    if _ENVIRONMENT.match(inside.strip()):
        return inside.strip() if not _MARKED.match(latex) else latex
    tag = f"\\tag{{{number}}}" if number and "\\tag" not in inside else ""
    return f"\\[{inside}{tag}\\]"


def _rows(latex: str) -> str:
    """Return lines that were typed as one formula, or as several with empty lines between them, one below another."""
    if _ENVIRONMENT.match(latex):
        return latex
    parts = [part.strip() for part in re.split(r"\n[ \t]*\n", latex) if part.strip()]
    rows = [f"\\begin{{split}}{part}\\end{{split}}" if "\\\\" in part else part for part in parts]
    if len(rows) == 1:
        return rows[0]
    return "\\begin{aligned}" + " \\\\ ".join(rows) + "\\end{aligned}"


def _with_angstrom(latex: str) -> str:
    # Mantid's pages define it at their beginning, which is not shown here
    return re.sub(r"\\AA(?![A-Za-z])", r"\\unicode{x212B}", latex)

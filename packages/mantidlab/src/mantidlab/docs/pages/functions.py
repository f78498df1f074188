"""The page of a fit function of Mantid: its parameters and attributes, and the text of the offline documentation."""

from pathlib import Path

from mantidlab.docs.catalogue import FitFunction
from mantidlab.docs.pages.calling import function_call
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.sphinx import PageAddresses, read_sphinx, section_html
from mantidlab.docs.pages.thing import PropertyRow, Thing
from mantidlab.docs.pages.whitelist import text_to_html, to_html

_SAID_ELSEWHERE = frozenset(
    {
        "categories",
        "source",
        "properties",
        "properties (fitting parameters)",
        "attributes (non-fitting parameters)",
    }
)
_FOLDERS = ("fitting/fitfunctions", "functions")


def function_thing(function: FitFunction, references: References, folder: Path | None) -> Thing:
    """Return the page of a fit function."""
    parameters = ", ".join(parameter.name for parameter in function.parameters)
    rows = [
        PropertyRow(
            one.name,
            "parameter",
            "Input",
            "" if one.value is None else f"{one.value:g}",
            required=False,
            documentation=text_to_html(one.description),
        )
        for one in function.parameters
    ]
    rows += [
        PropertyRow(one.name, f"attribute, {one.type}", "Input", _shown(one.value), required=False, documentation="")
        for one in function.attributes
    ]
    return Thing(
        of=f"function/{function.name}",
        kind="fit function",
        title=function.name,
        summary=f"Fit function with {parameters}." if parameters else "Fit function.",
        framework="mantid",
        html=_description(function, references, folder),
        signature=function.initial,
        properties=tuple(rows),
        categories=function.categories,
        call=function_call(function),
    )


def _description(function: FitFunction, references: References, folder: Path | None) -> str:
    path = next(
        (path for one in _FOLDERS if folder and (folder / (path := f"{one}/{function.name}.html")).is_file()), None
    )
    if path is None or folder is None:
        return ""
    page = read_sphinx((folder / path).read_text(encoding="utf-8", errors="replace"))
    addresses = PageAddresses(path, references)
    told = [section for section in page.sections if section.title.casefold() not in _SAID_ELSEWHERE]
    return to_html(page.lead, addresses) + "".join(section_html(section, addresses) for section in told)


def _shown(value: object) -> str:
    return "" if value is None else str(value)

"""The page of a fit function of Mantid: its parameters and attributes, and the text of the offline documentation."""

from pathlib import Path

from mantidlab.docs.catalogue import FitFunction
from mantidlab.docs.pages.calling import function_call
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.sphinx import PageAddresses, Section, SphinxPage, read_sphinx, section_html
from mantidlab.docs.pages.thing import PropertyRow, Thing
from mantidlab.docs.pages.usage import sections_with_usage, usages
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
    found = _page_of(function, folder)
    addresses = PageAddresses(found[0], references) if found else None
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
        html=_description(found[1], addresses) if found and addresses else "",
        signature=function.initial,
        properties=tuple(rows),
        usage=tuple(usages(found[1], addresses, None)) if found and addresses else (),
        categories=function.categories,
        call=function_call(function),
    )


def _page_of(function: FitFunction, folder: Path | None) -> tuple[str, SphinxPage] | None:
    """Return the path of a function's page and the page, None where there is none."""
    for one in _FOLDERS if folder is not None else ():
        path = f"{one}/{function.name}.html"
        if folder is not None and (folder / path).is_file():
            return path, read_sphinx((folder / path).read_text(encoding="utf-8", errors="replace"))
    return None


def _description(page: SphinxPage, addresses: PageAddresses) -> str:
    examples = sections_with_usage(page)
    told = (one for one in page.sections if one.title.casefold() not in _SAID_ELSEWHERE and one not in examples)
    return to_html(page.lead, addresses) + "".join(
        section_html(Section("", one.children) if one.title == "Description" else one, addresses) for one in told
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)

"""A page of the offline documentation."""

from pathlib import Path

from mantidlab.docs.catalogue import Page
from mantidlab.docs.pages.references import References
from mantidlab.docs.pages.sphinx import PageAddresses, read_sphinx, section_html
from mantidlab.docs.pages.thing import Thing
from mantidlab.docs.pages.whitelist import text_to_html, to_html


def page_thing(page: Page, references: References, folder: Path | None) -> Thing:
    """Return a page; its bare text, which the catalogue has, where the file is not there any more."""
    return Thing(
        of=f"page/{page.path}",
        kind="page",
        title=page.title,
        summary="",
        framework="mantid",
        html=_html(page, references, folder),
        categories=(page.kind,),
    )


def _html(page: Page, references: References, folder: Path | None) -> str:
    try:
        if folder is None:
            raise FileNotFoundError
        content = (folder / page.path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "".join(text_to_html(line) for line in page.text.splitlines()[1:])
    read = read_sphinx(content)
    addresses = PageAddresses(page.path, references)
    return to_html(read.lead, addresses).strip() + "".join(section_html(one, addresses) for one in read.sections)

"""What is known of the Mantid that is judged: its catalogue, found or made now, and its documentation."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.extract.pages import documentation_folder
from mantidlab.docs.pages.opening import Pages
from mantidlab.docs.pages.thing import NothingThere
from mantidlab.docs.reading import KnowledgeMissing, knowledge
from mantidlab.forms.book import FormBook
from mantidlab.frameworks.mantid import MantidModules


@dataclass(frozen=True)
class KnownMantid:
    """The forms and the pages of one environment."""

    book: FormBook
    pages: Pages

    def examples(self, algorithm: str) -> Iterable[str]:
        """Return the examples of an algorithm's page that Mantid's own tests run, each with what it stands on."""
        try:
            usage = self.pages.open(self.book.form(algorithm).of).usage
        except NothingThere:
            return []
        return [one.runs for one in usage if one.tested]


def environment_of(modules: MantidModules) -> KnownMantid:
    """Return what is known of a running Mantid; where its environment has no catalogue, Mantid is asked for one."""
    prefix = Path(sys.prefix)
    try:
        catalogue = knowledge(prefix).catalogue
    except KnowledgeMissing:
        catalogue = None
    if catalogue is None or not catalogue.algorithms:
        print("This environment has no catalogue of Mantid; one is made now …", file=sys.stderr)
        catalogue = extract_mantid(modules, lambda line: print(line, file=sys.stderr), documentation_folder(prefix))
    return KnownMantid(FormBook(catalogue), Pages(catalogue, documentation_folder(prefix)))

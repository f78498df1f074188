"""What is known of the Mantid that is judged: its catalogue, found or made now, and its documentation."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mantidlab.conformance.steps import Say
from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.extract.pages import documentation_folder
from mantidlab.docs.pages.opening import Pages
from mantidlab.docs.pages.thing import NothingThere
from mantidlab.docs.reading import CATALOGUE, KnowledgeMissing, knowledge, read_catalogue
from mantidlab.forms.book import FormBook
from mantidlab.frameworks.mantid import MantidModules

KEPT = "MANTIDHUB_CONFORMANCE_FOLDER"
"""Names a folder in which a catalogue that was made is kept for the next process."""


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


def environment_of(modules: MantidModules, say: Say) -> KnownMantid:
    """Return what is known of a running Mantid; where its environment has no catalogue, Mantid is asked for one."""
    prefix = Path(sys.prefix)
    try:
        catalogue = knowledge(prefix).catalogue
    except KnowledgeMissing:
        catalogue = None
    if catalogue is None or not catalogue.algorithms:
        catalogue = _made_now(modules, say, documentation_folder(prefix))
    return KnownMantid(FormBook(catalogue), Pages(catalogue, documentation_folder(prefix)))


def _made_now(modules: MantidModules, say: Say, documentation: Path | None) -> Catalogue:
    kept = Path(os.environ[KEPT]) / CATALOGUE if KEPT in os.environ else None
    if kept is not None and kept.is_file():
        return read_catalogue(kept)

    def tell(line: str) -> None:
        print(line, file=sys.stderr)
        say(line)

    tell("This environment has no catalogue of Mantid; one is made now …")
    catalogue = extract_mantid(modules, tell, documentation)
    if kept is not None:
        catalogue.write(kept)
    return catalogue

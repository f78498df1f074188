"""How facilities write NeXus, one module each; the first that recognises an entry reads it."""

from typing import Protocol

from mantidlab.frameworks.nexus.dialects import (
    generic,
    ill,
    isis_raw,
    md_histo,
    muon,
    nxspe,
    processed,
    psi,
    sns_event,
    standard,
)
from mantidlab.frameworks.nexus.reading import Reading
from mantidlab.frameworks.nexus.tree import Group


class Dialect(Protocol):
    """A module of this folder."""

    NAME: str

    def recognises(self, entry: Group) -> bool:
        """Tell from the structure whether an entry is of this kind."""

    def read(self, entry: Group) -> Reading:
        """Find what the entry holds, without reading values."""


DIALECTS: tuple[Dialect, ...] = (processed, md_histo, nxspe, muon, isis_raw, sns_event, standard, ill, psi, generic)
"""The special ones first: each recognises what the ones before it left."""


def dialect_of(entry: Group) -> Dialect | None:
    """Return the dialect of an entry; None where nothing in it is data."""
    return next((dialect for dialect in DIALECTS if dialect.recognises(entry)), None)

"""Which loader ``Load`` takes for a file, and its form with that loader's options.

Mantid's ``Load`` declares the properties of the loader once its file is known (its source is
``Framework/DataHandling/src/Load.cpp``), so no catalogue has them among its own. A kernel with Mantid says which loader
that is; without one it is guessed from what is in the file: how facilities write NeXus tells which loader is for it.
"""

import functools
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mantidlab.forms.book import FormBook
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.spec import Field, FormSpec, Group, Widget

LOAD = "algorithm/Load-v1"
FILENAME = "Filename"
GROUP = "loader"

SECONDS_TO_LOOK = 20.0
"""How long a process may take to say what a file is: 0.3 s of work on an idle machine."""

_OF_DIALECTS = {
    "ISIS raw": "LoadISISNexus",
    "Mantid processed": "LoadNexusProcessed",
    "Mantid multi-dimensional histogram": "LoadMD",
    "SNS events": "LoadEventNexus",
    "NeXus events": "LoadEventNexus",
    "NXSPE": "LoadNXSPE",
    "muon": "LoadMuonNexus",
}
_OF_ILL = {
    **dict.fromkeys(("IN4", "IN5", "IN6", "PANTHER", "SHARP"), "LoadILLTOF"),
    **dict.fromkeys(("D11", "D16", "D22", "D33"), "LoadILLSANS"),
    **dict.fromkeys(("D17", "FIGARO"), "LoadILLReflectometry"),
    **dict.fromkeys(("D2B", "D20"), "LoadILLDiffraction"),
    "IN16B": "LoadILLIndirect",
}
_OF_ENDINGS = {
    ".raw": "LoadRaw",
    ".nxspe": "LoadNXSPE",
    ".spe": "LoadSPE",
    ".sqw": "LoadSQW",
    ".fits": "LoadFITS",
    **dict.fromkeys((".txt", ".dat", ".csv"), "LoadAscii"),
}

_FILES = (Widget.FILE, Widget.FILES)


@dataclass(frozen=True)
class Guess:
    """A loader, by its name in the catalogue, and by what it was guessed."""

    loader: str
    by: str


def guessed(path: Path, prefix: Path) -> Guess | None:
    """Return the loader that Mantid is likely to take; None where nothing tells.

    Parameters
    ----------
    prefix
        Of an environment whose Python looks into the file, in a process of its own.
    """
    ending = path.suffix.lower()
    try:
        state = path.stat()
    except OSError:
        return None
    told = _told(path, prefix, state.st_mtime_ns, state.st_size)
    dialect, instrument = str(told.get("dialect") or ""), str(told.get("instrument") or "").upper()
    loader = _OF_ILL.get(instrument, "") if dialect == "ILL" else _OF_DIALECTS.get(dialect, "")
    if loader:
        return Guess(loader, f"what is in it ({dialect})")
    return Guess(_OF_ENDINGS[ending], f"its ending {ending}") if ending in _OF_ENDINGS and not dialect else None


@functools.lru_cache(maxsize=64)
def _told(path: Path, prefix: Path, modified: int, size: int) -> Mapping[str, Any]:
    command = [str(prefix / "bin" / "python"), "-P", "-m", "mantidlab.frameworks.nexus", "--dialect", str(path)]
    try:
        said = subprocess.run(command, capture_output=True, timeout=SECONDS_TO_LOOK, check=True)
        return dict(json.loads(said.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):  # it is no NeXus, or cannot be read
        return {}


def with_options(spec: FormSpec, book: FormBook, loader: str, version: int | None = None) -> FormSpec | None:
    """Return the form of ``Load`` with a loader's options as a group; None where the catalogue has no such loader."""
    try:
        found = book.form(f"algorithm/{loader}-v{version}" if version else loader)
    except NoSuchForm:
        return None
    own = {field.name for field in spec.fields}
    main = next((field.name for field in found.fields if field.widget in _FILES), FILENAME)
    options = tuple(_option(field) for field in found.fields if field.name not in own and field.name != main)
    inputs = tuple(field for field in options if field.direction == "input")
    if not inputs:
        return spec
    group = Group(GROUP, f"Options of {found.call.function}")
    return replace(spec, groups=(*spec.groups, group), fields=(*spec.fields, *inputs))


def _option(field: Field) -> Field:
    """``Load`` hands on what it is given and asks for nothing; what the loader itself needs, it says when it runs."""
    return replace(field, group=GROUP, required=False, kind="keyword", advanced=False)


def covering(spec: FormSpec, book: FormBook, names: Sequence[str]) -> FormSpec | None:
    """Return the form with the options of the only loader that has all of these; None where none or several have."""
    found = []
    for of in book.all_of():
        name = of.partition("/")[2].rpartition("-v")[0]
        if not name.startswith("Load") or name == "Load" or not of.startswith("algorithm/"):
            continue
        made = with_options(spec, book, name)
        if made is not None and all(made.field(one) is not None for one in names):
            found.append(made)
    kinds = {made.groups[-1].label: made for made in found}
    return next(iter(kinds.values())) if len(kinds) == 1 else None

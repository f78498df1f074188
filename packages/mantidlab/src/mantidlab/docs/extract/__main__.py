"""Write what an environment knows: ``python -I -m mantidlab.docs.extract --out FOLDER NAME…``.

NAME is ``mantid`` or a Python package that can be imported (``scipp``, ``ess``). The folder gets ``catalogue.json`` and
``search.sqlite``; for Mantid, the stubs of its functions go to the environment's packages. Standard output has lines
``done total message``; a failure is one sentence on standard error and exit code 1, and leaves the folder as it was.
"""

import argparse
import importlib.util
import os
import sqlite3
import sys
import sysconfig
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.errors import ExtractionFailed
from mantidlab.docs.extract.pages import documentation_folder, extract_pages
from mantidlab.docs.reading import CATALOGUE, INDEX
from mantidlab.docs.search.index import SearchUnavailable, require_sqlite, write_index
from mantidlab.docs.stubs import write_stubs
from mantidlab.leaving import leave

MANTID = "mantid"


class Progress:
    """Prints how far the work is, a line for each part and for what happens in it."""

    def __init__(self, total: int) -> None:
        self.done = 0
        self.total = total

    def __call__(self, message: str) -> None:
        """Say what is being done."""
        # Mantid's libraries write to standard output too, so each line is written at once and whole.
        with suppress(BrokenPipeError):
            print(self.done, self.total, " ".join(message.split()), flush=True)

    def step(self) -> None:
        """Count one part as done."""
        self.done += 1


def extract(
    names: Sequence[str],
    out: Path,
    prefix: Path = Path(sys.prefix),
    start_mantid: Callable[[], Any] | None = None,
) -> Catalogue:
    """Draw out what packages know and write it.

    Parameters
    ----------
    names
        ``mantid``, or packages by the name of their import.
    out
        The folder of the files; it is made.
    prefix
        The environment in which the offline documentation is looked for.
    start_mantid
        Returns Mantid's modules; None imports them.

    Raises
    ------
    ExtractionFailed
        A package is not installed, or a framework could not be asked.
    SearchUnavailable, OSError, sqlite3.Error
        The files cannot be written.
    """
    require_sqlite()
    packages = tuple(name for name in names if name != MANTID)
    progress = Progress(3 + 2 * (MANTID in names))
    parts: list[Catalogue] = []
    # First the pages, in several processes: after Mantid's import none may be forked.
    folder = documentation_folder(prefix) if MANTID in names else None
    if folder is not None:
        read = extract_pages(folder, progress, processes=len(os.sched_getaffinity(0)))
        parts.append(Catalogue(packages={}, pages=read.pages, failures=read.failures))
    if packages:
        parts.append(_of_packages(packages, progress))
    progress.step()
    if MANTID in names:
        parts.append(_of_mantid(start_mantid or _start_mantid, progress, folder))
        progress.step()
    catalogue = joined(parts)
    out.mkdir(parents=True, exist_ok=True)
    progress("making the search index")
    write_index(catalogue, out / INDEX)
    progress.step()
    progress("writing the catalogue")
    catalogue.write(out / CATALOGUE)
    progress.step()
    if MANTID in names:
        progress("writing stubs for completion")
        _write_stubs(catalogue)
        progress.step()
    progress(_summary(catalogue))
    return catalogue


def joined(parts: Sequence[Catalogue]) -> Catalogue:
    """Return one catalogue of several."""
    whole: dict[str, Any] = {"packages": {}, "revisions": {}}
    for part in parts:
        for field in fields(Catalogue):
            value = getattr(part, field.name)
            if isinstance(value, tuple):
                whole[field.name] = (*whole.get(field.name, ()), *value)
            else:
                whole[field.name] = {**whole[field.name], **value}
    return replace(Catalogue(packages={}), **whole)


def _of_packages(names: tuple[str, ...], progress: Progress) -> Catalogue:
    # griffe reads docstrings, and an environment of Mantid alone has none of it
    from mantidlab.docs.extract.python import extract_python

    known = extract_python(names, progress)
    return Catalogue(packages=known.packages, objects=known.objects, failures=known.failures)


def _start_mantid() -> Any:
    try:
        from mantidlab.frameworks.mantid import MantidMissing, mantid_modules
    except ModuleNotFoundError as error:
        raise ExtractionFailed(f"Mantid is not in this environment, nor is {error.name}, which it needs.") from error
    try:
        return mantid_modules()
    except MantidMissing as error:
        raise ExtractionFailed(str(error)) from error


def _of_mantid(start: Callable[[], Any], progress: Progress, folder: Path | None) -> Catalogue:
    from mantidlab.docs.extract.mantid import extract_mantid

    progress("starting Mantid")
    return extract_mantid(start(), progress, folder)


def _write_stubs(catalogue: Catalogue) -> None:
    spec = importlib.util.find_spec(MANTID)
    found = list(spec.submodule_search_locations or ()) if spec else []
    beside = Path(found[0]).parent if found else Path(sysconfig.get_paths()["platlib"])
    try:
        write_stubs(catalogue, beside)
    except SyntaxError as error:
        raise ExtractionFailed(f"The stubs of Mantid's functions would be no Python: {error}.") from error


def _summary(catalogue: Catalogue) -> str:
    counts = {
        "algorithms": catalogue.algorithms,
        "fit functions": catalogue.functions,
        "Python functions and classes": catalogue.objects,
        "pages": catalogue.pages,
        "not readable": catalogue.failures,
    }
    return ", ".join(f"{len(things)} {what}" for what, things in counts.items() if things) or "nothing found"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m mantidlab.docs.extract", description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for catalogue.json and search.sqlite")
    parser.add_argument("names", nargs="+", metavar="NAME", help="mantid, or a package that can be imported")
    given = parser.parse_args(arguments)
    try:
        extract(tuple(dict.fromkeys(given.names)), given.out)
    except (ExtractionFailed, SearchUnavailable) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (OSError, sqlite3.Error) as error:
        print(f"What the environment knows could not be written to {given.out}: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    leave(main())

"""Results in folders: written whole or not at all, and opened again with their values and their origin."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from mantidlab.interfaces.errors import CannotKeep, InterfaceError
from mantidlab.interfaces.keeping import Damaged, read_value, write_value
from mantidlab.interfaces.provenance import Provenance
from mantidlab.interfaces.results import Result

DESCRIPTION = "result.json"
LAYOUT = 1
ASIDE = ".writing-"


def save_result(result: Result[Any], folder: Path) -> None:
    """Write a result into a new folder, which is there only when all of it is.

    Raises
    ------
    CannotKeep
        Its value, or what the caller gave, is of no kind that can be kept in a file.
    OSError
        The folder cannot be written, or is there already.
    """
    folder = folder.expanduser().absolute()
    refuse_place(folder)
    aside = folder.parent / f"{ASIDE}{os.getpid()}-{time.monotonic_ns()}"
    aside.mkdir(parents=True)
    try:
        kept = write_value({"value": result.value, "given": dict(result.given)}, aside)
        description = {"mantidlab": LAYOUT, "provenance": result.provenance.to_dict(), "kept": kept}
        with (aside / DESCRIPTION).open("w", encoding="utf-8") as file:
            json.dump(description, file)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def refuse_place(folder: Path) -> None:
    """Refuse a folder for a result, before anything is computed for it.

    Raises
    ------
    OSError
        It is there already, or cannot be made.
    """
    folder = folder.expanduser().absolute()
    if folder.exists():
        raise FileExistsError(f"{folder} is there already. Name a new folder for the result.")
    above = next(each for each in folder.parents if each.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be made: nothing may be written in {above}. Choose another place.")


def open_result(folder: Path | str) -> Result[Any]:
    """Open a result that was saved.

    The interface that made it must be one that can be found: its classes are those of the value.

    Raises
    ------
    InterfaceError
        It is none, is damaged, or its interface is not here any more.
    """
    folder = Path(folder).expanduser()
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        provenance = Provenance.from_dict(description["provenance"])
        _load_classes(provenance.interface)
        kept = read_value(description["kept"], folder)
        return Result(kept["value"], provenance, kept["given"])
    except (OSError, ValueError, LookupError, TypeError, Damaged) as problem:
        raise CannotKeep(f"{folder} has no result that can be opened: {problem}") from problem


def open_provenance(folder: Path | str) -> Provenance:
    """Read where a saved result comes from, without its value.

    Raises
    ------
    InterfaceError
        It is none, or is damaged.
    """
    try:
        description = json.loads((Path(folder).expanduser() / DESCRIPTION).read_text(encoding="utf-8"))
        return Provenance.from_dict(description["provenance"])
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise CannotKeep(f"{folder} has no result that can be opened: {problem}") from problem


def _load_classes(name: str) -> None:
    from mantidlab.interfaces.discovery import find

    try:
        find(name)
    except InterfaceError:
        return  # values of plain kinds can be read without it; of others the sentence follows

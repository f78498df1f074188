"""Finds out what a Mantid property wants with a file name: to load, to save, a folder; and whether it may be left out.

Python does not see the action of a ``FileProperty``; what it does with a path to nothing tells it
(``Framework/API/src/FileProperty.cpp``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mantidlab.docs.catalogue import Property
from mantidlab.docs.extract.mantid_api import Config, MantidAlgorithm

SINGLE, MULTIPLE = "FileProperty", "MultipleFileProperty"


@contextmanager
def nowhere_else(config: Config) -> Iterator[Path]:
    """Give an empty folder for a while; Mantid looks for files and saves there alone, and searches no archive.

    The order matters: Mantid adds the folder for saving to those that it searches.
    """
    with TemporaryDirectory(prefix="mantid-files-") as folder:
        wanted = {"datasearch.searcharchive": "off", "defaultsave.directory": folder, "datasearch.directories": folder}
        before = {key: config[key] for key in wanted}
        try:
            for key, value in wanted.items():
                config[key] = value
            yield Path(folder)
        finally:
            for key, value in before.items():
                config[key] = value


def takes_file(prop: Property) -> bool:
    """Return whether a property is one of Mantid's for file names."""
    return prop.python_class.rpartition(".")[2] in (SINGLE, MULTIPLE)


def takes_several(prop: Property) -> bool:
    """Return whether it takes several files."""
    return prop.python_class.endswith("." + MULTIPLE)


def file_action(prop: Property, make: Callable[[], MantidAlgorithm], folder: Path) -> str:
    """Return Mantid's word for what a property does with its file.

    Parameters
    ----------
    make
        Returns a fresh, initialised algorithm; its property is set to paths of files that do not exist.
    folder
        Of `nowhere_else`.

    Raises
    ------
    RuntimeError
        Mantid answered something that is not known here.
    """
    if takes_several(prop):  # it can only load
        return "Load" if prop.validator else "OptionalLoad"
    with TemporaryDirectory(dir=folder) as own:
        return _action(make(), prop.name, Path(own))


def _action(algorithm: MantidAlgorithm, name: str, folder: Path) -> str:
    absolute = folder / "not-there" / "probe"
    refusal = _refusal(algorithm, name, str(absolute))
    if 'Directory "' in refusal:
        return "Directory"
    if 'File "' in refusal:
        return "Load"
    if refusal:
        raise RuntimeError(f"Mantid says of a file that does not exist: {refusal}")
    saves = absolute.parent.exists()  # only those that save make the folder of their file
    must_be_given = bool(_refusal(algorithm, name, ""))
    if saves:
        return "Save" if must_be_given else "OptionalSave"
    _refusal(algorithm, name, "not-there-either")
    if not Path(algorithm.getPropertyValue(name)).is_absolute():  # what is loaded stays as it is until it is found
        return "OptionalLoad"
    return "Save" if must_be_given else "OptionalDirectory"


def _refusal(algorithm: MantidAlgorithm, name: str, value: str) -> str:
    try:
        algorithm.setPropertyValue(name, value)
    except (ValueError, RuntimeError, LookupError) as error:
        return str(error)
    return ""

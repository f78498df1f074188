"""The one door for whoever shows data: any workspace, array or file as a data object."""

import sys
from os import PathLike
from typing import Any, overload

from mantidlab.frameworks import mantid, nexus, scipp
from mantidlab.frameworks.model import DataObject, Gone, NotThere


@overload
def as_data_object(thing: PathLike[str], name: str = "") -> nexus.NexusFile: ...
@overload
def as_data_object(thing: Any, name: str = "") -> DataObject: ...
def as_data_object(thing: Any, name: str = "") -> DataObject:
    """Return whatever a person has as a data object, without reading values.

    Parameters
    ----------
    thing
        A variable, data array, dataset or data group of scipp; a workspace of Mantid or, where Mantid is loaded, the
        name of one; the path of a NeXus file. What is a data object already is returned as it is. A file stays open
        until it is closed, so use it in a ``with`` statement.
    name
        What the person calls it, such as the name of the variable; for what has no name itself.

    Raises
    ------
    NotThere
        It is nothing of the kind.
    Unreadable
        It is a path, and the file cannot be read.
    Gone
        It is a workspace that Mantid has deleted.
    """
    if isinstance(thing, str | PathLike):
        return _named(thing)
    makers = {base.__module__.partition(".")[0] for base in type(thing).__mro__}
    if "scipp" in makers:
        return scipp.as_data_object(thing, name)
    if "mantid" in makers:
        return mantid.as_data_object(thing)
    if isinstance(thing, DataObject):
        return thing
    kind = type(thing).__name__
    described = f"{f'{name!r}' if name else 'This'} is {'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"
    raise NotThere(
        f"{described}, which holds no data that are known here: take a scipp object, a Mantid workspace or its name, "
        f"or the path of a NeXus file."
    )


def _named(text: str | PathLike[str]) -> DataObject:
    # Mantid is asked only where the person has loaded it: its start takes seconds, and scipp may be here already.
    if isinstance(text, str) and "mantid.api" in sys.modules:
        try:
            return mantid.open_workspace(text)
        except Gone:
            pass
    return nexus.open_file(text)

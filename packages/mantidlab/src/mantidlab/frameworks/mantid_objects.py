"""Which adapter reads which Mantid workspace."""

from collections.abc import Mapping
from typing import Any

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.lazily import LazyMapping
from mantidlab.frameworks.mantid_grids import GridEventsObject, GridObject, Keep
from mantidlab.frameworks.mantid_handles import WorkspaceObject
from mantidlab.frameworks.mantid_spectra import EventsObject, MatrixObject
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.mantid_tables import PeaksObject, TableObject
from mantidlab.frameworks.mantid_texts import text
from mantidlab.frameworks.model import DataObject, Gone, Kind, Summary


class GroupObject(WorkspaceObject):
    """A group; its members are read when they are asked for, by their place in it."""

    _workspace: calls.WorkspaceGroup

    def __init__(self, workspace: calls.WorkspaceGroup, keep: Keep) -> None:
        super().__init__(workspace)
        self._keep = keep

    def summary(self) -> Summary:
        """Return what it is."""
        with fresh(self._name):
            names = tuple(str(name) for name in self._workspace.getNames())
            memory = int(self._workspace.getMemorySize())
        return Summary(self._name, Kind.GROUP, self.type, "mantid", shape=(len(names),), memory=memory, members=names)

    def members(self) -> Mapping[str, DataObject]:
        """Return the members by name."""
        with fresh(self._name):
            names = [str(name) for name in self._workspace.getNames()]

        def make(name: str) -> DataObject:
            with fresh(name):
                places = [str(found) for found in self._workspace.getNames()]
                if name not in places:
                    raise Gone(f"The workspace {name!r} is no longer in the group {self._name!r}.")
                return data_object(self._workspace.getItem(places.index(name)), self._keep)

        return LazyMapping(names, make)


class UnknownObject(WorkspaceObject):
    """A workspace of a kind that no adapter knows: what every workspace can tell."""

    def summary(self) -> Summary:
        """Return what it is."""
        workspace = self._workspace
        with fresh(self._name):
            title, memory = text(workspace.getTitle), int(workspace.getMemorySize())
        return Summary(self._name, Kind.OTHER, self.type, "mantid", title=title, memory=memory)


def data_object(workspace: Any, keep: Keep) -> DataObject:
    """Return the adapter for a workspace.

    The kind is told by what can be called, not by a list of names: Mantid has some twenty classes, and every version
    adds one.
    """
    if hasattr(workspace, "getNumberHistograms"):
        return EventsObject(workspace) if hasattr(workspace, "getNumberEvents") else MatrixObject(workspace)
    if hasattr(workspace, "rowCount"):
        return PeaksObject(workspace) if hasattr(workspace, "detectorInfo") else TableObject(workspace)
    if hasattr(workspace, "getSignalArray"):
        return GridObject(workspace, keep)
    if hasattr(workspace, "getNumDims"):
        return GridEventsObject(workspace)
    if hasattr(workspace, "getNumberOfEntries"):
        return GroupObject(workspace, keep)
    return UnknownObject(workspace)

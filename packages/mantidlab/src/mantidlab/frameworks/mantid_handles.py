"""What every Mantid adapter stands on: a handle that may go stale, and the parts that all workspaces share."""

from collections.abc import Mapping

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.mantid_records import history_of
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.model import Log, NotThere, Step
from mantidlab.frameworks.partial import PartialObject


class WorkspaceObject(PartialObject):
    """A workspace that has nothing but a name and a history; each adapter adds what its kind has."""

    def __init__(self, workspace: calls.Workspace) -> None:
        self._name = "?"
        with fresh():
            self._name = workspace.name()
            self.type = workspace.id()
        self._workspace = workspace

    def _absent(self, what: str) -> NotThere:
        return NotThere(f"The {self.type} {self._name!r} has no {what}.")

    def logs(self) -> Mapping[str, Log]:
        """Refuse."""
        raise self._absent("sample logs")

    def history(self) -> tuple[Step, ...]:
        """Return what was done, the first step first."""
        with fresh(self._name):
            return history_of(self._workspace.getHistory())

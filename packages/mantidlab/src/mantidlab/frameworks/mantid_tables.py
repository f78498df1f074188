"""Mantid's tables and peaks as the data model's columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.mantid_geometry import geometry_of
from mantidlab.frameworks.mantid_handles import WorkspaceObject
from mantidlab.frameworks.mantid_records import logs_of
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.mantid_texts import text
from mantidlab.frameworks.model import Column, Geometry, Kind, Log, Summary, Table

ROLES = {1: "x", 2: "y", 3: "z", 4: "x error", 5: "y error", 6: "label"}

# Units of the columns that every peaks workspace has (documentation of PeaksWorkspace).
PEAK_UNITS = {
    "Wavelength": "Å",
    "Energy": "meV",
    "TOF": "µs",
    "DSpacing": "Å",
    "QLab": "1/Å",
    "QSample": "1/Å",
}


class TableObject(WorkspaceObject):
    """A table workspace."""

    _workspace: calls.TableWorkspace
    kind = Kind.TABLE
    units: Mapping[str, str] = {}

    def summary(self) -> Summary:
        """Return what it is."""
        workspace = self._workspace
        with fresh(self._name):
            return Summary(
                name=self._name,
                kind=self.kind,
                type=self.type,
                framework="mantid",
                title=text(workspace.getTitle),
                shape=(int(workspace.rowCount()), int(workspace.columnCount())),
                dims=("row", "column"),
                memory=int(workspace.getMemorySize()),
            )

    def table(self) -> Table:
        """Return the columns (copies: a table gives nothing else)."""
        workspace = self._workspace
        with fresh(self._name):
            names = [str(name) for name in workspace.getColumnNames()]
            return Table(tuple(self._column(place, name) for place, name in enumerate(names)))

    def _column(self, place: int, name: str) -> Column:
        role = ROLES.get(int(self._workspace.getPlotType(place)), "")
        return Column(name, self.units.get(name, ""), values_of(self._workspace.column(place)), role)


def values_of(cells: list[Any]) -> NDArray[Any]:
    """Return a column's cells as an array: numbers, truth values, texts, vectors (rows, 3), or lists as objects."""
    if not cells:
        return np.zeros(0)
    if hasattr(cells[0], "X"):
        return np.array([(vector.X(), vector.Y(), vector.Z()) for vector in cells])
    if isinstance(cells[0], (list, tuple, np.ndarray)):
        lists = np.empty(len(cells), dtype=object)
        lists[:] = [np.asarray(cell) for cell in cells]
        return lists
    return np.array(cells)


class PeaksObject(TableObject):
    """A peaks workspace: a table, detectors and sample logs."""

    _workspace: calls.PeaksWorkspace
    kind = Kind.PEAKS
    units = PEAK_UNITS

    def summary(self) -> Summary:
        """Return what it is."""
        found = super().summary()
        with fresh(self._name):
            return Summary(**{**vars(found), "instrument": self._workspace.getInstrument().getName()})

    def geometry(self) -> Geometry:
        """Return where the detectors are."""
        with fresh(self._name):
            return geometry_of(self._workspace, self._name)

    def logs(self) -> Mapping[str, Log]:
        """Return the sample logs by name."""
        return logs_of(self._workspace.run, self._name)

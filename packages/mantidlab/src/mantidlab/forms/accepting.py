"""Which workspaces a property or an argument takes, in the framework's words and in those of the data model."""

from mantidlab.docs.catalogue import Property
from mantidlab.forms.spec import Accepts

# `mantidlab.frameworks.model.Kind`, without NumPy, which the model stands on.
SPECTRA, EVENTS, IMAGE, TABLE, PEAKS, GROUP, OTHER = "spectra", "events", "image", "table", "peaks", "group", "other"

# Mantid's classes as they stand on one another (Framework/API/inc and DataObjects/inc): each with what may stand for
# it, by what a workspace's ``id()`` says, up to the ``<`` of ``MDEventWorkspace<MDLeanEvent,3>``.
_SPECIAL = ("MaskWorkspace", "GroupingWorkspace", "OffsetsWorkspace", "SpecialWorkspace2D")
_HISTOGRAMS = ("Workspace2D", *_SPECIAL, "RebinnedOutput")
_MATRIX = (*_HISTOGRAMS, "EventWorkspace", "WorkspaceSingleValue")
_PEAKS = ("PeaksWorkspace", "LeanElasticPeaksWorkspace")
_MD_EVENTS, _MD_HISTO = ("MDEventWorkspace",), ("MDHistoWorkspace",)
_TABLE = ("TableWorkspace",)
_TABLES: tuple[tuple[str, ...], tuple[str, ...]] = ((*_TABLE, *_PEAKS), (TABLE, PEAKS))

_TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "MatrixWorkspace": (_MATRIX, (SPECTRA, EVENTS)),
    "EventWorkspace": (("EventWorkspace",), (EVENTS,)),
    "IEventWorkspace": (("EventWorkspace",), (EVENTS,)),
    "Workspace2D": (_HISTOGRAMS, (SPECTRA,)),
    "MaskWorkspace": (("MaskWorkspace",), (SPECTRA,)),
    "GroupingWorkspace": (("GroupingWorkspace",), (SPECTRA,)),
    "OffsetsWorkspace": (("OffsetsWorkspace",), (SPECTRA,)),
    "PeaksWorkspace": (("PeaksWorkspace",), (PEAKS,)),
    "LeanElasticPeaksWorkspace": (("LeanElasticPeaksWorkspace",), (PEAKS,)),
    "IPeaksWorkspace": (_PEAKS, (PEAKS,)),
    "IMDWorkspace": ((*_MATRIX, *_MD_EVENTS, *_MD_HISTO), (SPECTRA, EVENTS, IMAGE, OTHER)),
    "IMDHistoWorkspace": (_MD_HISTO, (IMAGE,)),
    "MDHistoWorkspace": (_MD_HISTO, (IMAGE,)),
    "IMDEventWorkspace": (_MD_EVENTS, (OTHER,)),
    "MDEventWorkspace": (_MD_EVENTS, (OTHER,)),
    "WorkspaceGroup": (("WorkspaceGroup",), (GROUP,)),
}

# An algorithm runs on each member of a group that is given in the place of a workspace.
_WITH_GROUP = ("WorkspaceGroup",)


def accepted_by(prop: Property) -> Accepts:
    """Return which workspaces a Mantid property takes; no types where it takes any."""
    if prop.type == "TableWorkspace":
        # As the interface ITableWorkspace it takes peaks too; as the class itself, which Python does not know, not.
        types, kinds = _TABLES if "ITableWorkspaceProperty" in prop.python_class else (_TABLE, (TABLE,))
    elif prop.type in _TYPES:
        types, kinds = _TYPES[prop.type]
    else:
        return Accepts((), ())
    if types == _WITH_GROUP or prop.direction == "Output":
        return Accepts(types, kinds)
    return Accepts((*types, *_WITH_GROUP), (*kinds, GROUP))


_SCIPP = {
    "Variable": (SPECTRA, IMAGE, EVENTS),
    "DataArray": (SPECTRA, IMAGE, EVENTS),
    "Dataset": (TABLE, GROUP),
    "DataGroup": (GROUP,),
}


def accepted_scipp(names: set[str]) -> Accepts:
    """Return which objects of scipp an argument takes, by the names of the classes of its annotation."""
    kept = [name for name in _SCIPP if name in names]
    return Accepts(tuple(kept), tuple(dict.fromkeys(kind for name in kept for kind in _SCIPP[name])))

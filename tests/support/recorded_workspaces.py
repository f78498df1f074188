"""A stand-in for Mantid: 25 workspaces as a real Mantid 3.13 answered, call by call, with its manners.

Handles go stale, arrays are read-only and hold garbage once their workspace is gone, an event workspace shows its
spectra in a buffer that it uses again, an index out of range is answered with garbage where Mantid does so. Nothing can
be called that is not in `mantidlab.frameworks.mantid_calls`.
"""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from support.recorded_parts import (
    GARBAGE,
    V3D,
    Answering,
    ComponentInfo,
    DetectorInfo,
    DetectorInfoLater,
    EventList,
    Instrument,
    JudgingComponentInfo,
    JudgingDetectorInfo,
    JudgingDetectorInfoLater,
    Run,
    Spectrum,
    SpectrumInfo,
    WorkspaceAxis,
    WorkspaceHistory,
)

FOLDER = Path(os.environ.get("MANTIDHUB_SHARED_MANTID") or Path(__file__).parents[2].parent / "shared" / "mantid")
STALE = "Variable invalidated, data has been deleted."
NOWHERE: dict[str, Any] = {"name": "", "n_detectors": 0, "beam_axis": "Z", "up_axis": "Y"}


# Which recorded workspace stands for each subject of the conformance command.
KEYS = {
    "hist": "hist",
    "doomed": "hist",
    "points": "points",
    "distribution": "distribution",
    "logs": "powder",
    "ragged": "powder_d_ragged",
    "log bins": "powder_d_rebinned",
    "events": "event",
    "masked": "masked_with_nan",
    "text axis": "fit_output_text_axis",
    "parameters": "fit_parameters",
    "transposed": "transposed_numeric_axis",
    "single value": "single_value",
    "table": "table_all_types",
    "peaks": "peaks",
    "grid events": "md_event",
    "grid": "md_histo",
    "doomed grid": "md_histo",
    "group": "group",
    "MARI": "inst_MARI",
}


class Workspace(Answering):
    """What all handles share. `_service` is the list that owns the data; `_alive` is cleared when it lets go."""

    def __init__(self, key: str, name: str, facts: dict[str, Any], arrays: dict[str, Any]) -> None:
        self._key, self._name, self._facts, self._own = key, name, facts, arrays
        self._alive, self._kept = True, 0

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if not callable(found) or name.startswith("_"):
            return found

        def call(*arguments: Any) -> Any:
            if not self._alive:
                raise RuntimeError(STALE)
            return found(*arguments)

        return call

    def _let_go(self) -> None:
        if self._kept == 0:
            self._alive = False
            for array in (held for held in self._own.values() if isinstance(held, np.ndarray)):
                array.setflags(write=True)
                array[...] = GARBAGE if array.dtype.kind == "f" else 66

    def id(self) -> str:
        return str(self._facts["kind"])

    def name(self) -> str:
        return self._name

    def getTitle(self) -> str:
        title = self._facts.get("title", "")
        return title.decode() if isinstance(title, bytes) else str(title)

    def getMemorySize(self) -> int:
        return int(self._facts.get("memory_bytes", 1024))

    def getHistory(self) -> WorkspaceHistory:
        return WorkspaceHistory(self._facts.get("history", []))


class Experiment(Workspace):
    """Handles with an instrument and logs."""

    @property
    def _where(self) -> dict[str, Any]:
        return self._facts.get("instrument") or NOWHERE  # type: ignore[no-any-return]

    def _array(self, name: str) -> Any:
        return self._own[name]

    def getInstrument(self) -> Instrument:
        return Instrument(self._where)

    def run(self) -> Run:
        return Run(self._facts.get("run_logs", {}))

    def componentInfo(self) -> ComponentInfo:
        return (JudgingComponentInfo if "judging" in self._own else ComponentInfo)(self._where, self._array)

    def detectorInfo(self) -> DetectorInfo:
        later, judging = "later" in self._own, "judging" in self._own
        kinds = ((DetectorInfo, DetectorInfoLater), (JudgingDetectorInfo, JudgingDetectorInfoLater))
        return kinds[judging][later](self._where["n_detectors"], self._array)


class MatrixWorkspace(Experiment):
    def getNumberHistograms(self) -> int:
        return len(self._own["Y"])

    def blocksize(self) -> int:
        lengths = {len(row) for row in self._own["Y"]}
        if len(lengths) > 1:
            raise RuntimeError("blocksize undefined because size of histograms is not equal")
        return lengths.pop()

    def isHistogramData(self) -> bool:
        return bool(self._facts["isHistogramData"])

    def isCommonBins(self) -> bool:
        return bool(self._facts["isCommonBins"])

    def isDistribution(self) -> bool:
        return bool(self._facts["isDistribution"])

    def YUnit(self) -> str:
        return str(self._facts["YUnit"])

    def YUnitLabel(self) -> str:
        return str(self._facts["YUnitLabel"])

    def axes(self) -> int:
        return len(self._facts["axes"])

    def getAxis(self, index: int) -> WorkspaceAxis:
        facts = self._facts["axes"][index]
        if index == 0:
            return WorkspaceAxis(facts, self._own["X"][0])
        numbers = self._own["spectrum_numbers"]
        # Of a numeric axis the first five are recorded; the transposed one has the bins that powder_sum had.
        return WorkspaceAxis(facts, numbers.astype(float) if facts["isSpectra"] else self._own.get("across", numbers))

    def readX(self, index: int) -> Any:
        return self._view("X", index)

    def readY(self, index: int) -> Any:
        return self._view("Y", index)

    def readE(self, index: int) -> Any:
        return self._view("E", index)

    def hasDx(self, index: int) -> bool:
        return "Dx" in self._own

    def readDx(self, index: int) -> Any:
        return self._view("Dx", index)

    def extractX(self) -> Any:
        return self._own["X"].copy()

    def extractY(self) -> Any:
        return self._own["Y"].copy()

    def extractE(self) -> Any:
        return self._own["E"].copy()

    def getSpectrum(self, index: int) -> Spectrum:
        return Spectrum(int(self._own["spectrum_numbers"][index]))

    def spectrumInfo(self) -> SpectrumInfo:
        return SpectrumInfo(self._own["spec_to_det_index"], self._own["det_is_masked"])

    def _view(self, what: str, index: int) -> Any:
        if index < 0:
            raise OverflowError("can't convert negative value to unsigned int")
        if index >= len(self._own["Y"]):
            last = len(self._own["Y"]) - 1
            raise RuntimeError(f"MatrixWorkspace::getSpectrum, histogram number {index} out of range {last}")
        view = self._own[what][index]
        view.setflags(write=False)
        return view


class MatrixWorkspaceLater(MatrixWorkspace):
    def hasMaskedBins(self, index: int) -> bool:
        return "masked_bins" in self._own and index == 0

    def maskedBinsIndices(self, index: int) -> Any:
        return self._own["masked_bins"]

    def getMaxNumberBins(self) -> int:
        return max(len(row) for row in self._own["Y"])


class EventWorkspace(MatrixWorkspace):
    def getNumberEvents(self) -> int:
        return int(self._facts["events"]["total"])

    def getSpectrum(self, index: int) -> EventList:
        first, last = self._own["events_offsets"][index : index + 2]
        number = int(self._own["spectrum_numbers"][index])
        return EventList(number, self._own["events_tof"][first:last], self._own["events_weight"][first:last])

    def _view(self, what: str, index: int) -> Any:
        shown = super()._view(what, index)
        if what == "X":
            return shown
        buffer = self._own.setdefault(f"buffer_{what}", np.empty(shown.shape))
        buffer.setflags(write=True)
        buffer[:] = shown
        buffer.setflags(write=False)
        return buffer


class TableWorkspace(Workspace):
    @property
    def _columns(self) -> dict[str, list[Any]]:
        if "data" in self._facts:
            return self._facts["data"]  # type: ignore[no-any-return]
        return {name: [row[name] for row in self._facts["rows"]] for name in self._facts["columns"]}

    def rowCount(self) -> int:
        return len(next(iter(self._columns.values())))

    def columnCount(self) -> int:
        return len(self._columns)

    def getColumnNames(self) -> list[str]:
        return list(self._columns)

    def column(self, index: int) -> list[Any]:
        cells = list(self._columns.values())[index]
        kind = self._facts["column_types"][index]
        if "V3D" in kind:
            return [V3D(*json.loads(cell)) for cell in cells]
        if "vector" in kind:
            return [np.array(cell, dtype=np.int32 if "vectorIi" in kind else np.float64) for cell in cells]
        return [float("nan") if cell == "NaN" else cell for cell in cells]

    def getPlotType(self, column: int) -> int:
        return 0


class PeaksWorkspace(TableWorkspace, Experiment):
    """Its detectors are those of the sample workspace that it was made from."""


class MDFrame(Answering):
    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name


class Dimension(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts
        self.name = facts["name"]

    def getMinimum(self) -> float:
        return float(self._facts["min"])

    def getMaximum(self) -> float:
        return float(self._facts["max"])

    def getNBins(self) -> int:
        return int(self._facts["nbins"])

    def getUnits(self) -> str:
        return str(self._facts["units"])

    def getMDFrame(self) -> MDFrame:
        return MDFrame(self._facts.get("frame", "General Frame"))


class OrientedLattice(Answering):
    def __init__(self, matrix: Any) -> None:
        self._matrix = matrix

    def getB(self) -> Any:
        return self._matrix


class Sample(Answering):
    def __init__(self, matrix: Any) -> None:
        self._matrix = matrix

    def hasOrientedLattice(self) -> bool:
        return self._matrix is not None

    def getOrientedLattice(self) -> OrientedLattice:
        return OrientedLattice(self._matrix)


class MDExperiment(Experiment):
    def sample(self) -> Sample:
        return Sample(self._facts.get("B"))


class MDWorkspace(Workspace):
    def getNumDims(self) -> int:
        return len(self._facts["dims"])

    def getDimension(self, index: int) -> Dimension:
        return Dimension(self._facts["dims"][index])

    def getNEvents(self) -> int:
        return int(self._facts.get("n_events", 0))

    def getNumExperimentInfo(self) -> int:
        return len(self._facts.get("measured", []))

    def getExperimentInfo(self, index: int) -> MDExperiment:
        return MDExperiment(self._key, "", self._facts["measured"][index], {})


class MDHistoWorkspace(MDWorkspace):
    def getSignalArray(self) -> Any:
        self._own["signal"].setflags(write=False)
        return self._own["signal"]

    def getErrorSquaredArray(self) -> Any:
        self._own["error_squared"].setflags(write=False)
        return self._own["error_squared"]


class WorkspaceGroup(Workspace):
    def getNames(self) -> Any:
        return iter(self._facts["names"])  # a vector of C++ has no Python manners

    def getNumberOfEntries(self) -> int:
        return len(self._facts["names"])

    def getItem(self, index: int) -> Workspace:
        return self._own["service"].retrieve(self._facts["names"][index])  # type: ignore[no-any-return]


class DataService(Answering):
    """Mantid's list of workspaces, filled with fresh copies of what was recorded."""

    def __init__(self, *, later: bool = False, judging: bool = False) -> None:
        recorded = json.loads((FOLDER / "sample_workspaces.json").read_text(encoding="utf-8"))
        self._facts, self._later = recorded["workspaces"], later
        self._judging = judging
        self._arrays = np.load(FOLDER / "sample_workspaces.npz")
        self._there: dict[str, Workspace] = {}
        self._observers: list[Any] = []

    def getObjectNames(self) -> list[str]:
        return sorted(name for name in self._there if not name.startswith("__"))

    def doesExist(self, name: str) -> bool:
        return name in self._there

    def retrieve(self, name: str) -> Workspace:
        if name not in self._there:
            raise KeyError(f"'{name}' does not exist.")
        return self._there[name]

    def _put(self, key: str, name: str = "", **other: Any) -> Workspace:
        """Make a recorded workspace anew, with other facts if need be."""
        facts = {**self._facts[key], **other}
        arrays = {
            file.partition("/")[2]: self._arrays[file] for file in self._arrays.files if file.startswith(f"{key}/")
        }
        if key == "peaks":
            facts["instrument"] = self._facts["hist"]["instrument"]
            arrays |= {name: self._arrays[f"hist/{name}"] for name in DETECTOR_ARRAYS}
        if key == "transposed_numeric_axis":
            arrays["across"] = self._arrays["powder_sum/X"][0]
        if key.startswith("inst_"):
            facts, arrays = empty_instrument(facts, arrays)
        if self._later:
            arrays["later"] = np.ones(1)
        if self._judging:
            arrays["judging"] = np.ones(1)
        if key == "group":
            arrays = {"service": self}
        known = {kind.__name__: kind for kind in (EventWorkspace, PeaksWorkspace, TableWorkspace, MDHistoWorkspace)}
        plain = MatrixWorkspaceLater if self._later else MatrixWorkspace
        kind = known.get(facts["kind"], MDWorkspace if "dims" in facts and "n_events" in facts else plain)
        made = (WorkspaceGroup if key == "group" else kind)(key, name or facts.get("name", key), facts, arrays)
        self._there[name or facts.get("name", key)] = made
        return made

    def _delete(self, name: str) -> None:
        if name in self._there:  # Mantid says nothing about a name that is not there
            gone = self._there.pop(name)
            for observer in self._observers:
                observer.deleteHandle(name, gone)
            gone._let_go()

    def _observer_base(self) -> type[Any]:
        """Return Mantid's AnalysisDataServiceObserver, as far as it tells of deletions."""
        observers = self._observers

        class AnalysisDataServiceObserver:
            def __getattr__(self, name: str) -> Any:
                if not name.startswith("observe"):
                    raise AttributeError(name)
                return lambda on: None

            def observeDelete(self, on: bool) -> None:
                if on:
                    observers.append(self)

            def observeAll(self, on: bool) -> None:
                assert not on
                observers.remove(self)

        return AnalysisDataServiceObserver


DETECTOR_ARRAYS = (
    "det_ids",
    "det_positions",
    "det_two_theta",
    "det_is_monitor",
    "det_is_masked",
    "comp_parent",
    "comp_rotations_wijk",
    "comp_shape_index",
)


def empty_instrument(facts: dict[str, Any], arrays: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Add what LoadEmptyInstrument makes: one bin for each detector, 1 in it, 2 in a monitor's."""
    count = len(arrays["det_ids"])
    unit = {"unitID": "TOF", "caption": "Time-of-flight", "ascii": "microsecond", "utf8": "μs", "latex": ""}
    number = {"unitID": "Label", "caption": "Spectrum", "ascii": "", "utf8": "", "latex": ""}
    axes = [
        {"isSpectra": False, "isText": False, "unit": unit},
        {"isSpectra": True, "isText": False, "unit": number},
    ]
    more = {"isHistogramData": True, "isCommonBins": True, "isDistribution": False, "YUnit": "", "YUnitLabel": ""}
    values = np.where(arrays["det_is_monitor"], 2.0, 1.0)[:, None]
    arrays |= {
        "X": np.tile([0.0, 1.0], (count, 1)),
        "Y": values,
        "E": np.sqrt(values),
        "spectrum_numbers": np.arange(1, count + 1),
        "spec_to_det_index": np.arange(count),
    }
    return {**facts, **more, "axes": axes, "run_logs": {}, "history": []}, arrays


def keep(workspace: Workspace) -> object:
    """Hold a workspace, as a property of an algorithm does, until what is returned goes."""
    workspace._kept += 1
    return Keeper(workspace)


class Keeper:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __del__(self) -> None:
        self._workspace._kept -= 1


def facts_of(key: str) -> SimpleNamespace:
    """Return what was recorded of a workspace, as attributes."""
    recorded = json.loads((FOLDER / "sample_workspaces.json").read_text(encoding="utf-8"))
    return SimpleNamespace(**recorded["workspaces"][key])

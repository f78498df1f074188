"""What hangs on a recorded workspace of Mantid: axes, units, logs, history, detectors, shapes.

Every call made is written down in `CALLED`.
"""

from typing import Any

import numpy as np

GARBAGE = 6.66e66
CALLED: set[tuple[str, str]] = set()


class Answering:
    """Writes down the calls that are made on it."""

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            CALLED.add((type(self).__name__, name))
        return super().__getattribute__(name)


class V3D(Answering):
    def __init__(self, x: float, y: float, z: float) -> None:
        self._values = (float(x), float(y), float(z))

    def X(self) -> float:
        return self._values[0]

    def Y(self) -> float:
        return self._values[1]

    def Z(self) -> float:
        return self._values[2]


class Quat(Answering):
    def __init__(self, values: Any) -> None:
        self._values = values

    def __getitem__(self, index: int) -> float:
        return float(self._values[index])


class UnitLabel(Answering):
    def __init__(self, text: str) -> None:
        self._text = text

    def utf8(self) -> str:
        return self._text


class Unit(Answering):
    def __init__(self, facts: dict[str, str]) -> None:
        self._facts = facts

    def unitID(self) -> str:
        return self._facts["unitID"]

    def caption(self) -> str:
        return self._facts["caption"]

    def symbol(self) -> UnitLabel:
        return UnitLabel(self._facts["utf8"])


class WorkspaceAxis(Answering):
    def __init__(self, facts: dict[str, Any], values: Any) -> None:
        self._facts = facts
        self._values = values

    def isSpectra(self) -> bool:
        return bool(self._facts["isSpectra"])

    def isText(self) -> bool:
        return bool(self._facts["isText"])

    def label(self, index: int) -> str:
        return str(self._facts["labels"][index]) if self._facts["isText"] else f"{self._values[index]:g}"

    def getUnit(self) -> Unit:
        return Unit(self._facts["unit"])

    def extractValues(self) -> Any:
        return list(self._facts["labels"]) if self._facts["isText"] else np.array(self._values)


class LogProperty(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._value = facts["value"]
        self.units = facts["units"]

    @property
    def value(self) -> Any:
        return self._value.decode() if isinstance(self._value, bytes) else self._value


class TimeSeries(Answering):
    """Ten values, five minutes apart (the workspace's own history says so)."""

    def __init__(self, facts: dict[str, Any]) -> None:
        first, second = facts["first"][:2]
        start, then = (np.datetime64(text) for text in facts["times_first"][:2])
        steps = np.arange(facts["size"])
        self.value = first + (second - first) * steps
        self.times = (start + (then - start) * steps).astype(facts["times_dtype"])
        self.units = facts["units"]


class Run(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def keys(self) -> list[str]:
        return list(self._facts)

    def hasProperty(self, name: str) -> bool:
        return name in self._facts

    def getProperty(self, name: str) -> Any:
        if name not in self._facts:
            raise RuntimeError(f"Unknown property search object {name}")
        found = self._facts[name]
        return TimeSeries(found) if "TimeSeries" in found["pyclass"] else LogProperty(found)


class PropertyHistory(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def name(self) -> str:
        return str(self._facts["name"])

    def value(self) -> str:
        return str(self._facts["value"])

    def isDefault(self) -> bool:
        return bool(self._facts["isDefault"])

    def direction(self) -> int:
        return int(self._facts["direction"])


class AlgorithmHistory(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def name(self) -> str:
        return str(self._facts["name"])

    def version(self) -> int:
        return int(self._facts["version"])

    def executionDate(self) -> str:
        return "2019-01-08T12:30:00.123456789 "

    def executionDuration(self) -> float:
        return float(self._facts["duration"])

    def getProperties(self) -> list[PropertyHistory]:
        return [PropertyHistory(found) for found in self._facts["properties"]]

    def getChildHistories(self) -> "list[AlgorithmHistory]":
        return []


class WorkspaceHistory(Answering):
    def __init__(self, facts: list[dict[str, Any]]) -> None:
        self._facts = facts

    def getAlgorithmHistories(self) -> list[AlgorithmHistory]:
        return [AlgorithmHistory(step) for step in self._facts]


class BoundingBox(Answering):
    def __init__(self, corners: list[list[float]]) -> None:
        self._corners = corners

    def minPoint(self) -> V3D:
        return V3D(*self._corners[0])

    def maxPoint(self) -> V3D:
        return V3D(*self._corners[1])


class ComponentShape(Answering):
    def __init__(self, text: str, corners: list[list[float]]) -> None:
        self._text, self._corners = text, corners

    def getShapeXML(self) -> str:
        return self._text

    def getBoundingBox(self) -> BoundingBox:
        return BoundingBox(self._corners)


class MeshShapeLater(Answering):
    """A box, as the triangle between two of its corners."""

    def __init__(self, corners: list[list[float]]) -> None:
        self._corners = corners

    def getMesh(self) -> Any:
        low, high = self._corners
        return np.array([[low, high, low]])


class ComponentInfo(Answering):
    def __init__(self, facts: dict[str, Any], arrays: Any) -> None:
        self._facts, self._arrays = facts, arrays
        self._parents = arrays("comp_parent")
        self._detectors = facts["n_detectors"]

    def size(self) -> int:
        return len(self._parents)

    def name(self, index: int) -> str:
        return str(self._facts["non_detector_component_names"][index - self._detectors])

    def children(self, index: int) -> Any:
        found = np.flatnonzero(self._parents == index).astype(np.uint64)
        found.setflags(write=False)
        return found

    def detectorsInSubtree(self, index: int) -> Any:
        found, look = [], np.array([index])
        while len(look):
            found.append(look)
            look = np.flatnonzero(np.isin(self._parents, look))
        below = np.concatenate(found)
        return np.sort(below[below < self._detectors]).astype(np.uint64)

    def hasValidShape(self, index: int) -> bool:
        return int(self._arrays("comp_shape_index")[index]) >= 0

    def shape(self, index: int) -> Any:
        which = int(self._arrays("comp_shape_index")[index])
        text, corners = self._facts["shapes"][which], self._facts["shape_bounding_boxes"][str(which)]
        known = {"surfaces": lambda: ComponentShape(text, corners), "mesh": lambda: MeshShapeLater(corners)}
        return known.get(self._facts.get("made of", "surfaces"), object)()

    def hasSource(self) -> bool:
        return True

    def hasSample(self) -> bool:
        return True

    def sourcePosition(self) -> V3D:
        return V3D(*self._facts["source_position"])

    def samplePosition(self) -> V3D:
        return V3D(*self._facts["sample_position"])


class DetectorInfo(Answering):
    def __init__(self, count: int, arrays: Any) -> None:
        self._count, self._arrays = count, arrays

    def size(self) -> int:
        return self._count

    def detectorIDs(self) -> Any:
        return self._arrays("det_ids")

    def position(self, index: int) -> V3D:
        if index >= self._count:
            return V3D(GARBAGE, GARBAGE, GARBAGE)
        return V3D(*self._arrays("det_positions")[index])

    def rotation(self, index: int) -> Quat:
        return Quat(self._arrays("comp_rotations_wijk")[index])

    def isMonitor(self, index: int) -> bool:
        return bool(self._arrays("det_is_monitor")[index])

    def isMasked(self, index: int) -> bool:
        return bool(self._arrays("det_is_masked")[index])


class DetectorInfoLater(DetectorInfo):
    def allPositions(self) -> Any:
        return self._arrays("det_positions").copy()

    def allRotations(self) -> Any:
        return self._arrays("comp_rotations_wijk")[: self._count][:, [1, 2, 3, 0]]

    def hasMaskedDetectors(self) -> bool:
        return bool(self._arrays("det_is_masked").any())


class Judging(Answering):
    """What the conformance command asks Mantid besides, to compare the adapter with it."""

    def twoTheta(self, index: int) -> float:
        if self._arrays("det_is_monitor")[index]:
            raise RuntimeError("Source and sample are at same position!")
        return float(self._arrays("det_two_theta")[index])


class JudgingDetectorInfo(Judging, DetectorInfo):
    pass


class JudgingDetectorInfoLater(Judging, DetectorInfoLater):
    pass


class JudgingComponentInfo(ComponentInfo):
    def l1(self) -> float:
        return float(self._facts["l1"])


class SpectrumDefinition(Answering):
    def __init__(self, detectors: list[int]) -> None:
        self._detectors = detectors

    def size(self) -> int:
        return len(self._detectors)

    def __getitem__(self, index: int) -> tuple[int, int]:
        # Without an end, iterating goes on for ever: Mantid's ends the process instead.
        return (self._detectors[index], 0) if index < len(self._detectors) else (2**63, 2**63)


class SpectrumInfo(Answering):
    def __init__(self, detectors: Any, masked: Any) -> None:
        self._detectors, self._masked = detectors, masked

    def hasDetectors(self, index: int) -> bool:
        return int(self._detectors[index]) >= 0

    def isMasked(self, index: int) -> bool:
        return bool(self._masked[self._detectors[index]])

    def getSpectrumDefinition(self, index: int) -> SpectrumDefinition:
        found = int(self._detectors[index])
        return SpectrumDefinition([found] if found >= 0 else [])


class ReferenceFrame(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def pointingAlongBeam(self) -> str:
        return str(self._facts["beam_axis"])

    def pointingUp(self) -> str:
        return str(self._facts["up_axis"])


class Instrument(Answering):
    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def getName(self) -> str:
        return str(self._facts["name"])

    def getReferenceFrame(self) -> ReferenceFrame:
        return ReferenceFrame(self._facts)


class Spectrum(Answering):
    def __init__(self, number: int) -> None:
        self._number = number

    def getSpectrumNo(self) -> int:
        return self._number


class EventList(Spectrum):
    def __init__(self, number: int, tofs: Any, weights: Any) -> None:
        super().__init__(number)
        self._tofs, self._weights = tofs, weights

    def getTofs(self) -> Any:
        return self._tofs.copy()

    def getWeights(self) -> Any:
        return self._weights.copy()

    def getWeightErrors(self) -> Any:
        return np.sqrt(self._weights)

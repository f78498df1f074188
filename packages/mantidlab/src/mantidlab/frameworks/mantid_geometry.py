"""Where the detectors of a Mantid workspace are, how they are turned, what they look like and what holds them."""

import xml.etree.ElementTree as ET  # Mantid wrote the text, from files that it checked
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import mantid_calls as calls
from mantidlab.frameworks.model import Bank, Geometry, Mask, NotThere, Numbers, Shape

T = TypeVar("T")

# Below one parent up to so many detectors are asked each; of more, the first, the middle and the last stand for all.
ASKED_EACH = 256
# Mantid's box around what it cannot bound is ±100 m; no detector is half of that.
UNBOUNDED = 50.0
# A part that holds more of the detectors than this is a frame around the banks, not a bank.
FRAME = 0.9
KINDS = ("cuboid", "cylinder", "sphere", "hexahedron")
DIRECTIONS = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


def geometry_of(experiment: calls.Experiment, name: str) -> Geometry:
    """Return where the detectors are.

    Mantid before 6.x has no call for all positions: the loops take 1 to 4 µs for each detector.

    Raises
    ------
    NotThere
        There is no instrument.
    """
    detectors = experiment.detectorInfo()
    count = int(detectors.size())
    if count == 0:
        raise NotThere(f"The workspace {name!r} has no instrument with detectors.")
    components, instrument = experiment.componentInfo(), experiment.getInstrument()
    frame = instrument.getReferenceFrame()
    siblings = _siblings(components, count)
    shapes, shape_of = _shapes(components, count, siblings)
    boxes = np.array([np.subtract(shape.high, shape.low) for shape in shapes] + [(np.nan,) * 3])
    return Geometry(
        instrument=instrument.getName(),
        ids=np.array(detectors.detectorIDs()),
        positions=_positions(detectors, count),
        monitor=np.fromiter(map(detectors.isMonitor, range(count)), np.bool_, count),
        masked=_masked(detectors, count),
        source=_vector(components.sourcePosition()) if components.hasSource() else None,
        sample=_vector(components.samplePosition()) if components.hasSample() else np.zeros(3),
        beam=np.array(DIRECTIONS[str(frame.pointingAlongBeam())[-1]]),
        up=np.array(DIRECTIONS[str(frame.pointingUp())[-1]]),
        sizes=boxes[shape_of],
        banks=_banks(components, count),
        rotations=_rotations(detectors, count, siblings),
        shapes=shapes,
        shape_of=shape_of,
    )


def _vector(vector: calls.V3D) -> Numbers:
    return np.array((vector.X(), vector.Y(), vector.Z()))


def _positions(detectors: calls.DetectorInfo, count: int) -> Numbers:
    at_once: Callable[[], Numbers] | None = getattr(detectors, "allPositions", None)
    if at_once is not None:
        return np.asarray(at_once(), dtype=np.float64)
    positions = np.empty((count, 3))
    ask = detectors.position
    for index in range(count):
        vector = ask(index)
        positions[index] = vector.X(), vector.Y(), vector.Z()
    return positions


def _masked(detectors: calls.DetectorInfo, count: int) -> Mask:
    any_masked = getattr(detectors, "hasMaskedDetectors", None)
    if any_masked is not None and not any_masked():
        return np.zeros(count, dtype=np.bool_)
    return np.fromiter(map(detectors.isMasked, range(count)), np.bool_, count)


def _siblings(components: calls.ComponentInfo, count: int) -> list[NDArray[np.int64]]:
    """Return the detectors below each parent, in groups that share one."""
    groups = []
    for parent in range(count, int(components.size())):
        children = np.asarray(components.children(parent), dtype=np.int64)
        found = children[children < count]
        if len(found):
            groups.append(found)
    return groups


def _each(group: NDArray[np.int64], ask: Callable[[int], T]) -> list[T]:
    """Ask every detector of a group, or the first, the middle and the last if the group is large and they agree."""
    if len(group) > ASKED_EACH:
        first, middle, last = (ask(int(group[place])) for place in (0, len(group) // 2, -1))
        if first == middle == last:
            return [first] * len(group)
    return [ask(int(index)) for index in group]


def _rotations(detectors: calls.DetectorInfo, count: int, siblings: list[NDArray[np.int64]]) -> Numbers:
    at_once: Callable[[], Numbers] | None = getattr(detectors, "allRotations", None)
    if at_once is not None:
        return np.asarray(at_once(), dtype=np.float64)[:, [3, 0, 1, 2]]  # the scalar comes last there
    rotations = np.full((count, 4), np.nan)

    def ask(index: int) -> tuple[float, float, float, float]:
        turned = detectors.rotation(index)
        return turned[0], turned[1], turned[2], turned[3]

    for group in siblings:
        rotations[group] = _each(group, ask)
    return rotations


def _shapes(
    components: calls.ComponentInfo, count: int, siblings: list[NDArray[np.int64]]
) -> tuple[tuple[Shape, ...], NDArray[np.int64]]:
    known: dict[str | Shape, int] = {}
    shapes: list[Shape] = []
    shape_of = np.full(count, -1, dtype=np.int64)

    def ask(index: int) -> int:
        if not components.hasValidShape(index):
            return -1
        shape: Any = components.shape(index)
        if hasattr(shape, "getShapeXML"):
            text = str(shape.getShapeXML())
            if text not in known:
                known[text] = len(shapes)
                shapes.append(shape_from(text, shape.getBoundingBox()))
            return known[text]
        if not hasattr(shape, "getMesh"):
            return -1
        mesh = shape_of_mesh(shape.getMesh())
        if mesh not in known:
            known[mesh] = len(shapes)
            shapes.append(mesh)
        return known[mesh]

    for group in siblings:
        shape_of[group] = _each(group, ask)
    return tuple(shapes), shape_of


def shape_of_mesh(triangles: Numbers) -> Shape:
    """Return a shape from the corners of its triangles, shape (n, 3, 3)."""
    corners = np.asarray(triangles, dtype=np.float64).reshape(-1, 3)
    return Shape("other", _triple(corners.min(axis=0)), _triple(corners.max(axis=0)))


def shape_from(text: str, box: calls.BoundingBox) -> Shape:
    """Return a shape from Mantid's description (XML, with or without prefixes) and its box."""
    kind = "other"
    try:
        tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(text)] if text else []  # noqa: S314
    except ET.ParseError:
        tags = []
    solids = [tag for tag in tags if tag not in ("algebra", "properties", "percent-transparency", "bounding-box")]
    if len(solids) == 1 and solids[0] in KINDS:
        kind = solids[0]
    low, high = _vector(box.minPoint()), _vector(box.maxPoint())
    if max(np.abs(low).max(), np.abs(high).max()) > UNBOUNDED:
        low, high = np.full(3, np.nan), np.full(3, np.nan)
    return Shape(kind, _triple(low), _triple(high))


def _triple(vector: Numbers) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z


def _banks(components: calls.ComponentInfo, count: int) -> tuple[Bank, ...]:
    """Return the parts right below the instrument that hold detectors, frames around them opened."""
    banks: list[Bank] = []

    def look(parent: int) -> None:
        for child in _children(components, parent):
            if child < count:
                continue
            held = np.sort(np.asarray(components.detectorsInSubtree(child), dtype=np.int64))
            name = components.name(child)
            if not len(held):
                continue
            rows = _rows(components, child, count)
            parts = [row for row in rows if row >= count]
            named_alike = all(components.name(part).startswith(f"{name}(") for part in parts)
            if len(held) > FRAME * count and len(parts) > 1 and not named_alike:
                look(child)
                continue
            breaks = np.flatnonzero(np.diff(held) != 1) + 1
            runs = np.split(held, breaks)
            shape = _layout(components, rows, count) if len(runs) == 1 else ()
            banks.extend(Bank(name, int(run[0]), int(run[-1]) + 1, shape) for run in runs)

    look(int(components.size()) - 1)
    return tuple(sorted(banks, key=lambda bank: bank.first))


def _rows(components: calls.ComponentInfo, bank: int, count: int) -> list[int]:
    """Return what a bank is made of; boxes that hold one thing only are opened."""
    children = _children(components, bank)
    while len(children) == 1 and children[0] >= count:
        children = _children(components, children[0])
    return children


def _children(components: calls.ComponentInfo, parent: int) -> list[int]:
    return [int(child) for child in components.children(parent)]


def _layout(components: calls.ComponentInfo, rows: list[int], count: int) -> tuple[int, ...]:
    """Return (rows, detectors in each) where all rows hold as many detectors, and nothing otherwise."""
    if not rows or any(row < count for row in rows):
        return (len(rows),) if rows and all(row < count for row in rows) else ()
    lengths = {len(components.detectorsInSubtree(row)) for row in rows}
    return (len(rows), lengths.pop()) if len(lengths) == 1 else ()

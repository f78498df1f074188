"""Where NeXus says a component is: the chain of translations and rotations that ``depends_on`` names.

The rules are those of NXtransformations (manual.nexusformat.org/classes/base_classes/NXtransformations.html): each
member is a number or an NXlog with the attributes ``transformation_type``, ``vector``, ``units``, ``offset`` and
``depends_on``; the chain ends with ``.``.
"""

from typing import Any

import numpy as np

from mantidlab.frameworks.model import NotThere, Numbers
from mantidlab.frameworks.nexus.quantities import METRES, RADIANS, unit_text
from mantidlab.frameworks.nexus.tree import Field, Group

LONGEST_CHAIN = 50


def place_of(component: Group) -> Numbers:
    """Return the 4 × 4 matrix that takes a point of a component's own frame to the frame of the sample, in metres.

    A component without ``depends_on`` lies at its ``distance`` along the beam, or at the origin.

    Raises
    ------
    NotThere
        The chain leads nowhere, runs in a circle or holds what is no transformation.
    """
    matrix = np.eye(4)
    target = component.text("depends_on")
    if not target:
        distance = component.number("distance")
        matrix[2, 3] = float(distance) if distance is not None else 0.0
        return matrix
    base = component
    for _ in range(LONGEST_CHAIN):
        if target in ("", "."):
            return matrix
        member, holder = _find(base, target)
        matrix = _matrix(member, holder) @ matrix
        target = member.attribute("depends_on")
        # A name is read from the group that holds the transformation, be that a number or a log.
        base = _parent(component, member.path)
    raise NotThere(f"The position of {component.path} depends on a chain that does not end.")


def _find(base: Group, target: str) -> tuple[Any, Field]:
    """Return what carries the attributes (a dataset or an NXlog), and the dataset with the value."""
    field = base.numbers(target)
    if field is not None:
        return field, field
    log = base.group(target)
    value = log.numbers("value") if log is not None else None
    if log is None or value is None:
        raise NotThere(f"The position of {base.path} depends on {target}, which is not in the file.")
    return log, value


def _parent(component: Group, path: str) -> Group:
    """Return the group against which a relative name in the chain is read."""
    parent = component.group(path.rsplit("/", 1)[0] or "/")
    return parent if parent is not None else component


def _matrix(member: Any, value: Field) -> Numbers:
    if value.size == 0:
        raise NotThere(f"{value.path} is empty, so the position that depends on it is not known.")
    matrix = np.eye(4)
    kind = member.attribute("transformation_type")
    # An axis without a type only names a direction: it moves nothing, and its value may be NaN.
    if kind:
        # Of a series over time the last one: it is where the component was at the end of the run.
        amount = float(value.read(*[-1] * len(value.shape))[()])
        vector = _vector(member.attribute("vector"), value.path)
        unit = unit_text(value.unit or member.attribute("units"))
        if kind == "rotation":
            matrix[:3, :3] = _rotation(vector, amount * RADIANS.get(unit, np.pi / 180))
        elif kind == "translation":
            matrix[:3, 3] = vector * amount * METRES.get(unit, 1.0)
        else:
            raise NotThere(f"{value.path} is a {kind!r}, where NeXus knows translations and rotations.")
    offset = member.attribute("offset")
    if offset:
        factor = METRES.get(unit_text(member.attribute("offset_units")), 1.0)
        matrix[:3, 3] += _three(offset, value.path) * factor
    return matrix


def _three(text: str, path: str) -> Numbers:
    try:
        numbers = np.array([float(part) for part in text.split(",")])
    except ValueError as error:
        raise NotThere(f"{path} has a direction that is no three numbers: {text[:60]!r}.") from error
    if numbers.shape != (3,) or not np.isfinite(numbers).all():
        raise NotThere(f"{path} has a direction that is no three numbers: {text[:60]!r}.")
    return numbers


def _vector(text: str, path: str) -> Numbers:
    vector = _three(text, path)
    length = float(np.linalg.norm(vector))
    if length == 0:
        raise NotThere(f"{path} has a direction of no length.")
    return vector / length


def _rotation(axis: Numbers, angle: float) -> Numbers:
    """Return the matrix of a rotation about a unit vector (Rodrigues)."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    matrix: Numbers = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return matrix

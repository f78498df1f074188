"""What Mantid did to data, as it writes it into the notes of the files that it saves."""

import re
from datetime import timedelta

from mantidlab.frameworks.model import FrameworkError, Parameter, Step
from mantidlab.frameworks.nexus.quantities import to_time
from mantidlab.frameworks.nexus.tree import Group

DEPTH = 20
"""Steps within steps that are followed."""

_HEAD = re.compile(r"Algorithm:\s*(?P<name>\S+)\s+v(?P<version>\d+)")
_PARAMETER = re.compile(
    r"^ *Name: (?P<name>[^,\n]*), Value: (?P<value>.*?), Default\?: (?P<default>Yes|No), Direction: (?P<way>[A-Za-z]+)",
    re.MULTILINE | re.DOTALL,
)
_DIRECTIONS = {"Input": "input", "Output": "output", "InOut": "both"}


def read_history(entry: Group) -> tuple[Step, ...]:
    """Return the steps in ``process``, the first one first; steps that an algorithm made are its children."""
    process = entry.group("process")
    return _steps(process, DEPTH) if process is not None else ()


def _steps(group: Group, depth: int) -> tuple[Step, ...]:
    notes = [note for note in group.groups() if note.name.startswith("MantidAlgorithm_")]
    found = []
    for note in sorted(notes, key=lambda note: _number(note.name)):
        children = _steps(note, depth - 1) if depth else ()
        try:
            step = parse_step(note.text("data"), children)
        except FrameworkError as error:
            group.notes.add(str(error))
            continue
        if step is not None:
            found.append(step)
        else:
            group.notes.add(f"{note.path} does not say which algorithm it was; it was left out.")
    return tuple(found)


def _number(name: str) -> int:
    digits = re.search(r"\d{1,9}$", name)
    return int(digits[0]) if digits else 0


def parse_step(text: str, children: tuple[Step, ...] = ()) -> Step | None:
    """Return the step that one note describes; None where it names no algorithm.

    The form is Mantid's ``AlgorithmHistory::printSelf``: name and version, date, duration in seconds, then a line for
    each parameter. Values may hold commas and line breaks.
    """
    head = _HEAD.search(text)
    if head is None:
        return None
    date = re.search(r"Execution Date:\s*([^\n]+)", text)
    seconds = re.search(r"Execution Duration:\s*([-+0-9.eE]+)\s*seconds", text)
    return Step(
        name=head["name"],
        version=int(head["version"][:9]),
        started=to_time(date[1]) if date is not None else None,
        duration=_duration(seconds[1]) if seconds is not None else None,
        parameters=tuple(
            Parameter(
                found["name"].strip(),
                found["value"],
                found["default"] == "Yes",
                _DIRECTIONS.get(found["way"], found["way"].lower()),
            )
            for found in _PARAMETER.finditer(text)
        ),
        children=children,
    )


def _duration(seconds: str) -> timedelta | None:
    try:
        return timedelta(seconds=float(seconds))
    except (ValueError, OverflowError):
        return None

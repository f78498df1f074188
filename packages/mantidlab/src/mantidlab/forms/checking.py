"""Says what is wrong with values while a person types, in sentences, without a kernel.

What only Mantid can tell (does this workspace have events, is this unit known to this version) its own validators say:
`mantidlab.forms.validating`.
"""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mantidlab.forms.errors import CannotBeWritten
from mantidlab.forms.listing import NotAList, numbers_of
from mantidlab.forms.literals import checked_expression, is_expression, same
from mantidlab.forms.spec import Field, FormSpec, Json, Values, Widget
from mantidlab.forms.spreading import spread
from mantidlab.names import some_of

Check = Callable[[Field, Json, str], str | None]

_SHOWN = 8


def problems_of(
    spec: FormSpec, values: Values, targets: Sequence[str] = (), folder: Path | None = None
) -> dict[str, str]:
    """Return a sentence for each field whose value will not do.

    Parameters
    ----------
    targets
        The names of what comes out, left of ``=``; they name Mantid's workspaces.
    folder
        Where the notebook is, for files; without it files are not looked for.
    """
    found: dict[str, str] = {}
    given = {name: value for name, value in spread(spec, values).items() if not _is_nothing(value)}
    for field in spec.fields:
        value = given.get(field.name)
        if field.name not in given:
            sentence = _missing(spec, field, given, targets)
        elif is_expression(value):
            sentence = _no_expression(value)
        else:
            sentence = _CHECKS[field.widget](field, value, spec.framework)
            sentence = sentence or (_no_file(field, value, spec.framework, folder) if folder is not None else None)
        if sentence:
            found[field.name] = sentence
    return found


def notes_of(spec: FormSpec, values: Values) -> dict[str, str]:
    """Return a sentence for each value that is given and has no effect, since another field switches it off."""
    notes = {}
    for field in spec.fields:
        if field.name in values and not _is_nothing(values[field.name]) and not state_of(spec, field, values)[0]:
            controls = " and ".join(dict.fromkeys(rule.on for rule in field.depends)) or "other fields"
            notes[field.name] = f"{field.name} has no effect as {controls} is set."
    return notes


def state_of(spec: FormSpec, field: Field, values: Values) -> tuple[bool, bool]:
    """Return whether a field is enabled and visible with these values."""
    enabled, visible = field.enabled, field.visible
    for rule in field.depends:
        control = spec.field(rule.on)
        if control is not None and _holds(control, rule.value, values.get(rule.on, control.default)):
            enabled = rule.enabled if rule.enabled != field.enabled else enabled
            visible = rule.visible if rule.visible != field.visible else visible
    return enabled, visible


def _holds(control: Field, condition: Json, value: Json) -> bool:
    if isinstance(condition, dict):
        return not _is_nothing(value) and not same(value, control.default)
    return same(value, condition)


def _is_nothing(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _missing(spec: FormSpec, field: Field, values: Values, targets: Sequence[str]) -> str | None:
    if not field.required or any(field.name.startswith(f"{name}.") for name in values):  # a whole model is given
        return None
    if field.direction == "output":
        if targets or spec.call.target is None:
            return None
        return f"{field.name} needs a name: name the result, or give the workspace's name here."
    return _asked_for(field)


def _asked_for(field: Field) -> str:
    what = {
        Widget.WORKSPACE: "Choose a workspace",
        Widget.FILE: "Choose a file",
        Widget.FILES: "Choose files, or write their run numbers",
        Widget.SAVE_FILE: "Write the name of the file",
        Widget.FOLDER: "Choose a folder",
        Widget.CHOICE: "Choose a value",
        Widget.NUMBER: "Write a number",
        Widget.INTEGER: "Write a whole number",
    }.get(field.widget, "Write a value")
    return f"{field.name} must be given. {what}."


def _no_expression(value: Json) -> str | None:
    assert isinstance(value, dict)  # noqa: S101  (for the type checker)
    try:
        checked_expression(value["expression"])
    except CannotBeWritten as problem:
        return str(problem)
    return None


def _nothing(field: Field, value: Json, framework: str) -> str | None:
    return None


def _number(field: Field, value: Json, framework: str) -> str | None:
    number = _as_number(value, framework)
    if number is None:
        return f"{field.name} takes a number{_unit(field)}, not {_short(value)}."
    if math.isnan(number):
        return f"{field.name} takes a number, and this is none."
    return _out_of_range(field, number)


def _integer(field: Field, value: Json, framework: str) -> str | None:
    number = _as_number(value, framework)
    if number is None or not number.is_integer():
        return f"{field.name} takes a whole number, not {_short(value)}."
    return _out_of_range(field, number)


def _as_number(value: Json, framework: str) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and framework == "mantid":  # which reads numbers out of texts
        try:
            return float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, (int, float)) else None


def _out_of_range(field: Field, number: float) -> str | None:
    if field.minimum is not None and number < field.minimum:
        return f"{field.name} must be at least {field.minimum:g}{_unit(field)}; {number:g} is less."
    if field.maximum is not None and number > field.maximum:
        return f"{field.name} must be at most {field.maximum:g}{_unit(field)}; {number:g} is more."
    return None


def _unit(field: Field) -> str:
    return f" {field.unit}" if field.unit else ""


def _switch(field: Field, value: Json, framework: str) -> str | None:
    fine = isinstance(value, bool) or (framework == "mantid" and value in (0, 1, "0", "1", "True", "False"))
    return None if fine else f"{field.name} is True or False, not {_short(value)}."


def _choice(field: Field, value: Json, framework: str) -> str | None:
    if field.open or any(same(choice.value, value) for choice in field.choices):
        return None
    if framework == "mantid" and any(str(choice.value) == str(value) for choice in field.choices):
        return None
    names = [str(choice.label) for choice in field.choices]
    close = difflib.get_close_matches(str(value).lower(), [name.lower() for name in names], n=1)
    meant = next((name for name in names if close and name.lower() == close[0]), None)
    offer = f"Did you mean {meant}?" if meant else f"It takes {some_of(names, _SHOWN)}."
    return f"{field.name} does not take {_short(value)}. {offer}"


def _choices(field: Field, value: Json, framework: str) -> str | None:
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    problems = (_choice(field, item.strip() if isinstance(item, str) else item, framework) for item in items)
    return next((problem for problem in problems if problem), None)


def _list(field: Field, value: Json, framework: str) -> str | None:
    if framework == "mantid" and field.item in (Widget.NUMBER, Widget.INTEGER):
        try:
            numbers_of(value, whole=field.item is Widget.INTEGER)
        except NotAList as problem:
            return f"{field.name}: {problem}"
        return None
    if not isinstance(value, list):
        return None if isinstance(value, str) or framework == "mantid" else f"{field.name} takes a list."
    item = Field(field.name, field.label, "", field.item or Widget.EXPRESSION, "")
    for place, one in enumerate(value):
        sentence = None if is_expression(one) else _CHECKS[item.widget](item, one, framework)
        if sentence:
            return f"Item {place + 1}: {sentence}"
    return None


def _range(field: Field, value: Json, framework: str) -> str | None:
    try:
        numbers = numbers_of(value, whole=False)
    except NotAList as problem:
        return f"{field.name}: {problem}"
    if framework == "mantid":
        return _binning(field, numbers)
    if len(numbers) != 2:
        return f"{field.name} takes two numbers, the lower and the upper end; there are {len(numbers)}."
    return None if numbers[0] < numbers[1] else f"{field.name}: {numbers[0]:g} is not below {numbers[1]:g}."


def _binning(field: Field, numbers: Sequence[float]) -> str | None:
    """Check ``start, step, end, step, end …`` as Mantid's ``RebinParamsValidator`` does; a single number is a step."""
    name = field.name
    if len(numbers) % 2 == 0:
        return f"{name} is start, step, end (and again step, end), or a step alone: not {len(numbers)} numbers."
    if any(step == 0 for step in (numbers[1::2] if len(numbers) > 1 else numbers)):
        return f"{name}: a step of 0 leads nowhere. A negative one makes bins that grow with the value."
    edges = numbers[0::2] if len(numbers) > 1 else []
    for low, high, step in zip(edges, edges[1:], numbers[1::2], strict=False):
        if high <= low:
            return f"{name}: the bins from {low:g} to {high:g} go backwards. Each end must be above the one before it."
        if step < 0 and low <= 0:
            return f"{name}: bins that grow with the value (step {step:g}) cannot begin at {low:g}. Begin above 0."
    return None


def _text(field: Field, value: Json, framework: str) -> str | None:
    if isinstance(value, (list, dict)) or (framework != "mantid" and not isinstance(value, str)):
        return f"{field.name} takes a text, not {_short(value)}."
    return None


def _path(field: Field, value: Json, framework: str) -> str | None:
    if isinstance(value, str) or (framework != "scipp" and isinstance(value, int) and not isinstance(value, bool)):
        return None
    return f"{field.name} takes the path of a file, not {_short(value)}."


def _paths(field: Field, value: Json, framework: str) -> str | None:
    return None if isinstance(value, list) else _path(field, value, framework)


def _dictionary(field: Field, value: Json, framework: str) -> str | None:
    if isinstance(value, dict) or (framework == "mantid" and isinstance(value, str)):
        return None
    return f"{field.name} takes names with values, not {_short(value)}."


def _quantity(field: Field, value: Json, framework: str) -> str | None:
    if not isinstance(value, dict) or "value" not in value:
        return f"{field.name} takes a number with a unit, not {_short(value)}."
    return _number(field, value["value"], framework)


_CHECKS: Mapping[Widget, Check] = {
    Widget.TEXT: _text,
    Widget.NUMBER: _number,
    Widget.INTEGER: _integer,
    Widget.SWITCH: _switch,
    Widget.CHOICE: _choice,
    Widget.CHOICES: _choices,
    Widget.LIST: _list,
    Widget.WORKSPACE: _nothing,
    Widget.FILE: _path,
    Widget.FILES: _paths,
    Widget.SAVE_FILE: _path,
    Widget.FOLDER: _path,
    Widget.DICTIONARY: _dictionary,
    Widget.FUNCTION: _text,
    Widget.EXPRESSION: _nothing,
    Widget.QUANTITY: _quantity,
    Widget.RANGE: _range,
}


def _no_file(field: Field, value: Json, framework: str, folder: Path) -> str | None:
    """Look for a file, where its name says which: Mantid looks for bare names and run numbers in folders of its own."""
    if field.widget not in (Widget.FILE, Widget.FOLDER, Widget.SAVE_FILE) or not isinstance(value, str):
        return None
    if framework != "scipp" and "/" not in value:
        return None
    path = folder / Path(value).expanduser()
    if field.widget is Widget.SAVE_FILE:
        return None if path.parent.is_dir() else f"{field.name}: there is no folder {path.parent} to write into."
    there = path.is_dir() if field.widget is Widget.FOLDER else path.exists()
    return None if there else f"{field.name}: there is no {_what(field)} {value}{_nearest(path)}"


def _what(field: Field) -> str:
    return "folder" if field.widget is Widget.FOLDER else "file"


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return f", nor a folder {path.parent}."
    close = difflib.get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], n=1)
    return f". Did you mean {close[0]}?" if close else f" in {path.parent}."


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"

"""What pydantic finds wrong with values, as sentences for the person who gave them."""

import dataclasses
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

LONGEST_SHOWN = 60
MOST_SENTENCES = 3

OURS = ("unit", "run", "file", "folder", "extension", "range")
"""Kinds of errors that `mantidlab.interfaces.fields` raises, with a sentence of its own."""

_NUMBER, _WHOLE, _TEXT = "a number", "a whole number", "a text"
_LIST, _NAMES = "a list, with commas between", "names with values"

_WANTED: Mapping[str, str] = {
    **dict.fromkeys(("float_parsing", "float_type"), _NUMBER),
    **dict.fromkeys(("decimal_parsing", "decimal_type", "complex_type", "complex_str_parsing"), _NUMBER),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), _WHOLE),
    "finite_number": "a number that is neither infinite nor undefined",
    **dict.fromkeys(("bool_parsing", "bool_type"), "True or False"),
    **dict.fromkeys(("string_type", "string_unicode", "bytes_type"), _TEXT),
    **dict.fromkeys(("list_type", "set_type", "frozen_set_type", "iterable_type", "iteration_error"), _LIST),
    "tuple_type": "numbers or texts with commas between, such as 2, 14",
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"), _NAMES),
    "path_type": "the path of a file",
    "none_required": "nothing",
    **dict.fromkeys(("date_parsing", "date_type", "date_from_datetime_parsing"), "a day such as 2026-03-01"),
    **dict.fromkeys(("datetime_parsing", "datetime_type"), "a day and a time such as 2026-03-01 14:30"),
    **dict.fromkeys(("time_parsing", "time_type"), "a time such as 14:30"),
    **dict.fromkeys(("time_delta_parsing", "time_delta_type"), "a length of time such as 01:30:00"),
}
"""What is taken, by pydantic's word for what was wrong."""

_LIMITS: Mapping[str, str] = {
    "greater_than": "It must be above {gt}; it is {shown}.",
    "greater_than_equal": "It must be at least {ge}; it is {shown}.",
    "less_than": "It must be below {lt}; it is {shown}.",
    "less_than_equal": "It must be at most {le}; it is {shown}.",
    "multiple_of": "It must be a multiple of {multiple_of}; it is {shown}.",
    "too_short": "It takes at least {min_length}; there are {actual_length}.",
    "too_long": "It takes at most {max_length}; there are {actual_length}.",
    "string_too_short": "It takes at least {min_length} letters; it is {shown}.",
    "string_too_long": "It takes at most {max_length} letters; it is {shown}.",
    "string_pattern_mismatch": "It must look like {pattern}; it is {shown}.",
    "missing": "It is needed.",
    "extra_forbidden": "There is no such field.",
}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one value.

    Attributes
    ----------
    sentence
        For the person.
    of_kind
        Whether the value is of another kind than the field takes, so that reading it in another way may help.
    """

    sentence: str
    of_kind: bool = False


def complaints(name: str, annotation: Any, problem: ValidationError) -> dict[str, Complaint]:
    """Return what pydantic found wrong, by field.

    Parameters
    ----------
    name, annotation
        Of the parameter that was validated. Fields of models within are called ``settings.low``; what is wrong with
        items of a list is said of the list.
    """
    found: dict[str, dict[int | None, list[ErrorDetails]]] = {}
    for error in problem.errors(include_url=False):
        field = ".".join([name, *_fields_on_the_way(annotation, error["loc"])])
        found.setdefault(field, {}).setdefault(_item(error["loc"]), []).append(error)
    return {field: _of_items(items) for field, items in found.items()}


def _fields_on_the_way(annotation: Any, way: Sequence[int | str]) -> Iterator[str]:
    """Pass over pydantic's names of the members of a union, and places in lists."""
    fields = _fields_of(annotation)
    for part in way:
        if part in fields:
            yield str(part)
            fields = _fields_of(fields[str(part)])


def _fields_of(annotation: Any) -> Mapping[int | str, Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: field.annotation for name, field in annotation.model_fields.items()}
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return {field.name: field.type for field in dataclasses.fields(annotation)}
    inner: dict[int | str, Any] = {}
    for one in typing.get_args(annotation):
        inner |= _fields_of(one)
    return inner


def _item(way: Sequence[int | str]) -> int | None:
    return next((part for part in reversed(way) if isinstance(part, int)), None)


def _of_items(items: Mapping[int | None, Sequence[ErrorDetails]]) -> Complaint:
    said: dict[str, None] = {}
    of_kind = False
    for item, errors in items.items():
        complaint = _of_one(errors)
        of_kind |= complaint.of_kind
        sentence = complaint.sentence
        if item is not None and errors[0]["type"] not in OURS:
            sentence = f"Item {item + 1}: {sentence[0].lower()}{sentence[1:]}"
        said[sentence] = None
    shown, left = list(said)[:MOST_SENTENCES], len(said) - MOST_SENTENCES
    return Complaint(" ".join([*shown, *([f"And {left} more of this kind."] if left > 0 else [])]), of_kind)


def _of_one(errors: Sequence[ErrorDetails]) -> Complaint:
    """Return one sentence for a value that none of the kinds that are allowed fits."""
    wanted = dict.fromkeys(_wanted(error) for error in errors)
    said = next((error for error in errors if _wanted(error) is None), None)
    if said is not None:
        return Complaint(_sentence(said))
    given = _shown(errors[0])
    return Complaint(f"It takes {' or '.join(filter(None, wanted))}{f', not {given}' if given else ''}.", of_kind=True)


def _wanted(error: ErrorDetails) -> str | None:
    kind, more = error["type"], error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return str(more["expected"])
    if kind in ("is_instance_of", "is_subclass_of", "dataclass_exact_type"):
        return f"an object of {more.get('class', more.get('class_name', 'another kind'))}"
    return _WANTED.get(kind)


def _sentence(error: ErrorDetails) -> str:
    kind, more = error["type"], error.get("ctx", {})
    if kind in OURS:
        return error["msg"]
    if kind == "missing" and error["loc"] and isinstance(error["loc"][-1], int):
        return "It is not there."
    if kind in _LIMITS:
        limits = {name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in more.items()}
        return _LIMITS[kind].format(shown=_shown(error) or "not", **limits)
    if kind in ("value_error", "assertion_error"):
        text = str(more.get("error", "")) or error["msg"].partition(", ")[2]
        return _as_sentence(text) if text else "It does not fit."
    reason = error["msg"].rstrip(".").replace("Input should", "it should")
    return f"{_shown(error) or 'It'} does not fit here: {reason}."


def _as_sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _shown(error: ErrorDetails) -> str:
    given = error.get("input", PydanticUndefined)
    text = repr(given)
    return "" if given is PydanticUndefined or len(text) > LONGEST_SHOWN else text

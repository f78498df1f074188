"""What an argument is filled in with, from its annotation as Python has it: types, unions, metadata, limits.

Nothing is imported for it: scipp's classes, pydantic's fields and annotated-types' limits are known by their names and
attributes, so that this works in kernels that have none of them.
"""

import enum
import inspect
import math
import os
import types
from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from mantidlab.forms.accepting import accepted_scipp
from mantidlab.forms.hints import ANYTHING, Hint, hint_of_text, joined
from mantidlab.forms.spec import Choice, Json, Widget

_LIMITS = {"ge": "minimum", "gt": "minimum", "le": "maximum", "lt": "maximum"}

_SCALARS: dict[Any, Widget] = {bool: Widget.SWITCH, int: Widget.INTEGER, float: Widget.NUMBER, str: Widget.TEXT}

# Where things are defined, which is not where people know them from.
_NOISE = {"typing.": "", "collections.abc.": "", "scipp._scipp.core.": "scipp.", "NoneType": "None"}

_LISTS = (list, tuple, set, frozenset, abc.Sequence, abc.Iterable, abc.Collection)

_BASES: dict[Any, Widget] = {os.PathLike: Widget.FILE, abc.Mapping: Widget.DICTIONARY}


@dataclass(frozen=True)
class Annotation:
    """An annotation taken apart.

    Attributes
    ----------
    hint
        What it is filled in with.
    model
        The pydantic model or dataclass that it is, if it is one.
    more
        What its metadata say, as attributes of `mantidlab.forms.spec.Field`.
    """

    hint: Hint
    model: type | None
    more: dict[str, Any]


def read_annotation(annotation: Any, *, plainly: bool = False) -> Annotation:
    """Return what an annotation means for a field.

    Parameters
    ----------
    plainly
        Whether members of an enumeration are given by their value, as what pydantic validates may be.
    """
    more: dict[str, Any] = {}
    while get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
        more = {**_said_by(metadata), **more}
    if is_model(annotation):
        return Annotation(ANYTHING, annotation, more)
    members = list(_members(annotation, plainly))
    for one in _inner(annotation):  # Annotated[…] | None
        if get_origin(one) is Annotated:
            more = {**_said_by(get_args(one)[1:]), **more}
    for one in (annotation, *_inner(annotation)):
        more = {**_said_of_files(one), **more}
    return Annotation(joined(members), None, more)


def is_model(annotation: Any) -> bool:
    """Return whether a type is a pydantic model or a dataclass, whose fields are fields of the form."""
    if not inspect.isclass(annotation) or issubclass(annotation, enum.Enum):
        return False
    if getattr(annotation, "__module__", "").startswith(("scipp", "numpy", "mantid.")):
        return False
    return hasattr(annotation, "model_fields") or is_dataclass(annotation)


def metadata_of(field: Any) -> dict[str, Any]:
    """Return what pydantic's ``Field(…)`` says, as attributes of a form's field."""
    more = _said_by(getattr(field, "metadata", ()) or ())
    for said, name in (("title", "label"), ("description", "documentation")):
        text = getattr(field, said, None)
        if isinstance(text, str) and text:
            more[name] = inspect.cleandoc(text)
    return more


def is_pydantic_field(value: Any) -> bool:
    """Return whether a value is what pydantic's ``Field(…)`` returns."""
    return type(value).__name__ == "FieldInfo" and hasattr(value, "metadata")


def json_of(value: Any, *, plainly: bool = False) -> Json:
    """Return a default as JSON has it; None for what it has not."""
    if isinstance(value, enum.Enum):
        return _member(value, plainly)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if isinstance(value, (list, tuple)):
        return [json_of(item, plainly=plainly) for item in value]
    if isinstance(value, abc.Mapping) and all(isinstance(key, str) for key in value):
        return {key: json_of(item, plainly=plainly) for key, item in value.items()}
    return value if _is_json(value) else None


def _is_json(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) < 2**53)


def _said_by(metadata: Any) -> dict[str, Any]:
    more: dict[str, Any] = {}
    for one in metadata:
        for limit, name in _LIMITS.items():
            number = getattr(one, limit, None)
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                more[name] = float(number)
        said = getattr(one, "form", None)
        if isinstance(said, dict):
            more.update(said)
        elif isinstance(one, str) and len(one) <= 20:  # the unit, as people annotate: Annotated[float, "meV"]
            more.setdefault("unit", one)
        elif is_pydantic_field(one):
            more.update(metadata_of(one))
    return more


def _said_of_files(annotation: Any) -> dict[str, Any]:
    """Return what ``list[Annotated[Path, …]]`` says of the files in the list."""
    if get_origin(annotation) not in _LISTS:
        return {}
    said = [_said_by(get_args(one)[1:]) for one in get_args(annotation) if get_origin(one) is Annotated]
    return {key: value for one in said for key, value in one.items() if key in ("runs", "extensions")}


def _inner(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()


def _members(annotation: Any, plainly: bool) -> Iterator[Hint | str]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is type(None):
        yield "None"
    elif isinstance(annotation, str):
        yield hint_of_text(annotation)
    elif origin in (Union, types.UnionType):
        for one in inner:
            yield from _members(one, plainly)
    elif origin is Annotated:
        yield from _members(inner[0], plainly)
    elif origin is Literal:
        yield Hint(Widget.CHOICE, choices=tuple(_literal(value) for value in inner))
    elif hasattr(annotation, "__supertype__"):  # a NewType
        yield from _members(annotation.__supertype__, plainly)
    elif isinstance(annotation, TypeVar):
        yield from _members(annotation.__bound__, plainly) if annotation.__bound__ is not None else [ANYTHING]
    else:
        yield _of_class(origin or annotation, inner, plainly)


def _literal(value: Any) -> Choice:
    return Choice(json_of(value), str(value))


def _member(member: enum.Enum, plainly: bool) -> Json:
    if plainly and isinstance(member.value, (str, int, float)):
        return member.value
    return {"expression": f"{type(member).__name__}.{member.name}"}


def _of_class(kind: Any, inner: tuple[Any, ...], plainly: bool) -> Hint | str:
    if not inspect.isclass(kind) or kind in _SCALARS:
        return Hint(_SCALARS[kind]) if kind in _SCALARS else ANYTHING
    if issubclass(kind, enum.Enum):
        return Hint(Widget.CHOICE, choices=tuple(Choice(_member(one, plainly), one.name) for one in kind))
    if kind.__module__.startswith("scipp") and accepted_scipp({kind.__name__}).types:
        return kind.__name__
    widget = next((widget for base, widget in _BASES.items() if issubclass(kind, base)), None)
    if widget is not None or kind.__module__.startswith("mantid."):
        return Hint(widget or Widget.WORKSPACE)
    if issubclass(kind, (list, tuple, set, frozenset)) or kind in _LISTS:
        return _list(inner, plainly)
    return ANYTHING


def _list(inner: tuple[Any, ...], plainly: bool) -> Hint:
    items = [one for one in inner if one is not Ellipsis]
    item = read_annotation(items[0], plainly=plainly).hint if items and len(set(map(str, items))) == 1 else ANYTHING
    if item.choices:
        return Hint(Widget.CHOICES, choices=item.choices)
    if item.widget is Widget.FILE:
        return Hint(Widget.FILES)
    return Hint(Widget.LIST, item=item.widget, accepts=item.accepts)


def text_of_annotation(annotation: Any) -> str:
    """Return an annotation as a person reads it."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if annotation is inspect.Parameter.empty:
        return ""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    for noise, word in _NOISE.items():
        text = text.replace(noise, word)
    return text

"""Lists of runs as people write them: ``1001-1005, 1007`` where a function takes a list of runs."""

import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mantidlab.interfaces.fields import Run
from mantidlab.run_files import taken_apart

_LISTS = (list, tuple, set, frozenset, Sequence)


def with_runs_apart(value: Any, annotation: Any) -> Any:
    """Return a value in which each list of runs has one item a run; everything else as it is.

    Parameters
    ----------
    annotation
        Of the parameter; lists of runs in models within are found too.

    Raises
    ------
    mantidlab.run_files.RunsMismatch
        A range is none.
    """
    if isinstance(value, dict):
        fields = _fields_of(annotation)
        return {name: with_runs_apart(one, fields[name]) if name in fields else one for name, one in value.items()}
    if isinstance(value, (str, int, Path, list, tuple)) and not isinstance(value, bool) and is_list_of_runs(annotation):
        return taken_apart(value)
    return value


def is_list_of_runs(annotation: Any) -> bool:
    """Say whether an annotation is ``list[RunFile]`` or the like, or that or nothing."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in _LISTS:
        return any(isinstance(said, Run) for one in inner for said in getattr(one, "__metadata__", ()))
    if origin is typing.Annotated:
        return is_list_of_runs(inner[0])
    others = [one for one in inner if one is not type(None)]
    return len(others) == 1 and len(inner) == 2 and is_list_of_runs(others[0])


def _fields_of(annotation: Any) -> dict[str, Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: field.annotation for name, field in annotation.model_fields.items()}
    return {name: kind for one in typing.get_args(annotation) for name, kind in _fields_of(one).items()}

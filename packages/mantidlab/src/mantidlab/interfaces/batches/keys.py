"""By what a row of a batch is known: a hash of all that its result depends on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mantidlab.interfaces.code import code_digest, computing_digest
from mantidlab.interfaces.declaring import Interface
from mantidlab.interfaces.fields import Directory, SaveFile
from mantidlab.interfaces.hashing import NoDigest, digest
from mantidlab.interfaces.written import shown

LENGTH = 20
"""Hexadecimal digits: 80 bits, and names of folders that people can still read."""


def key_of(interface: Interface[Any, Any], values: Mapping[str, Any]) -> str:
    """Return the key of a row.

    It is of the interface's code, the environment, and what the function gets: files by their content, those that it
    writes by their names.

    Raises
    ------
    ValuesRefused
        The values do not fit.
    """
    resolved = interface.resolved(values)
    named = {each.name: _for_key(resolved[each.name], each.metadata) for each in interface.parameters.listed}
    code = code_digest(interface.function)
    try:
        return digest(interface.name, code, computing_digest(), named)[:LENGTH]
    except NoDigest:
        return digest(interface.name, code, computing_digest(), {name: shown(value) for name, value in named.items()})[
            :LENGTH
        ]


def _for_key(value: Any, metadata: tuple[Any, ...]) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        parts = {name: _for_key(getattr(value, name), tuple(fields[name].metadata)) for name in fields}
        # What was left open may be taken from the instrument; the same value, chosen, may not.
        return {**parts, "": sorted(value.model_fields_set)}
    is_written = any(isinstance(each, SaveFile | Directory) for each in metadata)
    return str(value) if is_written and isinstance(value, Path) else value

"""The JSON Schema of the catalogue, made from its dataclasses; `catalogue.schema.json` beside this file is kept equal.

``python -m mantidlab.docs.schema`` writes that file anew.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from mantidlab.docs.catalogue import FORMAT, Catalogue

FILE = Path(__file__).with_name("catalogue.schema.json")

_SCALARS: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def catalogue_schema() -> dict[str, Any]:
    """Return the schema of `catalogue.json`: every key is required and no other is allowed."""
    definitions: dict[str, Any] = {}
    top = _of_class(Catalogue, definitions)
    top["properties"] = {"format": {"const": FORMAT}, **top["properties"]}
    top["required"] = ["format", *top["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The catalogue of an environment",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as it is written to `FILE`."""
    return json.dumps(catalogue_schema(), indent=1, ensure_ascii=False) + "\n"


def _of_class(kind: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").splitlines()[0],
        "properties": {name: _of(hints[name], definitions) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint is Any:
        return {}
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # named before it is made: an object may hold its like
            definitions[hint.__name__] = _of_class(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(argument, definitions) for argument in arguments]}
    raise TypeError(f"The catalogue has a field of type {hint}, which has no form in JSON Schema here.")


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")

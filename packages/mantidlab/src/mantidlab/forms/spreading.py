"""A dictionary whose items are keywords of the call (``**kwargs``): one field to a person, several arguments in text.

Between the two its items are called ``kwargs.tof``, as fields of a model are.
"""

from collections.abc import Mapping

from mantidlab.forms.literals import is_expression
from mantidlab.forms.spec import FormSpec, Json, Values

KEYWORDS = "keywords"
"""The kind of such a field."""

FURTHER = "by name"
"""What a form calls it: ``tof=50`` is a name with its value."""

BY_DIMENSION = "by dimension"
"""What it calls it where each name is a dimension of the data: ``tof=50`` of ``scipp.rebin``."""


def rest_field(spec: FormSpec) -> str | None:
    """Return the name of the field whose items become keywords; None where there is none."""
    return next((field.name for field in spec.fields if field.kind == KEYWORDS), None)


def spread(spec: FormSpec, values: Values) -> dict[str, Json]:
    """Return the values with the items of that field in its place."""
    rest = rest_field(spec)
    spread_out: dict[str, Json] = {}
    for name, value in values.items():
        if name == rest and isinstance(value, dict) and not is_expression(value):
            spread_out.update({f"{rest}.{key}": item for key, item in value.items()})
        elif name != rest or value is not None:
            spread_out[name] = value
    return spread_out


def gathered(spec: FormSpec, values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values with that field in the place of its items."""
    rest = rest_field(spec)
    if rest is None:
        return dict(values)
    items = {name.removeprefix(f"{rest}."): value for name, value in values.items() if name.startswith(f"{rest}.")}
    plain = {name: value for name, value in values.items() if not name.startswith(f"{rest}.")}
    return {**plain, rest: items} if items else plain

"""The options of an interface: one for each field of its form, ``--settings.low`` for a field of a model."""

import argparse
from typing import Any

from mantidlab.forms.spec import Field, FormSpec, Group, Widget
from mantidlab.interfaces.declaring import Interface

ON, OFF = "yes", "no"


def add_fields(parser: argparse.ArgumentParser, interface: Interface[Any, Any]) -> None:
    """Give a parser the fields of an interface, grouped and explained as its form has them.

    What options take stays text: it is read where the values are validated, as a table's cells are.
    """
    form = interface.form()
    groups: dict[str, Any] = {"": parser.add_argument_group("fields")}
    for field in form.fields:
        if field.group not in groups:
            groups[field.group] = parser.add_argument_group(_label(form, field.group))
        groups[field.group].add_argument(
            f"--{field.name}",
            dest=f"field:{field.name}",
            metavar=_metavar(field),
            required=field.required,
            default=argparse.SUPPRESS,
            help=_help(field).replace("%", "%%"),
        )


def given(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the fields that a command line gave, as text."""
    return {name.removeprefix("field:"): text for name, text in vars(arguments).items() if name.startswith("field:")}


def field_lines(form: FormSpec) -> list[str]:
    """Return what a description says of each field."""
    return [f"  --{field.name} {_metavar(field)}\n      {_help(field)}" for field in form.fields]


def _label(form: FormSpec, name: str) -> str:
    found: Group | None = next((group for group in form.groups if group.name == name), None)
    return found.label if found else name


def _metavar(field: Field) -> str:
    if field.choices:
        return "|".join(str(choice.value) for choice in field.choices)
    names = {Widget.SWITCH: f"{ON}|{OFF}", Widget.RANGE: "LOW,HIGH", Widget.LIST: "A,B,…", Widget.CHOICES: "A,B,…"}
    return names.get(field.widget, str(field.widget).upper())


def _help(field: Field) -> str:
    parts = [field.documentation.strip().rstrip(".") or field.label]
    if field.unit:
        parts.append(f"in {field.unit}")
    if field.minimum is not None or field.maximum is not None:
        low = "" if field.minimum is None else f"from {field.minimum:g} "
        parts.append(f"{low}{'' if field.maximum is None else f'to {field.maximum:g}'}".strip())
    if field.required:
        parts.append("needed")
    elif field.default not in (None, "", []):
        parts.append(f"default {_shown(field.default)}")
    return "; ".join(parts) + "."


def _shown(default: Any) -> str:
    if isinstance(default, dict) and set(default) == {"expression"}:
        return str(default["expression"])
    return ", ".join(map(str, default)) if isinstance(default, list) else str(default)

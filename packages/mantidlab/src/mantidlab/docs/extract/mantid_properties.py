"""Describes one property of a Mantid algorithm: everything that can be read without changing a value."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mantidlab.docs.catalogue import Property, Value
from mantidlab.docs.extract.asking import Asking, reason_of
from mantidlab.docs.extract.mantid_api import Api, MantidAlgorithm, MantidProperty, PropertySettings

DIRECTIONS = ("Input", "Output", "InOut", "None")

# MantidKernel/EmptyValues.h: DBL_MAX/2, INT_MAX and the largest 64-bit integer stand for "not set".
UNSET = (8.988465674311579e307, 2147483647, 9223372036854775807)


def describe_property(asking: Asking, api: Api, algorithm: MantidAlgorithm, of: str, name: str) -> Property:
    """Describe a property of an algorithm as it is after ``initialize``; what fails is told to `asking`."""
    of = f"{of}.{name}"
    prop: Any = asking.ask("property", of, lambda: algorithm.getProperty(name), None)
    if prop is None:
        return Property(name, "", "", "None", "", "", None, "", unset=False, mandatory=False, name_required=False)

    def text(attribute: str) -> str:
        return without_home(str(asking.ask(attribute, of, lambda: _attribute(prop, attribute), "")))

    direction = DIRECTIONS[asking.ask("direction", of, lambda: int(prop.direction), 3) % len(DIRECTIONS)]
    validator = text("isValid")
    value, kind, error = default_of(prop)
    is_workspace = asking.ask("class", of, lambda: isinstance(prop, api.IWorkspaceProperty), False)
    settings = settings_of(asking, of, prop)
    enabled, visible = state_of(asking, of, settings, algorithm)
    return Property(
        name=name,
        type=text("type"),
        python_class=f"{type(prop).__module__}.{type(prop).__name__}",
        direction=direction,
        documentation=text("documentation"),
        default=text("getDefault"),
        default_value=value,
        default_type=kind,
        default_error=error,
        unset=type(value) in (int, float) and value in UNSET,
        mandatory=bool(validator) and direction != "Output",
        name_required=bool(validator) and direction == "Output",
        allowed_values=asking.ask("allowedValues", of, lambda: texts(prop.allowedValues), ()),
        validator=validator,
        units=text("units"),
        group=text("getGroup"),
        is_workspace=is_workspace,
        workspace_optional=asking.ask("isOptional", of, lambda: bool(prop.isOptional()), None)
        if is_workspace
        else None,
        enabled=enabled,
        visible=visible,
        settings=tuple(type(rule).__name__ for rule in settings),
    )


def settings_of(asking: Asking, of: str, prop: MantidProperty) -> tuple[PropertySettings, ...]:
    """Return the rules of a property: none, one (to 6.14), or a list of them."""
    return asking.ask("settings", of, lambda: _rules(prop), ())


def _rules(prop: Any) -> tuple[PropertySettings, ...]:
    # The notes of 6.15 call it a method getSettings, as in C++; all versions that could be read have an attribute.
    settings = prop.settings if hasattr(prop, "settings") else prop.getSettings()
    if settings is None:
        return ()
    return (settings,) if hasattr(settings, "isEnabled") else tuple(settings)


def state_of(
    asking: Asking, of: str, settings: Iterable[PropertySettings], algorithm: MantidAlgorithm
) -> tuple[bool, bool]:
    """Return whether a form enables and shows a property now: if all its rules do."""
    rules = tuple(settings)
    enabled = asking.ask("isEnabled", of, lambda: all(bool(rule.isEnabled(algorithm)) for rule in rules), True)
    visible = asking.ask("isVisible", of, lambda: all(bool(rule.isVisible(algorithm)) for rule in rules), True)
    return enabled, visible


def default_of(prop: MantidProperty) -> tuple[Value, str, str]:
    """Return a property's value in plain Python, the name of its class, and why it could not be had (or empty)."""
    kind = ""
    try:
        value = prop.value
        kind = type(value).__name__
        return plain(value), kind, ""
    except Exception as error:  # noqa: BLE001 - the reason is part of what is known of the property
        reason = str(error) if isinstance(error, (AttributeError, TypeError)) else reason_of(error)
        return None, kind, without_home(reason)


def plain(value: Any) -> Value:
    """Return a value as JSON can hold it; arrays and Mantid's vectors become tuples, objects without items None.

    Raises
    ------
    TypeError
        It has items, but Python cannot get them.
    """
    value = value.tolist() if hasattr(value, "tolist") else value  # NumPy's arrays and numbers
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return without_home(value)
    if isinstance(value, Mapping) or not (hasattr(value, "__iter__") or hasattr(value, "__getitem__")):
        return None
    return tuple(plain(item) for item in value)


def texts(values: Iterable[Any]) -> tuple[str, ...]:
    """Return Mantid's vectors of strings (and arrays of them) as plain strings."""
    return tuple(str(value) for value in values)


def without_home(text: str) -> str:
    """Return a text that is the same whoever extracts: the home folder that Mantid puts into paths becomes ``~``."""
    home = str(Path.home())
    return text if len(home) < 2 else re.sub(re.escape(home) + r"(?![\w.-])", "~", text)


def _attribute(prop: Any, name: str) -> Any:
    value = getattr(prop, name)
    return value() if callable(value) else value  # some were methods in versions between

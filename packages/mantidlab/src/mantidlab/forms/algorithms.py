"""The form of a Mantid algorithm, from the catalogue alone."""

import re
from collections.abc import Collection, Iterable, Mapping

from mantidlab.docs.catalogue import Algorithm, Property
from mantidlab.docs.stubs_types import BEGINNINGS, is_workspace
from mantidlab.forms.accepting import accepted_by
from mantidlab.forms.spec import Call, Choice, Dependency, Field, FormSpec, Group, Json, Widget

_WIDGETS = {
    "boolean": Widget.SWITCH,
    "optional boolean": Widget.CHOICE,
    "dbl list": Widget.LIST,
    "int list": Widget.LIST,
    "unsigned int list": Widget.LIST,
    "str list": Widget.LIST,
    "list of str lists": Widget.FILES,
    "Dictionary": Widget.DICTIONARY,
    "Function": Widget.FUNCTION,
    "IAlgorithm": Widget.EXPRESSION,
}

_ITEMS = {
    "dbl list": Widget.NUMBER,
    "int list": Widget.INTEGER,
    "unsigned int list": Widget.INTEGER,
    "str list": Widget.TEXT,
    "list of str lists": Widget.TEXT,
}

_FILES = {"Load": Widget.FILE, "Save": Widget.SAVE_FILE, "Directory": Widget.FOLDER}

GIVEN: Json = {"not": None}
"""The condition that anything is given which is not the default."""

# Defaults from here on are the largest numbers of a type and say "without limit"; EMPTY_DBL is half of the largest.
_NO_LIMIT = 8.9e307
_EMPTY_INT = 2**31 - 1

_LOWER = re.compile(r"is <=? the lower bound \((?P<bound>[-+.\de]+)\)")
_UPPER = re.compile(r"is >=? the upper bound \((?P<bound>[-+.\de]+)\)")

# The binning of Rebin and its kin: first edge, step, next edge …; a negative step grows with the value.
_BINNING = re.compile(r"first bin boundary|bin boundar|rebinning param|binning param|\bbin width", re.IGNORECASE)


def form_of_algorithm(algorithm: Algorithm, extensible: Collection[str] = ()) -> FormSpec:
    """Return the form of one version of an algorithm.

    Parameters
    ----------
    extensible
        Words of lists that a facility or a user extends (`mantidlab.docs.stubs.extensible_words`).
    """
    by_name = {prop.name: prop for prop in algorithm.properties}
    groups = dict.fromkeys(prop.group for prop in algorithm.properties if prop.group)
    returns = tuple(prop.name for prop in algorithm.outputs)
    return FormSpec(
        of=f"algorithm/{algorithm.name}-v{algorithm.version}",
        title=algorithm.name if algorithm.latest else f"{algorithm.name} v{algorithm.version}",
        summary=algorithm.summary,
        framework="mantid",
        call=Call(
            function=algorithm.name,
            import_=f"from mantid.simpleapi import {algorithm.name}",
            target=_target(algorithm) if returns else None,
            module="mantid.simpleapi",
            path=f"mantid.simpleapi.{algorithm.name}",
            returns=returns,
            positional=tuple(prop.name for prop in algorithm.arguments),
            version=None if algorithm.latest else algorithm.version,
            method=algorithm.method,
            method_input=algorithm.method_input or _first_workspace(algorithm.arguments) if algorithm.method else "",
        ),
        groups=tuple(Group(name, name) for name in groups),
        fields=tuple(_field(prop, by_name, extensible) for prop in algorithm.properties),
    )


def _target(algorithm: Algorithm) -> str:
    """Return a name for what comes out: ``ws`` of an algorithm that makes workspaces, else ``out``."""
    return "out" if _first_workspace(algorithm.arguments) else "ws"


def _first_workspace(arguments: Iterable[Property]) -> str:
    return next((prop.name for prop in arguments if is_workspace(prop)), "")


def _field(prop: Property, by_name: Mapping[str, Property], extensible: Collection[str]) -> Field:
    widget, choices = widget_of(prop), _choices(prop)
    default = _default(prop)
    return Field(
        name=prop.name,
        label=label_of(prop.name),
        documentation=prop.documentation,
        widget=widget,
        type=prop.type,
        direction={"Input": "input", "Output": "output"}.get(prop.direction, "inout"),
        required=prop.mandatory or prop.name_required,
        default=default,
        unset=default is None or default in ("", []),
        unit=prop.units,
        choices=choices,
        open=prop.name in BEGINNINGS or _is_extended(prop, extensible),
        minimum=_bound(_LOWER, prop.validator),
        maximum=_bound(_UPPER, prop.validator),
        item=_ITEMS.get(prop.type),
        group=prop.group,
        accepts=accepted_by(prop) if is_workspace(prop) else None,
        extensions=prop.extensions,
        depends=_depends(prop, by_name),
        enabled=prop.enabled,
        visible=prop.visible,
        kind="keyword" if prop.direction == "Output" else "any",
    )


def widget_of(prop: Property) -> Widget:
    """Return what a property is filled in with."""
    if is_workspace(prop):
        return Widget.TEXT if prop.direction == "Output" else Widget.WORKSPACE
    if prop.multiple_files:
        return Widget.FILES
    if prop.file:
        return _FILES[prop.file.removeprefix("Optional")]
    return _plain_widget(prop)


def _plain_widget(prop: Property) -> Widget:
    if _choices(prop):
        return Widget.CHOICES if prop.type.endswith("list") else Widget.CHOICE
    if prop.type == "dbl list" and prop.direction == "Input" and _BINNING.search(prop.documentation):
        return Widget.RANGE
    if prop.type in _WIDGETS:
        return _WIDGETS[prop.type]
    # Unsigned integers have a word of the compiler's as their type.
    return {"int": Widget.INTEGER, "float": Widget.NUMBER}.get(prop.default_type, Widget.TEXT)


def label_of(name: str) -> str:
    """Return a name as words: ``MaxPeakHeight`` is ``Max peak height``, ``EFixed`` stays, as do ``UB`` and ``2D``."""
    parts = re.findall(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|\d+[A-Z]*|[^\w\s]", name.replace("_", " "))
    if not parts or any(len(part) == 1 and part.isupper() for part in parts):
        return name.replace("_", " ")
    return " ".join([parts[0], *(part if part.isupper() and len(part) > 1 else part.lower() for part in parts[1:])])


def _choices(prop: Property) -> tuple[Choice, ...]:
    if prop.type == "optional boolean":
        return tuple(Choice(word, word) for word in ("Auto", "True", "False"))
    return tuple(Choice(_typed(prop, word), word or "(none)") for word in dict.fromkeys(prop.choices))


def _typed(prop: Property, word: str) -> Json:
    """Return one of Mantid's texts as the value that Python has for it."""
    if prop.default_type in ("int", "float"):
        try:
            number = float(word)
        except ValueError:
            return word
        return int(number) if prop.default_type == "int" and number.is_integer() else number
    return word


def _default(prop: Property) -> Json:
    """Return a default that is one: Mantid objects to some itself, and means "not set" by others."""
    if is_workspace(prop):
        return prop.default or None
    if prop.unset or prop.mandatory:
        return None
    value = prop.default or None if prop.default_value is None else prop.default_value
    numbers = value if isinstance(value, tuple) else (value,)
    if any(isinstance(item, (int, float)) and (abs(item) > _NO_LIMIT or item == _EMPTY_INT) for item in numbers):
        return None
    return _listed(value) if isinstance(value, tuple) else value


def _listed(value: tuple[object, ...]) -> Json:
    return [_listed(item) if isinstance(item, tuple) else item for item in value]


def _bound(pattern: re.Pattern[str], objection: str) -> float | None:
    """Return a limit, which Mantid tells only of properties whose default it objects to."""
    found = pattern.search(objection)
    return float(found["bound"]) if found else None


def _is_extended(prop: Property, extensible: Collection[str]) -> bool:
    return bool(prop.choices) and all(word.split(" (")[0] in extensible for word in prop.choices)


def _depends(prop: Property, by_name: Mapping[str, Property]) -> tuple[Dependency, ...]:
    """Return when a field changes; the values that were tried on numbers and texts stand for "anything is given"."""
    tried: dict[str, set[str]] = {}
    for rule in prop.dependencies:
        tried.setdefault(rule.on, set()).add(rule.value)
    made: list[Dependency] = []
    for rule in prop.dependencies:
        if rule.on in by_name:
            value = _condition(by_name[rule.on], rule.value, tried[rule.on])
            one = Dependency(rule.on, value, rule.enabled, rule.visible)
            if one not in made:
                made.append(one)
    return tuple(made)


def _condition(control: Property, value: str, tried: Collection[str]) -> Json:
    if control.type == "boolean":
        return value == "1"
    if control.choices:
        return _typed(control, value)
    if control.type == "number" and len(tried) == 1:
        return _typed(control, value)
    return GIVEN

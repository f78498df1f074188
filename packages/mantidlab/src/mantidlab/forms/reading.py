"""The values of a call in a cell, for the fields of a form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mantidlab.forms.calls import Argument, CallText
from mantidlab.forms.literals import expression, same_member, value_of
from mantidlab.forms.spec import FormSpec, Json, Widget
from mantidlab.forms.spreading import gathered, rest_field

_ALGORITHM = "algorithm/"


@dataclass(frozen=True)
class Place:
    """Where the value of a field stands in the source; `argument` is None for the object before the dot of a method."""

    start: int
    end: int
    argument: Argument | None
    call: CallText


@dataclass(frozen=True)
class ReadCall:
    """A call as values of a form.

    Attributes
    ----------
    values
        By field; fields of models within by their dotted name.
    places, parts
        Where each value stands, and what it is there: a dictionary of keywords (``**kwargs``) in its items.
    made
        The calls within it that make models, by the way to the model.
    waiting
        Fields for which ``...`` stands in the call: a value is still to come.
    kept
        The texts of arguments that no field has: ``**options``, keywords that the form does not know.
    """

    call: CallText
    values: Mapping[str, Json]
    places: Mapping[str, Place]
    parts: Mapping[str, Json]
    made: Mapping[str, CallText]
    waiting: frozenset[str]
    kept: tuple[str, ...]
    receives: bool


def read_values(source: str, call: CallText, spec: FormSpec, *, receives: bool) -> ReadCall:
    """Return the values of a call.

    Parameters
    ----------
    receives
        Whether the call is a method, so that the object before the dot is an argument.
    """
    reading = _Reading(source, spec)
    places = reading.places
    # Mantid hands what has no name to the properties that are left; Python would not run such a call.
    by_name = {one.name for one in call.arguments} if spec.of.startswith(_ALGORITHM) else set()
    if receives and call.receiver_end is not None and spec.call.method_input:
        places[spec.call.method_input] = Place(call.start, call.receiver_end, None, call)
    reading.collect(call, [name for name in spec.call.positional if name not in places and name not in by_name], "")
    reading.collect_rest(call)
    values = {name: _value(spec, name, source[place.start : place.end]) for name, place in places.items()}
    waiting = frozenset(name for name, value in values.items() if value == expression("..."))
    given = {name: value for name, value in values.items() if name not in waiting}
    return ReadCall(call, gathered(spec, given), places, values, reading.made, waiting, tuple(reading.kept), receives)


class _Reading:
    """What is gathered while the arguments of a call are looked at; see `ReadCall`."""

    def __init__(self, source: str, spec: FormSpec) -> None:
        self.source, self.spec = source, spec
        self.places: dict[str, Place] = {}
        self.made: dict[str, CallText] = {}
        self.kept: list[str] = []
        self._models = {model.path: model for model in spec.call.models}
        self._known = {field.name for field in spec.fields}
        # Mantid does not look at capitals in the names of properties; Python does.
        self._folded = {name.casefold(): name for name in self._known} if spec.of.startswith(_ALGORITHM) else {}
        self._unnamed = {field.name for field in spec.fields if field.kind == "positional"}

    def collect(self, call: CallText, positional: list[str], prefix: str) -> None:
        """Look at the arguments of a call, and of those within it that make models."""
        rest = None if prefix else rest_field(self.spec)
        order = iter(positional)
        open_ended = False  # behind *args nobody knows which argument is meant
        for argument in call.arguments:
            name = self._as_declared(argument.name)
            if name is None and not argument.stars and not open_ended:
                name = next(order, None)
            open_ended |= argument.stars == "*"
            path = f"{prefix}{name}"
            if argument.name is not None and rest is not None and not self._can_be_named(path):
                path = f"{rest}.{name}"
            self._take(argument, call, path if name is not None else None, rest)

    def _as_declared(self, name: str | None) -> str | None:
        return name if name is None or name in self._known else self._folded.get(name.casefold(), name)

    def _can_be_named(self, path: str) -> bool:
        return path in self._models or (path in self._known and path not in self._unnamed)

    def _take(self, argument: Argument, call: CallText, path: str | None, rest: str | None) -> None:
        model = self._models.get(path or "")
        if path is None or path in self.places:
            self.kept.append(self.source[argument.start : argument.end])
        elif model is not None and argument.inside is not None and _makes(argument.inside, model.name):
            self.made[path] = argument.inside
            self.collect(argument.inside, [], f"{path}.")
        elif path in self._known or model is not None or path.startswith(f"{rest}."):
            self.places[path] = Place(argument.value_start, argument.value_end, argument, call)
        else:
            self.kept.append(self.source[argument.start : argument.end])

    def collect_rest(self, call: CallText) -> None:
        """Take ``**options`` as the value of the field for further keywords, where it is all that the field has."""
        rest = rest_field(self.spec)
        unnamed = [one for one in call.arguments if one.stars == "**" and one.name is None]
        if rest is None or len(unnamed) != 1 or any(name.startswith(f"{rest}.") for name in self.places):
            return
        self.places[rest] = Place(unnamed[0].value_start, unnamed[0].value_end, unnamed[0], call)
        self.kept.remove(self.source[unnamed[0].start : unnamed[0].end])


def _makes(call: CallText, name: str) -> bool:
    return call.method == name and all(argument.name for argument in call.arguments)


_QUANTITY = re.compile(r"^(?:\w+\.)*scalar\((?P<value>[-+.\w]+), *unit=(?P<unit>['\"][^'\"]*['\"])\)$")


def _value(spec: FormSpec, name: str, text: str) -> Json:
    field = spec.field(name)
    if field is None:  # an item of **kwargs, or a model that is no call
        return value_of(text)
    if field.widget is Widget.QUANTITY and (found := _QUANTITY.match(text)):
        return {"value": value_of(found["value"]), "unit": value_of(found["unit"])}
    value = value_of(text)
    return next((choice.value for choice in field.choices if same_member(choice.value, value)), value)

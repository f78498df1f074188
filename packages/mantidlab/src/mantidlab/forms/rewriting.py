"""Puts changed values back into a call in a cell, and touches nothing else.

Comments, spaces, the order of the arguments, trailing commas and quotation marks stay; a value that did not change
stays letter by letter.
"""

from collections.abc import Iterator, Sequence

from mantidlab.forms.arguments import Item, Items
from mantidlab.forms.calls import Argument, CallText
from mantidlab.forms.errors import CannotBeWritten
from mantidlab.forms.imports import Imports
from mantidlab.forms.literals import same, text_of
from mantidlab.forms.reading import Place, ReadCall
from mantidlab.forms.spec import FormSpec, Values
from mantidlab.forms.spreading import rest_field, spread
from mantidlab.forms.writing import (
    WIDTH,
    Made,
    Written,
    check_fields,
    laid_out,
    model_text,
    receiver_text,
    targets_text,
    value_imports,
    value_text,
    wanted,
)
from mantidlab.names import is_name


def rewrite_call(
    source: str,
    read: ReadCall,
    spec: FormSpec,
    values: Values,
    targets: Sequence[str] | None = None,
    imports: Imports | None = None,
) -> Written:
    """Return the source with the values in the call that was read from it.

    Parameters
    ----------
    targets
        The names left of ``=``; None leaves them as they are.

    Raises
    ------
    CannotBeWritten
        A value is no Python, or the call does not allow the change: an argument before ``*rest`` cannot go.
    """
    check_fields(spec, values)
    scope, call = imports or Imports(), read.call
    change = _Change(source, read, spec, values, scope)
    head, inside = change.callee(), change.inside(call)
    start, before = _before(source, call, targets)
    if change.grew and "\n" not in inside and call.whole:
        inside = _wrapped(source, call, before + head, start, change.parts) or inside
    text = f"{head}{source[call.opening : call.opening + 1]}{inside}{source[call.closing : call.end]}"
    changed = f"{source[:start]}{before}{text}{source[call.end :]}"
    begin = start + len(before)
    new = {name: value for name, value in values.items() if not same(value, read.values.get(name))}
    return Written(
        changed, (begin, begin + len(text)), tuple(dict.fromkeys(value_imports(spec, new, scope, read.made)))
    )


def _before(source: str, call: CallText, targets: Sequence[str] | None) -> tuple[int, str]:
    """Return from where on the statement is written anew, and what stands there before the call."""
    if targets is None or tuple(targets) == call.targets:
        return call.start, ""
    if not call.whole:
        raise CannotBeWritten(
            "What comes out of this call has no variable of its own: the call stands within a longer line. Change the "
            "line by hand."
        )
    text = targets_text(targets)
    if call.targets_start is None or call.targets_end is None:
        return call.start, text
    if not text:
        return call.targets_start, ""
    return call.targets_start, text.removesuffix(" = ") + source[call.targets_end : call.start]


def _wrapped(source: str, call: CallText, head: str, start: int, parts: Sequence[str]) -> str | None:
    """Return the arguments of a call that grew too long for its line, laid out anew; None where it fits."""
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", call.end)
    behind = len(source) - call.end if line_end < 0 else line_end - call.end
    before = source[line_start:start]
    indent = before[: len(before) - len(before.lstrip())]
    made = Made(f"{before[len(indent) :]}{head}", tuple(parts))
    if "\n" in made.head or len(indent) + len(made.flat()) + behind <= WIDTH:
        return None
    return laid_out(made, indent, behind)[len(made.head) + 1 : -1]


class _Change:
    """The change of a call, and of those within it that make models.

    Attributes
    ----------
    grew
        Whether arguments came to the outer call.
    parts
        The texts of the outer call's arguments afterwards.
    """

    def __init__(self, source: str, read: ReadCall, spec: FormSpec, values: Values, scope: Imports) -> None:
        self.source, self.read, self.spec, self.scope = source, read, spec, scope
        self.values = spread(spec, values)
        self.fresh = wanted(spec, {name: value for name, value in self.values.items() if name not in read.places})
        self.names: dict[int, str] = {
            id(place.argument): name for name, place in read.places.items() if place.argument is not None
        }
        self.grew = False
        self.parts: list[str] = []

    def callee(self) -> str:
        """Return what is called, with the object before the dot as it is afterwards."""
        call = self.read.call
        for name, place in self.read.places.items():
            if place.argument is None:
                if name not in self.values:
                    raise CannotBeWritten(f"{name} stands before the dot of {call.callee} and cannot be left out.")
                text = self._text(name, place)
                if text != self.source[place.start : place.end]:
                    text = receiver_text(text)
                return f"{text}{self.source[place.end : call.opening]}"
        return self.source[call.start : call.opening]

    def inside(self, call: CallText) -> str:
        """Return what stands between the brackets of a call afterwards."""
        items = Items(self.source, call)
        self._keep_order(call, items)
        for item in list(items.items):
            if item.arguments and all(self._goes(argument) for argument in item.arguments):
                items.take_out(item)
            elif item.arguments:
                item.text = self._item_text(item)
        for text in self._new_unnamed(call):
            items.put_unnamed(text)
            self.grew = True
        for text in self._new(call):
            items.put_in(text)
            self.grew |= call is self.read.call
        if call is self.read.call:
            self.parts = [item.text for item in items.items]
        return items.written()

    def _goes(self, argument: Argument) -> bool:
        name = self.names.get(id(argument))
        if name is not None:
            return name not in self.values and name not in self.read.waiting
        model = self._model_of(argument)
        if model is None or any(one.path == model and one.required for one in self.spec.call.models):
            return False
        # One that was made without anything stays as it is.
        there = any(name.startswith(f"{model}.") for name in self.read.places)
        return there and not any(name.startswith(f"{model}.") for name in self.values)

    def _model_of(self, argument: Argument) -> str | None:
        """Return the model that an argument makes, if its fields are fields of the form."""
        if argument.inside is None:
            return None
        return next((path for path, call in self.read.made.items() if call is argument.inside), None)

    def _keep_order(self, call: CallText, items: Items) -> None:
        """Give names to arguments without one whose place is another once one that goes is gone."""
        behind = False
        # one with a name, whose place those without were not given, leaves it to them (of Mantid's functions)
        order = list(self.spec.call.positional)
        free = [order.index(one.name) for one in call.arguments if one.name in order and self._goes(one)]
        for item in items.items:
            for argument in item.arguments:
                if argument.name is None and not argument.stars and self._goes(argument):
                    behind = True
                elif argument.name is None and argument.stars != "**" and (behind or self._follows(argument, free)):
                    self._must_have_name(call, argument)
                    item.text = f"{self.names[id(argument)]}={item.text}"

    def _follows(self, argument: Argument, places: Sequence[int]) -> bool:
        """Return whether an argument without a name has a place behind one of some."""
        name = self.names.get(id(argument))
        order = self.spec.call.positional
        return bool(places) and name in order and order.index(name) > min(places)

    def _must_have_name(self, call: CallText, argument: Argument) -> None:
        field = self.spec.field(self.names.get(id(argument), ""))
        if argument.stars or field is None or field.kind == "positional":
            raise CannotBeWritten(
                f"An argument of {call.callee} cannot be left out, since others without a name come after it."
            )

    def _item_text(self, item: Item) -> str:
        """Return an argument with its values as they are afterwards."""
        if any(argument.stars == "**" and argument.name for argument in item.arguments):
            staying = [argument for argument in item.arguments if not self._goes(argument)]
            if len(staying) < len(item.arguments):
                texts = (f"{text_of(argument.name)}: {self._argument_text(argument)}" for argument in staying)
                return f"**{{{', '.join(texts)}}}"
        text, shift = item.text, len(item.text) - (item.arguments[0].end - item.arguments[0].start)
        for argument in reversed(item.arguments):
            start = argument.value_start - argument.start + shift
            end = argument.value_end - argument.start + shift
            text = f"{text[:start]}{self._argument_text(argument)}{text[end:]}"
        return text

    def _argument_text(self, argument: Argument) -> str:
        name = self.names.get(id(argument))
        if name is not None:
            return self._text(name, self.read.places[name])
        inner = argument.inside
        if inner is not None and self._model_of(argument) is not None:
            before, after = (
                self.source[argument.value_start : inner.opening + 1],
                self.source[inner.closing : inner.end],
            )
            return f"{before}{self.inside(inner)}{after}{self.source[inner.end : argument.value_end]}"
        return self.source[argument.value_start : argument.value_end]

    def _text(self, name: str, place: Place) -> str:
        old = self.source[place.start : place.end]
        if name not in self.values or same(self.values[name], self.read.parts[name]):
            return old
        return value_text(self.spec, name, self.values[name], self.scope, "'" if old.startswith("'") else '"')

    def _new_unnamed(self, call: CallText) -> Iterator[str]:
        """Return the arguments that come to a call and cannot have a name; they follow those that are there."""
        if call is not self.read.call:
            return
        there = [one for one in call.arguments if one.name is None and not one.stars and not self._goes(one)]
        order = list(self.spec.call.positional[len(there) :])
        for name in self.spec.call.positional:
            field = self.spec.field(name)
            if name in self.fresh and field is not None and field.kind == "positional":
                if not order or order.pop(0) != name or any(one.stars == "*" for one in call.arguments):
                    raise CannotBeWritten(f"{name} of {self.spec.title} needs the arguments before it.")
                yield value_text(self.spec, name, self.fresh.pop(name), self.scope)

    def _new(self, call: CallText) -> Iterator[str]:
        """Return the arguments that come to a call."""
        prefix = "" if call is self.read.call else f"{self._prefix(call)}."
        done, awkward = set(), {}
        for path, value in self.fresh.items():
            if not path.startswith(prefix):
                continue
            name, dot, _ = path.removeprefix(prefix).partition(".")
            inner = f"{prefix}{name}"
            if dot and inner == rest_field(self.spec):
                name, dot = path.removeprefix(f"{inner}."), ""
            if dot:
                if inner not in done and inner not in self.read.made:
                    done.add(inner)
                    yield laid_out(model_text(self.spec, inner, self.fresh, self.scope))
            elif is_name(name):
                yield f"{name}={value_text(self.spec, path, value, self.scope)}"
            else:
                awkward[name] = value_text(self.spec, path, value, self.scope)
        if awkward:
            yield f"**{{{', '.join(f'{text_of(name)}: {text}' for name, text in awkward.items())}}}"

    def _prefix(self, call: CallText) -> str:
        return next(path for path, made in self.read.made.items() if made is call)

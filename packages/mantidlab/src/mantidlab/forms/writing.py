"""Writes the call that values mean, as ruff and black would lay it out."""

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mantidlab.forms.errors import CannotBeWritten
from mantidlab.forms.imports import CONVENTIONS, Imports, imports_of
from mantidlab.forms.literals import is_expression, same, text_of
from mantidlab.forms.spec import Field, FormSpec, Json, Model, Values, Widget
from mantidlab.forms.spreading import rest_field, spread
from mantidlab.names import is_name

WIDTH = 88
"""The longest line, as black and ruff have it."""

_STEP = "    "


@dataclass(frozen=True)
class Made:
    """A call within a call, which is laid out by itself: a model among the arguments."""

    head: str
    arguments: "tuple[str | Made, ...]"

    def flat(self) -> str:
        """Return it on one line."""
        inside = ", ".join(part if isinstance(part, str) else part.flat() for part in self.arguments)
        return f"{self.head}({inside})"


@dataclass(frozen=True)
class Written:
    """A call as text, and the lines that must be somewhere before it."""

    source: str
    span: tuple[int, int]
    imports: tuple[str, ...]


def write_call(spec: FormSpec, values: Values, targets: Sequence[str] = (), imports: Imports | None = None) -> Written:
    """Return the statement that calls what the form is of.

    Parameters
    ----------
    imports
        What the notebook imports already.

    Raises
    ------
    CannotBeWritten
        A value is no Python, a name is none, or a field is not there.
    """
    check_fields(spec, values)
    scope = imports or Imports()
    given = wanted(spec, values)
    function, missing = called(spec, scope, given)
    lines = [*missing, *value_imports(spec, values, scope)]
    head = f"{targets_text(targets)}{function}"
    made = Made(head, tuple(arguments_of(spec, given, scope)))
    source = laid_out(made)
    return Written(source, (len(head) - len(function), len(source)), tuple(dict.fromkeys(lines)))


def check_fields(spec: FormSpec, values: Values) -> None:
    """Refuse values of fields that the form does not have."""
    known = {field.name for field in spec.fields} | {model.path for model in spec.call.models}
    unknown = sorted(set(values) - known)
    if unknown:
        raise CannotBeWritten(f"{spec.title} has no argument {', '.join(unknown)}.")


def targets_text(targets: Sequence[str]) -> str:
    """Return what stands left of the call: ``a, b = ``.

    Raises
    ------
    CannotBeWritten
        One is no name of a variable.
    """
    for target in targets:
        plain = target.removeprefix("*")
        if not all(is_name(part) for part in plain.split(".")) and not _is_item(plain):
            raise CannotBeWritten(f"{target!r} is no name for a variable. Use letters, digits and _, no digit first.")
    return f"{', '.join(targets)} = " if targets else ""


def _is_item(text: str) -> bool:
    return text.endswith("]") and is_name(text.partition("[")[0])


def called(spec: FormSpec, scope: Imports, values: dict[str, Json]) -> tuple[str, tuple[str, ...]]:
    """Return how the notebook writes the function, and the import that it lacks.

    The object whose method is called is taken out of the values.
    """
    if spec.call.receives:
        if spec.call.method_input not in values:
            raise CannotBeWritten(f"{spec.title} is called on an object. Choose one for {spec.call.method_input}.")
        return f"{receiver_text(text_of(values.pop(spec.call.method_input)))}.{spec.call.method}", ()
    known = scope.name_of(spec.call.path) if spec.call.path else None
    if known is not None:
        return known, ()
    return spec.call.function, (spec.call.import_,) if spec.call.import_ else ()


def receiver_text(text: str) -> str:
    """Return an expression as it can stand before a dot."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:  # more than a line: the brackets of the call held it together
        return f"({text})"
    plain = isinstance(tree, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Dict))
    return text if plain else f"({text})"


def wanted(spec: FormSpec, values: Values) -> dict[str, Json]:
    """Return the values that are written: all but what is a default anyway, in the order of the form."""
    order = {field.name: place for place, field in enumerate(spec.fields)}
    kept = {name: value for name, value in spread(spec, values).items() if not _is_default(spec.field(name), value)}
    return dict(sorted(kept.items(), key=lambda item: order.get(item[0], len(order))))


def _is_default(field: Field | None, value: Json) -> bool:
    if field is None or field.required:
        return False
    if value is None and not field.optional:
        return True
    return same(value, field.default)


def arguments_of(spec: FormSpec, values: Mapping[str, Json], scope: Imports) -> Iterable[str | Made]:
    """Return the arguments, those first that people write without their names."""
    left = dict(values)
    named = False
    for place, name in enumerate(spec.call.positional):
        field = spec.field(name)
        must = field is not None and field.kind == "positional"
        if name not in left and not must and place < spec.call.plain:
            named = True
        if name not in left or (place >= spec.call.plain and not must) or named:
            if must and name in left:
                raise CannotBeWritten(f"{name} of {spec.title} needs the arguments before it.")
            named = True
            continue
        yield value_text(spec, name, left.pop(name), scope)
    if spec.call.version is not None:
        left = {**left, "Version": spec.call.version}
    yield from _named(spec, left, "", scope)


def _named(spec: FormSpec, values: Mapping[str, Json], prefix: str, scope: Imports) -> Iterable[str | Made]:
    awkward = {}
    done = set()
    for path, value in values.items():
        name, dot, _ = path.removeprefix(prefix).partition(".")
        inner = f"{prefix}{name}"
        if inner in done:
            continue
        if dot and inner == rest_field(spec):
            name, dot = path.removeprefix(f"{inner}."), ""
        if dot:
            done.add(inner)
            yield model_text(spec, inner, values, scope)
        elif inner == rest_field(spec) and is_expression(value):
            yield f"**{text_of(value)}"
        elif is_name(name):
            yield f"{name}={value_text(spec, path, value, scope)}"
        else:
            awkward[name] = value_text(spec, path, value, scope)
    for model in needed_models(spec, values, prefix):
        if model.path not in done:
            yield Made(f"{model.path.removeprefix(prefix)}={model.name}", ())
    if awkward:
        yield f"**{{{', '.join(f'{text_of(name)}: {text}' for name, text in awkward.items())}}}"


def needed_models(spec: FormSpec, values: Mapping[str, Json], prefix: str) -> list[Model]:
    """Return the models directly below one that must be made though no field of theirs is given."""
    return [
        model
        for model in spec.call.models
        if model.required
        and model.path not in values
        and model.path.startswith(prefix)
        and "." not in model.path.removeprefix(prefix)
    ]


def model_text(spec: FormSpec, path: str, values: Mapping[str, Json], scope: Imports) -> Made:
    """Return the argument that a model fills: ``settings=Settings(low=2.0)``."""
    model = next(model for model in spec.call.models if model.path == path)
    own = {name: value for name, value in values.items() if name.startswith(f"{path}.")}
    name = path.rpartition(".")[2]
    return Made(f"{name}={model.name}", tuple(_named(spec, own, f"{path}.", scope)))


def _model_imports(spec: FormSpec, values: Values, scope: Imports, made: Collection[str]) -> list[str]:
    given = wanted(spec, values)
    needed = needed_models(spec, given, "")
    return [
        model.import_
        for model in spec.call.models
        if model.import_
        and model.path not in made
        and model.name not in scope.names
        and (model in needed or any(name.startswith(f"{model.path}.") for name in given))
    ]


def value_text(spec: FormSpec, name: str, value: Json, scope: Imports, quote: str = '"') -> str:
    """Return the value of a field as it stands in a call."""
    field = spec.field(name)
    if field is not None and field.widget is Widget.QUANTITY and isinstance(value, dict) and "unit" in value:
        scalar = scope.name_of("scipp.scalar") or f"{CONVENTIONS['scipp']}.scalar"
        return f"{scalar}({text_of(value.get('value'))}, unit={text_of(value['unit'])})"
    return text_of(value, quote)


def value_imports(spec: FormSpec, values: Values, scope: Imports, made: Collection[str] = ()) -> list[str]:
    """Return the imports that values lack: models, members of enumerations, scipp for quantities.

    Parameters
    ----------
    made
        The models that the call makes already.
    """
    members = [
        choice.import_
        for field in spec.fields
        for choice in field.choices
        if choice.import_ and choice.value == values.get(field.name) and not _is_bound(choice.import_, scope)
    ]
    return [*_model_imports(spec, values, scope, made), *members, *_quantity_imports(spec, values, scope)]


def _is_bound(line: str, scope: Imports) -> bool:
    return imports_of(line).names.items() <= scope.names.items()


def _quantity_imports(spec: FormSpec, values: Values, scope: Imports) -> list[str]:
    asked = any(field.widget is Widget.QUANTITY and isinstance(values.get(field.name), dict) for field in spec.fields)
    return [] if not asked or scope.name_of("scipp.scalar") else [f"import scipp as {CONVENTIONS['scipp']}"]


def laid_out(made: Made, indent: str = "", behind: int = 0) -> str:
    """Return a call on one line where it fits, else its arguments on one line, else each on its own.

    Parameters
    ----------
    indent
        Of the line that it begins on.
    behind
        How many letters follow on its last line.
    """
    flat = made.flat()
    if (len(indent) + len(flat) + behind <= WIDTH and "\n" not in flat) or not made.arguments:
        return flat
    inner = indent + _STEP
    together = ", ".join(part if isinstance(part, str) else part.flat() for part in made.arguments)
    if len(inner) + len(together) <= WIDTH and "\n" not in together:
        return f"{made.head}(\n{inner}{together}\n{indent})"
    parts = [part if isinstance(part, str) else laid_out(part, inner, 1) for part in made.arguments]
    return f"{made.head}(\n" + "".join(f"{inner}{part},\n" for part in parts) + f"{indent})"

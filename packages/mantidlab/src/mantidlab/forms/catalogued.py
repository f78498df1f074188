"""The form of a Python function, class or method, from what the catalogue of an environment says of it."""

from collections.abc import Iterable
from dataclasses import replace

from mantidlab.docs.catalogue import Argument, PythonObject
from mantidlab.forms.accepting import accepted_scipp
from mantidlab.forms.docstrings import plain_text
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.hints import Hint, Types, hint_of_text
from mantidlab.forms.imports import CONVENTIONS
from mantidlab.forms.literals import expression, is_expression, same_member, value_of
from mantidlab.forms.spec import Call, Choice, Field, FormSpec, Json, Widget
from mantidlab.forms.spreading import BY_DIMENSION, FURTHER, KEYWORDS

SELF = "self"
"""The field of the object whose method is called."""

CALLABLE = ("function", "class", "method")

# Nobody writes these without their name, though one may.
_PLAIN_AT_MOST = 4


def form_of_object(thing: PythonObject, types: Types | None = None) -> FormSpec:
    """Return the form of a function, class or method.

    Parameters
    ----------
    types
        What the catalogue knows of types (`types_of`).

    Raises
    ------
    NoSuchForm
        It is nothing that can be called: a module, a type, a property.
    """
    if thing.kind not in CALLABLE:
        raise NoSuchForm(f"{thing.name} is a {thing.kind}: forms are of what can be called.")
    fields = [_field(argument, types or {}) for argument in thing.arguments if argument.kind != "positional list"]
    if any(field.kind == KEYWORDS for field in fields):
        fields = [replace(field, advanced=field.advanced or _is_instead_of_keywords(field)) for field in fields]
    method = thing.kind == "method"
    if method:
        owner = thing.name.rpartition(".")[0].rpartition(".")[2]
        fields.insert(0, _self(owner))
    positional = tuple(field.name for field in fields if field.kind in ("any", "positional"))[method:]
    plain = 0
    for name in positional:
        field = next(field for field in fields if field.name == name)
        if not field.required or plain == _PLAIN_AT_MOST:
            break
        plain += 1
    return FormSpec(
        of=f"python/{thing.name}",
        title=thing.name,
        summary=plain_text(thing.summary),
        framework="scipp" if thing.name.startswith(("scipp", "ess")) else "python",
        call=Call(
            *_way_to(thing.name, method=method),
            target=None if thing.returns is not None and thing.returns.type == "None" else "out",
            module=thing.defined_in,
            path="" if method else thing.name,
            returns=(thing.returns.type,) if thing.returns is not None and thing.returns.type else (),
            positional=positional,
            plain=plain,
            method=thing.name.rpartition(".")[2] if method else "",
            method_input=SELF if method else "",
            receives=method,
        ),
        groups=(),
        fields=tuple(fields),
    )


def _way_to(name: str, *, method: bool) -> tuple[str, str]:
    """Return how people write a function, and the import for it."""
    module, _, last = name.rpartition(".")
    if method:
        return last, ""
    package = name.partition(".")[0]
    if package in (module, "scipp"):  # which imports its modules itself
        alias = CONVENTIONS.get(package, package)
        return f"{alias}{name[len(package) :]}", f"import {package}" + (f" as {alias}" if alias != package else "")
    if not module:
        return last, ""
    parent, _, own = module.rpartition(".")
    return f"{own}.{last}", f"from {parent} import {own}" if parent else f"import {own}"


def _self(owner: str) -> Field:
    return Field(
        name=SELF,
        label=owner,
        documentation="The object whose method is called.",
        widget=Widget.WORKSPACE,
        type=owner,
        required=True,
        accepts=accepted_scipp({owner}),
    )


def _field(argument: Argument, types: Types) -> Field:
    default = _default(argument.default)
    hint = hint_of_text(argument.type, types, argument.name, default)
    many = argument.kind == "keyword list"
    return Field(
        name=argument.name,
        label=_further(argument) if many else argument.name.replace("_", " "),
        documentation=plain_text(argument.documentation),
        widget=Widget.DICTIONARY if many else hint.widget,
        type=argument.type,
        required=argument.default is None and not many,
        default=_member(default, hint),
        unset=default is None,
        choices=hint.choices,
        open=hint.open,
        item=hint.item,
        accepts=None if many else hint.accepts,
        advanced=argument.name.startswith("_") or argument.name in ("dtype", "variance", "variances"),
        optional=hint.optional,
        kind={"positional": "positional", "keyword": "keyword", "keyword list": KEYWORDS}.get(argument.kind, "any"),
    )


def _further(argument: Argument) -> str:
    return BY_DIMENSION if "dimension label" in argument.documentation.casefold() else FURTHER


def _is_instead_of_keywords(field: Field) -> bool:
    """Return whether an argument is the dictionary for names that are no keywords, as scipp's ``arg_dict``."""
    return field.kind == "positional" and field.widget is Widget.DICTIONARY and not field.required


def types_of(things: Iterable[PythonObject]) -> Types:
    """Return what each ``NewType`` stands on, and the members of each enumeration, by all their names."""
    found: dict[str, str | tuple[Choice, ...]] = {}
    for thing in things:
        values = next((section.text for section in thing.sections if section.title == "Values"), "")
        if thing.kind == "type":
            found[thing.name] = thing.signature.removeprefix("NewType(").removesuffix(")")
        elif thing.kind == "class" and values:
            function, import_ = _way_to(thing.name, method=False)
            members = (line.rpartition(".")[2] for line in values.splitlines())
            made = tuple(Choice(expression(f"{function}.{member}"), member, import_) for member in members)
            found.update(dict.fromkeys((thing.name, *thing.aliases), made))
    return found


def _member(default: Json, hint: Hint) -> Json:
    """Return a default as the choice that it is: ``Mode.drop`` is written ``uncertainty.Mode.drop``."""
    return next((choice.value for choice in hint.choices if same_member(choice.value, default)), default)


def _default(text: str | None) -> Json:
    """Return a default; None too for one that is no Python (``<automatically deduced unit>``) or is cut short."""
    if text is None or text.startswith("<") or text.endswith("…"):
        return None
    value = value_of(text)
    return None if is_expression(value) and not _can_be_read(text) else value


def _can_be_read(text: str) -> bool:
    return text.replace(".", "").replace("_", "").isalnum()

"""What a form is made of, as data: what the panel draws and what calls are written from.

`FormSpec.to_json` is what goes over the wire; its keys are the names of the fields here, but for ``import``, which is
no name in Python.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Any] | dict[str, Any] | None"
"""A value as JSON has it. What is no literal, a variable or a call, is ``{"expression": "text of Python"}``."""

Values: TypeAlias = Mapping[str, Any]
"""The value of each field that is in the call, by name; what is missing is not in the call."""

EXPRESSION = "expression"


class Widget(StrEnum):
    """What a field is filled in with."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    WORKSPACE = "workspace"
    FILE = "file"
    FILES = "files"
    SAVE_FILE = "save-file"
    FOLDER = "folder"
    DICTIONARY = "dictionary"
    FUNCTION = "function"
    EXPRESSION = "expression"
    QUANTITY = "quantity"
    RANGE = "range"


@dataclass(frozen=True)
class Choice:
    """One of the values that are allowed, and what a list calls it.

    Attributes
    ----------
    import_
        The line without which the value means nothing in a notebook; empty for literals.
    """

    value: Json
    label: str
    import_: str = ""


@dataclass(frozen=True)
class Group:
    """Fields that belong together: Mantid's group of properties, or a model within a model."""

    name: str
    label: str


@dataclass(frozen=True)
class Dependency:
    """What a field does while field ``on`` has ``value``, where that differs from the start.

    ``value`` is a literal, or ``{"not": None}``: anything is given that is not the default. Where several rules hold,
    each that differs from the start applies.
    """

    on: str
    value: Json
    enabled: bool
    visible: bool


@dataclass(frozen=True)
class Accepts:
    """Which workspaces a field takes.

    Attributes
    ----------
    types
        The framework's words, all of them: a ``MatrixWorkspace`` may be an ``EventWorkspace``. Empty where any will do.
    kinds
        The same in the words of `mantidlab.frameworks.model.Kind`.
    """

    types: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One argument of a call, as a person fills it in.

    Attributes
    ----------
    name
        As the call has it; a field of a model within has the way to it, ``settings.wavelength``.
    type
        The word of the framework or the annotation, for reading.
    direction
        ``input``, ``output`` (the name of a workspace that comes out) or ``inout``.
    default
        None where there is none that JSON holds; ``{"expression": …}`` for one that is no literal.
    unset
        Whether nothing is set at first: there is no default, or it is one of the numbers by which Mantid means that.
    kind
        How the call may have it: ``any``, ``positional``, ``keyword``, or ``keywords`` for a dictionary whose items
        become keywords (``**kwargs``).
    unit, minimum, maximum
        Of numbers; empty or None where nothing is known.
    open
        Whether other values than the ``choices`` are allowed: lists that a facility or a user extends.
    item
        The widget of a list's items.
    advanced
        Whether most people never need it.
    enabled, visible
        At first, before anything is filled in; ``depends`` says when it changes.
    extensions
        Of files, with the dot.
    optional
        Whether ``None`` may be given.
    runs
        Whether runs may be given in the place of a file's path, by their numbers.
    """

    name: str
    label: str
    documentation: str
    widget: Widget
    type: str
    direction: str = "input"
    required: bool = False
    default: Json = None
    unset: bool = True
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    open: bool = False
    minimum: float | None = None
    maximum: float | None = None
    item: Widget | None = None
    group: str = ""
    advanced: bool = False
    accepts: Accepts | None = None
    extensions: tuple[str, ...] = ()
    depends: tuple[Dependency, ...] = ()
    enabled: bool = True
    visible: bool = True
    optional: bool = False
    kind: str = "any"
    runs: bool = False


@dataclass(frozen=True)
class Model:
    """A pydantic model or dataclass whose fields are a group of the form.

    Attributes
    ----------
    path
        Of the argument that it fills: ``settings``, or ``settings.beam`` within another.
    name, import_
        What makes one, and how that gets into a notebook (empty: it is there).
    required
        Whether it must be given, though each of its fields may be left out.
    """

    path: str
    name: str
    import_: str
    required: bool = False


@dataclass(frozen=True)
class Call:
    """How the thing is called.

    Attributes
    ----------
    function
        As people write it: ``Rebin``, ``sc.rebin``.
    import_
        The line that brings it into a notebook, empty where none is needed.
    target
        A name for the variable that holds the result; None where nothing comes back.
    module
        Where it is defined; ``path`` is the whole name, ``scipp.rebin``.
    returns
        What comes back, in order: Mantid's output properties.
    positional
        The fields that may stand between the brackets without their name, in that order.
    plain
        How many of them people write without their name.
    version
        Written as ``Version=…`` where it is not the latest; None otherwise.
    method, method_input
        Its name as a method, and the field that the object before the dot fills.
    receives
        Whether it is a method only, written behind a dot.
    """

    function: str
    import_: str
    target: str | None
    module: str = ""
    path: str = ""
    returns: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    plain: int = 0
    version: int | None = None
    method: str = ""
    method_input: str = ""
    receives: bool = False
    models: tuple[Model, ...] = ()


@dataclass(frozen=True)
class FormSpec:
    """A form.

    Attributes
    ----------
    of
        What it is of, as `mantidlab.docs.search` says it: ``algorithm/Rebin-v1``, ``python/scipp.rebin``,
        ``kernel/my_function``, ``interface/NAME``.
    framework
        ``mantid``, ``scipp``, ``python`` or ``interface``.
    instruments
        Whose runs bare numbers mean, in an interface.
    """

    of: str
    title: str
    summary: str
    framework: str
    call: Call
    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    instruments: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """Return a field by its name."""
        return next((field for field in self.fields if field.name == name), None)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "FormSpec":
        """Return the form that `to_json` wrote; keys that are not known here are passed over.

        Raises
        ------
        ValueError
            It is no form.
        """
        try:
            call = {**_known(Call, content["call"]), "import_": content["call"].get("import", "")}
            models = tuple(
                Model(one["path"], one["name"], one.get("import", ""), bool(one.get("required")))
                for one in content["call"].get("models", ())
            )
            return cls(
                of=str(content["of"]),
                title=str(content.get("title", content["of"])),
                summary=str(content.get("summary", "")),
                framework=str(content["framework"]),
                call=Call(**{**call, "models": models}),
                groups=tuple(Group(**_known(Group, one)) for one in content.get("groups", ())),
                fields=tuple(map(_field_from_json, content["fields"])),
                instruments=tuple(map(str, content.get("instruments", ()))),
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"This is no form: {problem!r}.") from problem

    def to_json(self) -> dict[str, Any]:
        """Return what goes over the wire."""
        return _renamed(asdict(self))  # type: ignore[no-any-return]


def _known(kind: type, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a class has a field for, with tuples in the place of lists."""
    names = {one.name for one in fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) and name != "default" else value
        for name, value in content.items()
        if name in names
    }


def _field_from_json(content: Mapping[str, Any]) -> Field:
    known = _known(Field, content)
    accepts = content.get("accepts")
    return Field(
        **{
            **known,
            "widget": Widget(content["widget"]),
            "item": Widget(content["item"]) if content.get("item") else None,
            "choices": tuple(
                Choice(one["value"], str(one["label"]), str(one.get("import", "")))
                for one in content.get("choices", ())
            ),
            "accepts": Accepts(tuple(accepts["types"]), tuple(accepts["kinds"])) if accepts else None,
            "depends": tuple(Dependency(**_known(Dependency, one)) for one in content.get("depends", ())),
        }
    )


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {("import" if key == "import_" else key): _renamed(item) for key, item in value.items()}
    return [_renamed(item) for item in value] if isinstance(value, (list, tuple)) else value

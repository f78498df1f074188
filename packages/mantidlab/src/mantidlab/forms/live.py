"""The form of a function that is there as Python has it: in a kernel, or where an interface is declared."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, is_dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, get_type_hints

from mantidlab.forms.annotations import (
    Annotation,
    is_model,
    is_pydantic_field,
    json_of,
    metadata_of,
    read_annotation,
    text_of_annotation,
)
from mantidlab.forms.docstrings import documented_arguments, summary_of
from mantidlab.forms.errors import NoSuchForm
from mantidlab.forms.hints import hint_of_text
from mantidlab.forms.spec import Call, Field, FormSpec, Group, Model, Widget
from mantidlab.forms.spreading import FURTHER, KEYWORDS

_KINDS: dict[Any, str] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "any",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: KEYWORDS,
}

_NOTHING = inspect.Parameter.empty
_PLAIN_AT_MOST = 3
_DEEPEST = 4


@dataclass
class _Making:
    """What is gathered while the parameters are looked at."""

    plainly: bool
    fields: list[Field] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    models: list[Model] = field(default_factory=list)


def form_of_function(
    function: Callable[..., Any],
    *,
    framework: str = "python",
    title: str = "",
    of: str = "",
    import_: str | None = None,
    name: str = "",
) -> FormSpec:
    """Return the form of a function.

    Fields come from the annotations; a pydantic model or dataclass becomes a group whose fields are called
    ``settings.low``. Metadata in ``Annotated`` say more: annotated-types' limits, pydantic's ``Field``, a short text as
    the unit, and whatever has a dictionary ``form`` with attributes of `mantidlab.forms.spec.Field`.

    Parameters
    ----------
    framework
        With ``interface``, members of enumerations are given by their value, and arguments by their name.
    import_
        The line that brings it into a notebook; found out if None.
    name
        By which the notebook calls it; its own if empty.

    Raises
    ------
    NoSuchForm
        Python does not tell how it is called.
    """
    called = name or getattr(function, "__name__", "")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError) as problem:
        raise NoSuchForm(f"Python does not tell which arguments {called or function!r} takes ({problem}).") from problem
    making = _Making(plainly=framework == "interface")
    documented = {**_documented_class(function), **documented_arguments(function)}
    types = _types(function)
    for parameter in signature.parameters.values():
        if parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            _add_parameter(making, parameter, types.get(parameter.name, parameter.annotation), documented)
    module = getattr(function, "__module__", "") or ""
    positional = tuple(one.name for one in making.fields if one.kind in ("any", "positional") and "." not in one.name)
    return FormSpec(
        of=of or f"kernel/{called}",
        title=title or called,
        summary=summary_of(function),
        framework=framework,
        call=Call(
            function=called,
            import_=_import(module, called) if import_ is None else import_,
            target=None if signature.return_annotation in (None, "None") else "result",
            module=module,
            path=f"{module}.{called}" if module not in ("", "__main__") else "",
            positional=_in_order(signature),
            plain=0 if framework == "interface" else _plain(making.fields, positional),
            models=tuple(making.models),
        ),
        groups=tuple(making.groups.values()),
        fields=tuple(making.fields),
    )


def _in_order(signature: inspect.Signature) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in signature.parameters.values()
        if one.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    )


def _plain(fields: list[Field], positional: tuple[str, ...]) -> int:
    required = {one.name for one in fields if one.required}
    count = 0
    for name in positional[:_PLAIN_AT_MOST]:
        if name not in required:
            break
        count += 1
    return count


def _import(module: str, name: str) -> str:
    return f"from {module} import {name}" if module not in ("", "__main__", "builtins") else ""


def _types(function: Any) -> dict[str, Any]:
    """Return the annotations with names looked up; as texts where one cannot be."""
    target = function.__init__ if inspect.isclass(function) else function
    try:
        return get_type_hints(inspect.unwrap(target), include_extras=True)
    except Exception:  # noqa: BLE001 - a name that is known only to type checkers
        return {}


def _documented_class(function: Any) -> dict[str, str]:
    return documented_arguments(function.__init__) if inspect.isclass(function) else {}


def _add_parameter(making: _Making, parameter: inspect.Parameter, annotation: Any, documented: dict[str, str]) -> None:
    default, more = parameter.default, {}
    if is_pydantic_field(default):
        more = metadata_of(default)
        default = _NOTHING if default.is_required() else default.get_default(call_default_factory=True)
    read = _read(annotation, making, parameter.name, default)
    if read.model is not None and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
        _add_model(making, read.model, parameter.name, default, more | read.more, 0)
        return
    documentation = documented.get(parameter.name, "")
    made = _field(making, parameter.name, annotation, read, default, {"documentation": documentation} | more)
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        plainly = {"widget": Widget.DICTIONARY, "required": False, "accepts": None, "choices": (), "label": FURTHER}
        made = _with(made, plainly)
    making.fields.append(_with(made, {"kind": _KINDS[parameter.kind]}))


def _read(annotation: Any, making: _Making, name: str, default: Any) -> Annotation:
    read = read_annotation("Any" if annotation is _NOTHING else annotation, plainly=making.plainly)
    if read.model is None and read.hint.widget is Widget.EXPRESSION and annotation in (_NOTHING, Any):
        told = hint_of_text("", None, name, None if default is _NOTHING else json_of(default))
        return Annotation(told, None, read.more)
    return read


def _field(making: _Making, path: str, annotation: Any, read: Annotation, default: Any, more: dict[str, Any]) -> Field:
    shown = None if default is _NOTHING else json_of(default, plainly=making.plainly)
    name = path.rpartition(".")[2]
    made = Field(
        name=path,
        label=name.replace("_", " "),
        documentation="",
        widget=read.hint.widget,
        type=text_of_annotation(annotation),
        required=default is _NOTHING,
        default=shown,
        unset=shown is None,
        choices=read.hint.choices,
        open=read.hint.open,
        item=read.hint.item,
        accepts=read.hint.accepts,
        optional=read.hint.optional,
    )
    made = _with(made, {**more, **read.more})
    if made.group:
        making.groups.setdefault(made.group, Group(made.group, made.group))
    return made


def _with(made: Field, more: dict[str, Any]) -> Field:
    """Return a field with other attributes; metadata may say them as plain texts and lists."""
    known = {key: value for key, value in more.items() if key in Field.__dataclass_fields__}
    if "widget" in known:
        known["widget"] = Widget(known["widget"])
    if isinstance(known.get("item"), str):
        known["item"] = Widget(known["item"])
    if "extensions" in known:
        known["extensions"] = tuple(known["extensions"])
    return Field(**{**vars(made), **known})


def _add_model(making: _Making, model: type, path: str, default: Any, more: dict[str, Any], depth: int) -> None:
    title = more.get("label") or _title(model) or path.rpartition(".")[2].replace("_", " ")
    making.groups[path] = Group(path, str(title))
    module = model.__module__
    making.models.append(Model(path, model.__name__, _import(module, model.__name__), default is _NOTHING))
    documented = documented_arguments(model)
    for name, annotation, own, said in _model_fields(model):
        value = getattr(default, name, own) if default is not _NOTHING and default is not None else own
        inner = f"{path}.{name}"
        read = _read(annotation, making, name, value)
        if read.model is not None and depth < _DEEPEST and is_model(read.model):
            _add_model(making, read.model, inner, value, read.more | said, depth + 1)
            continue
        made = _field(making, inner, annotation, read, value, {"documentation": documented.get(name, "")} | said)
        making.fields.append(_with(made, {"kind": "keyword", "group": made.group or path}))


def _title(model: Any) -> str:
    config = getattr(model, "model_config", {})
    title = config.get("title") if isinstance(config, dict) else None
    return str(title) if title else ""


def _model_fields(model: Any) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
    """Return name, annotation, default and what is said, of each field of a pydantic model or dataclass."""
    if hasattr(model, "model_fields"):
        types = _types_of_model(model)
        for name, info in model.model_fields.items():
            default = _NOTHING if info.is_required() else info.get_default(call_default_factory=True)
            yield name, types.get(name, info.annotation), default, metadata_of(info)
    elif is_dataclass(model):
        types = _types_of_model(model)
        for one in dataclass_fields(model):
            if one.init:
                yield one.name, types.get(one.name, one.type), _dataclass_default(one), {}


def _types_of_model(model: Any) -> dict[str, Any]:
    try:
        return get_type_hints(model, include_extras=True)
    except Exception:  # noqa: BLE001 - a name that is known only to type checkers
        return {}


def _dataclass_default(one: Any) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else _NOTHING

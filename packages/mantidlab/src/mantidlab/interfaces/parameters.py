"""The parameters of a typed function, as pydantic sees them: what fits each, and what to say of what does not."""

import copy
import inspect
import typing
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, is_typeddict

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic.warnings import ArbitraryTypeWarning

from mantidlab.interfaces.complaints import Complaint, complaints
from mantidlab.interfaces.errors import DeclarationMistake, ValuesRefused
from mantidlab.interfaces.fields import DECLARING, INSTRUMENTS
from mantidlab.interfaces.run_lists import with_runs_apart
from mantidlab.interfaces.texts import READINGS
from mantidlab.run_files import RunsMismatch

VARIABLE_KINDS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    Attributes
    ----------
    name
        As the function calls it.
    annotation
        Its type with all that ``Annotated`` adds.
    adapter
        Validates values for it.
    default
        As written; ``inspect.Parameter.empty`` if it is required.
    """

    name: str
    annotation: Any
    adapter: TypeAdapter[Any]
    default: Any

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is inspect.Parameter.empty

    @property
    def metadata(self) -> tuple[Any, ...]:
        """What ``Annotated`` adds to its type."""
        return getattr(self.annotation, "__metadata__", ())

    @property
    def model(self) -> type[BaseModel] | None:
        """The pydantic model that it is, if it is one (or None)."""
        return model_of(self.annotation)


@dataclass(frozen=True)
class Parameters:
    """All parameters of a function, in their order."""

    function: str
    listed: tuple[Parameter, ...]
    signature: inspect.Signature
    returns: Any

    def named(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call by name.

        Raises
        ------
        ValuesRefused
            The function cannot be called so.
        """
        try:
            return dict(self.signature.bind_partial(*args, **kwargs).arguments)
        except TypeError as problem:
            there = ", ".join(each.name for each in self.listed) or "none"
            raise ValuesRefused(self.function, {"call": f"{problem}; its parameters are {there}."}) from problem

    def resolved(self, given: Mapping[str, Any], instruments: Sequence[str]) -> dict[str, Any]:
        """Return what the function gets: every parameter, validated, runs as paths.

        Parameters
        ----------
        given
            By name. A field of a model may be given as ``settings.low``; the others keep their defaults.
        instruments
            Whose runs bare numbers mean.

        Raises
        ------
        ValuesRefused
            A value does not fit, is missing, or is of a name that there is not.
        """
        values, problems = self._looked_at(given, instruments)
        if problems:
            raise ValuesRefused(self.function, {name: problem.sentence for name, problem in problems.items()})
        return values

    def _looked_at(
        self, given: Mapping[str, Any], instruments: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, Complaint]]:
        nested = nest(given)
        problems: dict[str, Complaint] = {}
        values: dict[str, Any] = {}
        known = {each.name: each for each in self.listed}
        for name in nested:
            if name not in known:
                problems[name] = Complaint(f"There is no such field; there are {', '.join(known)}.")
        for name, parameter in known.items():
            if name not in nested and parameter.required:
                problems[name] = Complaint("It is needed.")
                continue
            problems |= _unknown(name, nested.get(name), parameter.model)
            try:
                wanted = with_runs_apart(_wanted(parameter, nested), parameter.annotation)
                context = {INSTRUMENTS: tuple(instruments)}
                values[name] = parameter.adapter.validate_python(wanted, context=context)
            except RunsMismatch as problem:
                problems[name] = Complaint(str(problem))
            except ValidationError as problem:
                problems |= complaints(name, parameter.annotation, problem)
        return values, problems

    def from_texts(self, given: Mapping[str, Any], instruments: Sequence[str]) -> dict[str, Any]:
        """Return values as Python has them, of texts as tables and command lines have them.

        A text stays one where it fits; else it is read as `mantidlab.interfaces.texts` does.

        Raises
        ------
        ValuesRefused
            They do not fit, however they are read.
        """
        values = dict(given)
        first = problems = open_ones = self._looked_at(values, instruments)[1]
        for read in READINGS:
            if not problems:
                return values
            for name, text in given.items():
                if isinstance(text, str) and _concerns(open_ones, name):
                    values[name] = read(text)
            problems = self._looked_at(values, instruments)[1]
            open_ones = {name: one for name, one in problems.items() if one.of_kind}
        if not problems:
            return values
        # As it was typed, or what is wrong with the value that was read of it; of what fits in the end, nothing.
        said = {name: first.get(name, one) if one.of_kind else one for name, one in problems.items()}
        raise ValuesRefused(self.function, {name: one.sentence for name, one in said.items()})


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """Read the signature of a function.

    Raises
    ------
    DeclarationMistake
        An annotation is missing or means nothing, or a default does not fit it.
    """
    name = getattr(function, "__name__", repr(function))
    signature = inspect.signature(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception as problem:
        raise DeclarationMistake(
            f"{name} cannot be an interface: an annotation cannot be read ({problem}). What annotations name must be "
            "imported when the function is defined, not only for type checkers."
        ) from problem
    listed = tuple(_parameter(name, each, hints) for each in signature.parameters.values())
    return Parameters(name, listed, signature, _returns(hints.get("return", Any)))


def model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the pydantic model that an annotation asks for, also where None may stand instead."""
    if typing.get_origin(annotation) is typing.Annotated:
        return model_of(typing.get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    others = [each for each in typing.get_args(annotation) if each is not type(None)]
    return model_of(others[0]) if len(others) == 1 and type(None) in typing.get_args(annotation) else None


def nest(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``{"settings.low": 1}`` as ``{"settings": {"low": 1}}``: fields of models in mappings of their own."""
    nested: dict[str, Any] = {}
    for name, value in given.items():
        first, dot, rest = name.partition(".")
        if not dot:
            nested[name] = {**nested[name], **value} if _both_mappings(nested.get(name), value) else value
        else:
            before = nested.get(first)
            inner = _set_fields(before) if isinstance(before, BaseModel) else before if isinstance(before, dict) else {}
            nested[first] = {**inner, rest: value}
    return {name: nest(value) if _has_dots(value) else value for name, value in nested.items()}


def _parameter(function: str, parameter: inspect.Parameter, hints: Mapping[str, Any]) -> Parameter:
    name = parameter.name
    if parameter.kind in VARIABLE_KINDS:
        raise DeclarationMistake(
            f"{function} cannot be an interface: a form has no field for *{name}. Name each parameter, or take a list."
        )
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        raise DeclarationMistake(
            f"{function} cannot be an interface: {name} has no name in calls. Remove the / after it."
        )
    if name not in hints:
        raise DeclarationMistake(
            f"{function} cannot be an interface: its parameter {name} has no annotation. Write its type, such as "
            f"{name}: float or {name}: RunFile."
        )
    if isinstance(parameter.default, FieldInfo):
        raise DeclarationMistake(
            f"{function} cannot be an interface: the default of {name} is a Field, which a Python call would hand on "
            f"as it is. Write {name}: Annotated[…, Field(…)] and the default itself."
        )
    found = Parameter(name, hints[name], _adapter(function, name, hints[name]), parameter.default)
    _check_default(function, found)
    return found


def _adapter(function: str, name: str, annotation: Any) -> TypeAdapter[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ArbitraryTypeWarning)
            if _has_configuration(annotation):
                return TypeAdapter(annotation)
            return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))
    except Exception as problem:
        raise DeclarationMistake(
            f"{function} cannot be an interface: {annotation!r}, the annotation of {name}, is no type that values can "
            f"be checked against ({problem})."
        ) from problem


def _has_configuration(annotation: Any) -> bool:
    """Whether a type brings pydantic's configuration with it, which then cannot be given from outside."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _has_configuration(typing.get_args(annotation)[0])
    kind = typing.get_origin(annotation) or annotation
    return isinstance(kind, type) and (issubclass(kind, BaseModel) or is_dataclass(kind) or is_typeddict(kind))


def _check_default(function: str, parameter: Parameter) -> None:
    if parameter.required:
        return
    try:
        parameter.adapter.validate_python(parameter.default, context={DECLARING: True})
    except ValidationError as problem:
        (field, complaint), *_ = complaints(parameter.name, parameter.annotation, problem).items()
        raise DeclarationMistake(
            f"{function} cannot be an interface: the default of {field} does not fit its annotation. "
            f"{complaint.sentence}"
        ) from problem


def _returns(annotation: Any) -> Any:
    """Return the type of what a function returns in the end, also where it yields progress on its way."""
    if typing.get_origin(annotation) is Generator:
        arguments = typing.get_args(annotation)
        return arguments[2] if len(arguments) > 2 else Any
    return Any if typing.get_origin(annotation) is Iterator else annotation


def _wanted(parameter: Parameter, nested: Mapping[str, Any]) -> Any:
    """Return what is to be validated: the value, fields of a model on top of its default, or the default."""
    if parameter.name not in nested:
        return copy.deepcopy(parameter.default)
    given = nested[parameter.name]
    return _on_default(given, parameter.default) if isinstance(given, dict) else given


def _on_default(given: dict[str, Any], default: Any) -> dict[str, Any]:
    if not isinstance(default, BaseModel):
        return given
    inner = {
        name: _on_default(value, getattr(default, name, None)) if isinstance(value, dict) else value
        for name, value in given.items()
    }
    return copy.deepcopy(_set_fields(default)) | inner


def _unknown(name: str, given: Any, model: type[BaseModel] | None) -> dict[str, Complaint]:
    """Return a sentence for each field that a model does not have: pydantic would pass over a misspelt one."""
    if model is None or not isinstance(given, dict) or model.model_config.get("extra") == "allow":
        return {}
    problems: dict[str, Complaint] = {}
    for field, value in given.items():
        if field in model.model_fields:
            problems |= _unknown(f"{name}.{field}", value, model_of(model.model_fields[field].annotation))
        else:
            there = ", ".join(model.model_fields)
            problems[f"{name}.{field}"] = Complaint(f"There is no such field; there are {there}.")
    return problems


def _concerns(problems: Mapping[str, Complaint], name: str) -> bool:
    return any(f"{problem}.".startswith(f"{name}.") for problem in problems)


def _set_fields(model: BaseModel) -> dict[str, Any]:
    """Return what somebody chose: a function can tell that from what was left open."""
    return {name: getattr(model, name) for name in type(model).model_fields if name in model.model_fields_set}


def _has_dots(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(key, str) and "." in key for key in value)


def _both_mappings(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)

"""The catalogue: what an environment's framework can do, as data.

`docs/catalogue.md` of the repository describes the file; `FORMAT` is raised whenever a reader of an older one would go
wrong.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

FORMAT = 1

Value: TypeAlias = bool | int | float | str | tuple[Any, ...] | None


@dataclass(frozen=True)
class Dependency:
    """What a property's form field does while property ``on`` has ``value``, where that differs from the start."""

    on: str
    value: str
    enabled: bool
    visible: bool


@dataclass(frozen=True)
class Property:
    """One argument of a Mantid algorithm.

    Attributes
    ----------
    type, python_class
        Mantid's word (``number``, ``dbl list``, ``MatrixWorkspace``) and the Python class of the property.
    direction
        ``Input``, ``Output`` or ``InOut``.
    default
        As Mantid writes it.
    default_value, default_type
        What Python gets, and the name of its class; null for what JSON cannot hold, such as workspaces and infinity.
    default_error
        What Python raised when it asked for the value; 3.13 cannot convert some workspaces and lists.
    unset
        Whether the default is one of the numbers by which Mantid means "not set" (``EMPTY_DBL``, ``EMPTY_INT``).
    mandatory
        Whether it must be given: the default of an input is not valid.
    name_required
        Whether it is an output whose name must be given.
    allowed_values
        The values that Mantid offers; a lone ``""`` is an optional workspace of which there is none. `choices` has the
        closed lists alone.
    validator
        What Mantid says of the default when it is not valid; empty when it is.
    workspace_optional
        Whether a workspace may be left out; null for what Mantid does not call a workspace.
    file
        ``Load``, ``OptionalLoad``, ``Save``, ``OptionalSave``, ``Directory``, ``OptionalDirectory`` or empty; what it
        accepts is in `extensions`, and whether several files in `multiple_files`.
    enabled, visible
        What a form shows before anything is filled in.
    settings
        Mantid's classes that decide it (``EnabledWhenProperty``), one for each rule.
    dependencies
        When it changes. Rules that look at workspaces or files, or at two properties at once, cannot be drawn out.
    """

    name: str
    type: str
    python_class: str
    direction: str
    documentation: str
    default: str
    default_value: Value
    default_type: str
    unset: bool
    mandatory: bool
    name_required: bool
    default_error: str = ""
    allowed_values: tuple[str, ...] = ()
    validator: str = ""
    units: str = ""
    group: str = ""
    is_workspace: bool = False
    workspace_optional: bool | None = None
    file: str = ""
    extensions: tuple[str, ...] = ()
    multiple_files: bool = False
    enabled: bool = True
    visible: bool = True
    settings: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of values, empty where anything may be given."""
        return () if self.is_workspace or self.allowed_values == ("",) else self.allowed_values


@dataclass(frozen=True)
class Algorithm:
    """One version of a Mantid algorithm.

    Attributes
    ----------
    latest
        Whether it is the version that a call without ``Version`` runs.
    category, categories
        As the algorithm writes it, and as Mantid reads it (which adds ``Deprecated``).
    hidden
        Whether Mantid leaves it out of its lists: all its categories are hidden.
    implementation, python_type
        ``c++`` or ``python``; the Python class that Mantid hands out.
    signature
        As ``mantid.simpleapi`` shows it; empty for versions that are not the latest.
    method, method_on, method_input
        Its name as a method of workspaces, the classes that have it (none named means all), and the property that the
        workspace fills.
    properties
        In the order in which they were declared, which is the order of a form.
    page, tested_examples
        Its page in the offline documentation, and how many examples there Mantid's own tests run (null: not known).
    """

    name: str
    version: int
    latest: bool
    summary: str
    category: str
    categories: tuple[str, ...]
    aliases: tuple[str, ...]
    see_also: tuple[str, ...]
    help_url: str
    hidden: bool
    implementation: str
    python_type: str
    signature: str
    method: str
    method_on: tuple[str, ...]
    method_input: str
    properties: tuple[Property, ...]
    alias_deprecated: str = ""
    page: str = ""
    tested_examples: int | None = None

    @property
    def ordered(self) -> tuple[Property, ...]:
        """The properties as Mantid's functions sort them: those that must be given first."""
        return tuple(sorted(self.properties, key=lambda prop: not prop.validator))

    @property
    def arguments(self) -> tuple[Property, ...]:
        """The positional arguments of the function in ``mantid.simpleapi``."""
        return tuple(prop for prop in self.ordered if prop.direction != "Output")

    @property
    def outputs(self) -> tuple[Property, ...]:
        """What the function returns."""
        return tuple(prop for prop in self.properties if prop.direction == "Output")

    @property
    def inouts(self) -> tuple[Property, ...]:
        """What the algorithm changes in place."""
        return tuple(prop for prop in self.properties if prop.direction == "InOut")


@dataclass(frozen=True)
class FitParameter:
    """A parameter of a fit function; the value is null where it is none that JSON can hold (infinite)."""

    name: str
    description: str
    value: float | None


@dataclass(frozen=True)
class FitAttribute:
    """An attribute of a fit function: what is chosen, not fitted. `type` is the name of the value's class."""

    name: str
    type: str
    value: Value


@dataclass(frozen=True)
class FitFunction:
    """A fit function of Mantid.

    `initial` is the text that makes one (``name=Gaussian,Height=0,…``); empty where Mantid cannot write it.
    """

    name: str
    categories: tuple[str, ...]
    is_peak: bool
    initial: str
    parameters: tuple[FitParameter, ...]
    attributes: tuple[FitAttribute, ...]


@dataclass(frozen=True)
class Instrument:
    """An instrument, and how the files of its latest runs are named."""

    name: str
    short_name: str
    techniques: tuple[str, ...]
    file_prefix: str
    zero_padding: int
    delimiter: str


@dataclass(frozen=True)
class Facility:
    """A facility with its instruments."""

    name: str
    extensions: tuple[str, ...]
    preferred_extension: str
    zero_padding: int
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True)
class Unit:
    """A unit of Mantid's."""

    id: str
    caption: str
    ascii: str
    utf8: str
    latex: str


@dataclass(frozen=True)
class ModuleNames:
    """The public names of a module of Mantid's, most of them compiled: no tool that only reads code sees those."""

    module: str
    classes: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Argument:
    """One parameter of a Python function: from its signature; type and text also from the docstring."""

    name: str
    kind: str
    type: str
    default: str | None
    documentation: str


@dataclass(frozen=True)
class Section:
    """A further part of a docstring (Raises, See Also, Notes, Examples …) as its author wrote it."""

    title: str
    text: str


@dataclass(frozen=True)
class PythonObject:
    """A public function, class, method, property, type or documented module.

    Attributes
    ----------
    name
        By which users reach it: ``scipp.rebin``.
    kind
        ``function``, ``class``, ``method``, ``property``, ``type`` (a ``NewType``) or ``module``.
    aliases
        Its other public names.
    package
        The installed package that holds it: ``esssans`` for ``ess.sans``.
    defined_in
        The module that holds it.
    returns
        Type and text.
    deprecated
        Since when, and what to use instead; empty where it is not deprecated.
    """

    name: str
    kind: str
    package: str
    defined_in: str
    signature: str
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    returns: Argument | None
    sections: tuple[Section, ...]
    members: "tuple[PythonObject, ...]" = ()
    deprecated: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of the offline documentation: where it lies below the documentation's folder, and its text."""

    path: str
    title: str
    kind: str
    text: str


@dataclass(frozen=True)
class Failure:
    """What could not be looked at, and why; a catalogue with failures says so instead of hiding them."""

    what: str
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All that one environment's frameworks can do.

    Attributes
    ----------
    packages, revisions
        By package, the version, and the commit that it was built from where it says so.
    simpleapi
        What ``mantid.simpleapi`` has besides algorithms: ``mtd``, ``config``, aliases, fit functions.
    """

    packages: Mapping[str, str]
    revisions: Mapping[str, str] = field(default_factory=dict)
    algorithms: tuple[Algorithm, ...] = ()
    functions: tuple[FitFunction, ...] = ()
    facilities: tuple[Facility, ...] = ()
    units: tuple[Unit, ...] = ()
    categories: tuple[str, ...] = ()
    hidden_categories: tuple[str, ...] = ()
    simpleapi: tuple[str, ...] = ()
    modules: tuple[ModuleNames, ...] = ()
    objects: tuple[PythonObject, ...] = ()
    pages: tuple[Page, ...] = ()
    failures: tuple[Failure, ...] = ()

    def to_json(self) -> str:
        """Return the file's text: one line for each algorithm, object or page, so that two can be compared."""
        content = asdict(self)
        lines = [f'"format": {FORMAT}']
        for key, value in content.items():
            if isinstance(value, (list, tuple)) and value:
                items = ",\n  ".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in value)
                lines.append(f'"{key}": [\n  {items}\n]')
            else:
                lines.append(f'"{key}": {json.dumps(value, ensure_ascii=False, allow_nan=False)}')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    def write(self, file: Path) -> None:
        """Write the file; a reader finds the one before or this one, never half of it."""
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        aside.write_text(self.to_json(), encoding="utf-8")
        aside.replace(file)

"""Each key of the recorded catalogue, and where the catalogue holds it or how it follows from what it holds."""

from collections.abc import Callable
from typing import Any

from mantidlab.docs.catalogue import Algorithm, Facility, FitAttribute, FitFunction, Instrument, Property, Unit

MISSING = object()  # the recorded entry has no such key

ALGORITHM: dict[str, Callable[[Algorithm], Any]] = {
    "name": lambda a: a.name,
    "version": lambda a: a.version,
    "latest": lambda a: a.latest,
    "categories": lambda a: list(a.categories),
    "category": lambda a: a.category,
    "summary": lambda a: a.summary,
    "seeAlso": lambda a: list(a.see_also),
    "helpURL": lambda a: a.help_url,
    "aliases": lambda a: list(a.aliases),
    "workspaceMethodName": lambda a: a.method,
    "workspaceMethodOn": lambda a: list(a.method_on),
    "workspaceMethodInputProperty": lambda a: a.method_input,
    "hidden": lambda a: a.hidden,
    "implementation": lambda a: a.implementation,
    "pyType": lambda a: a.python_type,
    "orderedProperties": lambda a: [prop.name for prop in a.ordered],
    "mandatoryFirst": lambda a: [prop.name for prop in a.arguments],
    "outputProperties": lambda a: [prop.name for prop in a.outputs],
    "inoutProperties": lambda a: [prop.name for prop in a.inouts],
    "docString": lambda a: docstring(a),  # noqa: PLW0108 - it is defined below
    "simpleapiSignature": lambda a: a.signature or None,
    "properties": lambda a: [recorded_property(prop, index) for index, prop in enumerate(a.properties)],
    "hasDocs": lambda a: bool(a.page),
    "nTestedExamples": lambda a: a.tested_examples or 0,
}

PROPERTY: dict[str, Callable[[Property], Any]] = {
    "name": lambda p: p.name,
    "type": lambda p: p.type,
    "pyclass": lambda p: p.python_class,
    "direction": lambda p: p.direction,
    "default": lambda p: p.default,
    "documentation": lambda p: p.documentation,
    "allowedValues": lambda p: list(p.extensions if p.file else p.allowed_values),
    "units": lambda p: p.units,
    "validatorMessage": lambda p: p.validator,
    "mandatory": lambda p: p.mandatory,
    "group": lambda p: p.group,
    "index": lambda p: MISSING,  # its place in `properties`; see recorded_property
    "defaultPyType": lambda p: p.default_type or MISSING,
    "defaultPy": lambda p: (
        MISSING if p.default_value is None and p.default_type != "NoneType" else as_json(p.default_value)
    ),
    "defaultPyError": lambda p: p.default_error or MISSING,
    "nameRequired": lambda p: p.name_required,
    "fileAction": lambda p: p.file or MISSING,
    "fileExtensions": lambda p: list(p.extensions) if p.file else MISSING,
    "multipleFiles": lambda p: p.multiple_files if p.file else MISSING,
    "isWorkspaceProperty": lambda p: p.is_workspace or MISSING,
    "workspaceOptional": lambda p: MISSING if p.workspace_optional is None else p.workspace_optional,
    "settings": lambda p: p.settings[0] if p.settings else MISSING,
    "enabledInitially": lambda p: p.enabled if p.settings else MISSING,
    "visibleInitially": lambda p: p.visible if p.settings else MISSING,
    "dependsOn": lambda p: depends_on(p) or MISSING,
}

FUNCTION: dict[str, Callable[[FitFunction], Any]] = {
    "name": lambda f: f.name,
    "categories": lambda f: list(f.categories),
    "isPeak": lambda f: f.is_peak,
    "initString": lambda f: f.initial or None,
    "parameters": lambda f: [
        {"name": par.name, "description": par.description, "value": par.value} for par in f.parameters
    ],
    "attributes": lambda f: [
        {"name": attribute.name, "value": written(attribute), "type": attribute.type} for attribute in f.attributes
    ],
}

FACILITY: dict[str, Callable[[Facility], Any]] = {
    "name": lambda f: f.name,
    "extensions": lambda f: list(f.extensions),
    "preferredExtension": lambda f: f.preferred_extension,
    "zeroPadding": lambda f: f.zero_padding,
    "instruments": lambda f: [recorded(instrument, INSTRUMENT) for instrument in f.instruments],
}

INSTRUMENT: dict[str, Callable[[Instrument], Any]] = {
    "name": lambda i: i.name,
    "shortName": lambda i: i.short_name,
    "techniques": lambda i: list(i.techniques),
    "filePrefix": lambda i: i.file_prefix,
    "zeroPadding": lambda i: i.zero_padding,
    "delimiter": lambda i: i.delimiter,
}

UNIT: dict[str, Callable[[Unit], Any]] = {
    key: lambda u, key=key: getattr(u, key) for key in ("id", "caption", "ascii", "utf8", "latex")
}

# Keys of the whole file that are not Mantid's knowledge but tell how it was recorded.
ABOUT_THE_RECORDING = {"notes", "generator", "factoryMethods"}


def recorded(one: Any, keys: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Return an entry of the catalogue as it would have been recorded."""
    values = {key: of(one) for key, of in keys.items()}
    return {key: value for key, value in values.items() if value is not MISSING}


def recorded_property(prop: Property, index: int) -> dict[str, Any]:
    return {**recorded(prop, PROPERTY), "index": index}


def as_json(value: Any) -> Any:
    return [as_json(item) for item in value] if isinstance(value, tuple) else value


def depends_on(prop: Property) -> dict[str, dict[str, dict[str, bool]]]:
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for rule in prop.dependencies:
        found.setdefault(rule.on, {})[rule.value] = {"enabled": rule.enabled, "visible": rule.visible}
    return found


def written(attribute: FitAttribute) -> Any:
    """Mantid writes the vectors of attributes with six digits."""
    value = attribute.value
    return "[" + ",".join(f"{item:g}" for item in value) + "]" if isinstance(value, tuple) else value


def docstring(algorithm: Algorithm) -> str:
    """Write what ``docString()`` of IAlgorithm.cpp writes."""
    text = f"{algorithm.summary}\n\n" if algorithm.summary else ""
    text += "Property descriptions: \n\n"
    for place, prop in enumerate(algorithm.ordered, start=1):
        text += f"{prop.name}({prop.direction}{':req' if prop.validator else ''}) *{prop.type}* "
        offered = prop.extensions if prop.file else prop.allowed_values
        if prop.documentation or offered:
            text += f"      {prop.documentation}" + (f"[{', '.join(offered)}]" if offered else "") + "\n"
            text += "\n" if place < len(algorithm.properties) else ""
    return text

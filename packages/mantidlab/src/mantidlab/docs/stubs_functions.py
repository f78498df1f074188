"""Writes the functions of ``mantid.simpleapi`` as stubs: arguments, types, results, documentation."""

import textwrap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mantidlab.docs.catalogue import Algorithm, FitFunction, Property
from mantidlab.docs.stubs_types import argument_type, is_workspace, rebindable, result_class, result_type
from mantidlab.names import is_name

EXTRA = (
    ("Version", "int"),
    ("StoreInADS", "bool"),
    ("EnableLogging", "bool"),
    ("startProgress", "float"),
    ("endProgress", "float"),
)

# simpleapi has functions of its own for these, which take what the file, the instrument or the function adds to the
# properties.
TAKES_MORE = ("Load", "StartLiveData")
FITTING = (
    "Fit",
    "CalculateChiSquared",
    "EvaluateFunction",
    "QENSFitSimultaneous",
    "ConvolutionFitSimultaneous",
    "IqtFitSimultaneous",
)


@dataclass(frozen=True)
class Result:
    """The type that a function returns, and the class to declare for it (empty when there is none)."""

    type: str
    declaration: str


def function(versions: Sequence[Algorithm], extensible: Collection[str]) -> str:
    """Return the stub of an algorithm: of its latest version, overloaded with the older ones that are asked by number.

    Parameters
    ----------
    versions
        All versions of one algorithm.
    extensible
        See `mantidlab.docs.stubs_types.argument_type`.
    """
    latest = max(versions, key=lambda algorithm: algorithm.version)
    result = result_of(latest)
    older = [algorithm for algorithm in versions if algorithm is not latest]
    body = docstring(latest)
    if not older:
        parameters = _parameters(latest, extensible)
        return f"{result.declaration}def {latest.name}({parameters}) -> {result.type}:{body}\n"
    text = result.declaration
    text += (
        f"@overload\ndef {latest.name}({_parameters(latest, extensible, version='= ...')}) -> {result.type}:{body}\n"
    )
    for algorithm in sorted(older, key=lambda algorithm: -algorithm.version):
        parameters, other = _parameters(algorithm, extensible, version=""), result_of(algorithm)
        kind = other.type if not other.declaration else "Any"
        text += f"@overload\ndef {algorithm.name}({parameters}) -> {kind}:{docstring(algorithm)}\n"
    return text


def method(algorithm: Algorithm, extensible: Collection[str]) -> str:
    """Return an algorithm as a method of the workspaces that it is attached to."""
    parameters = _parameters(algorithm, extensible, without=algorithm.method_input)
    return f"def {algorithm.method}(self, {parameters}) -> {result_of(algorithm).type}:{docstring(algorithm)}\n"


def fit_function(one: FitFunction) -> str:
    """Return the function that makes a fit function: ``Gaussian(Height=1)``, ``Convolution(one, other)``."""
    names = [(parameter.name, "float") for parameter in one.parameters]
    names += [(attribute.name, "Any") for attribute in one.attributes]
    given = [f"{name}: {kind} = ..." for name, kind in dict(names).items() if is_name(name)]
    positional = "*" if one.parameters else "*functions: Any"  # what is made of others has no parameters of its own
    parameters = ", ".join([positional, *given, "**kwargs: Any"]) if given or not one.parameters else "**kwargs: Any"
    about = [f"{parameter.name}: {parameter.description}" for parameter in one.parameters if parameter.description]
    return f"def {one.name}({parameters}) -> FunctionWrapper:{quoted([f'Fit function {one.name}.', *about])}\n"


def result_of(algorithm: Algorithm) -> Result:
    """Return what a function returns.

    None, one value, or a named tuple; with optional output workspaces the number depends on the call and on what stands
    left of it, so the result can be used as the first of them, and be unpacked into any number.
    """
    outputs = [prop for prop in algorithm.outputs if algorithm.name != "Load" or is_workspace(prop)]
    if algorithm.name in FITTING:
        outputs += [*algorithm.inouts] if algorithm.name == "Fit" else []
    if algorithm.name == "StartLiveData" or not outputs:
        return Result("None", "")
    optional = [prop for prop in outputs if is_workspace(prop) and not prop.validator and not prop.default]
    if algorithm.name in FITTING and algorithm.name != "CalculateChiSquared":
        return _of_any_number(algorithm.name, outputs, base="")
    if len(outputs) == 1:
        return Result(result_type(outputs[0]), "")
    if optional:
        certain = [prop for prop in outputs if prop not in optional]
        first = (certain or outputs)[0]
        if len(certain) > 1:
            return _of_any_number(algorithm.name, outputs, base="")
        return (
            _of_any_number(algorithm.name, outputs, base=result_class(first))
            if is_workspace(first)
            else Result("Any", "")
        )
    name = f"{algorithm.name}_returns"
    return Result(name, f"class {name}(NamedTuple):\n{_attributes(outputs)}")


def _of_any_number(algorithm: str, outputs: Iterable[Property], base: str) -> Result:
    name = f"{algorithm}_returns"
    items = "    def __iter__(self) -> Iterator[Any]: ...\n"
    if base:
        return Result(rebindable(name), f"class {name}({base}):\n{_attributes(outputs)}{items}")
    items += "    def __getitem__(self, index: int) -> Any: ...\n"
    items += "    def __getattr__(self, name: str) -> Any: ...\n"
    return Result(name, f"class {name}:\n{_attributes(outputs)}{items}")


def _attributes(outputs: Iterable[Property]) -> str:
    return "".join(f"    {prop.name}: {result_type(prop)}\n" for prop in outputs if is_name(prop.name))


def _parameters(
    algorithm: Algorithm, extensible: Collection[str], *, version: str | None = None, without: str = ""
) -> str:
    """Return the text of the parameters.

    First those that simpleapi takes by position, in its order, then the outputs, then what every function takes.

    Parameters
    ----------
    version
        What follows the literal number of the version (``= ...``, or nothing when it must be given); None for any.
    without
        A property that is filled in otherwise.
    """
    positional = [prop for prop in algorithm.arguments if prop.name != without and is_name(prop.name)]
    named = [prop for prop in algorithm.outputs if is_name(prop.name)]
    texts = []
    if algorithm.name in FITTING:
        positional, named = positional[:2], positional[2:] + named
    elif algorithm.name in TAKES_MORE:
        positional, named = positional[:1], positional[1:] + named
    elif algorithm.name == "RenameWorkspace":
        order = {"InputWorkspace": 0, "OutputWorkspace": 1}
        positional = sorted(positional + named, key=lambda prop: order.get(prop.name, 2))
        positional, named = [prop for prop in positional if prop.name != without], []
    given = {prop.name for prop in (*positional, *named)}
    texts += [_parameter(algorithm, prop, extensible) for prop in positional]
    texts.append("*")
    texts += [_parameter(algorithm, prop, extensible) for prop in named]
    for name, kind in EXTRA:
        if name == "Version" and version is not None:
            texts.append(f"Version: Literal[{algorithm.version}] {version}".rstrip())
        elif name not in given:
            texts.append(f"{name}: {kind} = ...")
    if algorithm.name in (*FITTING, *TAKES_MORE) or not all(is_name(prop.name) for prop in algorithm.properties):
        texts.append("**kwargs: Any")
    if algorithm.name == "CutMD":
        texts.append("PBins: Iterable[Any] = ...")
    return ", ".join(texts)


def _parameter(algorithm: Algorithm, prop: Property, extensible: Collection[str]) -> str:
    kind = argument_type(prop, extensible)
    if algorithm.name == "CutMD" and is_workspace(prop):
        kind += " | list[Any]"
    if prop.mandatory:
        return f"{prop.name}: {kind}"
    return f"{prop.name}: {kind} = ..." if prop.direction == "Output" else f"{prop.name}: {kind} | None = ..."


def docstring(algorithm: Algorithm) -> str:
    """Return the documentation of a function: what it does, and each property in the order of the form."""
    lines = [algorithm.summary or f"{algorithm.name}."]
    if algorithm.aliases:
        lines.append(f"Also called {', '.join(algorithm.aliases)}.")
    if "Deprecated" in algorithm.categories:
        lines.append("Deprecated.")
    lines += [_about(prop) for prop in algorithm.properties if prop.documentation]
    return quoted(lines)


def _about(prop: Property) -> str:
    value = prop.default_value if isinstance(prop.default_value, bool) else prop.default
    default = "" if prop.unset or prop.mandatory or not prop.default else f" Default: {value}."
    return f"{prop.name}: {prop.documentation.strip()}{default}"


def quoted(lines: Iterable[str]) -> str:
    """Return an indented docstring, one paragraph for each line, below a definition."""
    text = "\n".join(" ".join(line.split()) for line in lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"'):
        text += " "
    return "\n" + textwrap.indent(f'"""{text}"""', "    ") + "\n"

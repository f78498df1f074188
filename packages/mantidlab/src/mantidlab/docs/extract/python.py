"""What Python packages offer: public functions, classes and domain types with signature, types and numpydoc sections.

The rules of what is public are in `python_modules`.
"""

import ast
import enum
import functools
import importlib.metadata
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from mantidlab.docs.catalogue import Argument, Failure, PythonObject, Section
from mantidlab.docs.extract.errors import ExtractionFailed
from mantidlab.docs.extract.python_docstring import Docstring, parse_docstring
from mantidlab.docs.extract.python_modules import PublicNames, PublicThing, is_domain_type, public_names
from mantidlab.docs.extract.python_signature import Signature, describe_signature, text_of_type

_SAYS_DEPRECATED = re.compile(
    r"^(?:this (?:\w+ )?is deprecated|deprecated)\b(?:.|\n(?!\n))*", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class PythonKnowledge:
    """What some packages offer, their versions, and what could not be looked at."""

    packages: Mapping[str, str]
    objects: tuple[PythonObject, ...]
    failures: tuple[Failure, ...]


def extract_python(roots: tuple[str, ...], progress: Callable[[str], None]) -> PythonKnowledge:
    """Describe all that some importable packages offer.

    Parameters
    ----------
    roots
        Names by which they are imported: ``scipp``, or ``ess`` for all packages below it.

    Raises
    ------
    ExtractionFailed
        One of them is not installed.
    """
    found = public_names(roots, progress)
    if found.missing:
        raise ExtractionFailed(
            f"{' and '.join(found.missing)} cannot be described: not installed in this environment. "
            "Add it to the environment's packages, or take it out of `catalogue` in its specification."
        )
    return _Describer(found, progress).knowledge()


class _Describer:
    """Describes things that know each other's public names."""

    def __init__(self, found: PublicNames, progress: Callable[[str], None]) -> None:
        self.found = found
        self.progress = progress
        self.names = {_full_name(thing.thing): thing.name for thing in found.things}
        kinds = (thing.thing for thing in found.things if isinstance(thing.thing, type))
        self.explained = {id(kind) for kind in kinds if kind.__doc__}
        self.distributions = _distributions({module.__name__.split(".")[0] for module in found.modules})
        self.failures: list[Failure] = list(found.failures)
        self.modules = {module.__name__: module for module in found.modules}

    def knowledge(self) -> PythonKnowledge:
        self.progress(f"describing {len(self.found.things)} functions and classes")
        objects = [self._module(module) for module in self.found.modules if module.__doc__]
        for thing in self.found.things:
            try:
                objects.append(self._thing(thing))
            except Exception as error:  # noqa: BLE001  (one strange object must not cost all others)
                self.failures.append(Failure(thing.name, f"{type(error).__name__}: {error}".splitlines()[0]))
        packages = {name: importlib.metadata.version(name) for name in sorted(set(self.distributions.values()))}
        ordered = sorted(objects, key=lambda known: (known.name, known.kind))
        return PythonKnowledge(packages, tuple(ordered), tuple(self.failures))

    def _thing(self, thing: PublicThing) -> PythonObject:
        if is_domain_type(thing.thing):
            described = self._domain_type(thing)
        elif isinstance(thing.thing, type):
            described = self._class(thing)
        else:
            described = self._function(thing.name, "function", thing.thing)
        deprecated = thing.deprecated or described.deprecated
        return replace(described, aliases=thing.aliases, deprecated=deprecated)

    def _module(self, module: ModuleType) -> PythonObject:
        docstring = parse_docstring(module.__doc__)
        return self._object(module.__name__, "module", module.__name__, Signature(), docstring)

    def _domain_type(self, thing: PublicThing) -> PythonObject:
        supertype = text_of_type(thing.thing.__supertype__, self.names)
        docstring = parse_docstring(self._attribute_docstring(thing.defined_in, thing.thing.__name__))
        return self._object(thing.name, "type", thing.defined_in, Signature(f"NewType({supertype})"), docstring)

    def _function(self, name: str, kind: str, function: Any, *, bound: bool = False) -> PythonObject:
        signature, text = describe_signature(function, self.names, bound=bound)
        if not inspect.isroutine(function) and not isinstance(function, functools.partial):
            text = type(function).__doc__ or "" if text == (type(function).__doc__ or "") else text
        return self._object(name, kind, getattr(function, "__module__", None) or "", signature, parse_docstring(text))

    def _class(self, thing: PublicThing) -> PythonObject:
        kind = thing.thing
        docstring = parse_docstring(_own_docstring(kind))
        if issubclass(kind, enum.Enum):
            values = "\n".join(f"{kind.__name__}.{name}" for name in kind.__members__)
            docstring = replace(docstring, sections=(*docstring.sections, Section("Values", values)))
            signature = Signature()
        else:
            signature, of_init = _constructor(kind, self.names)
            made = parse_docstring(of_init)
            docstring = replace(
                docstring,
                description="\n\n".join(filter(None, (docstring.description, made.summary, made.description))),
                arguments=(*docstring.arguments, *made.arguments),
                sections=(*docstring.sections, *made.sections),
            )
        described = self._object(thing.name, "class", thing.defined_in, signature, replace(docstring, returns=None))
        return replace(described, returns=None, members=tuple(self._members(thing.name, kind)))

    def _members(self, name: str, kind: type) -> Iterator[PythonObject]:
        seen: dict[str, Any] = {}
        for base in kind.__mro__:
            if base is not kind and (id(base) in self.explained or _root(base) != _root(kind)):
                continue
            for attribute, member in vars(base).items():
                if not attribute.startswith("_"):
                    seen.setdefault(attribute, member)
        for attribute, member in sorted(seen.items()):
            full = f"{name}.{attribute}"
            if isinstance(member, (property, functools.cached_property)):
                yield self._property(full, member)
            elif isinstance(member, (staticmethod, classmethod)):
                described = self._function(full, "method", member.__func__, bound=isinstance(member, classmethod))
                yield described
            elif inspect.isroutine(member) or isinstance(member, functools.partialmethod):
                yield self._function(full, "method", member, bound=True)

    def _property(self, name: str, member: Any) -> PythonObject:
        getter = member.fget if isinstance(member, property) else member.func
        signature, _ = describe_signature(getter, self.names, bound=True) if getter else (Signature(), "")
        docstring = parse_docstring(member.__doc__)
        returns = signature.returns or (docstring.returns.type if docstring.returns else "")
        home = getattr(getter, "__module__", None) or ""
        return self._object(name, "property", home, Signature(returns, (), signature.returns), docstring)

    def _object(self, name: str, kind: str, home: str, signature: Signature, said: Docstring) -> PythonObject:
        documented: dict[str, Argument] = {}
        for key, argument in said.arguments:
            for one in re.split(r"\s*,\s*\**", key):
                documented.setdefault(one, argument)
        arguments = tuple(_with_text(argument, documented) for argument in signature.arguments)
        deprecated = said.deprecated
        if not deprecated and (found := _SAYS_DEPRECATED.search(f"{said.summary}\n{said.description}")):
            deprecated = " ".join(found[0].split())
        return PythonObject(
            name=name,
            kind=kind,
            package=self._distribution(home or name),
            defined_in=home,
            signature=signature.text,
            summary=said.summary,
            description=said.description,
            arguments=arguments or tuple(argument for _, argument in said.arguments),
            returns=_returned(signature, said),
            sections=said.sections,
            deprecated=deprecated,
        )

    def _distribution(self, module: str) -> str:
        """Return the name of the package, as it is installed, that holds a module."""
        parts = module.split(".")
        for length in range(len(parts), 0, -1):
            found = self.distributions.get(".".join(parts[:length]))
            if found:
                return found
        return parts[0]

    def _attribute_docstring(self, module: str, name: str) -> str:
        return _attribute_docstrings(self.modules[module]).get(name, "") if module in self.modules else ""


def _with_text(argument: Argument, documented: Mapping[str, Argument]) -> Argument:
    said = documented.get(argument.name)
    if said is None:
        return argument
    return replace(argument, type=argument.type or said.type, documentation=said.documentation)


def _returned(signature: Signature, said: Docstring) -> Argument | None:
    if said.returns is not None:
        return replace(said.returns, type=signature.returns or said.returns.type)
    if signature.returns in ("", "None"):
        return None
    return Argument("", "", signature.returns, None, "")


def _constructor(kind: type, names: Mapping[str, str]) -> tuple[Signature, str]:
    """Return how an object is made, and what the constructor's own docstring says."""
    made = vars(kind).get("__init__")
    if made is not None:
        signature, text = describe_signature(made, names, bound=True)
        if signature.text:
            text = "" if text == object.__init__.__doc__ else text
            return replace(signature, text=signature.text.removesuffix(" -> None"), returns=""), text
    signature, _ = describe_signature(_Undocumented(kind), names)
    return replace(signature, returns=""), ""


class _Undocumented:
    """A class by its signature alone."""

    def __init__(self, kind: type) -> None:
        try:
            self.__signature__ = inspect.signature(kind)
        except (TypeError, ValueError):
            self.__signature__ = inspect.Signature()
        self.__doc__ = None

    def __call__(self) -> None:
        """Be callable, which `inspect.signature` asks for."""


def _own_docstring(kind: type) -> str:
    text = kind.__doc__ or ""
    # dataclasses and named tuples without a docstring are given their signature as one
    return "" if text.startswith(f"{kind.__name__}(") else text


def _root(kind: type) -> str:
    return str(kind.__module__).split(".")[0]


def _full_name(thing: Any) -> str:
    name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", "")
    return f"{getattr(thing, '__module__', '')}.{name}"


@functools.cache
def _attribute_docstrings(module: ModuleType) -> Mapping[str, str]:
    """Return the texts that stand below assignments, which Python itself throws away."""
    try:
        body = ast.parse(inspect.getsource(module)).body
    except (OSError, TypeError, SyntaxError):
        return {}
    texts: dict[str, str] = {}
    for statement, following in itertools.pairwise(body):
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(following, ast.Expr):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if isinstance(following.value, ast.Constant) and isinstance(following.value.value, str):
            texts.update((target.id, following.value.value) for target in targets if isinstance(target, ast.Name))
    return texts


def _distributions(roots: set[str]) -> dict[str, str]:
    """Return which installed package holds each package folder: ``ess.sans`` is in ``esssans``."""
    holders: dict[str, str] = {}
    providing = importlib.metadata.packages_distributions()
    for root in sorted(roots):
        for name in sorted(set(providing.get(root, ()))):
            for file in importlib.metadata.files(name) or ():
                if file.parts[0] == root and file.suffix in {".py", ".so"}:
                    holders.setdefault(".".join((*file.parts[:-1],)), name)
    return holders

"""Mantid's Python API, answering what a real Mantid 3.13 answered.

The answers are the recorded ones (`catalogue.json`, `functions_facilities.json`); what the recording says only in words
(what a file property does with a path to nothing, when Python cannot convert a value) follows Mantid's C++ source. The
names and kinds of the calls are those of the bindings: attributes where Boost.Python has properties, and vectors that
are no lists.
"""

import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

KERNEL, API = "mantid.kernel._kernel", "mantid.api._api"
DIRECTIONS = {"Input": 0, "Output": 1, "InOut": 2}
HOME = "~/.mantid"

# What simpleapi has from mantid.kernel._aliases and mantid.api._aliases.
API_ALIASES = ("AlgorithmFactory", "AlgorithmManager", "AnalysisDataService", "FileFinder", "FrameworkManager")
API_ALIASES += ("FunctionFactory", "WorkspaceFactory", "mtd")
KERNEL_ALIASES = ("ConfigService", "UnitFactory", "config", "logger")


def boost_class(name: str, module: str, *bases: type) -> type:
    """Make a class that says of itself what Boost.Python's do."""
    return type(name, bases or (object,), {"__module__": module})


class Vector:
    """A ``std_vector_…``: it can be iterated and measured, and is no list."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: int) -> Any:
        return self._items[place]


class Array(Vector):
    """A NumPy array, as far as anyone here looks."""

    def tolist(self) -> list[Any]:
        return list(self._items)


class Property:
    """The base class of properties; without ``value``, as in 3.13."""

    facts: dict[str, Any]

    def __init__(self, algorithm: "Algorithm", facts: dict[str, Any]) -> None:
        self.algorithm, self.facts = algorithm, facts
        self.name, self.type = facts["name"], facts["type"]
        self.direction = DIRECTIONS[facts["direction"]]
        self.documentation, self.units, self.getGroup = facts["documentation"], facts["units"], facts["group"]
        self.getDefault = facts["default"].replace(HOME, f"{Path.home()}/.mantid")
        given = self.name in algorithm.given and algorithm.given[self.name] != facts["default"]
        self.isValid = "" if given else facts["validatorMessage"].replace(HOME, f"{Path.home()}/.mantid")
        self.allowedValues = Vector(facts["allowedValues"])

    @property
    def settings(self) -> Any:
        rule = self.facts.get("settings")
        return None if rule is None else boost_class(rule, KERNEL, Rule)(self.facts)


Property.__module__ = KERNEL


class Convertible:
    """What properties have whose value Python can convert."""

    facts: dict[str, Any]

    @property
    def value(self) -> Any:
        if self.facts.get("defaultPyError", "").startswith("No to_python"):
            raise TypeError(self.facts["defaultPyError"])
        kind, value = self.facts["defaultPyType"], self.facts.get("defaultPy")
        if kind == "PropertyManager":
            return boost_class("PropertyManager", KERNEL, NotIterable)(self.facts["defaultPyError"])
        if kind == "ndarray":
            return boost_class("ndarray", "numpy", Array)(value)
        if kind.startswith("std_vector"):
            return boost_class(kind, KERNEL, Vector)(value)
        if kind == "OptionalBool":
            return boost_class(kind, KERNEL)()
        return value.replace(HOME, f"{Path.home()}/.mantid") if isinstance(value, str) else value


class NotIterable:
    """A ``PropertyManager``: Python tries its items by number, and Boost.Python refuses."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal

    def __getitem__(self, key: int) -> Any:
        raise TypeError(self._refusal)


class Rule:
    """The settings of a property."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def _state(self, algorithm: "Algorithm") -> dict[str, bool]:
        for control, states in self._facts.get("dependsOn", {}).items():
            if algorithm.given.get(control) in states:
                return states[algorithm.given[control]]  # type: ignore[no-any-return]
        return {"enabled": self._facts["enabledInitially"], "visible": self._facts["visibleInitially"]}

    def isEnabled(self, alg: "Algorithm") -> bool:
        return self._state(alg)["enabled"]

    def isVisible(self, alg: "Algorithm") -> bool:
        return self._state(alg)["visible"]


class Algorithm:
    """An algorithm; nothing can be asked of its properties before ``initialize``."""

    def __init__(self, mantid: "RecordedMantid", facts: dict[str, Any]) -> None:
        self.mantid, self.facts = mantid, facts
        self.given, self.values = dict[str, str](), dict[str, str]()
        self._properties: dict[str, dict[str, Any]] = {}
        for method, key in (
            ("summary", "summary"),
            ("category", "category"),
            ("helpURL", "helpURL"),
            ("workspaceMethodName", "workspaceMethodName"),
            ("workspaceMethodInputProperty", "workspaceMethodInputProperty"),
        ):
            setattr(self, method, lambda key=key: facts[key])
        for method in ("categories", "seeAlso", "workspaceMethodOn"):
            setattr(self, method, lambda key=method: Vector(facts[key]))

    def initialize(self) -> None:
        self._properties = {prop["name"]: prop for prop in self.facts["properties"]}

    def alias(self) -> str:
        return " ".join(self.facts["aliases"])

    def keys(self) -> list[str]:
        return list(self._properties)

    def getProperty(self, name: str) -> Any:
        if name not in self._properties:
            raise RuntimeError(f"Unknown property search object {name}")
        return self.mantid.property_class(self._properties[name])(self, self._properties[name])

    def getPropertyValue(self, name: str) -> str:
        return self.values.get(name, self._properties[name]["default"])

    def setPropertyValue(self, name: str, value: str) -> None:
        prop = self.getProperty(name)
        self.values[name] = accepted(self.mantid, prop, value)
        self.given[name] = value

    def setProperty(self, name: str, value: Any) -> None:
        if isinstance(value, dict):
            raise ValueError(f"{name} of this stand-in takes no dictionary")
        if type(value) is int and not -(2**31) <= value < 2**31 and "Int" in type(self.getProperty(name)).__name__:
            raise OverflowError("bad numeric conversion: positive overflow")
        self.setPropertyValue(name, as_mantid_writes(value))

    def validateInputs(self) -> dict[str, str]:
        return {}  # what Mantid says of several values together was not recorded


def as_mantid_writes(value: Any) -> str:
    """Return a value as the text that Mantid makes of it."""
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(map(as_mantid_writes, value)) if isinstance(value, (list, tuple)) else str(value)


def accepted(mantid: "RecordedMantid", prop: Any, value: str) -> str:
    """Return what a property holds after it was set to a text, or raise as Mantid does."""

    def refuse(reason: str) -> Exception:
        words = f'Invalid value for property {prop.name} ({prop.type}) "{value}": When setting value of property '
        return ValueError(f'{words}"{prop.name}": {reason}')

    action = prop.facts.get("fileAction", "")
    if action:
        return accepted_file(mantid, action, value, refuse)
    allowed = list(prop.allowedValues)
    if allowed and not prop.facts.get("isWorkspaceProperty") and value not in allowed:
        raise refuse(f'The value "{value}" is not in the list of allowed values')
    if prop.type in ("number", "boolean"):
        try:
            float(value)
        except ValueError:
            raise refuse(f'Could not set property {prop.name}. Can not convert "{value}" to a number') from None
    return value


def accepted_file(mantid: "RecordedMantid", action: str, value: str, refuse: Any) -> str:
    """Do what ``FileProperty::setValue`` does."""
    if not value:
        if action.startswith("Optional"):
            return ""
        raise refuse("No file specified.")
    path = Path(value)
    if not path.is_absolute() and not action.endswith("Load"):
        path = Path(mantid.kernel.config["defaultsave.directory"]) / value
        path.parent.mkdir(parents=True, exist_ok=True)
    if action.endswith("Save"):
        path.parent.mkdir(parents=True, exist_ok=True)
    if action in ("Load", "Directory") and not path.exists():
        raise refuse(f'{"File" if action == "Load" else "Directory"} "{path}" not found')
    return str(path)


class Config(dict[str, str]):
    """``mantid.kernel.config``."""

    def __init__(self, facilities: list[dict[str, Any]], hidden: list[str]) -> None:
        super().__init__(
            {
                "algorithms.categories.hidden": ";".join(reversed(hidden)),
                "defaultsave.directory": "/nowhere/that/may/be/written",
                "datasearch.searcharchive": "hfir,sns",
                "datasearch.directories": "/data/one;/data/two",
            }
        )
        self._facilities = [facility_info(facility) for facility in facilities]

    def __setitem__(self, key: str, value: str) -> None:
        super().__setitem__(key, value)
        if key == "defaultsave.directory":  # as ConfigServiceImpl::setString does
            super().__setitem__("datasearch.directories", f"{self['datasearch.directories']};{value}")

    def getFacilities(self) -> Vector:
        return Vector(self._facilities)


def facility_info(facts: dict[str, Any]) -> SimpleNamespace:
    def constant(key: str) -> Any:
        return lambda: facts[key]

    def instrument(of: dict[str, Any]) -> SimpleNamespace:
        def for_run(key: str) -> Any:
            return lambda run: of[key] if type(run) is int and run >= 104604 else 0  # when SURF changed its prefix

        plain = {key: (lambda key=key: of[key]) for key in ("name", "shortName", "delimiter")}
        return SimpleNamespace(
            **plain,
            techniques=lambda: Vector(of["techniques"]),
            filePrefix=for_run("filePrefix"),
            zeroPadding=for_run("zeroPadding"),
        )

    return SimpleNamespace(
        name=constant("name"),
        extensions=lambda: Vector(facts["extensions"]),
        preferredExtension=constant("preferredExtension"),
        zeroPadding=constant("zeroPadding"),
        instruments=lambda: Vector([instrument(of) for of in facts["instruments"]]),
    )


class IFunction:
    """A fit function."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def __str__(self) -> str:
        if self._facts["initString"] is None:
            raise RuntimeError(f"{self._facts['name']} cannot be written")
        return str(self._facts["initString"])

    def getCategories(self) -> list[str]:
        return list(self._facts["categories"])

    def nParams(self) -> int:
        return len(self._facts["parameters"])

    def parameterName(self, i: int) -> str:
        return str(self._facts["parameters"][i]["name"])

    def paramDescription(self, i: int) -> str:
        return str(self._facts["parameters"][i]["description"])

    def getParameterValue(self, i: int) -> float:
        return float(self._facts["parameters"][i]["value"])

    def attributeNames(self) -> Vector:
        return Vector([attribute["name"] for attribute in self._facts["attributes"]])

    def getAttributeValue(self, name: str) -> Any:
        of = next(attribute for attribute in self._facts["attributes"] if attribute["name"] == name)
        if of["type"].startswith("std_vector"):
            return boost_class(of["type"], KERNEL, Vector)([float(x) for x in of["value"][1:-1].split(",") if x])
        return of["value"]


class IPeakFunction(IFunction):
    """A peak that was written in Python, the only kind that 3.13 tells apart."""


class RecordedMantid:
    """Mantid's modules, as `mantidlab.frameworks.mantid.mantid_modules` returns them.

    Parameters
    ----------
    catalogue, functions
        The content of the two recorded files.
    """

    def __init__(self, catalogue: dict[str, Any], functions: dict[str, Any]) -> None:
        self.recorded, self.recorded_functions = catalogue, functions
        self._algorithms = {(facts["name"], facts["version"]): facts for facts in catalogue["algorithms"]}
        self._functions = {facts["name"]: facts for facts in functions["functions"]}
        units = {facts["id"]: unit(facts) for facts in catalogue["units"]}
        self.kernel = SimpleNamespace(
            **{name: object() for name in KERNEL_ALIASES if name not in ("UnitFactory", "config")},
            **{name: boost_class(name, KERNEL) for name in ("DateAndTime", "Direction", "Property")},
            os=os,
            config=Config(functions["facilities"], catalogue["hiddenCategories"]),
            UnitFactory=SimpleNamespace(getKeys=lambda: Vector(sorted(units)), create=units.__getitem__),
            version_str=lambda: catalogue["mantid_version"],
            revision_full=lambda: catalogue["git"],
        )
        self._workspace = boost_class("IWorkspaceProperty", API)
        self._property_classes: dict[str, type] = {f"{KERNEL}.Property": Property}
        self._algorithm_classes = {"Algorithm": boost_class("Algorithm", API, Algorithm)}
        for facts in catalogue["algorithms"]:
            kind = facts["pyType"]
            self._algorithm_classes.setdefault(kind, boost_class(kind, API, self._algorithm_classes["Algorithm"]))
        python_base = boost_class("PythonAlgorithm", API, self._algorithm_classes["Algorithm"])
        self._plugins = list(self._plugin_classes(python_base))
        self.dataobjects = SimpleNamespace(Workspace2D=boost_class("Workspace2D", "mantid.dataobjects._dataobjects"))
        self.geometry = SimpleNamespace(CrystalStructure=boost_class("CrystalStructure", "mantid.geometry._geometry"))
        self.api = SimpleNamespace(
            **{name: object() for name in ("AnalysisDataService", "FileFinder", "FrameworkManager", "mtd")},
            **{name: boost_class(name, API) for name in ("FileProperty", "MatrixWorkspace")},
            WorkspaceFactory=object(),
            AlgorithmFactory=SimpleNamespace(
                getRegisteredAlgorithms=self.registered,
                getDescriptors=lambda include_hidden: list(self.descriptors()),
                exists=lambda name: name in self.registered(True),
                highestVersion=lambda name: max(self.registered(True)[name]),
            ),
            AlgorithmManager=SimpleNamespace(createUnmanaged=self.create),
            FunctionFactory=SimpleNamespace(
                getFunctionNames=lambda: list(reversed(self._functions)), createFunction=self.create_function
            ),
            IWorkspaceProperty=self._workspace,
            IPeakFunction=IPeakFunction,
            PythonAlgorithm=python_base,
            **{name: kind for name, kind in self._algorithm_classes.items() if name != "Algorithm"},
        )
        others = {name: object() for name in (*self._functions, *API_ALIASES, *KERNEL_ALIASES, "_private")}
        others |= {"os": os, "sys": sys}  # simpleapi imports modules too
        self.simpleapi = SimpleNamespace(**{**others, **dict(self._simple_functions())})

    def registered(self, include_hidden: bool) -> dict[str, list[int]]:
        """Return versions by name, in no order that means something."""
        names: dict[str, list[int]] = {}
        for name, version in reversed(self._algorithms):
            if include_hidden or not self._algorithms[name, version]["hidden"]:
                names.setdefault(name, []).append(version)
        return names

    def descriptors(self) -> Iterator[SimpleNamespace]:
        """Return what the factory knows without making algorithms."""
        for (name, version), facts in self._algorithms.items():
            yield SimpleNamespace(name=name, version=version, category=facts["category"])

    def create(self, name: str, version: int) -> Any:
        """Return an algorithm that was not initialised."""
        if (name, version) not in self._algorithms:
            raise RuntimeError(f"Algorithm not registered {name}|{version}")
        facts = self._algorithms[name, version]
        return self._algorithm_classes[facts["pyType"]](self, facts)

    def create_function(self, name: str) -> IFunction:
        """Return a fit function."""
        facts = self._functions[name]
        return IPeakFunction(facts) if facts["isPeak"] else IFunction(facts)

    def property_class(self, facts: dict[str, Any]) -> type:
        """Return the class of a property, made when it is first met."""
        path = facts["pyclass"]
        if path not in self._property_classes:
            module, _, name = path.rpartition(".")
            bases: tuple[type, ...] = (Convertible, Property)
            if facts.get("isWorkspaceProperty"):
                bases = (self._workspace, *bases)
            kind = boost_class(name, module, *bases)
            if facts.get("isWorkspaceProperty"):
                kind.isOptional = lambda self: self.facts["workspaceOptional"]  # type: ignore[attr-defined]
            self._property_classes[path] = kind
        return self._property_classes[path]

    def _plugin_classes(self, python_base: type) -> Iterator[type]:
        """Make the Python classes of Python algorithms; Mantid says ``version`` 1 for those that do not."""
        for (name, version), facts in self._algorithms.items():
            if facts["implementation"] == "python":
                kind = facts["pyType"]
                base = python_base if kind == "Algorithm" else self._algorithm_classes[kind]
                body: dict[str, Any] = {} if version == 1 else {"version": lambda self, version=version: version}
                yield type(name, (base,), body)

    def _simple_functions(self) -> Iterator[tuple[str, Any]]:
        for (name, _), facts in self._algorithms.items():
            if facts["simpleapiSignature"] is not None:

                def function(*args: Any, **kwargs: Any) -> None: ...

                written = facts["simpleapiSignature"][1:-1]
                function.__signature__ = inspect.signature(eval(f"lambda {written}: 0"))  # type: ignore[attr-defined]  # noqa: S307
                yield name, function


def unit(facts: dict[str, Any]) -> SimpleNamespace:
    symbol = SimpleNamespace(
        **{writing: (lambda writing=writing: facts[writing]) for writing in ("ascii", "utf8", "latex")}
    )
    return SimpleNamespace(caption=lambda: facts["caption"], symbol=lambda: symbol)


def write_pages(catalogue: dict[str, Any], folder: Path) -> None:
    """Write an offline documentation that has the recorded pages with as many tested examples."""
    pages, sources = folder / "algorithms", folder / "_sources" / "algorithms"
    pages.mkdir(parents=True)
    sources.mkdir(parents=True)
    for facts in catalogue["algorithms"]:
        if facts["hasDocs"]:
            name = f"{facts['name']}-v{facts['version']}"
            (pages / f"{name}.html").write_text(f"<h1>{facts['name']}</h1>", encoding="utf-8")
            untested, tested = ".. code-block:: python\n\n   ws = 1\n\n", ".. testcode:: ex\n\n   ws = 2\n\n"
            (sources / f"{name}.rst.txt").write_text(untested * 9 + tested * facts["nTestedExamples"])

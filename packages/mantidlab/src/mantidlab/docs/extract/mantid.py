"""Extracts from a running Mantid all that its Python API tells: algorithms, fit functions, facilities, units."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from mantidlab.docs.catalogue import Algorithm, Catalogue, ModuleNames, Property
from mantidlab.docs.extract.asking import Asking
from mantidlab.docs.extract.errors import ExtractionFailed
from mantidlab.docs.extract.mantid_api import Api, MantidAlgorithm, Modules
from mantidlab.docs.extract.mantid_dependencies import find_dependencies
from mantidlab.docs.extract.mantid_facilities import facilities, units
from mantidlab.docs.extract.mantid_files import file_action, nowhere_else, takes_file, takes_several
from mantidlab.docs.extract.mantid_functions import fit_functions
from mantidlab.docs.extract.mantid_pages import AlgorithmPages
from mantidlab.docs.extract.mantid_plugins import python_algorithms
from mantidlab.docs.extract.mantid_properties import describe_property, texts

_STEP = 100  # algorithms between two lines of progress


def extract_mantid(modules: Modules, progress: Callable[[str], None], documentation: Path | None = None) -> Catalogue:
    """Return Mantid's part of the catalogue.

    What Mantid fails to answer becomes an entry of `failures`; the rest is kept, and every registered algorithm and
    fit function is there at least by name.

    Parameters
    ----------
    modules
        Of `mantidlab.frameworks.mantid.mantid_modules`.
    progress
        Is told a line now and then.
    documentation
        The folder of the offline documentation; without one, `page` and `tested_examples` are not known.

    Raises
    ------
    ExtractionFailed
        There are no algorithms at all.
    """
    asking = Asking()
    algorithms = _Algorithms(asking, modules, AlgorithmPages(documentation)).all(progress)
    if not algorithms:
        raise ExtractionFailed(
            "Mantid was asked for its algorithms and named none"
            + "".join(f" ({failure.reason})" for failure in asking.failures()[:1])
            + ". Its libraries of plug-ins are missing or did not load: import mantid.simpleapi and read its log."
        )
    progress("Mantid: fit functions, facilities, units")
    kernel, api = modules.kernel, modules.api
    version = asking.ask("version_str", "mantid.kernel", lambda: str(kernel.version_str()), "")
    revision = getattr(kernel, "revision_full", None)
    commit = asking.ask("revision_full", "mantid.kernel", lambda: str(revision()), "") if callable(revision) else ""
    return Catalogue(
        packages={"mantid": version},
        revisions={"mantid": commit} if commit else {},
        algorithms=algorithms,
        functions=fit_functions(asking, api),
        facilities=facilities(asking, kernel),
        units=units(asking, kernel),
        categories=tuple(sorted({category for algorithm in algorithms for category in algorithm.categories})),
        hidden_categories=_hidden_categories(asking, modules),
        simpleapi=asking.ask("names", "mantid.simpleapi", lambda: _other_names(modules.simpleapi, algorithms), ()),
        modules=_names_of_modules(asking, modules),
        failures=asking.failures(),
    )


def describe_algorithm(modules: Modules, name: str, version: int) -> Algorithm:
    """Describe one version of an algorithm of a running Mantid, such as one that a notebook has registered."""
    return _Algorithms(Asking(), modules, AlgorithmPages(None))._one(name, version, latest=True)


class _Algorithms:
    """Describes algorithms, one version after the other."""

    def __init__(self, asking: Asking, modules: Modules, pages: AlgorithmPages) -> None:
        self._asking, self._modules, self._pages = asking, modules, pages
        self._api: Api = modules.api
        self._python = asking.ask("classes", "the Python algorithms", lambda: python_algorithms(self._api), frozenset())
        self._shown: Mapping[str, Iterable[int]] = {}

    def all(self, progress: Callable[[str], None]) -> tuple[Algorithm, ...]:
        """Describe all that are registered, by name and version."""
        registered = self._asking.ask("names", "the algorithms", lambda: _versions(self._api, hidden=True), {})
        self._shown = self._asking.ask(
            "names", "the shown algorithms", lambda: _versions(self._api, hidden=False), registered
        )
        known = [(name, version) for name in sorted(registered) for version in sorted(set(registered[name]))]
        described = []
        for done, (name, version) in enumerate(known):
            if done % _STEP == 0:
                progress(f"Mantid: {done} of {len(known)} algorithms")
            described.append(self._one(name, version, latest=version == max(registered[name])))
        return tuple(described)

    def _one(self, name: str, version: int, *, latest: bool) -> Algorithm:
        of = f"{name}-v{version}"

        def make() -> MantidAlgorithm:
            algorithm = self._api.AlgorithmManager.createUnmanaged(name, version)
            algorithm.initialize()
            return algorithm

        ask, create = self._asking.ask, self._api.AlgorithmManager.createUnmanaged
        bare = self._bare(name, version, latest=latest)
        algorithm = ask("an object", of, lambda: create(name, version), None)
        if algorithm is None:
            category = ask("descriptor", of, lambda: self._described_category(name, version), "")
            return replace(bare, category=category, categories=tuple(filter(None, category.split(";"))))
        described = self._described(bare, algorithm)
        initialised = ask("initialize", of, make, None)
        if initialised is None:
            return described
        return replace(described, properties=self._properties(of, initialised, make))

    def _bare(self, name: str, version: int, *, latest: bool) -> Algorithm:
        """Say what is known of an algorithm without making one."""
        of = f"{name}-v{version}"
        return Algorithm(
            name=name,
            version=version,
            latest=latest,
            summary="",
            category="",
            categories=(),
            aliases=(),
            see_also=(),
            help_url="",
            hidden=version not in self._shown.get(name, ()),
            implementation="python" if (name, version) in self._python else "c++",
            python_type="",
            signature=self._asking.ask("signature", of, lambda: self._signature(name), "") if latest else "",
            method="",
            method_on=(),
            method_input="",
            properties=(),
            page=self._pages.page(name, version),
            tested_examples=self._asking.ask(
                "tested examples", of, lambda: self._pages.tested_examples(name, version), None
            ),
        )

    def _described(self, bare: Algorithm, algorithm: MantidAlgorithm) -> Algorithm:
        """Say what an algorithm tells before it is initialised: all but its properties."""
        ask, of = self._asking.ask, f"{bare.name}-v{bare.version}"
        deprecated = getattr(algorithm, "aliasDeprecated", None)  # since 6.2
        return replace(
            bare,
            summary=ask("summary", of, lambda: str(algorithm.summary()), ""),
            category=ask("category", of, lambda: str(algorithm.category()), ""),
            categories=ask("categories", of, lambda: texts(algorithm.categories()), ()),
            aliases=ask("alias", of, lambda: tuple(algorithm.alias().split()), ()),
            alias_deprecated=ask("aliasDeprecated", of, lambda: str(deprecated()), "") if callable(deprecated) else "",
            see_also=ask("seeAlso", of, lambda: texts(algorithm.seeAlso()), ()),
            help_url=ask("helpURL", of, lambda: str(algorithm.helpURL()), ""),
            python_type=type(algorithm).__name__,
            implementation="python" if hasattr(algorithm, "PyExec") else bare.implementation,
            method=ask("workspaceMethodName", of, lambda: str(algorithm.workspaceMethodName()), ""),
            method_on=ask("workspaceMethodOn", of, lambda: texts(algorithm.workspaceMethodOn()), ()),
            method_input=ask(
                "workspaceMethodInputProperty", of, lambda: str(algorithm.workspaceMethodInputProperty()), ""
            ),
        )

    def _properties(
        self, of: str, algorithm: MantidAlgorithm, make: Callable[[], MantidAlgorithm]
    ) -> tuple[Property, ...]:
        names = self._asking.ask("properties", of, lambda: texts(algorithm.keys()), ())
        properties = [describe_property(self._asking, self._api, algorithm, of, name) for name in names]
        if any(prop.settings or takes_file(prop) for prop in properties):
            properties = self._asking.ask("trying out", of, lambda: self._tried(of, properties, make), properties)
        return tuple(properties)

    def _tried(self, of: str, properties: list[Property], make: Callable[[], MantidAlgorithm]) -> list[Property]:
        """Add what only shows when values are set."""
        with nowhere_else(self._modules.kernel.config) as folder:
            properties = [self._with_file(of, prop, make, folder) if takes_file(prop) else prop for prop in properties]
            dependencies = find_dependencies(self._asking, of, properties, make)
        return [replace(prop, dependencies=dependencies.get(prop.name, ())) for prop in properties]

    def _with_file(self, of: str, prop: Property, make: Callable[[], MantidAlgorithm], folder: Path) -> Property:
        action = self._asking.ask("file action", f"{of}.{prop.name}", lambda: file_action(prop, make, folder), "")
        several = takes_several(prop)
        return replace(prop, file=action, extensions=prop.allowed_values, allowed_values=(), multiple_files=several)

    def _signature(self, name: str) -> str:
        function = getattr(self._modules.simpleapi, name)
        try:
            return str(inspect.signature(function))
        except (TypeError, ValueError):
            written = _written_signature(function)
            if not written:
                raise
            return written

    def _described_category(self, name: str, version: int) -> str:
        for descriptor in self._api.AlgorithmFactory.getDescriptors(True):
            if (descriptor.name, descriptor.version) == (name, version):
                return str(descriptor.category)
        return ""


def _written_signature(function: Any) -> str:
    """Return the text that simpleapi gives Fit, CutMD and its other own functions in the place of a signature.

    Two texts (``"\\bFunction, InputWorkspace", "**kwargs"``), as the attribute, or as names of the code's variables.
    """
    texts = getattr(function, "__signature__", None)
    if not isinstance(texts, tuple):
        texts = getattr(getattr(function, "__code__", None), "co_varnames", ())[:2]
    if not texts or not texts[0].startswith("\b"):
        return ""
    return f"({', '.join(text.strip(chr(8)) for text in texts)})"


def _names_of_modules(asking: Asking, modules: Modules) -> tuple[ModuleNames, ...]:
    """Return the names of the compiled modules by the module."""
    found = []
    for name in ("api", "dataobjects", "geometry", "kernel"):
        names = asking.ask("names", f"mantid.{name}", partial(_public, getattr(modules, name)), {})
        classes = tuple(name for name, value in names.items() if issubclass(type(value), type))
        others = tuple(name for name, value in names.items() if not issubclass(type(value), type))
        found.append(ModuleNames(f"mantid.{name}", classes, others))
    return tuple(found)


def _other_names(simpleapi: object, algorithms: Iterable[Algorithm]) -> tuple[str, ...]:
    """Return the public names of ``mantid.simpleapi`` that are no algorithms."""
    left_out = {algorithm.name for algorithm in algorithms}
    return tuple(name for name in _public(simpleapi) if name not in left_out)


def _public(module: object) -> dict[str, Any]:
    """Return what a module has under names without underscore, sorted, without modules (``os``) that it imported."""
    values = {name: getattr(module, name) for name in sorted(dir(module)) if not name.startswith("_")}
    # type, not isinstance: from 6.2 functions initialise their algorithm when they are asked for their class
    return {name: value for name, value in values.items() if not issubclass(type(value), ModuleType)}


def _versions(api: Api, *, hidden: bool) -> dict[str, tuple[int, ...]]:
    registered = api.AlgorithmFactory.getRegisteredAlgorithms(hidden)
    return {str(name): tuple(int(version) for version in versions) for name, versions in registered.items()}


def _hidden_categories(asking: Asking, modules: Modules) -> tuple[str, ...]:
    """Return the categories that Mantid's settings hide (``algorithms.categories.hidden``)."""
    key = "algorithms.categories.hidden"
    listed = asking.ask(key, "mantid.kernel.config", lambda: str(modules.kernel.config[key]), "")
    return tuple(sorted({category.strip() for category in listed.split(";") if category.strip()}))

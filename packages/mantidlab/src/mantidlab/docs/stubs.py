"""Writes type stubs of Mantid from a catalogue, so that completion and type checkers know every algorithm.

Mantid makes its functions when it is imported, so no tool that only reads code sees them.
"""

import ast
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from textwrap import indent

from mantidlab.docs.catalogue import Algorithm, Catalogue, ModuleNames
from mantidlab.docs.stubs_functions import fit_function, function, method
from mantidlab.docs.stubs_workspaces import API, API_OTHERS, KERNEL_OTHERS, MANTID, OTHER_MODULE, SIMPLEAPI
from mantidlab.names import is_name

PACKAGE = "mantid-stubs"

_OTHER_MODULES = ("dataobjects", "geometry", "kernel")

# Functions that simpleapi writes itself are not attached to aliases.
_NO_ALIAS = ("Load", "StartLiveData", "CutMD", "RenameWorkspace")


def write_stubs(catalogue: Catalogue, site_packages: Path) -> tuple[Path, ...]:
    """Write the stub-only package `mantid-stubs` (PEP 561, partial) in the place of an older one.

    Parameters
    ----------
    site_packages
        The folder that holds the package ``mantid``.

    Returns
    -------
    tuple
        The files; none when the catalogue has no algorithms.

    Raises
    ------
    SyntaxError
        What would be written is not Python; nothing is.
    """
    if not catalogue.algorithms:
        return ()
    files = {
        "py.typed": "partial\n",  # modules without a stub are looked up in the package itself
        "__init__.pyi": MANTID,
        "api/__init__.pyi": api_stub(catalogue),
        **{f"{name}/__init__.pyi": module_stub(names_of(catalogue, name)) for name in _OTHER_MODULES},
        "simpleapi.pyi": simpleapi_stub(catalogue),
    }
    for name, text in files.items():
        if name.endswith(".pyi"):
            ast.parse(text, filename=name)
    folder, aside = site_packages / PACKAGE, Path(mkdtemp(prefix=f".{PACKAGE}.", dir=site_packages))
    try:
        for name, text in files.items():
            (aside / name).parent.mkdir(exist_ok=True)
            (aside / name).write_text(text, encoding="utf-8")
        aside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        aside.replace(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return tuple(folder / name for name in files)


def simpleapi_stub(catalogue: Catalogue) -> str:
    """Return the text of ``simpleapi.pyi``."""
    extensible = extensible_words(catalogue)
    algorithms = by_name(catalogue.algorithms)
    parts = [SIMPLEAPI]
    others = dict.fromkeys(catalogue.simpleapi or (*API_OTHERS, *KERNEL_OTHERS))
    written = {*algorithms, *defined_in(SIMPLEAPI)}
    for one in catalogue.functions:
        if is_name(one.name) and one.name in others and one.name not in written:
            parts.append(fit_function(one))
            written.add(one.name)
    parts += [function(versions, extensible) for versions in algorithms.values()]
    aliases = aliases_of(algorithms)
    parts += [f"{alias} = {name}\n" for alias, name in aliases.items()]
    written |= set(aliases)
    # The same thing under one name in two modules must be one: people import config from both.
    homes = {name: home for home in ("kernel", "api") for name in all_of(names_of(catalogue, home))}
    for name in others:
        if name not in written and is_name(name):
            home = homes.get(name)
            parts.append(f"from mantid.{home} import {name} as {name}\n" if home else f"{name}: Any\n")
    return "\n".join(parts)


def api_stub(catalogue: Catalogue) -> str:
    """Return the text of ``api/__init__.pyi``: the classes of workspaces with the algorithms that are their methods."""
    extensible = extensible_words(catalogue)
    classes = {line.split()[1] for line in API.splitlines() if line.startswith("methods_of ")}
    methods: dict[str, list[str]] = {name: [] for name in classes}
    for algorithm in catalogue.algorithms:
        if algorithm.latest and is_name(algorithm.method):
            for name in algorithm.method_on or ("Workspace",):
                methods[name if name in classes else "Workspace"].append(method(algorithm, extensible))
    lines = []
    for line in API.splitlines():
        if line.startswith("methods_of "):
            lines += [indent(text, "    ") for text in methods[line.split()[1]]]
        else:
            lines.append(line)
    return with_names("\n".join(lines) + "\n", names_of(catalogue, "api"))


def module_stub(names: ModuleNames) -> str:
    """Return the stub of a module of which the names are known."""
    return with_names(OTHER_MODULE, names)


def with_names(text: str, names: ModuleNames) -> str:
    """Return a stub with the names that it does not define."""
    written = {*defined_in(text), "Any"}
    parts = [text, *(f"class {name}(Any): ...\n" for name in names.classes if _is_missing(name, written))]
    return "\n".join([*parts, *(f"{name}: Any\n" for name in names.others if _is_missing(name, written))])


def names_of(catalogue: Catalogue, module: str) -> ModuleNames:
    """Return the names of a module below ``mantid``."""
    always = {"api": API_OTHERS, "kernel": KERNEL_OTHERS}.get(module, ())
    known = {names.module: names for names in catalogue.modules}
    return known.get(f"mantid.{module}", ModuleNames(module, (), always))


def all_of(names: ModuleNames) -> tuple[str, ...]:
    """Return all names of a module."""
    return (*names.classes, *names.others)


def _is_missing(name: str, written: set[str]) -> bool:
    return name not in written and is_name(name)


def extensible_words(catalogue: Catalogue) -> frozenset[str]:
    """Return the words of which lists of values are made that are not closed: a facility or a user adds to them."""
    instruments = {name for one in catalogue.facilities for it in one.instruments for name in (it.name, it.short_name)}
    return frozenset(instruments | {function.name for function in catalogue.functions})


def by_name(algorithms: Iterable[Algorithm]) -> dict[str, list[Algorithm]]:
    """Return the versions of each algorithm, oldest first."""
    found: dict[str, list[Algorithm]] = {}
    for algorithm in sorted(algorithms, key=lambda one: (one.name, one.version)):
        if is_name(algorithm.name):
            found.setdefault(algorithm.name, []).append(algorithm)
    return found


def aliases_of(algorithms: Mapping[str, Sequence[Algorithm]]) -> dict[str, str]:
    """Return the algorithm that each alias calls; of two that claim one, Mantid registers the later."""
    return {
        alias: name
        for name, versions in algorithms.items()
        if name not in _NO_ALIAS
        for alias in versions[-1].aliases
        if is_name(alias) and alias not in algorithms
    }


def defined_in(text: str) -> set[str]:
    """Return the names that the beginning of a stub defines or imports."""
    names = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
    return names

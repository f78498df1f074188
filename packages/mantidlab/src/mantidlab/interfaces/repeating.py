"""A result as a notebook that repeats it: the exact call, from nothing, and a last cell that compares the numbers."""

import itertools
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.comparing import fingerprint
from mantidlab.interfaces.declaring import FILE_MODULE, Interface
from mantidlab.interfaces.discovery import find
from mantidlab.interfaces.errors import CannotRepeat
from mantidlab.interfaces.parameters import nest
from mantidlab.interfaces.versions import environment
from mantidlab.interfaces.written import as_python
from mantidlab.plots.publication.steps import steps_to

if TYPE_CHECKING:
    from mantidlab.interfaces.results import Result

RUN = re.compile(r"[A-Za-z_][\w ]*\d|\d+")
"""What a person writes for a run of the archive, rather than a path."""
ENDING = ".ipynb"


def write_notebook(result: "Result[Any]", path: Path | str) -> Path:
    """Write a notebook that repeats a run.

    Parameters
    ----------
    result
        Of the run.
    path
        Of the notebook; ``.ipynb`` is added if it is not there. A notebook that somebody has changed is never written
        over: then the new one gets a number behind its name.

    Returns
    -------
    Path
        Of the notebook that repeats it.

    Raises
    ------
    CannotRepeat
        An argument cannot be written down, or the interface is declared where a notebook cannot reach it.
    """
    path = Path(path).expanduser()
    path = path if path.suffix == ENDING else path.with_name(path.name + ENDING)
    notebook = {
        "cells": [_cell(number, *cell) for number, cell in enumerate(_cells(result))],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **({"mantidhub": environment()} if environment() else {}),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return _written_beside(path, notebook)


def _written_beside(path: Path, notebook: Mapping[str, Any]) -> Path:
    """Write a notebook under the first name that is free or has the same cells; outputs stay where they are."""
    for number in itertools.count(1):
        free = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            with free.open("x", encoding="utf-8") as file:
                file.write(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
        except FileExistsError:
            if not _has_cells(free, notebook):
                continue
        return free
    raise AssertionError("numbers do not end")


def _has_cells(path: Path, notebook: Mapping[str, Any]) -> bool:
    try:
        there = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [_source(cell) for cell in there] == [_source(cell) for cell in notebook["cells"]]
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _source(cell: Mapping[str, Any]) -> tuple[str, str]:
    source = cell["source"]
    return cell["cell_type"], source if isinstance(source, str) else "".join(source)


def _cells(result: "Result[Any]") -> list[tuple[str, str]]:
    interface = find(result.provenance.interface)
    classes: dict[str, type] = {}

    def needed(kind: type) -> None:
        classes.setdefault(kind.__qualname__.partition(".")[0], kind)

    call = _call(interface, result, needed)
    declarations = _declarations(interface, call)
    brought = [*interface.brought, *_imports(classes.values())]
    files = {Path(each.path).name: each.sha256 for each in result.provenance.files}
    comparison = (
        f"result.compare(\n    {fingerprint(result.value)!r},\n    files={_lines(files)},\n"
        f"    versions={_lines(result.provenance.versions)},\n)"
    )
    code = [*declarations, *(["\n".join(dict.fromkeys(brought))] if brought else []), call, comparison]
    return [("markdown", _heading(result)), *(("code", each) for each in code)]


def _call(interface: Interface[Any, Any], result: "Result[Any]", needed: Any) -> str:
    arguments = []
    for name, given in nest(result.given).items():
        try:
            value = _plain(interface, name, given)
            written = _absolute(value, result.provenance.resolved.get(name, "")) or as_python(value, needed)
        except CannotRepeat as problem:
            raise CannotRepeat(
                f"{name} was given as an object that a notebook cannot write down. {problem} Let the interface take a "
                f"file, or what the object is made from."
            ) from problem
        arguments.append(f"    {name}={written},\n")
    return (
        f"result = {interface.name}(\n{''.join(arguments)})\nresult"
        if arguments
        else f"result = {interface.name}()\nresult"
    )


def _plain(interface: Interface[Any, Any], name: str, given: Any) -> Any:
    """Return what can be written without the classes of a file that cannot be imported by its name."""
    if not interface.function.__module__.startswith(FILE_MODULE):
        return given
    adapter = next(each.adapter for each in interface.parameters.listed if each.name == name)
    return adapter.dump_python(given, mode="json", exclude_unset=True, warnings=False)


def _absolute(value: Any, resolved: str) -> str:
    """Return the whole path of a file that was given relative to where the caller was; nothing for what is no path."""
    is_path = isinstance(value, Path) or (isinstance(value, str) and RUN.fullmatch(value) is None)
    return resolved if is_path and resolved.startswith("'/") else ""


def _declarations(interface: Interface[Any, Any], call: str) -> list[str]:
    """Return the cells of the notebook that declare the interface; none for one that can be imported."""
    if interface.function.__module__ != "__main__":
        return []
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        raise CannotRepeat(
            f"{interface.name} is declared in {interface.heading.origin}, which no notebook can import. Put that file "
            f"into ~/interfaces."
        )
    cells = shell.history_manager.input_hist_raw[: shell.execution_count + 1]
    found = steps_to(call.replace("result", "_"), [cell for cell in cells if cell.strip()])
    if not found:
        raise CannotRepeat(f"The cell that declares {interface.name} is not in this kernel's history.")
    return found


def _imports(classes: Iterable[type]) -> list[str]:
    lines = []
    for kind in classes:
        module = kind.__module__
        if module != "__main__":
            lines.append(f"from {module} import {kind.__qualname__.partition('.')[0]}")
    return sorted(lines)


def _lines(mapping: Mapping[str, str]) -> str:
    if not mapping:
        return "{}"
    return "{\n" + "".join(f"        {name!r}: {value!r},\n" for name, value in mapping.items()) + "    }"


def _heading(result: "Result[Any]") -> str:
    found = result.provenance
    title = found.environment.get("title") or f"Python {found.versions.get('python', '')}"
    lines = [
        f"# {found.title}",
        "",
        f"Repeats the run of {found.started}, which took {found.seconds:.2f} s with {title}.",
    ]
    if found.files:
        lines += ["", "| file | MB | SHA-256 |", "| --- | --- | --- |"]
        lines += [f"| `{each.path}` | {each.size / 1e6:.3g} | `{each.sha256[:16]}…` |" for each in found.files]
    return "\n".join(lines)


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})

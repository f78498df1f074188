"""What was done to a workspace: a tree of algorithms, or the lines of the notebook that made it; and as a script."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

from mantidlab.docs.catalogue import Algorithm
from mantidlab.docs.reading import KnowledgeMissing, knowledge
from mantidlab.frameworks.model import Parameter, Step
from mantidlab.plots.publication.files import SourceFile, files_read_by
from mantidlab.workspaces.objects import name_of, notebook, opened
from mantidlab.workspaces.sameness import fingerprint_of
from mantidlab.workspaces.statements import Statement, made_by, statements_of, unexplained
from mantidlab.workspaces.steps import LONGEST, call_of


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    Attributes
    ----------
    title
        The algorithm's name, or the first line.
    kind
        ``algorithm`` or ``lines``.
    source
        It as Python; what an algorithm ran itself has none.
    group
        Entries of one group were one cell.
    version, started, seconds, parameters, children
        Of an algorithm.
    """

    title: str
    kind: str
    source: str
    group: int
    version: int = 0
    started: datetime | None = None
    seconds: float | None = None
    parameters: tuple[Parameter, ...] = ()
    children: "tuple[Entry, ...]" = ()


@dataclass(frozen=True)
class History:
    """What was done to a workspace, in order.

    Attributes
    ----------
    name
        Of the workspace.
    framework
        ``mantid`` for algorithms, also those that a file tells of; ``python`` for lines of the notebook.
    entries
        The first one first.
    imports
        That a script needs besides its lines.
    files
        That were read, with their checksums.
    notes
        What a reader should know, such as what could not be found out.
    fingerprint
        Of the value that a script must give; empty where it cannot be compared.
    """

    name: str
    framework: str
    entries: tuple[Entry, ...]
    imports: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""

    def script(self) -> str:
        """Return it as a script that makes the workspace again, and says whether it is the same."""
        head = [f"# How {self.name} was made, written down {datetime.now(UTC):%Y-%m-%d}."]
        head += [_told_file(file) for file in self.files]
        head += [f"# {note}" for note in self.notes]
        compared = [_comparison(self.name, self.fingerprint)] if self.fingerprint else []
        return "\n".join([*head, "", "\n\n".join([*self.cells(), *compared]), ""])

    def cells(self) -> list[str]:
        """Return it as cells of a notebook."""
        groups: dict[int, list[str]] = {}
        for entry in self.entries:
            groups.setdefault(entry.group, []).append(entry.source)
        cells = ["\n".join(lines) for lines in groups.values()]
        return ["\n".join(self.imports), *cells] if self.imports else cells

    def __repr__(self) -> str:
        lines = [f"How {self.name} was made:", *_tree(self.entries, "  "), *(f"Note: {note}" for note in self.notes)]
        return "\n".join(lines if self.entries else [f"Nothing is known of how {self.name} was made.", *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        if not self.entries:
            return f"<p>Nothing is known of how <b>{escape(self.name)}</b> was made.</p>{notes}"
        return f"<p>How <b>{escape(self.name)}</b> was made:</p><ol>{_html(self.entries)}</ol>{notes}"


def history(thing: Any, name: str = "") -> History:
    """Return what was done to a workspace.

    Mantid's workspaces, the files that it saves and results of interfaces tell it themselves. scipp keeps no record, so
    the lines of this notebook that made the variable are looked up; other notebooks and modules are not known of.

    Parameters
    ----------
    thing
        A workspace or its name, an object of scipp, the path of a file, the result of an interface, or the name of a
        variable.
    name
        Of the variable; found where nothing is said.

    Raises
    ------
    NoSuchWorkspace
        It is nothing of the kind.
    """
    if isinstance(thing, str) and thing in notebook():
        return history(notebook()[thing], thing)
    if type(thing).__module__.startswith("mantidlab.interfaces.") and hasattr(thing, "provenance"):
        return of_result(thing, name or name_of(thing))
    called = name or name_of(thing) or (str(thing) if isinstance(thing, str | PathLike) else "")
    data = opened(thing, called)
    try:
        steps = data.history()
    finally:
        if isinstance(thing, str | PathLike) and hasattr(data, "close"):
            data.close()
    if steps or data.summary().framework == "mantid":
        return of_steps(data.summary().name, steps)
    return of_variable(called or data.summary().name, _cells(), notebook())


def of_steps(name: str, steps: Sequence[Step]) -> History:
    """Return the history that Mantid recorded."""
    algorithms = _algorithms()
    calls = [call_of(step, algorithms) for step in steps]
    entries = tuple(
        _algorithm(step, call.source, place) for place, (step, call) in enumerate(zip(steps, calls, strict=True))
    )
    names = sorted({call.function for call in calls if call.function.isidentifier()})
    written = dict.fromkeys(each for call in calls for each in call.files)
    paths = {each: Path(each).expanduser() for each in written}
    problems = dict.fromkeys(call.problem for call in calls if call.problem)
    lost = [f"Not here as it is written: {each}. Change the script to where it is." for each in _not_here(paths)]
    return History(
        name=name,
        framework="mantid",
        entries=entries,
        imports=(_import("mantid.simpleapi", names),) if names else (),
        files=tuple(SourceFile.of(path.resolve()) for path in paths.values() if path.is_file()),
        notes=(*problems, *lost),
    )


def _not_here(paths: Mapping[str, Path]) -> list[str]:
    """Return the files that are not there, of those that are told with a folder: Mantid looks for the others."""
    return [each for each, path in paths.items() if ("/" in each or "\\" in each) and not path.is_file()]


def _import(module: str, names: Sequence[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LONGEST:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def of_result(result: Any, name: str) -> History:
    """Return the history of what an interface returned: the lines that called it, and what it recorded itself."""
    found = result.provenance
    told = of_variable(name, _cells(), notebook()) if name else History(found.interface, "python", ())
    steps = tuple(
        Entry(f"{step.name}{' (was there already)' if step.cached else ''}", "algorithm", "", 0, seconds=step.seconds)
        for step in found.steps
    )
    entries = (*told.entries[:-1], replace(told.entries[-1], children=steps)) if told.entries else ()
    made = f"Made by the interface {found.title} ({found.interface} of {found.origin}), {found.started}."
    repeat = "Its method notebook() writes a notebook that repeats it and compares the numbers."
    files = tuple(SourceFile(file.path, file.sha256, file.size) for file in found.files)
    lost = told.notes if told.entries else ()
    return replace(told, entries=entries, files=files or told.files, notes=(made, repeat, *lost), fingerprint="")


def of_variable(name: str, cells: Mapping[int, str], variables: Mapping[str, Any]) -> History:
    """Return the lines of a notebook that made a variable.

    Parameters
    ----------
    name
        Of the variable, or of a part of it: ``group["up"]``.
    cells
        That ran, by their number, in order.
    variables
        Of the kernel: some hold the names of files.
    """
    statements = [each for number, code in cells.items() for each in statements_of(code, number)]
    variable = name.partition("[")[0].partition(".")[0]  # what is in a group is made by what makes the group
    found = made_by([variable], statements)
    if not any(variable in statement.binds for statement in found):
        note = f"No cell of this kernel makes {variable}: it came with the session, or its cells are not kept."
        return History(name, "python", (), notes=(note,))
    missing = sorted(unexplained([variable], found))
    notes = (f"No cell of this kernel makes {', '.join(missing)}; the script will miss it.",) if missing else ()
    paths = sorted(files_read_by((statement.source for statement in found), variables))
    return History(
        name=name,
        framework="python",
        entries=tuple(_lines(statement) for statement in found),
        files=tuple(SourceFile.of(path) for path in paths),
        notes=notes,
        fingerprint=fingerprint_of(variables[name], name) if name in variables else "",
    )


def _lines(statement: Statement) -> Entry:
    code = [line for line in statement.source.splitlines() if not line.startswith("#")]
    return Entry(code[0] if code else "", "lines", statement.source, statement.cell)


def _algorithm(step: Step, source: str, group: int) -> Entry:
    return Entry(
        title=step.name,
        kind="algorithm",
        source=source,
        group=group,
        version=step.version,
        started=step.started,
        seconds=None if step.duration is None else step.duration.total_seconds(),
        parameters=step.parameters,
        children=tuple(_algorithm(child, "", group) for child in step.children),
    )


def _cells() -> dict[int, str]:
    """Return the cells that ran in this kernel, by number; the one that runs now among them."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return {} if shell is None else dict(enumerate(shell.history_manager.input_hist_raw))


@cache
def _algorithms() -> Mapping[str, Algorithm]:
    try:
        latest = [each for each in knowledge().catalogue.algorithms if each.latest]
    except KnowledgeMissing:
        return {}
    return {name: each for each in latest for name in each.aliases} | {each.name: each for each in latest}


def _comparison(name: str, fingerprint: str) -> str:
    call = f'mantidlab.workspaces.compare({name}, "{fingerprint}")'
    return "\n".join(["# Is it what the notebook had?", "import mantidlab", "", call])


def _told_file(file: SourceFile) -> str:
    return f"# Reads {file.name}{f' (SHA-256 {file.sha256})' if file.sha256 else ''}."


def _tree(entries: Iterable[Entry], indent: str) -> list[str]:
    lines = []
    for entry in entries:
        took = f"  {entry.seconds:.2f} s" if entry.seconds is not None else ""
        lines += [f"{indent}{line}" for line in (entry.source or entry.title).splitlines()]
        lines[-1] += took
        lines += _tree(entry.children, f"{indent}    ")
    return lines


def _html(entries: Iterable[Entry]) -> str:
    items = []
    for entry in entries:
        inner = f"<ol>{_html(entry.children)}</ol>" if entry.children else ""
        took = f" {entry.seconds:.2f} s" if entry.seconds is not None else ""
        items.append(
            f"<li><code style='white-space: pre'>{escape(entry.source or entry.title)}</code>{took}{inner}</li>"
        )
    return "".join(items)

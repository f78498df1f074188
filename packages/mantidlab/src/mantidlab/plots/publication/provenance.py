"""Where a figure came from: what is written into its file."""

import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import FrameworkError, Step
from mantidlab.plots.publication.errors import NoProvenance
from mantidlab.plots.publication.files import SourceFile, files_read_by
from mantidlab.plots.publication.steps import steps_to

NAMED = ("mantidlab", "mantid", "scipp", "scippneutron", "plopp", "numpy", "scipy", "matplotlib")
"""Packages whose versions are stored, if the kernel has loaded them."""
LONGEST_STEPS = 200_000
"""Characters of steps that are stored; thousands of algorithms would make the figure a file of text."""


@dataclass(frozen=True)
class Provenance:
    """Where a figure came from.

    Attributes
    ----------
    files
        That the data came from, as far as the data say it.
    environment
        The session's: ``environment``, ``title``, ``hash`` and ``lock`` as in a notebook's ``metadata.mantidhub``;
        empty outside MantidHub.
    versions
        By package, and of Python.
    steps
        What was done: the data's own history where they have one, and the cells that made them.
    code
        The cell that drew the figure.
    saved
        When, in UTC, as ISO 8601 writes it.
    """

    files: tuple[SourceFile, ...]
    environment: Mapping[str, str]
    versions: Mapping[str, str]
    steps: tuple[str, ...]
    code: str
    saved: str

    def to_json(self) -> str:
        """Return it as text, without signs that a file's metadata may not hold."""
        return json.dumps({"mantidlab": 1, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        NoProvenance
            It is something else.
        """
        try:
            found = json.loads(text)
            files = tuple(SourceFile(**each) for each in found["files"])
            environment, versions = dict(found["environment"]), dict(found["versions"])
            return cls(files, environment, versions, tuple(found["steps"]), str(found["code"]), str(found["saved"]))
        except (ValueError, TypeError, LookupError) as problem:
            raise NoProvenance("What the file says of its origin was not written by mantidlab.") from problem

    def sentence(self) -> str:
        """Return the most important of it for a person who looks at the file's properties."""
        files = ", ".join(f"{Path(file.name).name} (SHA-256 {file.sha256[:12]}…)" for file in self.files)
        title = self.environment.get("title") or f"Python {self.versions.get('python', '')}"
        told = f"Made {self.saved[:10]} with {title}{f' from {files}' if files else ''}."
        return "".join(sign if sign.isprintable() else " " for sign in told)  # XML holds no others


def gather(things: Iterable[Any], files: Iterable[str | os.PathLike[str]]) -> Provenance:
    """Return where a figure of these data comes from, when it is saved from a cell.

    Parameters
    ----------
    things
        Workspaces, scipp objects, paths: what a figure shows.
    files
        Further files that they were made of.
    """
    code, before, names = _kernel()
    steps: list[str] = []
    paths = {Path(each).expanduser().resolve() for each in files}
    for thing in things:
        found, history = _origin(thing)
        paths |= found
        steps += history
    cells = steps_to(code, before)
    paths |= files_read_by([*steps, *cells], names)
    return Provenance(
        files=tuple(SourceFile.of(path) for path in sorted(paths)),
        environment=_environment(),
        versions=_versions(),
        steps=_bounded([*steps, *cells]),
        code=code,
        saved=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _origin(thing: Any) -> tuple[set[Path], list[str]]:
    """Return the files that one thing comes from and its own history, as far as it knows them."""
    if isinstance(thing, str | os.PathLike) and Path(thing).expanduser().is_file():
        return {Path(thing).expanduser().resolve()}, []
    own = getattr(thing, "path", None)
    files = {Path(own).resolve()} if isinstance(own, str | os.PathLike) and Path(own).is_file() else set()
    try:
        history = as_data_object(thing).history()
    except FrameworkError:
        history = ()
    return files, [_told(step) for step in history]


def _told(step: Step) -> str:
    """Return a step as a line of Python, without what it takes when nothing is said."""
    arguments = (f"{each.name}={each.value!r}" for each in step.parameters if not each.is_default)
    return f"{step.name}({', '.join(arguments)})  # version {step.version}"


def _kernel() -> tuple[str, list[str], Mapping[str, Any]]:
    """Return the cell that runs now, those that ran before it in this kernel, and the kernel's variables."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return "", [], {}
    cells: Sequence[str] = shell.history_manager.input_hist_raw[: shell.execution_count + 1]
    code, before = (cells[-1], list(cells[:-1])) if cells else ("", [])
    return code, before, dict(shell.user_ns)


def _environment() -> dict[str, str]:
    variables = {"environment": "MANTIDHUB_ENVIRONMENT"}
    variables |= {part: f"MANTIDHUB_ENVIRONMENT_{part.upper()}" for part in ("title", "hash", "lock")}
    return {part: os.environ[variable] for part, variable in variables.items() if os.environ.get(variable)}


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in NAMED:
        if package in sys.modules:
            own = getattr(sys.modules[package], "__version__", "")
            try:
                found[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                found[package] = str(own)
    return found


def _bounded(steps: Sequence[str]) -> tuple[str, ...]:
    """Return the last steps that are not too long together, and say how many are missing."""
    kept: list[str] = []
    room = LONGEST_STEPS
    for step in reversed(steps):
        room -= len(step)
        if room < 0:
            kept.append(f"# {len(steps) - len(kept)} earlier steps are left out")
            break
        kept.append(step)
    return tuple(kept[::-1])

"""The one door to Mantid, which is GPL-3.0: nothing else here imports it, and this only when it is asked to."""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any

from mantidlab.frameworks.mantid_algorithms import AlgorithmWatcher
from mantidlab.frameworks.mantid_objects import data_object
from mantidlab.frameworks.mantid_running import run
from mantidlab.frameworks.mantid_stale import fresh
from mantidlab.frameworks.mantid_watch import Watcher, observer_of
from mantidlab.frameworks.model import DataObject, FrameworkError, Gone
from mantidlab.names import some_of

NAMED = 8
"""Workspaces that an error names."""


class MantidMissing(FrameworkError):
    """Mantid is not in this environment, or does not start."""


@dataclass(frozen=True)
class MantidModules:
    """Mantid's Python modules, which carry no types."""

    kernel: Any
    api: Any
    geometry: Any
    dataobjects: Any
    simpleapi: Any


def mantid_modules() -> MantidModules:
    """Import Mantid and start its framework (1.4 to 2.3 s, some 300 MB).

    Raises
    ------
    MantidMissing
        It is not in this environment, or its start failed.
    """
    names = ("kernel", "api", "geometry", "dataobjects", "simpleapi")
    try:
        return MantidModules(**{name: importlib.import_module(f"mantid.{name}") for name in names})
    except Exception as error:  # it loads some 300 plugins, which raise what they like
        if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] == "mantid":
            raise MantidMissing(
                f"Mantid is not in this environment ({error}). Start a session with an environment that has it."
            ) from error
        raise MantidMissing(
            f"Mantid is here but does not start ({type(error).__name__}: {error}). It needs a home folder that can be "
            f"written (HOME is {os.environ.get('HOME', 'not set')}) and all the packages that it stands on."
        ) from error


def workspace_names() -> tuple[str, ...]:
    """Return the names of Mantid's workspaces, sorted, without those that it hides (``__…``)."""
    return tuple(sorted(str(name) for name in mantid_modules().api.AnalysisDataService.getObjectNames()))


def open_workspace(name: str) -> DataObject:
    """Return the workspace of a name.

    Raises
    ------
    Gone
        There is none.
    """
    return as_data_object(workspace(name))


def workspace(name: str) -> Any:
    """Return a handle of the workspace of a name.

    Raises
    ------
    Gone
        There is none.
    """
    try:
        return mantid_modules().api.AnalysisDataService.retrieve(name)
    except KeyError as error:
        there = some_of(workspace_names(), NAMED) or "none"
        raise Gone(f"There is no workspace {name!r}; the ones there are: {there}.") from error


def is_group(thing: Any) -> bool:
    """Return whether something is a group of workspaces, or the name of one."""
    service = mantid_modules().api.AnalysisDataService
    named = isinstance(thing, str) and service.doesExist(thing)
    return hasattr(service.retrieve(thing) if named else thing, "getNumberOfEntries")


def as_data_object(workspace: Any) -> DataObject:
    """Return a workspace that one has a handle of, such as a variable."""
    return data_object(workspace, keep)


def save(name: str, path: str, *, multi_dimensional: bool) -> None:
    """Let Mantid write a workspace into a file: ``SaveMD`` or ``SaveNexusProcessed``.

    Raises
    ------
    FrameworkError
        Mantid did not.
    """
    run_algorithm("SaveMD" if multi_dimensional else "SaveNexusProcessed", InputWorkspace=name, Filename=path)


def keep(workspace: Any) -> object:
    """Return an object that keeps a workspace in memory as long as it lives itself.

    A property of an algorithm holds what it was given, as nothing else does that Python can make: handles are weak, and
    arrays hold on to nothing. The algorithm is never run.
    """
    algorithm = mantid_modules().api.AlgorithmManager.createUnmanaged("CloneWorkspace")
    algorithm.initialize()
    algorithm.setProperty("InputWorkspace", workspace)
    return algorithm


def run_algorithm(name: str, **properties: Any) -> dict[str, Any]:
    """Run one of Mantid's algorithms, as a step that panels see and can stop. Call it in the thread that runs cells.

    Parameters
    ----------
    name
        As Mantid registers it: ``Rebin``.
    properties
        By their names, workspaces by name; those that are None are left out. Output workspaces need names.

    Returns
    -------
    dict
        What it gave, by the names of its output properties.

    Raises
    ------
    AlgorithmFailed
        It refused what it was given, or ended with an error; the message has Mantid's own words.
    """
    api = mantid_modules().api
    return run(api.AlgorithmManager, name, properties, api.AnalysisDataService)


def has_algorithm(name: str) -> bool:
    """Return whether this Mantid has an algorithm."""
    return bool(mantid_modules().api.AlgorithmFactory.exists(name))


def delete_workspaces(*names: str) -> None:
    """Remove workspaces; one that is not there is no error."""
    service = mantid_modules().api.AnalysisDataService
    for name in names:
        service.remove(name)


def watched_by(watcher: Watcher) -> tuple[object, tuple[str, ...]] | None:
    """Let a watcher be told of Mantid's list of workspaces, without starting Mantid. In the main thread only.

    Returns
    -------
    tuple
        The observer, to be kept as long as it is to watch, and the names that are there; None where nobody has
        imported Mantid yet.
    """
    api: Any = sys.modules.get("mantid.api")
    if not hasattr(api, "AnalysisDataServiceObserver"):
        return None
    observer = observer_of(watcher, api.AnalysisDataServiceObserver)
    return observer, tuple(str(name) for name in api.AnalysisDataService.getObjectNames())


def algorithms_watched_by(watcher: AlgorithmWatcher) -> bool:
    """Let a watcher be told of the algorithms that run, without starting Mantid. In the main thread only.

    Returns
    -------
    bool
        Whether it is; False where nobody has imported Mantid yet.
    """
    api: Any = sys.modules.get("mantid.api")
    if not hasattr(api, "AlgorithmObserver"):
        return False
    watcher.watch(api.AlgorithmObserver)
    return True


def cancel_algorithms() -> None:
    """Cancel all algorithms that run, if Mantid is there; from a thread other than theirs."""
    api: Any = sys.modules.get("mantid.api")
    if hasattr(api, "AlgorithmManager"):
        api.AlgorithmManager.cancelAll()


def name_of(workspace: Any) -> str:
    """Return the name of a workspace that one has a handle of; empty where it was deleted or replaced."""
    try:
        with fresh():
            return str(workspace.name())
    except Gone:
        return ""

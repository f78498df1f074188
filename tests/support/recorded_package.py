"""A package ``mantid`` for a kernel, made of the recorded workspaces and of what running algorithms were seen to do."""

import os
from pathlib import Path

PACKAGE = {
    "mantid/__init__.py": "",
    "mantid/api/__init__.py": """
from typing import Any
from support.recorded_running import Algorithms, RunningAlgorithm
from support.recorded_workspaces import DataService, Workspace

ALGORITHMS = Algorithms()
AlgorithmObserver = ALGORITHMS.observer_base()
FACTORY = {}


class AlgorithmFactory:
    def subscribe(kind):
        FACTORY[kind.__name__] = kind


class Progress:
    def __init__(self, algorithm, begin, end, count):
        self._algorithm, self._count, self._done = algorithm, count, 0

    def report(self, message):
        self._done += 1
        if self._algorithm.proxy._cancelled.is_set():
            raise Cancelled
        self._algorithm.proxy._progress(self._done / self._count, message)


class Cancelled(KeyboardInterrupt):
    pass


class PythonAlgorithm:
    \"\"\"One written in Python: an interrupt or a cancelling comes out as RuntimeError, with a traceback's lines.\"\"\"

    def setRethrows(self, on):
        assert on

    def execute(self):
        self.proxy = RunningAlgorithm(type(self).__name__)
        for observer in ALGORITHMS._starts:
            observer.startingHandle(self.proxy)
        ALGORITHMS._running.append(self.proxy)
        try:
            self.PyExec()
        except BaseException as problem:
            said = f"{problem}\\n  at line 31 in 'waits.py'"
            self.proxy._tell("errorHandle", said)
            raise RuntimeError(said) from None
        finally:
            ALGORITHMS._running.remove(self.proxy)
        self.proxy._tell("finishHandle")


class AlgorithmManager:
    cancelAll = ALGORITHMS.manager.cancelAll

    def create(name):
        return FACTORY[name]()


class Service(DataService):
    \"\"\"The list, which tells its observers as a real one was seen to: names first, while its own thread waits.\"\"\"

    def _tell(self, kind, *said):
        for observer, kinds in list(OBSERVERS):
            if kind in kinds:
                getattr(observer, kind + "Handle")(*said)

    def put(self, key, name):
        there = name in self._there
        made = self._put(key, name)
        self._tell("replace" if there else "add", name, made)
        return made

    def remove(self, name):
        gone = self._there.pop(name, None)
        if gone is not None:
            self._tell("delete", name, gone)
            gone._let_go()

    def rename(self, name, new):
        taken = self._there.pop(new, None)
        self._there[new] = self._there.pop(name)
        self._there[new]._name = new
        self._tell("rename", name, new)
        self._tell("replace", new, self._there[new])

    def clear(self):
        self._there.clear()
        self._tell("clear")


OBSERVERS = []
# By their module panels know handles of Mantid's without touching them.
Workspace.__module__ = "mantid.api._api"


class AnalysisDataServiceObserver:
    def __init__(self):
        self._kinds = set()
        OBSERVERS.append((self, self._kinds))

    def __getattr__(self, name):
        if not name.startswith("observe"):
            raise AttributeError(name)
        kind = name.removeprefix("observe")
        return lambda on: self._kinds.add(kind[0].lower() + kind[1:])


AnalysisDataService = Service()
""",
    "mantid/kernel/__init__.py": "",
    "mantid/geometry/__init__.py": "",
    "mantid/dataobjects/__init__.py": "",
    "mantid/simpleapi/__init__.py": """
from mantid.api import ALGORITHMS, AnalysisDataService as mtd

def CreateSampleWorkspace(**given):
    return mtd.put("hist", "ws")

def SetSample(workspace, **given):
    pass

def MonteCarloAbsorption(InputWorkspace, OutputWorkspace, EventsPerPoint):
    ALGORITHMS.run("MonteCarloAbsorption", steps=EventsPerPoint // 100, each=0.02)

def CloneWorkspace(InputWorkspace, OutputWorkspace):
    return mtd.put("hist", OutputWorkspace)

def RenameWorkspace(InputWorkspace, OutputWorkspace):
    mtd.rename(InputWorkspace, OutputWorkspace)

def DeleteWorkspace(Workspace):
    mtd.remove(Workspace)
""",
}


def write_package(folder: Path) -> dict[str, str]:
    """Write the package, and return the variables by which a kernel finds it."""
    for name, source in PACKAGE.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    path = [str(folder), str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path))}

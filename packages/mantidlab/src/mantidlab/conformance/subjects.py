"""The workspaces that the expectations speak of, made by the Mantid of this environment.

They are made as the recorded ones were (their history says how), under names that Mantid hides (``__…``) and that no
one else has, and they are deleted at the end.
"""

import os
import re
from collections.abc import Callable
from typing import Any

from mantidlab.conformance.expectations import Subject
from mantidlab.frameworks import mantid
from mantidlab.frameworks.mantid_watch import Watcher, observer_of

# Subjects that an environment may not be able to make: instrument definitions can be installed apart.
OPTIONAL = ("MARI",)


def told(base: type[Any], name: str, act: Callable[[], object]) -> list[str]:
    """Return what an observer is told of a workspace while something is done."""
    watcher = Watcher()
    observer = observer_of(watcher, base)
    try:
        watcher.begin([name])
        act()
    finally:
        observer.observeAll(False)
    return [str(change.what) for change in watcher.changes() if change.name == name]


class Making:
    """Makes each subject when it is first asked for."""

    def __init__(self) -> None:
        self.modules = mantid.mantid_modules()
        self._prefix = f"__mantidlab_conformance_{os.getpid()}_"
        self._names: set[str] = set()
        self._made: dict[str, Subject] = {}
        self._failed: dict[str, Exception] = {}

    def version(self) -> tuple[int, int]:
        """Return Mantid's version, such as (6, 16); (0, 0) where it says something else."""
        found = re.match(r"(\d+)\.(\d+)", str(self.modules.kernel.version_str()))
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def named(self) -> str:
        """Return its version as a text."""
        return ".".join(map(str, self.version()))

    def subject(self, about: str) -> Subject:
        """Return a subject; what fails is Mantid's own error."""
        if about not in self._made:
            name = self._make(about)
            service = self.modules.api.AnalysisDataService
            raw = service.retrieve(name)
            self._made[about] = Subject(
                raw,
                mantid.as_data_object(raw),
                mantid.keep,
                lambda: service.remove(name),
                lambda act: told(self.modules.api.AnalysisDataServiceObserver, name, act),
            )
        return self._made[about]

    def tidier(self) -> Callable[[], None]:
        """Return what deletes the workspaces that come from now on."""
        service = self.modules.api.AnalysisDataService
        before = set(map(str, service.getObjectNames()))

        def tidy() -> None:
            for name in set(map(str, service.getObjectNames())) - before:
                service.remove(name)

        return tidy

    def clean(self) -> None:
        """Delete what was made."""
        self._made.clear()
        service = self.modules.api.AnalysisDataService
        for name in sorted(self._names, reverse=True):
            if service.doesExist(name):
                service.remove(name)

    def _name(self, about: str) -> str:
        name = self._prefix + about.replace(" ", "_")
        self._names.add(name)
        return name

    def _make(self, about: str) -> str:
        if about in self._failed:  # a half of it may be there
            raise self._failed[about]
        name = self._name(about)
        service = self.modules.api.AnalysisDataService
        if service.doesExist(name):
            return name
        try:
            return MAKERS[about](self, name) or name
        except Exception as error:
            self._failed[about] = error
            raise

    def run(self, algorithm: str, **properties: Any) -> None:
        """Run an algorithm.

        Not through ``simpleapi``, which reads the byte code of its caller, nor as a managed algorithm: what watches the
        user's algorithms does not see these.
        """
        made = self.modules.api.AlgorithmManager.createUnmanaged(algorithm)
        made.initialize()
        made.setRethrows(True)
        for name, value in properties.items():
            made.setProperty(name, value)
        made.execute()

    def need(self, about: str) -> str:
        """Return the name of another subject, which is made if need be."""
        return self._make(about)

    def table(self, name: str) -> None:
        """Make a table with a column of each type."""
        self.run("CreateEmptyTableWorkspace", OutputWorkspace=name)
        table = self.modules.api.AnalysisDataService.retrieve(name)
        for kind, column in COLUMNS:
            table.addColumn(kind, column)
        vector = self.modules.kernel.V3D
        nan = float("nan")
        table.addRow([1, 2**40, 2.5, 1.5, "x", True, vector(1, 2, 3), [1.0, 2.0], [1, 2]])
        table.addRow([-1, 3, nan, 1e30, "unicode µ", False, vector(0, 0, 1), [], []])

    def fit(self) -> str:
        """Fit a line to the sample left of its peak and return the stem of the names of what comes out.

        The peak is one bin wide: infinitely many Gaussians go through it, and each version finds another.
        """
        stem = self._prefix + "fit"
        outputs = [stem + end for end in ("_Workspace", "_Parameters", "_NormalisedCovarianceMatrix")]
        self._names.update(outputs)
        if not self.modules.api.AnalysisDataService.doesExist(outputs[0]):
            function = "name=LinearBackground,A0=1,A1=0"
            hist = self.need("hist")
            self.run("Fit", Function=function, InputWorkspace=hist, StartX=100, EndX=9000, Output=stem)
        return stem


COLUMNS = (
    ("int", "i"),
    ("long64", "l"),
    ("double", "d"),
    ("float", "f"),
    ("str", "s"),
    ("bool", "b"),
    ("V3D", "v"),
    ("vector_double", "vd"),
    ("vector_int", "vi"),
)


def _distribution(making: Making, name: str) -> None:
    making.run("CloneWorkspace", InputWorkspace=making.need("hist"), OutputWorkspace=name)
    making.run("ConvertToDistribution", Workspace=name)


def _logs(making: Making, name: str) -> None:
    powder = {"Function": "Powder Diffraction", "NumBanks": 3, "NumMonitors": 2, "BankPixelWidth": 8, "Random": True}
    making.run("CreateSampleWorkspace", OutputWorkspace=name, XMin=2000, XMax=18000, BinWidth=20, **powder)
    number = {"LogType": "Number", "LogUnit": "K"}
    making.run("AddSampleLog", Workspace=name, LogName="temperature", LogText="4.2", **number)
    making.run("AddSampleLog", Workspace=name, LogName="note", LogText="some text")
    for step in range(10):
        time = f"2010-01-01T00:{5 * step:02d}:00"
        making.run("AddTimeSeriesLog", Workspace=name, Name="sample_temp", Time=time, Value=4.2 + 0.1 * step)


def _masked(making: Making, name: str) -> None:
    making.run("CreateSampleWorkspace", OutputWorkspace=name)
    making.run("MaskDetectors", Workspace=name, WorkspaceIndexList=[3, 4, 50])


def _transposed(making: Making, name: str) -> None:
    summed = making._name("sum")
    making.run("SumSpectra", InputWorkspace=making.need("hist"), OutputWorkspace=summed)
    making.run("Transpose", InputWorkspace=summed, OutputWorkspace=name)


def _peaks(making: Making, name: str) -> None:
    sample = making.need("hist")
    making.run("CreatePeaksWorkspace", InstrumentWorkspace=sample, NumberOfPeaks=0, OutputWorkspace=name)
    for time, detector in ((5000, 105), (6000, 150), (7000, 230)):
        what = {"TOF": time, "DetectorID": detector, "Height": 10, "BinCount": 5}
        making.run("AddPeak", PeaksWorkspace=name, RunWorkspace=sample, **what)


def _grid_events(making: Making, name: str) -> None:
    space = {"Extents": "-3,3,-3,3,-3,3", "Names": "H,K,L", "Units": "r.l.u.,r.l.u.,r.l.u."}
    making.run("CreateMDWorkspace", OutputWorkspace=name, Dimensions=3, **space)
    making.run("FakeMDEventData", InputWorkspace=name, UniformParams="9000")


def _grid(making: Making, name: str) -> None:
    bins = {"AlignedDim0": "H,-3,3,60", "AlignedDim1": "K,-3,3,50", "AlignedDim2": "L,-3,3,10"}
    making.run("BinMD", InputWorkspace=making.need("grid events"), OutputWorkspace=name, **bins)


def _group(making: Making, name: str) -> None:
    one, other = making._name("member_1"), making._name("member_2")
    making.run("CreateSampleWorkspace", OutputWorkspace=one)
    making.run("CreateSampleWorkspace", OutputWorkspace=other)
    making.run("GroupWorkspaces", InputWorkspaces=[one, other], OutputWorkspace=name)


def _ragged(making: Making, name: str) -> None:
    making.run("ConvertUnits", InputWorkspace=making.need("logs"), OutputWorkspace=name, Target="dSpacing")


# Each makes its subject under the name it is given, or returns the name under which it stands.
MAKERS: dict[str, Callable[[Making, str], str | None]] = {
    "hist": lambda making, name: making.run("CreateSampleWorkspace", OutputWorkspace=name),
    "doomed": lambda making, name: making.run("CreateSampleWorkspace", OutputWorkspace=name),
    "points": lambda making, name: making.run(
        "ConvertToPointData", InputWorkspace=making.need("hist"), OutputWorkspace=name
    ),
    "distribution": _distribution,
    "logs": _logs,
    "ragged": _ragged,
    "log bins": lambda making, name: making.run(
        "Rebin", InputWorkspace=making.need("hist"), OutputWorkspace=name, Params="100,-0.02,20000"
    ),
    "events": lambda making, name: making.run(
        "CreateSampleWorkspace", OutputWorkspace=name, WorkspaceType="Event", NumBanks=1, NumEvents=500
    ),
    "masked": _masked,
    "text axis": lambda making, name: making.fit() + "_Workspace",
    "parameters": lambda making, name: making.fit() + "_Parameters",
    "transposed": _transposed,
    "single value": lambda making, name: making.run(
        "CreateSingleValuedWorkspace", OutputWorkspace=name, DataValue=3.5, ErrorValue=0.1
    ),
    "table": lambda making, name: making.table(name),
    "peaks": _peaks,
    "grid events": _grid_events,
    "grid": _grid,
    "doomed grid": _grid,
    "group": _group,
    "MARI": lambda making, name: making.run("LoadEmptyInstrument", InstrumentName="MARI", OutputWorkspace=name),
}

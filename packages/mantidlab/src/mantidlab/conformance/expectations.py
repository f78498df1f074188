"""What the adapter expects of Mantid, as data: about which workspace, what is looked at, and what it must be.

Most hold for every Mantid from 3.13 to 6.16: they follow from how a workspace is made, or compare what the adapter says
with what Mantid itself says of the same workspace. ``recorded`` ones are what Mantid 3.13 answered and depend on its
defaults or rounding: of a later Mantid they are shown, and not judged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import DataObject, FrameworkError

FIRST = (3, 13)
NUMBERS = 1e-9  # relative; the two sides read the same doubles, or compute them by formulas of a few steps
ANGLES = 1e-7  # radians; arccos near 0 loses half of the digits


@dataclass
class Subject:
    """One workspace: Mantid's handle, the adapter's view of it, and what may be done to it."""

    raw: Any
    data: DataObject
    keep: Callable[[Any], object]
    delete: Callable[[], None]
    told: Callable[[Callable[[], object]], list[str]]  # what an observer is told of it while something is done


@dataclass(frozen=True)
class Expectation:
    """One expectation.

    Attributes
    ----------
    about
        The name of the subject.
    found
        Reads it.
    expected
        What it must be; a function asks Mantid itself.
    within
        Largest difference of numbers, relative and absolute; None: equal.
    recorded
        Whether it is judged for Mantid 3.13 only.
    """

    about: str
    what: str
    found: Callable[[Subject], Any]
    expected: Any
    within: float | None = None
    recorded: bool = False

    def judged(self, version: tuple[int, int]) -> bool:
        """Return whether this Mantid must fulfil it."""
        return not self.recorded or version == FIRST

    def wanted(self, subject: Subject) -> Any:
        """Return what must be found."""
        return self.expected(subject) if callable(self.expected) else self.expected

    def holds(self, found: Any, wanted: Any) -> bool:
        """Return whether it is."""
        if isinstance(found, np.ndarray) or isinstance(wanted, np.ndarray):
            one, other = np.asarray(found), np.asarray(wanted)
            if one.shape != other.shape:
                return False
            if one.dtype.kind not in "fiu":
                return bool((one == other).all())
            allowed = self.within or 0.0
            return bool(np.allclose(one, other, rtol=allowed, atol=allowed, equal_nan=True))
        if self.within is not None:
            return bool(abs(found - wanted) <= self.within * max(1.0, abs(wanted)))
        return bool(found == wanted)


def refusal(act: Callable[[], object]) -> str:
    """Return the class of the error that something raises; empty if it raises none."""
    try:
        act()
    except (RuntimeError, ValueError, OverflowError, KeyError, IndexError, FrameworkError) as error:
        return type(error).__name__
    return ""


def mask_of(subject: Subject) -> Any:
    """Return the mask of the image."""
    return subject.data.image().mask


def column(subject: Subject, name: str) -> Any:
    """Return the cells of a column."""
    return next(found.values for found in subject.data.table().columns if found.name == name)


def after_delete(subject: Subject, act: Callable[[], object]) -> str:
    """Delete the workspace, then try something."""
    subject.delete()
    return refusal(act)


def kept_through_delete(subject: Subject) -> str:
    """Return what a kept workspace says of itself after it was deleted."""
    keeper = subject.keep(subject.raw)
    subject.delete()
    answer = str(subject.raw.id())
    del keeper
    return answer


def _spectra() -> list[Expectation]:
    def first(subject: Subject) -> Any:
        return subject.data.spectra()[0]

    found = []
    for about in (
        "hist",
        "points",
        "distribution",
        "ragged",
        "log bins",
        "events",
        "masked",
        "text axis",
        "transposed",
    ):
        found += [
            Expectation(
                about,
                "values of the last spectrum are Mantid's",
                lambda subject: subject.data.spectra()[-1].values,
                lambda subject: np.array(subject.raw.readY(subject.raw.getNumberHistograms() - 1)),
            ),
            Expectation(
                about,
                "errors of the last spectrum are Mantid's",
                lambda subject: subject.data.spectra()[-1].errors,
                lambda subject: np.array(subject.raw.readE(subject.raw.getNumberHistograms() - 1)),
            ),
            Expectation(
                about,
                "its positions are Mantid's",
                lambda subject: subject.data.spectra()[-1].axis.values,
                lambda subject: np.array(subject.raw.readX(subject.raw.getNumberHistograms() - 1)),
            ),
            Expectation(
                about,
                "the image holds what the spectra hold",
                lambda subject: subject.data.image().values[1 % len(subject.data.spectra())],
                lambda subject: subject.data.spectra()[1 % len(subject.data.spectra())].values,
            ),
            Expectation(
                about,
                "an edge more than values, if and only if they are bins",
                lambda subject: len(first(subject).axis.values) - len(first(subject).values),
                lambda subject: int(subject.raw.isHistogramData()),
            ),
        ]
    found += [
        Expectation("hist", "spectra and bins", lambda subject: subject.data.summary().shape, (200, 100)),
        Expectation("hist", "type", lambda subject: subject.data.summary().type, "Workspace2D"),
        Expectation("hist", "instrument", lambda subject: subject.data.summary().instrument, "basic_rect"),
        Expectation("hist", "memory", lambda s: s.data.summary().memory, lambda s: int(s.raw.getMemorySize())),
        Expectation("hist", "axis", lambda subject: first(subject).axis.name, "TOF"),
        Expectation("hist", "axis label", lambda subject: first(subject).axis.label, "Time-of-flight"),
        Expectation("hist", "axis unit", lambda subject: first(subject).axis.unit, "µs"),
        Expectation("hist", "edges", lambda subject: first(subject).axis.values, np.linspace(0, 20000, 101), NUMBERS),
        Expectation("hist", "even steps are not logarithmic", lambda subject: first(subject).axis.log, False),
        Expectation("hist", "name of the first spectrum", lambda subject: first(subject).name, "spectrum 1"),
        Expectation("hist", "unit of the values", lambda subject: first(subject).unit, "counts"),
        Expectation("hist", "first value", lambda subject: float(first(subject).values[0]), 0.3, 1e-6, recorded=True),
        Expectation("hist", "nothing is masked", lambda subject: first(subject).mask, None),
        Expectation("hist", "Mantid's views are read-only", lambda s: bool(s.raw.readY(0).flags.writeable), False),
        Expectation("hist", "ours as well", lambda s: bool(first(s).values.flags.writeable), False),
        Expectation("hist", "beyond the end Mantid refuses", lambda s: refusal(lambda: s.raw.readY(200)) != "", True),
        Expectation("hist", "and so do we", lambda s: refusal(lambda: s.data.spectra()[200]), "IndexError"),
        Expectation("hist", "the axis across", lambda s: s.data.image().axes[0].values[:3], np.array([1.0, 2.0, 3.0])),
        Expectation("points", "are not edges", lambda subject: first(subject).axis.edges, False),
        Expectation("points", "first point", lambda subject: float(first(subject).axis.values[0]), 100.0, NUMBERS),
        Expectation("distribution", "says so", lambda subject: first(subject).distribution, True),
        Expectation("distribution", "unit", lambda subject: first(subject).unit, "counts/µs"),
        Expectation("ragged", "axis", lambda subject: first(subject).axis.name, "dSpacing"),
        Expectation("ragged", "axis unit", lambda subject: first(subject).axis.unit, "Å"),
        Expectation("ragged", "each row has its positions", lambda s: s.data.image().axes[1].values.ndim, 2),
        Expectation("log bins", "logarithmic", lambda subject: first(subject).axis.log, True),
        Expectation("masked", "spectrum 3 is masked", lambda s: s.data.spectra()[3].mask, np.ones(100, dtype=bool)),
        Expectation("masked", "spectrum 5 is not", lambda subject: subject.data.spectra()[5].mask, None),
        Expectation("masked", "detectors masked", lambda subject: int(subject.data.geometry().masked.sum()), 3),
        Expectation("masked", "rows masked", lambda s: np.flatnonzero(mask_of(s)[:, 0]), np.array([3, 4, 50])),
        Expectation("text axis", "texts", lambda s: list(s.data.image().axes[0].values), ["Data", "Calc", "Diff"]),
        Expectation("text axis", "name of the second", lambda subject: subject.data.spectra()[1].name, "Calc"),
        Expectation("transposed", "edges across", lambda subject: subject.data.image().axes[0].edges, True),
        Expectation("single value", "value", lambda subject: float(first(subject).values[0]), 3.5),
        Expectation("single value", "error", lambda subject: float(first(subject).errors[0]), 0.1, NUMBERS),
        Expectation("single value", "no detectors", lambda s: refusal(s.data.geometry), "NotThere"),
    ]
    return found


def _events() -> list[Expectation]:
    edges = np.linspace(0.0, 20000.0, 6)
    return [
        Expectation("events", "kind", lambda subject: str(subject.data.summary().kind), "events"),
        Expectation("events", "number", lambda s: s.data.summary().events, lambda s: s.raw.getNumberEvents()),
        Expectation("events", "number of 3.13", lambda subject: subject.data.summary().events, 42500, recorded=True),
        Expectation(
            "events",
            "five bins hold what twenty each held",
            lambda subject: subject.data.binned(edges).spectra()[7].values,  # type: ignore[attr-defined]
            lambda subject: np.array(subject.raw.readY(7)).reshape(5, 20).sum(axis=1),
            NUMBERS,
        ),
        Expectation(
            "events",
            "and their errors add as squares",
            lambda subject: subject.data.binned(edges).spectra()[7].errors,  # type: ignore[attr-defined]
            lambda subject: np.sqrt((np.array(subject.raw.readE(7)) ** 2).reshape(5, 20).sum(axis=1)),
            NUMBERS,
        ),
    ]


def _geometry() -> list[Expectation]:
    def angles(subject: Subject) -> Any:
        geometry = subject.data.geometry()
        return geometry.two_theta()[~geometry.monitor]

    def mantids(subject: Subject) -> Any:
        info = subject.raw.detectorInfo()
        return np.array([info.twoTheta(index) for index in range(info.size()) if not info.isMonitor(index)])

    found = []
    for about in ("hist", "MARI"):
        found += [
            Expectation(about, "scattering angles are Mantid's", angles, mantids, ANGLES),
            Expectation(
                about,
                "distance from source to sample is Mantid's",
                lambda s: float(np.linalg.norm(s.data.geometry().source - s.data.geometry().sample)),
                lambda subject: float(subject.raw.componentInfo().l1()),
                NUMBERS,
            ),
            Expectation(
                about,
                "detector numbers are Mantid's",
                lambda subject: subject.data.geometry().ids,
                lambda subject: np.array(subject.raw.detectorInfo().detectorIDs()),
            ),
            Expectation(about, "along the beam", lambda s: s.data.geometry().beam, np.array([0.0, 0.0, 1.0])),
            Expectation(about, "up", lambda subject: subject.data.geometry().up, np.array([0.0, 1.0, 0.0])),
        ]
    found += [
        Expectation("hist", "banks", lambda s: [bank.name for bank in s.data.geometry().banks], ["bank1", "bank2"]),
        Expectation(
            "hist",
            "layout",
            lambda s: [bank.shape for bank in s.data.geometry().banks],
            [(10, 10), (10, 10)],
            recorded=True,
        ),
        Expectation("hist", "shape of a pixel", lambda s: s.data.geometry().shapes[0].kind, "cylinder", recorded=True),
        Expectation(
            "hist",
            "width of a pixel",
            lambda s: float(np.asarray(s.data.geometry().sizes)[0, 0]),
            0.008,
            1e-4,
            recorded=True,
        ),
        Expectation("hist", "detector of spectrum 7", lambda s: s.data.spectrum_detectors()[7], np.array([7])),
        Expectation("MARI", "has monitors", lambda subject: bool(subject.data.geometry().monitor.any()), True),
        Expectation("MARI", "detectors of 3.13", lambda s: len(s.data.geometry().ids), 921, recorded=True),
        Expectation(
            "MARI",
            "tubes have a size",
            lambda s: bool(np.isfinite(np.asarray(s.data.geometry().sizes)).all()),
            True,
            recorded=True,
        ),
    ]
    return found


def _records() -> list[Expectation]:
    return [
        Expectation("logs", "number", lambda subject: subject.data.logs()["temperature"].value, 4.2, NUMBERS),
        Expectation("logs", "its unit", lambda subject: subject.data.logs()["temperature"].unit, "K"),
        Expectation("logs", "text", lambda subject: subject.data.logs()["note"].value, "some text"),
        Expectation(
            "logs", "series", lambda s: s.data.logs()["sample_temp"].values, 4.2 + 0.1 * np.arange(10), NUMBERS
        ),
        Expectation("logs", "its last value", lambda s: s.data.logs()["sample_temp"].value, 5.1, NUMBERS),
        Expectation(
            "logs",
            "its times",
            lambda subject: subject.data.logs()["sample_temp"].times,
            np.datetime64("2010-01-01T00:00:00", "ns") + np.arange(10) * np.timedelta64(300, "s"),
        ),
        Expectation("logs", "a name that is not there", lambda s: refusal(lambda: s.data.logs()["nope"]), "KeyError"),
        Expectation("hist", "first step", lambda subject: subject.data.history()[0].name, "CreateSampleWorkspace"),
        Expectation("hist", "its version", lambda subject: subject.data.history()[0].version, 1),
        Expectation("hist", "when", lambda subject: subject.data.history()[0].started is not None, True),
        Expectation(
            "ragged",
            "what the last step was told",
            lambda s: {p.name: p.value for p in s.data.history()[-1].parameters if not p.is_default}["Target"],
            "dSpacing",
        ),
    ]


def _tables() -> list[Expectation]:
    return [
        Expectation("table", "rows and columns", lambda subject: subject.data.summary().shape, (2, 9)),
        Expectation("table", "integers", lambda subject: column(subject, "i"), np.array([1, -1])),
        Expectation("table", "long integers", lambda subject: column(subject, "l"), np.array([2**40, 3])),
        Expectation("table", "numbers, NaN among them", lambda s: column(s, "d"), np.array([2.5, np.nan])),
        Expectation("table", "texts", lambda subject: column(subject, "s"), np.array(["x", "unicode µ"])),
        Expectation("table", "truth values", lambda subject: column(subject, "b"), np.array([True, False])),
        Expectation("table", "vectors", lambda s: column(s, "v"), np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])),
        Expectation("table", "lists", lambda s: [len(cell) for cell in column(s, "vd")], [2, 0]),
        Expectation(
            "parameters", "columns", lambda s: [c.name for c in s.data.table().columns], ["Name", "Value", "Error"]
        ),
        Expectation("parameters", "constant", lambda s: float(column(s, "Value")[0]), 0.3, 1e-3),
        Expectation("peaks", "kind", lambda subject: str(subject.data.summary().kind), "peaks"),
        Expectation("peaks", "detectors", lambda subject: column(subject, "DetID"), np.array([105, 150, 230])),
        Expectation("peaks", "errors", lambda s: column(s, "SigInt"), np.full(3, np.sqrt(10.0)), NUMBERS),
        Expectation("peaks", "times of flight", lambda s: column(s, "TOF"), np.array([5e3, 6e3, 7e3]), 1e-6),
        Expectation("peaks", "vectors", lambda subject: column(subject, "QLab").shape, (3, 3)),
        Expectation("peaks", "instrument", lambda subject: subject.data.geometry().instrument, "basic_rect"),
    ]


def _grids() -> list[Expectation]:
    return [
        Expectation("grid events", "number", lambda subject: subject.data.summary().events, 9000),
        Expectation("grid events", "dimensions", lambda subject: subject.data.summary().dims, ("H", "K", "L")),
        Expectation("grid", "shape", lambda subject: subject.data.image().values.shape, (60, 50, 10)),
        Expectation("grid", "in Fortran's order", lambda s: bool(s.data.image().values.flags.f_contiguous), True),
        Expectation(
            "grid",
            "a view of Mantid's memory",
            lambda s: bool(np.shares_memory(s.data.image().values, s.raw.getSignalArray())),
            True,
        ),
        Expectation("grid", "edges", lambda s: s.data.image().axes[1].values, np.linspace(-3.0, 3.0, 51), NUMBERS),
        Expectation("grid", "unit", lambda subject: subject.data.image().axes[0].unit, "r.l.u."),
        Expectation(
            "grid",
            "errors are roots of Mantid's squares",
            lambda subject: subject.data.image().errors,
            lambda subject: np.sqrt(subject.raw.getErrorSquaredArray()),
        ),
        Expectation("grid", "no spectra", lambda s: refusal(s.data.spectra), "NotThere"),
        Expectation("group", "members", lambda s: len(s.data.members()), 2),
        Expectation("group", "kind", lambda subject: str(subject.data.summary().kind), "group"),
        Expectation(
            "group", "its first member", lambda s: next(iter(s.data.members().values())).summary().shape, (200, 100)
        ),
    ]


def _endings() -> list[Expectation]:
    return [
        Expectation("doomed", "an observer is told", lambda s: s.told(s.delete), ["deleted"], recorded=True),
        Expectation("doomed", "a stale handle", lambda s: after_delete(s, s.raw.name), "RuntimeError"),
        Expectation("doomed", "what we make of it", lambda s: after_delete(s, s.data.summary), "Gone"),
        Expectation("doomed grid", "outlives its deletion while it is kept", kept_through_delete, "MDHistoWorkspace"),
    ]


def expectations() -> list[Expectation]:
    """Return all of them; those that delete a workspace come last."""
    return [*_spectra(), *_events(), *_geometry(), *_records(), *_tables(), *_grids(), *_endings()]

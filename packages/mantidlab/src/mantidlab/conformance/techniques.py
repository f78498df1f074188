"""Do the techniques' calls on Mantid fit the Mantid of this environment, and do they run on real files?

Each property of each call is put into the algorithm that Mantid makes; names of workspaces and files are left out,
since they are looked up. Where a folder holds the runs that are named below, the reductions are run too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mantidlab.conformance.report import Row, short
from mantidlab.conformance.steps import Step, rows_of, step_of
from mantidlab.frameworks.model import FrameworkError
from mantidlab.techniques.detectors.in_mantid import find_bad, median_test
from mantidlab.techniques.mantid_plans import PREFIX, Call
from mantidlab.techniques.powder import in_mantid as powder
from mantidlab.techniques.powder.settings import PowderSettings
from mantidlab.techniques.reflectometry import in_mantid as reflectometry
from mantidlab.techniques.reflectometry.settings import ReflectivitySettings
from mantidlab.techniques.sans import in_mantid as sans
from mantidlab.techniques.sans.settings import SansSettings

RUN = Path("/data/run.nxs")


class Manager(Protocol):
    """Makes algorithms that nobody watches; they are to be initialised."""

    def createUnmanaged(self, name: str) -> Any: ...  # noqa: D102, N802


def plans(has: Callable[[str], bool] = lambda name: True) -> Iterator[tuple[str, tuple[Call, ...]]]:
    """Give each kind of plan that techniques make, with its name.

    Parameters
    ----------
    has
        Returns whether this Mantid has an algorithm; some plans depend on it.
    """
    yield "sans: load", sans.loading("sample", RUN)
    for fit in ("none", "linear", "log", "polynomial"):
        settings = SansSettings.model_validate({"monitor": "2", "transmission_on": "3", "transmission_fit": fit})
        yield f"sans: transmission, {fit}", sans.transmitting("t", "through", "empty", settings)
    yield "sans: I(Q)", sans.reducing("i", "sample", [1, 2, 3], "t", 1.0, SansSettings(monitor="2"))
    linear = SansSettings(q_steps="linear", gravity=True)
    yield "sans: I(Q), constant transmission", sans.reducing("i", "sample", [], None, 0.8, linear)
    beams = ReflectivitySettings(direct_beams="joined", direct_overlap=(10, 12), monitor="2")
    yield "reflectivity", reflectometry.reducing("r", "run", 0.7, ["beam_0", "beam_1"], beams)
    yield "reflectivity: no direct beam", reflectometry.reducing("r", "run", 0.7, [], ReflectivitySettings())
    yield "reflectivity: bins", (*reflectometry.gridding(np.array([1.0, 2.0])), *reflectometry.rebinning("r"))
    yield "powder", powder.focusing(RUN, (0.5, 0.51, 1.0), PowderSettings())
    calibrated = PowderSettings.model_construct(**{**PowderSettings().model_dump(), "calibration": RUN})
    calibrates = has(powder.CALIBRATES)
    yield "powder: calibrated", powder.focusing(RUN, (0.5, 0.51, 1.0), calibrated, calibrates=calibrates)
    yield "detectors", median_test(RUN, 0.1, 5.0, 3.3)


def technique_steps(manager: Manager, data: Path | None) -> Iterator[Step]:
    """Give what looks whether the techniques fit this Mantid.

    Parameters
    ----------
    data
        A folder with runs of LOQ, INTER and HRPD; None runs nothing.
    """

    def has(algorithm: str) -> bool:
        try:
            manager.createUnmanaged(algorithm)
        except Exception:  # noqa: BLE001  (Mantid raises what it likes)
            return False
        return True

    for name, plan in plans(has):
        yield step_of(f"technique {name}", partial(_fits, manager, name, plan))
    for name, run in () if data is None else _reductions(data):
        if run is not None:
            yield replace(step_of(f"technique {name}", partial(_run, name, run)), seconds=300.0)


def technique_rows(manager: Manager, data: Path | None) -> list[Row]:
    """Return what `technique_steps` find."""
    return rows_of(technique_steps(manager, data))


def _fits(manager: Manager, name: str, plan: tuple[Call, ...]) -> Row:
    wrong = [problem for one in plan for problem in _refused(manager, one)]
    found = "; ".join(wrong) or f"{len(plan)} calls"
    return Row(f"technique {name}", "is taken", f"{len(plan)} calls", short(found), "FAILED" if wrong else "ok")


def _refused(manager: Manager, one: Call) -> Iterator[str]:
    try:
        algorithm = manager.createUnmanaged(one.algorithm)
        algorithm.initialize()
        names = set(map(str, list(algorithm.keys())))
    except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
        yield f"{one.algorithm}: {error}"
        return
    for key, value in one.given.items():
        if key not in names:
            yield f"{one.algorithm} has no {key}"
        elif not (isinstance(value, str) and (value.startswith(PREFIX) or value == str(RUN))):
            try:
                algorithm.setProperty(key, value)
            except Exception as error:  # noqa: BLE001
                yield f"{one.algorithm}.{key} = {value!r}: {error}"


def _reductions(data: Path) -> Iterator[tuple[str, Callable[[], object] | None]]:
    loq, inter = data / "LOQ74044.nxs", [data / f"INTER{number:08d}.nxs" for number in (13460, 13463, 13464)]
    settings = SansSettings(monitor="2", wavelength=(2.2, 10.0), q=(0.01, 0.25), q_bins=40, beam_stop=0.035)
    beams = ReflectivitySettings(
        wavelength=(1.6, 15.0), direct_beams="joined", direct_overlap=(10.0, 12.0), monitor="2", normalise="monitor"
    )
    yield (
        "I(Q) of LOQ 74044",
        ((lambda: sans.reduce_runs(loq, None, None, None, None, settings).sample.values) if loq.exists() else None),
    )
    yield (
        "reflectivity of INTER 13460",
        (
            (lambda: reflectometry.reduce_runs(inter[:1], inter[1:], beams)[1][0][0].values)
            if all(path.exists() for path in inter)
            else None
        ),
    )
    yield "bad detectors of LOQ 74044", (lambda: find_bad(loq, 0.1, 5.0, 3.3)) if loq.exists() else None


def _run(name: str, reduce: Callable[[], object]) -> Row:
    try:
        found = np.asarray(reduce(), dtype=np.float64)
    except (FrameworkError, RuntimeError, ValueError, KeyError) as error:
        return Row(f"technique {name}", "runs", "numbers", short(f"{type(error).__name__}: {error}"), "FAILED")
    some = int(np.isfinite(found).sum())
    return Row(f"technique {name}", "runs", "numbers", f"{some} numbers", "ok" if some else "FAILED")

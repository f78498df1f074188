"""The parts of what is looked at, and the steps of each."""

import os
from collections.abc import Iterator
from pathlib import Path

from mantidlab.conformance.environments import environment_of
from mantidlab.conformance.expectations import Expectation, expectations
from mantidlab.conformance.forms import call_steps, form_steps, usage_steps
from mantidlab.conformance.kernels import kernel_steps
from mantidlab.conformance.report import compared
from mantidlab.conformance.steps import Found, Say, Step, lost, step_of
from mantidlab.conformance.subjects import OPTIONAL, Making

DATA = "MANTIDHUB_SHARED_DATA"
"""Names a folder with runs of LOQ, INTER and HRPD, which techniques are tried on."""

ADAPTER, FORMS, TECHNIQUES = PARTS = ("adapter", "forms", "techniques")
KERNEL = "kernel"


def steps_of(part: str, making: Making, say: Say) -> Iterator[Step]:
    """Give the steps of a part, in the same order each time; what keeps it from going on is the last of them."""
    try:
        yield from _steps(part, making, say)
    except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
        row = lost(part, True, f"{type(error).__name__}: {error}")
        yield step_of(part, lambda: row)


def _steps(part: str, making: Making, say: Say) -> Iterator[Step]:
    match part:
        case "adapter":
            yield from _adapter(making)
        case "forms":
            yield from _forms(making, say)
        case "techniques":
            # An environment that MantidHub did not build may lack pydantic, on which they stand.
            from mantidlab.conformance.techniques import technique_steps

            data = os.environ.get(DATA)
            yield from technique_steps(making.modules.api.AlgorithmManager, Path(data) if data else None)
        case "kernel":
            yield from kernel_steps()


def _adapter(making: Making) -> Iterator[Step]:
    version = making.version()

    def step(expectation: Expectation) -> Step:
        def look() -> Found:
            return Found(tuple(compared([expectation], making.subject, version, OPTIONAL)))

        return Step(f"{expectation.about}: {expectation.what}", look)

    yield from map(step, expectations())


def _forms(making: Making, say: Say) -> Iterator[Step]:
    api, known = making.modules.api, environment_of(making.modules, say)
    yield from form_steps(known.book, api.AlgorithmFactory, api.AlgorithmManager)
    yield from call_steps(known.book)
    names = {name: thing for name, thing in vars(making.modules.simpleapi).items() if not name.startswith("_")}
    yield from usage_steps(names, making.tidier(), known.examples)

"""Answers panels that ask what the kernel works on, and that stop it."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mantidlab.kernel.keeping.report import forget, kept
from mantidlab.kernel.rooms import answers
from mantidlab.kernel.running.stopping import STEP, TOLD_AFTER, the_stopping
from mantidlab.kernel.running.tasks import TASKS


@answers("running", "now")
def now(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is worked on."""
    moment = time.monotonic()
    return {"runs": [task.to_json(moment) for task in TASKS.now()]}


@answers("running", "stop")
def stop(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stop it, and return what is over after a second at most; with a reason where something is not."""
    outcome = the_stopping().stop(TOLD_AFTER + STEP)
    return {**asdict(outcome), **({"reason": outcome.waiting} if outcome.waiting else {})}


@answers("running", "keep")
def keep(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Have what the kernel holds written, so that it can be restarted at once: ``ends`` says whether it should be."""
    from mantidlab.kernel.keeping.ending import keep_and_end  # needs NumPy, for which a stop must not wait

    return keep_and_end()


@answers("running", "kept")
def kept_now(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what this kernel has of one that was stopped so."""
    report = kept()
    return {"report": None if report is None else report.to_json()}


@answers("running", "read")
def read(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take note that a person has read what there is, so that no page tells it again."""
    forget()
    return {}

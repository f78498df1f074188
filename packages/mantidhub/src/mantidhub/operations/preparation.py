"""Prepares the environments that are offered beside the first, while MantidHub runs: one process, last in every queue.

Started by `mantidhub up` once people can work. What fails is written beside the environments and in the log, and
stands in the way of nothing; each start tries again, since a try costs the others nothing.
"""

import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from mantidhub.environments import build
from mantidhub.environments.attempts import announced
from mantidhub.environments.known import KnownSpecifications, sources_of
from mantidhub.environments.progress import Progress
from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed
from mantidhub.logs import log_as_lines
from mantidhub.settings.deployment import VARIABLE, Deployment

log = logging.getLogger(__name__)


def main() -> None:
    """Build what is missing of the offered environments, one after the other."""
    log_as_lines()
    signal.signal(signal.SIGTERM, _end)
    give_way()
    deployment = Deployment.read(Path(os.environ[VARIABLE]))
    settings = deployment.settings.environments
    for specification in others(KnownSpecifications.from_settings(settings), deployment):
        try:
            prepare(specification, deployment)
        except EnvironmentFailed as problem:
            log.error(
                "environment could not be prepared", extra={"environment": specification.name, "why": str(problem)}
            )


def others(known: KnownSpecifications, deployment: Deployment) -> list[Specification]:
    """Return the offered specifications except that of the environment which new sessions start in."""
    settings = deployment.settings.environments
    return [found for found in known.offered(settings) if found.name != settings.default]


def prepare(specification: Specification, deployment: Deployment) -> None:
    """Build one environment, unless it is built."""
    root = deployment.state.environments
    with announced(specification, root, _quiet) as progress:
        built = build(
            specification,
            root,
            interpreter=None,
            progress=progress,
            sources=sources_of(deployment.settings.environments),
        )
    log.info("environment is there", extra={"environment": built.id})


def give_way() -> None:
    """Leave processor and disk to everybody else, for this process and all that it starts (``sched(7)``)."""
    os.nice(19)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _quiet(progress: Progress) -> None:
    """Say nothing: the file beside the environments tells."""


def _end(number: int, frame: FrameType | None) -> None:
    """Leave through every open build, so that each ends its programs and deletes what is half done."""
    sys.exit(0)


if __name__ == "__main__":
    main()

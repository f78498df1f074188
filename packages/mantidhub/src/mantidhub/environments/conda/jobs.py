"""What the process that runs py-rattler is told, and how what it says is understood."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from mantidhub.environments.progress import Reporter, Step, Unit
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Conda
from mantidhub.environments.workshop import Workshop
from mantidhub.errors import EnvironmentFailed

WORKER = "mantidhub.environments.conda.worker"

PROGRESS, FAILED, REFUSED = "@progress ", "@failed ", "@refused "
"""How a line begins that is meant for us: progress, a sentence for a person, or an error of the operating system."""


@dataclass(frozen=True)
class Supply:
    """Where packages come from, in the words of JSON.

    Attributes
    ----------
    channels
        Name → mirror or folder, or an empty text for the usual place; the preferred channel first.
    cache
        Folder of archives and of what channels say they have.
    """

    channels: dict[str, str]
    cache: str
    offline: bool
    credentials: str | None

    @classmethod
    def of(cls, conda: Conda, sources: Sources) -> "Supply":
        """Bring together what the specification names and what the person who builds decided."""
        given = {**conda.folders, **sources.mirrors}
        return cls(
            channels={name: given.get(name, "") for name in conda.names},
            cache=str(sources.conda_cache),
            offline=sources.offline,
            credentials=str(sources.credentials.absolute()) if sources.credentials else None,
        )


@dataclass(frozen=True)
class SolveJob:
    """Choose packages and write the lock."""

    supply: Supply
    specification: str
    packages: tuple[str, ...]
    excluded: tuple[str, ...]
    platforms: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class InstallJob:
    """Download what a lock names and link it into a prefix that will lie at ``target``."""

    supply: Supply
    lock: str
    subdir: str
    prefix: str
    target: str
    scratch: str


class Tell(Protocol):
    """Reports how far a job is."""

    def __call__(self, step: Step, done: int = 0, total: int = 0, message: str = "", unit: Unit = Unit.THINGS) -> None:
        """Report one step."""


def read_job(text: str) -> SolveJob | InstallJob:
    """Read what `run_job` wrote."""
    content: dict[str, Any] = json.loads(text)
    kind = {"solve": SolveJob, "install": InstallJob}[content.pop("kind")]
    supply = Supply(**content.pop("supply"))
    job: SolveJob | InstallJob = kind(
        supply=supply, **{key: tuple(v) if isinstance(v, list) else v for key, v in content.items()}
    )
    return job


def run_job(job: SolveJob | InstallJob, scratch: Path, workshop: Workshop, report: Reporter) -> None:
    """Run a job in its own process, to its end.

    Raises
    ------
    EnvironmentFailed
        With the sentence that the process gave, or how it died.
    OSError
        The operating system refused something; it names the file.
    """
    kind = "solve" if isinstance(job, SolveJob) else "install"
    scratch.mkdir(parents=True, exist_ok=True)
    order = scratch / f"{kind}.json"
    order.write_text(json.dumps({"kind": kind, **asdict(job)}), encoding="utf-8")
    failure: list[EnvironmentFailed | OSError] = []

    def said(line: str) -> None:
        if line.startswith(PROGRESS):
            told = json.loads(line.removeprefix(PROGRESS))
            report(Step[told["step"]], told["done"], told["total"], told["message"], Unit(told["unit"]))
        elif line.startswith(FAILED):
            failure.append(EnvironmentFailed(json.loads(line.removeprefix(FAILED))))
        elif line.startswith(REFUSED):
            failure.append(OSError(*json.loads(line.removeprefix(REFUSED))))

    outcome = workshop.run([sys.executable, "-I", "-B", "-m", WORKER, order], cwd=scratch, said=said)
    if failure:
        raise failure[0]
    if outcome.status != 0:
        raise EnvironmentFailed(
            f"The process that handles conda packages ended with status {outcome.status}; on a status of -9 the "
            "machine may have run out of memory. Run the same command again: it goes on where it stopped. All that "
            f"was said is in {workshop.log}; it ends with\n{outcome.tail()}"
        )

"""What people may choose for a session on this host, and what a choice comes to."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from mantidhub.controller.sizes import Sizes
from mantidhub.environments import Environment, find, list_built
from mantidhub.environments.attempts import list_attempts
from mantidhub.environments.store import FINISHED
from mantidhub.errors import SessionFailed, SessionRefused
from mantidhub.sessions.choice import Choice
from mantidhub.sessions.offer import Offer, OfferedEnvironment, OfferedSize, Preparation, Version

log = logging.getLogger(__name__)

MOST_KERNELS = 4
"""Further environments in one session. Each costs two mounts, so it is people's overview that sets the limit."""
MAIN_PACKAGES = (
    "mantid", "scipp", "scippneutron", "essreduce", "esssans", "essdiffraction", "essreflectometry", "scippnexus",
    "plopp", "numpy", "matplotlib",
)  # fmt: skip
"""By which people choose, in the order in which they are shown."""
SHOWN_PACKAGES = 4
NO_LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Chosen:
    """What a choice comes to; the environment of the session itself, then those of further kernels."""

    environment: Environment
    kernels: tuple[Environment, ...]
    size: OfferedSize


class Offering:
    """Reads the folder of environments anew each time: builds come and go while the controller runs.

    Parameters
    ----------
    environments
        The folder of environments.
    usual
        Name of the environment of those who do not choose.
    sizes
        The sizes that this host can give.
    labels
        Name → labels of its specification today, since changing a label builds nothing anew; a build whose
        specification is gone keeps those that it was built with.
    """

    def __init__(
        self, environments: Path, *, usual: str, sizes: Sizes, labels: Mapping[str, tuple[str, ...]] = NO_LABELS
    ) -> None:
        self._environments = environments
        self._labels = labels
        self._usual = usual
        self._sizes = sizes

    def offer(self) -> Offer:
        """Return everything that can be chosen now."""
        built = {
            name: tuple(self._versions(builds))
            for name, builds in groupby(list_built(self._environments), key=lambda environment: environment.name)
        }
        prepared = {preparation.environment: preparation for preparation in self._preparations()}
        names = sorted({*built, *prepared}, key=lambda name: (name != self._usual, name))
        environments = tuple(
            OfferedEnvironment(name=name, versions=built.get(name, ()), preparation=prepared.get(name))
            for name in names
        )
        ready = [environment.name for environment in environments if environment.newest is not None]
        return Offer(
            environments=environments,
            environment=ready[0] if ready else None,
            sizes=self._sizes.offered,
            size=self._sizes.usual.name,
            most_kernels=MOST_KERNELS,
        )

    def resolve(self, choice: Choice) -> Chosen:
        """Find what was chosen.

        Raises
        ------
        SessionRefused
            If it cannot be had; the message says what can.
        SessionFailed
            If it is there and broken.
        """
        if len(choice.kernels) > MOST_KERNELS:
            raise SessionRefused(
                f"A session can have {MOST_KERNELS} further kernels, and {len(choice.kernels)} were asked for."
            )
        environment = self._environment(choice.environment or self._usual)
        further = {kernel.id: kernel for kernel in map(self._environment, choice.kernels)}
        further.pop(environment.id, None)
        return Chosen(environment, tuple(further.values()), self._size(choice.size))

    def _environment(self, reference: str) -> Environment:
        environment = find(self._environments, reference)
        if environment is None:
            raise self._not_there(reference)
        if "retired" in self._labels.get(environment.name, environment.labels) and reference == environment.name:
            raise SessionRefused(
                f"The environment {reference} is retired. Choose another one, or this build of it by its id: "
                f"{environment.id}."
            )
        if not environment.python.exists():
            log.error("environment has no Python", extra={"environment": environment.id})
            raise SessionFailed(
                f"The environment {reference} stands on a Python that is not there any more. "
                "Please tell the administrator; a restart of MantidHub builds it again."
            )
        return environment

    def _not_there(self, reference: str) -> SessionFailed | SessionRefused:
        is_damaged = FINISHED.fullmatch(reference) and (self._environments / reference).exists()
        if reference == self._usual or is_damaged:
            log.error("environment cannot be used", extra={"environment": reference})
            return SessionFailed(
                f"The environment {reference} is not there or was damaged. "
                "Please tell the administrator; a restart of MantidHub builds it again."
            )
        ready = ", ".join(version.name for version in self.offer().ready)
        return SessionRefused(
            f"There is no environment {reference} here. " + (f"There is {ready}." if ready else "There is none yet.")
        )

    def _size(self, name: str | None) -> OfferedSize:
        if name is None:
            return self._sizes.usual
        for size in self._sizes.offered:
            if size.name == name:
                return size
        offered = ", ".join(size.name for size in self._sizes.offered)
        why = "is larger than this host" if name in {size.name for size in self._sizes.too_large} else "is not known"
        raise SessionRefused(f"The size {name} {why}; there is {offered}.")

    def _preparations(self) -> Iterable[Preparation]:
        for attempt in list_attempts(self._environments):
            yield Preparation(**attempt.model_dump())

    def _versions(self, builds: Iterable[Environment]) -> Iterable[Version]:
        """Show builds that hold the same packages once, as the newest of them; they come with the newest first."""
        same: dict[str, list[Environment]] = {}
        for build in builds:
            same.setdefault(build.lock_hash, []).append(build)
        for number, (newest, *older) in enumerate(same.values()):
            labels = self._labels.get(newest.name, newest.labels)
            yield Version(
                id=newest.id,
                same=tuple(build.id for build in older),
                lock=newest.lock_hash,
                name=newest.name,
                title=newest.title,
                description=newest.description,
                # What is recommended is recommended as its newest build.
                labels=tuple(label for label in labels if label != "recommended" or number == 0),
                created=newest.created,
                python_version=newest.python_version,
                packages=_main_packages(newest),
            )


def _main_packages(environment: Environment) -> dict[str, str]:
    names = [name for name in (environment.name, *MAIN_PACKAGES) if name in environment.packages]
    return {name: environment.packages[name] for name in list(dict.fromkeys(names))[:SHOWN_PACKAGES]}

"""What people can choose from when they start a session, as the controller offers it to the hub."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from mantidhub.sessions.message import Message
from mantidhub.settings.quantities import format_size

NO_BREAK = "\N{NO-BREAK SPACE}"


def label_of(name: str, title: str, packages: Mapping[str, str]) -> str:
    """Return an environment's title with the version that tells it from its earlier builds, unless it names one."""
    version = packages.get(name)
    has_one = any(character.isdigit() for character in title)
    return title if version is None or has_one else f"{title} {version}"


class Version(Message):
    """One built environment.

    Attributes
    ----------
    id
        By which it is asked for, such as ``scipp-eac067a41277``.
    same
        Ids of older builds that hold the same packages and compute the same.
    lock
        Hash of these packages, which notebooks note beside the id; builds that are gone had it too.
    packages
        Name → version of those that people choose by.
    """

    id: str
    same: tuple[str, ...] = ()
    lock: str
    name: str
    title: str
    description: str
    labels: tuple[str, ...]
    created: datetime
    python_version: str
    packages: dict[str, str]

    @property
    def label(self) -> str:
        """The title with a version, which tells it from its earlier ones."""
        return label_of(self.name, self.title, self.packages)

    @property
    def contents(self) -> str:
        """What is in it, for those who know: its main packages and Python."""
        shown = [(name, version) for name, version in self.packages.items() if f"{name} {version}" != self.label]
        return " · ".join(f"{name}{NO_BREAK}{version}" for name, version in (*shown, ("Python", self.python_version)))


class Preparation(Message):
    """An environment that is being built, or whose build failed; ``message`` says what is going on, or why it failed.

    ``done`` and ``total`` count in a unit that does not matter; ``total`` is 0 while nobody knows it.
    """

    environment: str
    title: str
    state: Literal["building", "failed"]
    message: str
    done: int = 0
    total: int = 0
    updated: datetime

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100."""
        if not self.total:
            return None
        return round(100 * min(max(self.done / self.total, 0), 1))


class OfferedEnvironment(Message):
    """All builds of one name, the newest first, and the one that is being prepared."""

    name: str
    versions: tuple[Version, ...]
    preparation: Preparation | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        if self.versions:
            return self.versions[0].title
        return self.preparation.title if self.preparation else self.name

    @property
    def retired(self) -> bool:
        """Whether it is only kept for those who ask for one of its builds by id."""
        return bool(self.versions) and "retired" in self.versions[0].labels

    @property
    def newest(self) -> Version | None:
        """What its name means."""
        return None if self.retired or not self.versions else self.versions[0]

    @property
    def earlier(self) -> tuple[Version, ...]:
        """Builds that have to be asked for by id."""
        return self.versions if self.retired else self.versions[1:]


class OfferedSize(Message):
    """How much a session may use: memory in bytes, processor cores."""

    name: str
    title: str
    memory: int
    cpus: float

    @property
    def amount(self) -> str:
        """Both in words: ``2 cores, 4 GiB``."""
        cores = "1 core" if self.cpus == 1 else f"{self.cpus:g} cores"
        return f"{cores}, {format_size(self.memory)}"


class Offer(Message):
    """Everything that can be chosen.

    Attributes
    ----------
    environment, size
        Names of those that are taken when nobody chooses; the first is None while no environment is ready.
    most_kernels
        How many further kernels one session can have.
    """

    environments: tuple[OfferedEnvironment, ...]
    environment: str | None
    sizes: tuple[OfferedSize, ...]
    size: str
    most_kernels: int

    @property
    def ready(self) -> tuple[Version, ...]:
        """What can be chosen by name, each as its newest build."""
        return tuple(found.newest for found in self.environments if found.newest is not None)

    @property
    def earlier(self) -> tuple[Version, ...]:
        """What can be chosen by id alone."""
        return tuple(version for found in self.environments for version in found.earlier)

    def find_version(self, reference: str) -> Version | None:
        """Return what a name or an id means; for an older build, a newer one that holds the same packages."""
        for version in self.ready:
            if reference == version.name:
                return version
        for found in self.environments:
            for version in found.versions:
                if reference in {version.id, *version.same}:
                    return version
        return None

    def find_packages(self, lock: str) -> Version | None:
        """Return the environment that consists of exactly these packages, whenever it was built."""
        return next(
            (version for found in self.environments for version in found.versions if version.lock == lock), None
        )

    def find_size(self, name: str) -> OfferedSize | None:
        """Return a size that is offered."""
        return next((size for size in self.sizes if size.name == name), None)

    def describe(self, environment_id: str, size_name: str) -> str:
        """Say in a few words what a session runs in: ``scipp 26.9.0 · 2 cores, 4 GiB``."""
        version, size = self.find_version(environment_id), self.find_size(size_name)
        return " · ".join([version.label if version else environment_id, *([size.amount] if size else [])])

    def reference_to(self, version: Version) -> str:
        """Return how a person who chose this one asks for it the next time.

        By name for the newest, so that they get newer ones; by id for an earlier one, so that they keep it.
        """
        return version.name if version in self.ready else version.id

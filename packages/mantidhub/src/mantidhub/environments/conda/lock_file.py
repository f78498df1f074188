"""The lock of conda packages: one JSON file, the same bytes wherever it is made, which names no host.

::

    {"format": 1, "channels": […], "packages": […], "excluded": […], "virtual_packages": {…},
     "platforms": {"linux-64": [{"name": …, "version": …, "build": …, "channel": …, "file": …, "sha256": …, …}, …]}}

A package stands there with its channel's *name*; where a name leads is decided when it is fetched.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed

FORMAT = 1

KEPT = (
    "name", "version", "build", "build_number", "subdir", "noarch", "depends", "constrains", "md5", "sha256", "size",
    "license", "track_features", "python_site_packages_path", "timestamp",
)  # fmt: skip
"""What of a channel's record is locked: what chooses, checks and installs the package."""

SUBDIRS = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}
"""Machine as the kernel calls it → kind of packages that run there."""


@dataclass(frozen=True)
class LockedPackage:
    """One package of a lock.

    Attributes
    ----------
    channel
        Name of the channel.
    file
        Name of the archive, in the folder ``subdir`` of the channel.
    record
        What the channel says about it, as far as it is `KEPT`.
    """

    channel: str
    file: str
    record: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Such as ``numpy``."""
        return str(self.record["name"])

    @property
    def version(self) -> str:
        """Such as ``2.1.3``."""
        return str(self.record["version"])

    @property
    def sha256(self) -> str:
        """Of the archive, hexadecimal."""
        return str(self.record["sha256"])

    @property
    def size(self) -> int:
        """Of the archive, in bytes; 0 if the channel does not tell."""
        return int(self.record.get("size") or 0)

    @property
    def place(self) -> str:
        """Where the archive lies below the channel."""
        return f"{self.record['subdir']}/{self.file}"

    @property
    def line(self) -> str:
        """What identifies it, whichever channel has it."""
        return f"{self.name} {self.version} {self.record['build']} {self.record['subdir']} sha256:{self.sha256}"

    @classmethod
    def from_record(cls, record: Mapping[str, Any], channel: str, file: str) -> Self:
        """Take from a channel's record what a lock keeps."""
        kept = {key: record[key] for key in KEPT if record.get(key) not in (None, "", [])}
        return cls(channel, file, {"depends": [], **kept})

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the lock."""
        return {**self.record, "channel": self.channel, "file": self.file}

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry of a lock."""
        record = {key: value for key, value in entry.items() if key not in {"channel", "file"}}
        package = cls(entry["channel"], entry["file"], record)
        if len(package.sha256) != 64 or not package.name or not package.version or "/" in package.file:
            raise ValueError(f"the entry of {package.file} is not whole")
        return package


@dataclass(frozen=True)
class Request:
    """What a lock answers to."""

    channels: tuple[str, ...]
    packages: tuple[str, ...]
    excluded: tuple[str, ...]
    platforms: tuple[str, ...]

    @classmethod
    def of(cls, specification: Specification) -> Self:
        """Return what a specification of conda packages asks for."""
        conda = specification.conda
        assert conda is not None  # noqa: S101  # whoever asks has looked
        return cls(conda.names, conda.packages, tuple(sorted(specification.excluded)), tuple(sorted(conda.platforms)))


@dataclass(frozen=True)
class LockFile:
    """A lock, read."""

    request: Request
    virtual_packages: Mapping[str, str]
    platforms: Mapping[str, Sequence[LockedPackage]]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a lock.

        Raises
        ------
        EnvironmentFailed
            There is none, it is damaged, or it is of a format that came later.
        """
        remedy = "Make it with `mantidhub environment lock`, here or on a machine that reaches the channels."
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise EnvironmentFailed(
                    f"The lock {path} is of format {content['format']}, this MantidHub reads {FORMAT}. {remedy}"
                )
            return cls(
                Request(
                    tuple(content["channels"]),
                    tuple(content["packages"]),
                    tuple(content["excluded"]),
                    tuple(content["platforms"]),
                ),
                content["virtual_packages"],
                {
                    subdir: [LockedPackage.from_json(entry) for entry in entries]
                    for subdir, entries in content["platforms"].items()
                },
            )
        except OSError as error:
            raise EnvironmentFailed(f"The lock {path} cannot be read ({error.strerror}). {remedy}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EnvironmentFailed(f"The lock {path} is damaged ({error}). {remedy}") from error

    def to_json(self) -> str:
        """Return the file's text: sorted, so that the same solution is the same text."""
        content = {
            "format": FORMAT,
            "channels": list(self.request.channels),
            "packages": list(self.request.packages),
            "excluded": list(self.request.excluded),
            "virtual_packages": dict(sorted(self.virtual_packages.items())),
            "platforms": {
                subdir: [package.to_json() for package in sorted(packages, key=lambda package: package.name)]
                for subdir, packages in sorted(self.platforms.items())
            },
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def packages_for(self, subdir: str, path: Path) -> Sequence[LockedPackage]:
        """Return the packages of one kind of machine.

        Raises
        ------
        EnvironmentFailed
            The lock was not made for it.
        """
        if subdir not in self.platforms:
            raise EnvironmentFailed(
                f"The lock {path} is for {', '.join(self.platforms)}, this machine needs {subdir}. Add it to "
                "`platforms` of the specification, if all packages exist for it, and make the lock anew."
            )
        return self.platforms[subdir]


def own_subdir() -> str:
    """Return the kind of packages that run on this machine.

    Raises
    ------
    EnvironmentFailed
        There are none.
    """
    machine = platform.machine()
    if machine not in SUBDIRS:
        raise EnvironmentFailed(
            f"Environments of conda packages are for {' and '.join(sorted(SUBDIRS))}, this machine is {machine}."
        )
    return SUBDIRS[machine]

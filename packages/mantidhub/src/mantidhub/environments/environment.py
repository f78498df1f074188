"""A built environment, and the manifest that describes it.

The prefix carries two files: ``environment.json`` (what it is) and ``environment.sha256`` (hash and permissions of
every other file, that one included, in a format that ``sha256sum --check`` reads).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from mantidhub.errors import EnvironmentFailed

MANIFEST = "environment.json"
HASHES = "environment.sha256"


@dataclass(frozen=True)
class Environment:
    """A prefix that is complete, read-only, and never changes.

    Attributes
    ----------
    name, title, description, labels
        As in its specification.
    hash
        SHA-256 of all that shaped it; the folder's name holds its first twelve characters.
    lock_hash
        SHA-256 of the locked packages alone. Two environments that share it compute the same.
    prefix
        The folder. Sessions mount it read-only at this same path.
    python
        Its Python, ``bin/python`` of the prefix.
    interpreter
        The base interpreter's folder, all symlinks resolved: it must be mounted too unless it lies below ``/usr``.
    variables
        To be set in every session.
    created
        When it was built.
    python_version
        Such as ``3.11.2``.
    packages
        Name → version of what is installed.
    session_files
        Path in a session → template of the file that every session sees there.
    """

    name: str
    title: str
    description: str
    labels: tuple[str, ...]
    hash: str
    lock_hash: str
    prefix: Path
    python: Path
    interpreter: Path
    variables: Mapping[str, str] = field(hash=False)
    created: datetime
    python_version: str
    packages: Mapping[str, str] = field(hash=False)
    session_files: Mapping[str, str] = field(hash=False)

    @property
    def id(self) -> str:
        """What it is asked for by where its name would not do: ``scipp-eac067a41277``, as its folder is called."""
        return self.prefix.name

    @classmethod
    def read(cls, prefix: Path) -> Self:
        """Read the manifest of a prefix.

        Raises
        ------
        EnvironmentFailed
            There is none, or it is damaged.
        """
        manifest = prefix / MANIFEST
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            return cls(
                name=content["name"],
                title=content["title"],
                description=content["description"],
                labels=tuple(content["labels"]),
                hash=content["hash"],
                lock_hash=content["lock_hash"],
                prefix=prefix,
                python=prefix / "bin" / "python",
                interpreter=Path(content["interpreter"]),
                variables=MappingProxyType(content["variables"]),
                created=datetime.fromisoformat(content["created"]),
                python_version=content["python_version"],
                packages=MappingProxyType(content["packages"]),
                session_files=MappingProxyType(content["session_files"]),
            )
        except OSError as error:
            raise EnvironmentFailed(
                f"{prefix} is no environment: {manifest} cannot be read ({error.strerror})."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise EnvironmentFailed(
                f"The manifest {manifest} is damaged ({error}). Build the environment again."
            ) from error

    def to_json(self) -> str:
        """Return the manifest's text."""
        content: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "labels": list(self.labels),
            "hash": self.hash,
            "lock_hash": self.lock_hash,
            "created": self.created.isoformat(timespec="seconds"),
            "python_version": self.python_version,
            "interpreter": str(self.interpreter),
            "variables": dict(self.variables),
            "packages": dict(sorted(self.packages.items())),
            "session_files": dict(self.session_files),
        }
        return json.dumps(content, indent=2) + "\n"

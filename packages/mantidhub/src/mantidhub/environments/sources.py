"""Where packages come from, as the person who builds decides: it shapes no environment and stands in no lock."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

PYTHON_INDEX = "pypi"
"""The name under which `Sources.mirrors` may replace the index of Python packages."""


@dataclass(frozen=True)
class Sources:
    """Where packages, and what a channel says it has, are taken from.

    Attributes
    ----------
    offline
        Use the cache alone and open no connection.
    cache
        Folder that keeps what was downloaded. After a build it holds all that the same build needs offline, on this
        machine or another. None: the user's own cache, for Python packages uv's.
    mirrors
        Name of a channel (or ``pypi``) → address to take its place: ``https://…``, ``file://…`` or an absolute path.
    credentials
        File with what mirrors ask for: a netrc file, or the JSON file that conda tools write (host → token or user
        and password).
    """

    offline: bool = False
    cache: Path | None = None
    mirrors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    credentials: Path | None = None

    @property
    def conda_cache(self) -> Path:
        """Return where conda packages, locks and the contents of channels are kept."""
        if self.cache is not None:
            return self.cache.absolute() / "conda"
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        return Path(base) / "mantidhub" / "conda"

    @property
    def uv_cache(self) -> Path | None:
        """Return where uv shall keep Python packages, or None for its own place."""
        return self.cache.absolute() / "uv" if self.cache is not None else None

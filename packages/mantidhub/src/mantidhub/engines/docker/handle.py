"""By which the Docker engine finds a session again."""

from dataclasses import dataclass
from typing import Self

from mantidhub.sessions.spec import Handle


@dataclass(frozen=True)
class DockerHandle(Handle):
    """A session in a container, which is known by its id."""

    container: str

    @classmethod
    def of(cls, handle: Handle) -> Self:
        """Return the handle as this engine gave it.

        Raises
        ------
        TypeError
            If another engine gave it.
        """
        if not isinstance(handle, cls):
            raise TypeError(f"{handle!r} is no session of the Docker engine")
        return handle

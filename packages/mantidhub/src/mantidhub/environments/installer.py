"""What differs between kinds of environments: where Python and the locked packages come from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mantidhub.environments.progress import Reporter
from mantidhub.environments.workshop import Workshop

SCRATCH = ".scratch"


@dataclass(frozen=True)
class Site:
    """Where one environment is built.

    Attributes
    ----------
    prefix
        The hidden folder in which it grows.
    target
        Where it will lie; what files say of their place must name this.
    workshop
        Runs programs.
    report
        Told how far it is.
    """

    prefix: Path
    target: Path
    workshop: Workshop
    report: Reporter

    @property
    def scratch(self) -> Path:
        """A folder in the prefix that is deleted before anybody sees it."""
        return self.prefix / SCRATCH

    @property
    def python(self) -> Path:
        """The Python of the prefix that grows."""
        return self.prefix / "bin" / "python"


class Installer(Protocol):
    """Knows one kind of packages."""

    @property
    def fingerprint(self) -> str:
        """The hash of all that shapes the environment."""

    @property
    def lock_hash(self) -> str:
        """The hash of the locked packages alone."""

    @property
    def python_version(self) -> str:
        """Such as ``3.11.2``."""

    def install(self, site: Site) -> None:
        """Put Python and exactly the locked packages into the prefix.

        Raises
        ------
        EnvironmentFailed
            That is not possible; the message says what to do.
        """

    def interpreter(self, target: Path) -> Path:
        """Return the folder that holds the Python which a finished environment stands on."""

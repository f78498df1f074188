"""Environments of Python packages: a virtual environment on a Python of this machine, filled by uv."""

from pathlib import Path

from mantidhub.environments.identity import identity, lock_hash, locked_text
from mantidhub.environments.installer import Site
from mantidhub.environments.interpreters import Interpreter
from mantidhub.environments.progress import Step
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification
from mantidhub.environments.uv import install_lock, make_virtual_environment


class PythonPackages:
    """Installs a lock of Python packages."""

    def __init__(self, specification: Specification, base: Interpreter, sources: Sources) -> None:
        self._lock = specification.lock_file()
        self._base = base
        self._sources = sources
        lines = locked_text(self._lock)
        self.fingerprint = identity(specification, lines, abi=base.abi, platform=base.platform)
        self.lock_hash = lock_hash(lines)
        self.python_version = base.full_version()

    def install(self, site: Site) -> None:
        """Make the virtual environment and fill it."""
        site.report(Step.DOWNLOADING)
        make_virtual_environment(site.prefix, self._base, site.workshop)
        install_lock(site.prefix, self._lock, site.workshop, site.report, self._sources)

    def interpreter(self, target: Path) -> Path:
        """Return the folder of the Python that the virtual environment links to."""
        return self._base.prefix

"""Environments of conda packages, which bring their own Python."""

from pathlib import Path

from mantidhub.environments.conda.jobs import InstallJob, Supply, run_job
from mantidhub.environments.conda.lock_file import LockFile, own_subdir
from mantidhub.environments.identity import identity, lock_hash
from mantidhub.environments.installer import Site
from mantidhub.environments.progress import Step
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification
from mantidhub.errors import EnvironmentFailed


class CondaPackages:
    """Installs a lock of conda packages.

    The lock alone decides: two machines of one kind that have it build the same, whatever mirrors they use.
    """

    def __init__(self, specification: Specification, lock: Path, sources: Sources) -> None:
        assert specification.conda is not None  # noqa: S101  # whoever builds one of these has looked
        self._lock = lock
        self._subdir = own_subdir()
        self._supply = Supply.of(specification.conda, sources)
        packages = sorted(LockFile.read(lock).packages_for(self._subdir, lock), key=lambda package: package.name)
        lines = [package.line for package in packages]
        self.fingerprint = identity(specification, lines, abi="", platform=self._subdir)
        self.lock_hash = lock_hash(lines)
        pythons = [package.version for package in packages if package.name == "python"]
        if not pythons:
            raise EnvironmentFailed(f"The lock {lock} holds no Python, but sessions run on it. Make it anew.")
        self.python_version = pythons[0]

    def install(self, site: Site) -> None:
        """Download and link."""
        site.report(Step.DOWNLOADING)
        site.prefix.mkdir(parents=True)
        job = InstallJob(
            supply=self._supply,
            lock=str(self._lock),
            subdir=self._subdir,
            prefix=str(site.prefix),
            target=str(site.target),
            scratch=str(site.scratch),
        )
        run_job(job, site.scratch, site.workshop, site.report)

    def interpreter(self, target: Path) -> Path:
        """Return the environment itself: its Python is one of its packages."""
        return target

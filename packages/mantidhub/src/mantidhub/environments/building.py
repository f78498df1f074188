"""Build an environment: into a folder that nobody sees, checked, hashed, made read-only, and shown by one rename."""

import ctypes
import errno
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from mantidhub.environments import compile_prefix
from mantidhub.environments.checking import Trial
from mantidhub.environments.conda.installer import CondaPackages
from mantidhub.environments.conda.locking import find_lock, keep, make_lock
from mantidhub.environments.environment import HASHES, MANIFEST, Environment
from mantidhub.environments.installer import Installer, Site
from mantidhub.environments.interpreters import choose_interpreter, inspect_interpreter, require_fit
from mantidhub.environments.locking import build_lock
from mantidhub.environments.progress import Report, Reporter, Step
from mantidhub.environments.python_packages import PythonPackages
from mantidhub.environments.sources import Sources
from mantidhub.environments.specification import Specification
from mantidhub.environments.store import delete_tree, folder_of, hidden, leftovers, set_aside
from mantidhub.environments.uv import install_local, require_success
from mantidhub.environments.verification import hash_tree, installed_packages, looks_whole, walk, write_hashes
from mantidhub.environments.workshop import Workshop
from mantidhub.errors import EnvironmentFailed


def build(
    specification: Specification,
    root: Path,
    *,
    interpreter: Path | None,
    progress: Report,
    sources: Sources | None = None,
) -> Environment:
    """Build what a specification describes, or return at once what was built from the same before.

    It blocks, for minutes where packages must be downloaded: call it before an event loop runs, or in a thread. It may
    be interrupted or killed at any moment and run again.

    Parameters
    ----------
    specification
        What it shall hold.
    root
        The folder of environments; it is made.
    interpreter
        The Python that it shall stand on; None takes what `choose_interpreter` finds. Of no use to an environment of
        conda packages, which brings its own.
    progress
        Told how far it is, several times a second.
    sources
        Where packages are taken from. They shape nothing: the lock decides.

    Raises
    ------
    EnvironmentFailed
        It could not be built; the message says why and what to do. Nothing of it is visible.
    """
    reporter = Reporter(progress)
    root = root.absolute()
    sources = sources or Sources()
    try:
        installer = choose_installer(specification, root, interpreter, sources, reporter)
        target = folder_of(root, specification.name, installer.fingerprint)
        if not (built := find_whole(target)):
            root.mkdir(parents=True, exist_ok=True)
            with build_lock(root, specification.name, lambda who: reporter(Step.WAITING, message=who)) as lock:
                built = (
                    find_whole(target)
                    or Build(specification, installer, target, sources=sources, lock=lock, reporter=reporter).run()
                )
    except OSError as error:
        raise EnvironmentFailed(explain_os_error(error, specification, root)) from error
    reporter(Step.DONE, 1, 1, str(target))
    return built


def choose_installer(
    specification: Specification, root: Path, interpreter: Path | None, sources: Sources, reporter: Reporter
) -> Installer:
    """Return what installs packages of the specification's kind, with the lock that it shall follow."""
    if specification.conda is not None:
        reporter(Step.INTERPRETER, message="it comes with the packages")
        lock = choose_lock(specification, root, reporter, sources)
        keep(lock, specification, sources)
        return CondaPackages(specification, lock, sources)
    python = interpreter or choose_interpreter(specification)
    assert python is not None  # noqa: S101  # None is for conda packages
    reporter(Step.INTERPRETER, message=str(python))
    base = inspect_interpreter(python)
    require_fit(base, specification)
    return PythonPackages(specification, base, sources)


def choose_lock(specification: Specification, root: Path, reporter: Reporter, sources: Sources) -> Path:
    """Return the lock of conda packages that a build shall follow; one process at a time makes one."""
    if (lock := find_lock(specification, root, sources)) is not None:
        return lock
    root.mkdir(parents=True, exist_ok=True)
    with build_lock(root, specification.name, lambda who: reporter(Step.WAITING, message=who)) as descriptor:
        # Another process may have made it while we waited.
        if (lock := find_lock(specification, root, sources)) is not None:
            return lock
        return make_lock(specification, specification.lock_file(root), reporter, sources, descriptor)


def find_whole(prefix: Path) -> Environment | None:
    """Return the environment of a prefix unless it is missing, damaged or visibly incomplete."""
    try:
        environment = Environment.read(prefix)
    except EnvironmentFailed:
        return None
    return environment if looks_whole(environment) else None


def explain_os_error(error: OSError, specification: Specification, root: Path) -> str:
    """Say what the operating system refused while an environment was built."""
    what = f"The environment {specification.name} could not be built in {root}"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"{what}: the disk is full. Free {specification.free_space_gb:.1f} GB there and run it again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return (
                f"{what}: {error.filename} cannot be written ({error.strerror}). Give this user the right to write "
                "there, or choose another state folder."
            )
        case _:
            return f"{what}: {error.strerror} ({error.filename})."


class Build:
    """One build, under its lock.

    The prefix grows in a hidden folder beside its final place, and becomes visible by a rename once nothing is left to
    do. A failure deletes the hidden folder; after a kill the next build does.
    """

    def __init__(
        self,
        specification: Specification,
        installer: Installer,
        target: Path,
        *,
        sources: Sources,
        lock: int,
        reporter: Reporter,
    ) -> None:
        self.specification = specification
        self.installer = installer
        self.sources = sources
        self.target = target
        self.prefix = hidden(target)
        self.report = reporter
        self.workshop = Workshop(log=target.parent / f"{specification.name}.log", lock=lock)
        self.site = Site(self.prefix, target, self.workshop, reporter)

    def run(self) -> Environment:
        """Do all of it."""
        self.clean()
        self.require_space()
        try:
            self.install()
            self.compile()
            self.check()
            environment = self.record()
            self.publish()
        except BaseException:
            delete_tree(self.prefix)
            raise
        return environment

    def clean(self) -> None:
        """Delete what earlier builds left, and a finished prefix that is broken."""
        self.workshop.log.write_text("")
        if self.target.exists():
            set_aside(self.target)
        for folder in leftovers(self.target.parent, self.specification.name):
            self.report(Step.CLEANING, message=str(folder))
            delete_tree(folder)

    def require_space(self) -> None:
        """Refuse to begin what cannot end."""
        needed = self.specification.free_space_gb
        free = shutil.disk_usage(self.target.parent).free / 1e9
        if free < needed:
            raise EnvironmentFailed(
                f"The environment {self.specification.name} needs {needed:.1f} GB while it is built, "
                f"{self.target.parent} has {free:.1f} GB free. Free some space there, or choose another state folder."
            )

    def install(self) -> None:
        """Put everything into the prefix: Python, the locked packages, the local ones, the settings files."""
        specification = self.specification
        self.installer.install(self.site)
        local = [specification.beside(folder).resolve() for folder in specification.local_packages]
        install_local(self.site, local, self.sources)
        for target, source in specification.files.items():
            place = self.prefix / target
            # A package may have put a symlink there, which must not lead the copy out of the prefix.
            if not place.parent.resolve().is_relative_to(self.prefix.resolve()):
                raise EnvironmentFailed(
                    f"{specification.path}: files.{target} lies outside of the environment, since a package makes "
                    f"{place.parent.relative_to(self.prefix)} a symlink. Choose another path in the environment."
                )
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            shutil.copyfile(specification.beside(source), place)

    def compile(self) -> None:
        """Byte-compile it for the place where it will lie."""
        done, total = 0, 0

        def count(line: str) -> None:
            nonlocal done, total
            if total == 0:
                total = int(line)
            elif line.isdigit():
                done += int(line)
            self.report(Step.COMPILING, done, total)

        command: list[str | Path] = [self.site.python, "-I", compile_prefix.__file__, self.prefix, self.target]
        outcome = self.workshop.run(command, cwd=self.prefix, said=count)
        require_success(outcome, "compiling Python files", self.workshop)

    def check(self) -> None:
        """See that it works, and draw out what it knows."""
        trial = Trial(self.specification, self.site)
        trial.imports()
        trial.extract()
        trial.modules()
        shutil.rmtree(self.site.scratch)

    def record(self) -> Environment:
        """Write the manifest, and every file's hash and permissions."""
        environment = Environment(
            name=self.specification.name,
            title=self.specification.title,
            description=self.specification.description,
            labels=self.specification.labels,
            hash=self.installer.fingerprint,
            lock_hash=self.installer.lock_hash,
            prefix=self.target,
            python=self.target / "bin" / "python",
            interpreter=self.installer.interpreter(self.target),
            variables=MappingProxyType(dict(self.specification.variables)),
            created=datetime.now(UTC).replace(microsecond=0),
            python_version=self.installer.python_version,
            packages=MappingProxyType(installed_packages(self.prefix)),
            session_files=MappingProxyType(
                {
                    target: self.specification.beside(source).read_text(encoding="utf-8")
                    for target, source in self.specification.session_files.items()
                }
            ),
        )
        self.report(Step.HASHING)
        (self.prefix / MANIFEST).write_text(environment.to_json(), encoding="utf-8")
        make_files_read_only(self.prefix)
        hashes = hash_tree(self.prefix, lambda done, total: self.report(Step.HASHING, done, total))
        write_hashes(self.prefix, hashes)
        return environment

    def publish(self) -> None:
        """Make it read-only, bring it to the disk, and only then show it."""
        self.report(Step.PUBLISHING)
        (self.prefix / HASHES).chmod(0o444)
        make_folders_read_only(self.prefix)
        write_through(self.prefix)
        self.prefix.rename(self.target)
        write_through(self.target.parent)


def make_files_read_only(prefix: Path) -> None:
    """Let everybody read every file (whatever the umask was) and nobody write."""
    for path in map(Path, walk(prefix)):
        if not path.is_symlink():
            executable = path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o555 if executable else 0o444)


def make_folders_read_only(prefix: Path) -> None:
    """Let everybody look into every folder and nobody add to it or take from it."""
    for folder, _, _ in os.walk(prefix, topdown=False):
        Path(folder).chmod(0o555)


def write_through(folder: Path) -> None:
    """Wait until all that was written to the file system of a folder is on the disk.

    One ``syncfs`` (Linux) instead of an ``fsync`` for each of some 30 000 files; without it a power cut after the
    rename could leave a visible prefix with empty files.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)

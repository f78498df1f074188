"""What uv does for an environment: the virtual environment, the locked packages, the local ones.

Packages are copied out of uv's cache, never hard-linked: a hard link shares the file with the cache and with every
other virtual environment on the machine, so an edit there would change an environment that must not change. Where the
file system can (btrfs, XFS) a copy shares its blocks and costs nothing.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from uv import find_uv_bin

from mantidhub.environments.installer import Site
from mantidhub.environments.interpreters import Interpreter
from mantidhub.environments.progress import Reporter, Step
from mantidhub.environments.sources import PYTHON_INDEX, Sources
from mantidhub.environments.uv_failures import explain_failure
from mantidhub.environments.workshop import Outcome, Workshop
from mantidhub.errors import EnvironmentFailed

COPIED = ("--link-mode", "copy")
RESOLVED = re.compile(r"^Resolved (\d+) packages?")
DOWNLOADING = re.compile(r"^Downloading (?P<what>\S+ \([\d.]+\s?\w+\))")
HOOK_SAYS = re.compile(r"^ui: (?P<what>.*)")
DOWNLOADED = re.compile(r"^\s*Downloaded (?P<what>\S+)")


def make_virtual_environment(prefix: Path, interpreter: Interpreter, workshop: Workshop) -> None:
    """Create an empty environment whose scripts work wherever it is moved to."""
    command: list[str | Path] = [
        "venv",
        "--relocatable",
        "--no-project",
        "--quiet",
        "--python",
        interpreter.executable,
        prefix,
    ]
    require_success(
        workshop.run([find_uv_bin(), *command], cwd=prefix.parent), "making the virtual environment", workshop
    )
    # uv may link to a symlink beside the interpreter, which would be missing inside a session.
    python = prefix / "bin" / "python"
    python.unlink()
    python.symlink_to(interpreter.executable)
    configuration = prefix / "pyvenv.cfg"
    home = f"home = {interpreter.executable.parent}"
    configuration.write_text(re.sub(r"^home = .*$", home, configuration.read_text(), flags=re.MULTILINE))


def source_options(sources: Sources) -> list[str | Path]:
    """Return what tells uv where to take packages from."""
    options: list[str | Path] = ["--offline"] if sources.offline else []
    if sources.uv_cache is not None:
        options += ["--cache-dir", sources.uv_cache]
    if index := sources.mirrors.get(PYTHON_INDEX):
        options += ["--default-index", Path(index).as_uri() if index.startswith("/") else index]
    return options


def source_variables(sources: Sources) -> Mapping[str, str]:
    """Return the variables that tell uv what an index asks for; uv reads netrc files only."""
    return {"NETRC": str(sources.credentials.absolute())} if sources.credentials is not None else {}


def hook_variables(sources: Sources) -> Mapping[str, str]:
    """Return the variables for the hooks of a package's build: what `sources` says, in uv's and npm's words."""
    variables = {"PYTHONDONTWRITEBYTECODE": "1", **source_variables(sources)}
    if sources.offline:
        variables |= {"UV_OFFLINE": "1", "npm_config_offline": "true"}
    if sources.uv_cache is not None:
        variables |= {"UV_CACHE_DIR": str(sources.uv_cache), "npm_config_cache": str(sources.uv_cache.with_name("npm"))}
    if index := sources.mirrors.get(PYTHON_INDEX):
        variables["UV_DEFAULT_INDEX"] = Path(index).as_uri() if index.startswith("/") else index
    return variables


def install_lock(prefix: Path, lock: Path, workshop: Workshop, reporter: Reporter, sources: Sources) -> None:
    """Install exactly what a lock names, checking every hash; wheels only, so nothing is compiled here."""
    watch = InstallWatch(prefix, reporter)
    command: list[str | Path] = [
        "pip",
        "sync",
        "--require-hashes",
        "--no-build",
        *COPIED,
        *source_options(sources),
        "--python",
        prefix / "bin" / "python",
        lock,
    ]
    outcome = workshop.run(
        [find_uv_bin(), *command],
        cwd=prefix,
        variables=source_variables(sources),
        said=watch.said,
        tick=watch.tick,
    )
    require_success(outcome, f"installing the packages of {lock}", workshop)


def install_local(site: Site, packages: Sequence[Path], sources: Sources) -> None:
    """Build wheels of this workspace's packages and install them.

    Installing needs no network. Building may: a hook of a package fetches what it builds with, see `hook_variables`.
    """

    def tell(line: str) -> None:
        if said := HOOK_SAYS.match(line):
            site.report(Step.BUILDING, message=said["what"])

    for package in packages:
        site.report(Step.BUILDING, message=package.name)
        wheels = site.scratch / "wheels" / package.name
        build: list[str | Path] = [
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "--target",
            "wheel",
            "--directory",
            wheels,
        ]
        outcome = site.workshop.run(build, cwd=package, variables=hook_variables(sources), said=tell)
        require_success(outcome, f"building {package}", site.workshop)
        name = next(wheels.glob("*.whl")).name.partition("-")[0]
        # Found by name, since an install by path would record a path that is gone after the build; no cache, since
        # uv would keep every version that a developer ever built.
        command: list[str | Path] = [
            "pip",
            "install",
            "--no-deps",
            "--no-index",
            "--no-cache",
            *COPIED,
            "--find-links",
            wheels,
        ]
        outcome = site.workshop.run([find_uv_bin(), *command, "--python", site.python, name], cwd=site.prefix)
        require_success(outcome, f"installing {package}", site.workshop)
        forget_times(site.prefix)
        point_scripts(site.prefix, site.target)


def forget_times(prefix: Path) -> None:
    """Delete uv's notes on when the wheels of local packages were made: two builds of a lock shall be the same."""
    for note in prefix.glob("lib/python3*/site-packages/*.dist-info/uv_cache.json"):
        record = note.with_name("RECORD")
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        record.write_text("".join(line for line in lines if not line.startswith(f"{note.parent.name}/{note.name},")))
        note.unlink()


def point_scripts(prefix: Path, target: Path) -> None:
    """Let scripts that uv wrote start the Python of the final place; in a virtual environment they find it anyway."""
    beginning = f"#!{prefix}/".encode()
    for script in (prefix / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            with script.open("rb") as stream:
                if stream.read(len(beginning)) != beginning:
                    continue
                rest = stream.read()
            script.write_bytes(f"#!{target}/".encode() + rest)


def require_success(outcome: Outcome, what: str, workshop: Workshop) -> None:
    """Raise what a person can act on when a program of the build failed.

    Raises
    ------
    EnvironmentFailed
        The program's status is not 0.
    """
    if outcome.status != 0:
        raise EnvironmentFailed(explain_failure(outcome, what, workshop.log))


class InstallWatch:
    """Turns what uv says, and the package folders that appear, into progress."""

    def __init__(self, prefix: Path, reporter: Reporter) -> None:
        self._prefix = prefix
        self._report = reporter
        self._total = 0
        self._announced: dict[str, str] = {}
        self._downloaded = 0

    def said(self, line: str) -> None:
        """Read one line of uv's output."""
        if found := RESOLVED.match(line):
            self._total = int(found[1])
        elif found := DOWNLOADING.match(line):
            what = found["what"]
            self._announced[what.partition(" ")[0]] = what
        elif (found := DOWNLOADED.match(line)) and self._announced.pop(found["what"], None):
            self._downloaded += 1

    def tick(self) -> None:
        """Count what is there and report it."""
        installed = sum(
            1
            for packages in self._prefix.glob("lib/python3*/site-packages")
            for entry in os.scandir(packages)
            if entry.name.endswith(".dist-info")
        )
        if installed:
            self._report(Step.INSTALLING, installed, self._total)
        else:
            large = self._downloaded + len(self._announced)
            self._report(Step.DOWNLOADING, self._downloaded, large, ", ".join(list(self._announced.values())[:2]))

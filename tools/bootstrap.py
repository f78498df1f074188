"""Make the virtual environment of this checkout: uv from PyPI, the compiled locks, the packages.

Standard library only, since nothing else is there yet. Safe to interrupt and to run again: what is up to date is
left alone, which takes some 50 ms.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
OUTPUT = ROOT / "build" / "set-up.log"
LOCKS = {"hub": ROOT / "requirements" / "hub.txt", "dev": ROOT / "requirements" / "dev.txt"}
PACKAGES = ["packages/mantidhub", "packages/mantidlab"]
OLDEST_PYTHON = (3, 11)


class SetUpFailed(Exception):
    """A step did not succeed; the text says which and what to do."""


def main() -> int:
    """Bring the virtual environment to the state that the locks describe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=LOCKS, help="hub: what runs MantidHub; dev: also what checks and tests it")
    chosen = parser.parse_args().set
    try:
        set_up(chosen)
    except SetUpFailed as problem:
        print(f"\nSet-up stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted. Run the same command again: it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


def set_up(chosen: str) -> None:
    """Create the environment, install the lock and the packages, and note that it was done."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetUpFailed(
            f"Python 3.11 or newer is needed, python3 is {found}. Name another: make up PYTHON=python3.12"
        )
    stamp = VENV / f".{chosen}-ready"
    wanted = fingerprint(chosen)
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    print(
        f"Setting up MantidHub in {VENV.relative_to(ROOT)} (once, about a minute with a fast connection)",
        flush=True,
    )
    if UNFINISHED.exists():
        # An interrupted installer leaves packages that look whole and are not; from its cache they are back in seconds.
        shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    if not PYTHON.exists():
        step("virtual environment", [sys.executable, "-m", "venv", str(VENV)], VENV_ADVICE)
    if not (VENV / "bin" / "uv").exists():
        pinned = pinned_requirement("uv", LOCKS["hub"])
        step(
            "uv",
            [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", pinned],
            "",
        )
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    step(
        f"packages of requirements/{LOCKS[chosen].name}",
        [*uv, "--no-deps", "--require-hashes", "--compile-bytecode", "-r", str(LOCKS[chosen])],
        "",
    )
    editable = [word for package in PACKAGES for word in ("--editable", str(ROOT / package))]
    step("mantidhub and mantidlab", [*uv, "--no-deps", "--no-build-isolation", *editable], "")
    aside = stamp.with_suffix(".new")
    aside.write_text(wanted)
    aside.replace(stamp)
    UNFINISHED.unlink()


def fingerprint(chosen: str) -> str:
    """Identify everything that the set-up depends on."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for file in [LOCKS[chosen], *(ROOT / package / "pyproject.toml" for package in PACKAGES)]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def pinned_requirement(name: str, lock: Path) -> str:
    """Return ``name==version`` as the lock has it."""
    for line in lock.read_text().splitlines():
        if line.startswith(f"{name}=="):
            return line.split()[0]
    raise SetUpFailed(f"{lock.relative_to(ROOT)} does not name {name}; make it anew with `make lock`.")


def step(what: str, command: list[str], advice: str) -> None:
    """Run one command of the set-up and say how long it took, or why it failed."""
    print(f"  {what} … ", end="", flush=True)
    started = time.monotonic()
    # The user's own package sets must not leak in; where packages come from is theirs to configure.
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
    }
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings
    )
    if done.returncode != 0:
        print("failed", flush=True)
        raise SetUpFailed(why_failed(what, done.stdout, advice))
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def why_failed(what: str, output: str, advice: str) -> str:
    """Say in one sentence why a step failed; keep what it printed in a file."""
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(output)
    details = f"(All that it said: {OUTPUT.relative_to(ROOT)})"
    if "No space left on device" in output:
        free = shutil.disk_usage(ROOT).free / 2**30
        return f"{what}: the disk is full, {free:.1f} GiB are free in {ROOT}. Make room and run it again. {details}"
    if any(sign in output for sign in SIGNS_OF_NO_NETWORK):
        return (
            f"{what}: the package index that pip and uv are configured for cannot be reached. "
            f"Connect to the network, or configure a mirror, and run the same command again. {details}"
        )
    last = (output.strip().splitlines() or ["nothing"])[-1]
    return f"{what} could not be installed; it ended with: {last} {advice} {details}"


SIGNS_OF_NO_NETWORK = (
    "No matching distribution found",
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "error sending request",
    "dns error",
    "Connection refused",
    "Network is unreachable",
    "network was disabled",
)
VENV_ADVICE = "On Debian and Ubuntu `apt-get install python3-venv` provides what is missing."

if __name__ == "__main__":
    sys.exit(main())

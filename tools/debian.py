"""Installing programs that tests need, from Debian's packages, where that is possible. Standard library only."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

UPDATE = ("apt-get", "update")


def install_missing(programs: Mapping[str, str], *, why: str, target: str) -> int:
    """Install what is missing; where that cannot be, say why and what to do.

    Parameters
    ----------
    programs
        What is needed, and the package of Debian that has it.
    why
        A sentence that says what needs it.
    target
        What a person who is not root should make as root.

    Returns
    -------
    int
        The exit code: 0 if all is there.
    """
    if os.geteuid() != 0:
        print(f"{why} Only root may do that: run `sudo make {target}`.", file=sys.stderr)
        return 1
    missing = [name for name in programs if shutil.which(name) is None]
    if not missing:
        return 0
    packages = list(dict.fromkeys(programs[name] for name in missing))
    if shutil.which("apt-get") is None:
        names = ", ".join(missing)
        print(f"{why} {names} is missing, and this system has no apt-get. Install it by hand.", file=sys.stderr)
        return 1
    print(f"{why} Installing {', '.join(packages)}", flush=True)
    for command in (UPDATE, ("apt-get", "install", "--yes", "--no-install-recommends", *packages)):
        print(f"  {' '.join(command)}", flush=True)
        status = subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}).returncode
        if status != 0:
            print(
                f"`{' '.join(command)}` ended with status {status}; its messages are above. Usual reasons: no network "
                "connection, or another package manager is at work. Mend that and run the same command again.",
                file=sys.stderr,
            )
            return 1
    still = [name for name in missing if shutil.which(name) is None]
    if still:
        print(f"{why} The packages were installed, but {', '.join(still)} is still missing.", file=sys.stderr)
    return 1 if still else 0

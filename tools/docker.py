"""Make sure that the tests of the Docker engine can start a Docker daemon of their own.

Standard library only. On Debian and its relatives, as root, it installs the distribution's packages; elsewhere it says
what to do. A daemon that runs already is neither used nor touched.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = {"dockerd": "docker.io", "containerd": "containerd", "runc": "runc", "mmdebstrap": "mmdebstrap"}
"""What is needed, and the package of Debian that has it."""
UPDATE = ("apt-get", "update")


def main() -> int:
    """Install what is missing where that is possible."""
    if os.geteuid() != 0:
        print(f"{WHY} Only root may start a Docker daemon: run `sudo make test-docker`.", file=sys.stderr)
        return 1
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return 0
    packages = list(dict.fromkeys(PROGRAMS[name] for name in missing))
    if shutil.which("apt-get") is None:
        names = ", ".join(missing)
        print(f"{WHY} {names} is missing, and this system has no apt-get. Install it by hand.", file=sys.stderr)
        return 1
    print(f"{WHY} Installing {', '.join(packages)}", flush=True)
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
        print(f"{WHY} The packages were installed, but {', '.join(still)} is still missing.", file=sys.stderr)
    return 1 if still else 0


WHY = "The tests of the Docker engine need a Docker daemon of their own."

if __name__ == "__main__":
    sys.exit(main())

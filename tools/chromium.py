"""Make sure that /usr/bin/chromium is there for the browser tests.

Standard library only. On Debian and its relatives, as root, it installs the distribution's package; elsewhere it says
what to do. Playwright's own browsers are not used: the packaged one gets security updates with the system.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
COMMANDS = (
    ("apt-get", "update"),
    ("apt-get", "install", "--yes", "--no-install-recommends", CHROMIUM.name),
)


def main() -> int:
    """Install Chromium where it is missing and that is possible."""
    if CHROMIUM.exists():
        return 0
    if reason := why_not_here():
        print(f"The browser tests need {CHROMIUM}, which is missing, and {reason}", file=sys.stderr)
        return 1
    print(f"The browser tests need {CHROMIUM}: installing the package {CHROMIUM.name}", flush=True)
    for command in COMMANDS:
        print(f"  {' '.join(command)}", flush=True)
        status = subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}).returncode
        if status != 0:
            print(
                f"`{' '.join(command)}` ended with status {status}; its messages are above. Usual reasons: no network "
                "connection, or another package manager is at work. Mend that and run the same command again.",
                file=sys.stderr,
            )
            return 1
    if not CHROMIUM.exists():
        print(f"The package was installed, but {CHROMIUM} is still missing. {ADVICE}", file=sys.stderr)
        return 1
    return 0


def why_not_here() -> str | None:
    """Say why this script cannot install it, and what a person can do; None if it can."""
    if shutil.which("apt-get") is None:
        return f"this system has no apt-get. {ADVICE}"
    if os.geteuid() != 0:
        return f"only root may install it. Run `{' && '.join('sudo ' + ' '.join(c) for c in COMMANDS)}` once."
    return None


ADVICE = f"Install Chromium with the system's own package manager, and link it to {CHROMIUM} if it lies elsewhere."

if __name__ == "__main__":
    sys.exit(main())

"""Container daemons of other releases of Debian: their programs are unpacked, and run where they are ``/usr``.

So a daemon sees this machine's files under their own names, as one that was installed here does, and nothing of it is
installed.
"""

import fcntl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from support.platform import ROOT

PACKAGES = "docker.io,containerd,runc,podman,crun,conmon,bash,coreutils,dash,grep,kmod,libc-bin,mount,procps,sed"
"""What the daemons need, and what they call."""
LAYOUT = """
mount -t overlay -o "lowerdir=$0/etc:/etc" overlay /etc &&
{ umount /sys/fs/cgroup/unified 2>/dev/null || true; } &&
mount --bind "$0/usr" /usr && echo laid out && exec sleep infinity
"""
"""Where cgroups of both versions are mounted, those of version 2 are hidden: crun refuses the mixture."""
NEVER_EXPIRED = 'Acquire::Check-Valid-Until "false"'
"""A mirror may be weeks behind; its packages are signed all the same."""

MERGED = "/usr/share/mmdebstrap/hooks/merged-usr"
"""Makes /bin and /lib links into /usr before anything is unpacked, as they are on an installed Debian."""


class Programs(Protocol):
    """Where the programs of a daemon come from."""

    def prefix(self) -> list[str]:
        """Return what is put before a command that shall find them."""
        ...

    def close(self) -> None:
        """Let go of what they are run in."""
        ...


class Installed:
    """The programs of this machine."""

    def prefix(self) -> list[str]:
        return []

    def close(self) -> None:
        return


@dataclass
class Release:
    """The programs of a release of Debian, in a mount namespace that outlives the daemon, as the host's does.

    Containers that live on while their daemon is away (live-restore) stay mounted there.
    """

    name: str
    holder: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def prefix(self) -> list[str]:
        if self.holder is None:
            self.holder = self._lay_out()
        return ["nsenter", f"--mount=/proc/{self.holder.pid}/ns/mnt", "--"]

    def close(self) -> None:
        if self.holder is not None:
            self.holder.kill()
            self.holder.wait()
            self.holder = None

    def _lay_out(self) -> "subprocess.Popen[bytes]":
        command = ["unshare", "--mount", "--propagation", "slave", "--", "sh", "-c", LAYOUT, str(self._unpacked())]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True)
        assert holder.stdout is not None
        said = holder.stdout.readline()
        assert said == b"laid out\n", f"the programs of {self.name} cannot be put in the place of /usr"
        return holder

    def _unpacked(self) -> Path:
        """Return the folder of its packages, which are fetched the first time."""
        folder = ROOT / "build" / "docker" / self.name
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                aside = folder.with_name(f"{self.name}.new")
                subprocess.run(["rm", "-rf", "--one-file-system", "--", aside], check=True)
                options = ["--quiet", "--variant=extract", f"--include={PACKAGES}", f"--aptopt={NEVER_EXPIRED}"]
                options += [f"--hook-dir={MERGED}"]
                subprocess.run(["mmdebstrap", *options, self.name, str(aside)], check=True)
                # Of its settings only those of containers: users, name servers and certificates are this machine's.
                others = [entry for entry in (aside / "etc").iterdir() if entry.name != "containers"]
                subprocess.run(["rm", "-rf", "--", *others], check=True)
                aside.rename(folder)
        return folder

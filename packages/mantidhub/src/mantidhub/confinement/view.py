"""The file system that a confined process sees, as bubblewrap's arguments."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from mantidhub.sessions.spec import Mount

SYSTEM_FILES = (
    "/etc/alternatives",
    "/etc/bash.bashrc",
    "/etc/ca-certificates",
    "/etc/fonts",
    "/etc/inputrc",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/profile",
    "/etc/ssl/certs",
    "/etc/terminfo",
    "/etc/timezone",
)
"""What programs look for below /etc and what tells nothing about the host's people or services."""


def system_mounts(files: Sequence[str] = SYSTEM_FILES) -> list[Mount]:
    """Return the host's programs and libraries and the files below /etc that exist here, all read-only."""
    return [Mount(Path(name), Path(name)) for name in ("/usr", *files) if Path(name).exists()]


def view_arguments(mounts: Iterable[Mount], *, temporary_size: int | None = None) -> list[str]:
    """Lay out an otherwise empty file system.

    Folders on the way to a mount are made readable by all: bubblewrap would make them for their owner alone, and
    the process inside is somebody else.

    Parameters
    ----------
    mounts
        In the order in which they are made.
    temporary_size
        Most bytes in /tmp; None leaves it to the kernel (half of the host's memory).
    """
    arguments = ["--perms", "0755", "--dir", "/tmp"]  # noqa: S108 - the sandbox's own
    size = [] if temporary_size is None else ["--size", str(temporary_size)]
    arguments += ["--perms", "1777", *size, "--tmpfs", "/tmp"]  # noqa: S108
    for link in ("bin", "lib", "lib32", "lib64", "sbin"):
        arguments += _top_level(Path("/") / link)
    made = {Path("/"), Path("/tmp")}  # noqa: S108
    covered: list[Path] = []
    for mount in mounts:
        for folder in reversed(mount.target.parents):
            if folder not in made and not any(folder.is_relative_to(target) for target in covered):
                arguments += ["--perms", "0755", "--dir", str(folder)]
                made.add(folder)
        arguments += ["--bind" if mount.writable else "--ro-bind", str(mount.source), str(mount.target)]
        covered.append(mount.target)
    return arguments


def _top_level(path: Path) -> list[str]:
    """Repeat what the host has at ``/bin`` and the like: a link into /usr, or a folder of its own."""
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []

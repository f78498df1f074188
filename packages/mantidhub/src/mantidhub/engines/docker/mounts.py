"""Makes the mounts of a container as strict as those of a sandbox, from outside, before anything of the person's runs.

Docker has no option for it. The kernel lets root change the flags of a mount in any mount namespace, so the controller
goes into that of the container and comes back. Nothing is mounted on the host that could be left there.

Sources: ``mount(2)``, "Remounting an existing mount"; ``proc_pid_mountinfo(5)``; ``setns(2)``, "Mount namespaces".
"""

import ctypes
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mantidhub.engines.docker.first_process import RUN
from mantidhub.sessions.spec import Mount

FLAGS = {
    "ro": 1,
    "nosuid": 2,
    "nodev": 4,
    "noexec": 8,
    "nosymfollow": 256,
    "noatime": 1 << 10,
    "nodiratime": 1 << 11,
    "relatime": 1 << 21,
}
"""``MS_…`` of ``linux/mount.h``, by the names that ``mountinfo`` has for them."""
REMOUNT_BIND = 32 | 4096
STRICT_TIMES = 1 << 24
CLONE_FS, CLONE_NEWNS = 0x200, 0x20000
LEFT_ALONE = ("/dev", "/proc")
"""Where devices must work, and what the kernel lets a process say of itself."""
TEMPORARY = Mount(Path("none"), Path("/tmp"), writable=True)  # noqa: S108 - the container's own


@dataclass(frozen=True)
class MountPoint:
    """Where something is mounted, and the flags of this mount by name."""

    place: str
    flags: frozenset[str]


class NotOurs(Exception):
    """The process is not the first one of a container of ours."""


def parse(mountinfo: str) -> list[MountPoint]:
    """Read ``/proc/PID/mountinfo``, in which the kernel writes spaces and the like as octal numbers."""
    fields = [line.split(" ") for line in mountinfo.splitlines()]
    return [MountPoint(_unescaped(field[4]), frozenset(field[5].split(",")) & FLAGS.keys()) for field in fields]


def stricter(found: Sequence[MountPoint], mounts: Sequence[Mount]) -> list[MountPoint]:
    """Return the mounts of a container that allow more than they should, as they should be, in the order to do it.

    Nothing outside of ``/dev`` and ``/proc`` gives rights or reaches devices, and only ``/tmp`` and what shall be
    writable is so. Docker before 25 leaves what is mounted below something read-only writable, and Podman mounts a
    ``/var/tmp`` that nobody asked for. ``/run`` comes last: when it is read-only, the first process knows that all is
    done.

    Parameters
    ----------
    found
        All mounts of the container, each after the one that it lies in.
    mounts
        What the session was to see.
    """
    wanted = [MountPoint(point.place, point.flags | _wanted(point.place, mounts)) for point in found]
    looser = [point for point, is_so in zip(wanted, found, strict=True) if point.flags != is_so.flags]
    return sorted(looser, key=lambda point: point.place == RUN)


def make_strict(process: int, mounts: Sequence[Mount], *, marker: Path) -> None:
    """Give the mounts of a container the flags that they should have.

    Parameters
    ----------
    process
        The container's first process, as this process sees it.
    mounts
        What the session was to see.
    marker
        Where every container of ours has something mounted.

    Raises
    ------
    NotOurs
        If there is nothing at the marker, so that nothing was changed.
    OSError
        If the process has ended, or the kernel refused.
    """
    folder = os.open(f"/proc/{process}", os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Both from one folder, so of one process, also if it ends and its number goes to another.
        with open("mountinfo", opener=lambda name, flags: os.open(name, flags, dir_fd=folder)) as file:
            found = parse(file.read())
        if str(marker) not in {point.place for point in found}:
            raise NotOurs(f"process {process} has nothing at {marker}")
        namespace = os.open("ns/mnt", os.O_RDONLY, dir_fd=folder)
    finally:
        os.close(folder)
    todo = stricter(found, mounts)
    try:
        # A thread of its own, which ends in there: a mount namespace belongs to a thread, not to the whole process.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_remount, namespace, todo).result()
    finally:
        os.close(namespace)


def _remount(namespace: int, points: Sequence[MountPoint]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # Threads share their root and working folder, and who does may not go elsewhere.
    _check(libc.unshare, CLONE_FS)
    _check(libc.setns, namespace, CLONE_NEWNS)
    for point in points:
        number = sum(FLAGS[name] for name in point.flags)
        if not point.flags & {"noatime", "relatime"}:
            number |= STRICT_TIMES
        _check(libc.mount, None, os.fsencode(point.place), None, ctypes.c_ulong(REMOUNT_BIND | number), None)


def _check(call: Callable[..., int], *arguments: object) -> None:
    if call(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call.__name__}: {os.strerror(number)}")


def _wanted(place: str, mounts: Sequence[Mount]) -> frozenset[str]:
    if any(Path(place).is_relative_to(folder) for folder in LEFT_ALONE):
        return frozenset()
    around = [mount for mount in (*mounts, TEMPORARY) if Path(place).is_relative_to(mount.target)]
    nearest = max(around, key=lambda mount: len(mount.target.parts), default=None)
    writable = nearest is not None and nearest.writable
    return frozenset({"nosuid", "nodev"} if writable else {"nosuid", "nodev", "ro"})


def _unescaped(place: str) -> str:
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), place)

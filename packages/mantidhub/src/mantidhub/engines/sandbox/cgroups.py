"""Limits on memory, processor time and processes, through whichever cgroups this host has.

Source: the kernel's ``admin-guide/cgroup-v1`` and ``admin-guide/cgroup-v2.rst``.
"""

import asyncio
import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mantidhub.engines.sandbox import processes
from mantidhub.sessions.spec import Limits, Mount

CONTROLLERS = ("memory", "cpu", "pids")
PERIOD = 100_000
"""Microseconds over which processor time is counted: the kernel's default."""
SEEN_INSIDE = {1: Path("/sys/fs/cgroup/memory"), 2: Path("/sys/fs/cgroup")}
"""Where a session finds its own counts of memory, for each version: where containers have theirs."""


@dataclass(frozen=True)
class CgroupHost:
    """Where limits can be set on this host: one folder per controller (version 1), or one for all (version 2).

    ``missing`` maps each controller that cannot be used to the reason.
    """

    version: int
    folders: dict[str, Path]
    missing: dict[str, str]

    def create(self, name: str, limits: Limits) -> tuple[Path, ...]:
        """Make the session's cgroups and set its limits; processes enter by ``cgroup.procs`` in each folder."""
        made = []
        for folder in dict.fromkeys(self.folders.values()):
            self._make_again(folder)
            cgroup = folder / name
            cgroup.mkdir(exist_ok=True)
            made.append(cgroup)
        for controller, folder in self.folders.items():
            for file, value in _settings(self.version, controller, limits):
                if (folder / name / file).exists():
                    (folder / name / file).write_text(value)
        return tuple(made)

    def _make_again(self, folder: Path) -> None:
        """Make the folder of our cgroups if somebody removed it while it held none, as ``mantidhub check`` does."""
        try:
            folder.mkdir()
        except FileExistsError:
            return
        if self.version == 2:
            _hand_down(self.folders, folder)

    def memory_as_seen_inside(self, name: str) -> Mount | None:
        """Return the mount by which a session reads its own counts of memory; None where nothing counts them.

        The limits lie there too, but it is read-only, and its files belong to root.
        """
        if "memory" not in self.folders:
            return None
        return Mount(self.folders["memory"] / name, SEEN_INSIDE[self.version])

    def existing(self, name: str) -> tuple[Path, ...]:
        """Return the session's cgroups that are there."""
        folders = dict.fromkeys(self.folders.values())
        return tuple(folder / name for folder in folders if (folder / name).is_dir())

    def remove_if_empty(self) -> None:
        """Remove our own cgroups, as far as they hold no session's."""
        for folder in dict.fromkeys(self.folders.values()):
            with contextlib.suppress(OSError):
                os.rmdir(folder)  # noqa: PTH106 - a cgroup's folder is never empty to the eye


def find_cgroups(
    mark: str, *, root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> CgroupHost:
    """Look for places where this process may set limits.

    Parameters
    ----------
    mark
        Name that tells this MantidHub from others on the host.
    root, own
        Where cgroups are mounted, and the list of those that this process is in.
    """
    try:
        lines = [line.split(":", 2) for line in own.read_text().splitlines()]
    except OSError as error:
        return CgroupHost(0, {}, dict.fromkeys(CONTROLLERS, f"{own} cannot be read: {error.strerror}"))
    version_one = {name: path for _, names, path in lines for name in names.split(",") if name in CONTROLLERS}
    if version_one:
        return _version_one(version_one, mark, root)
    return _version_two(mark, root)


def _version_one(own: dict[str, str], mark: str, root: Path) -> CgroupHost:
    folders, missing = {}, {}
    for controller in CONTROLLERS:
        if controller not in own:
            missing[controller] = "the kernel does not offer it"
            continue
        folder = root / controller / own[controller].lstrip("/") / f"mantidhub-{mark}"
        try:
            folder.mkdir(exist_ok=True)
            (folder / "probe").mkdir(exist_ok=True)
            (folder / "probe").rmdir()
            folders[controller] = folder
        except OSError as error:
            missing[controller] = f"{folder.parent} cannot be written: {error.strerror}"
    return CgroupHost(1, folders, missing)


def _version_two(mark: str, root: Path) -> CgroupHost:
    folder = root / f"mantidhub-{mark}"
    try:
        offered = (root / "cgroup.controllers").read_text().split()
        folder.mkdir(exist_ok=True)
        for place in (root, folder):
            _hand_down([name for name in CONTROLLERS if name in offered], place)
    except OSError as error:
        return CgroupHost(2, {}, dict.fromkeys(CONTROLLERS, f"{root} cannot be written: {error.strerror}"))
    missing = {name: "the kernel does not offer it here" for name in CONTROLLERS if name not in offered}
    return CgroupHost(2, {name: folder for name in CONTROLLERS if name in offered}, missing)


def _hand_down(controllers: Iterable[str], folder: Path) -> None:
    """Let the cgroups in this one have limits of these kinds."""
    (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in controllers))


def _settings(version: int, controller: str, limits: Limits) -> list[tuple[str, str]]:
    quota = round(limits.cpus * PERIOD)
    settings = {
        (1, "memory"): [
            ("memory.limit_in_bytes", str(limits.memory)),
            ("memory.memsw.limit_in_bytes", str(limits.memory)),
        ],
        (1, "cpu"): [("cpu.cfs_period_us", str(PERIOD)), ("cpu.cfs_quota_us", str(quota))],
        (1, "pids"): [("pids.max", str(limits.processes))],
        (2, "memory"): [
            ("memory.max", str(limits.memory)),
            ("memory.swap.max", "0"),
            # One process at a time: not the whole session, server and all.
            ("memory.oom.group", "0"),
        ],
        (2, "cpu"): [("cpu.max", f"{quota} {PERIOD}")],
        (2, "pids"): [("pids.max", str(limits.processes))],
    }
    return settings[version, controller]


def out_of_memory_kills(cgroups: tuple[Path, ...]) -> int:
    """Count the processes that the kernel ended because the session had used up its memory."""
    for cgroup in cgroups:
        for file in ("memory.events", "memory.oom_control"):
            try:
                lines = (cgroup / file).read_text().splitlines()
            except OSError:
                continue
            return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return 0


def processor_time(cgroups: tuple[Path, ...]) -> timedelta | None:
    """Return how long the processes in these cgroups have kept processors busy.

    Version 1 counts where ``cpuacct`` is mounted together with ``cpu``, as everywhere with systemd; elsewhere the
    processes that live are asked, with those that they have waited for. None without a cgroup.
    """
    for cgroup in cgroups:
        try:
            return timedelta(microseconds=int((cgroup / "cpuacct.usage").read_text()) / 1000)
        except OSError:
            pass
        try:
            counted = dict(line.split() for line in (cgroup / "cpu.stat").read_text().splitlines())
        except OSError:
            continue
        if "usage_usec" in counted:
            return timedelta(microseconds=int(counted["usage_usec"]))
    return sum(map(processes.processor_time, members(cgroups)), timedelta()) if cgroups else None


def members(cgroups: tuple[Path, ...]) -> set[int]:
    """Return the ids of the processes in these cgroups."""
    found: set[int] = set()
    for cgroup in cgroups:
        try:
            found.update(int(line) for line in (cgroup / "cgroup.procs").read_text().split())
        except OSError:
            continue
    return found


async def remove(cgroups: tuple[Path, ...]) -> None:
    """Remove the cgroups of a session that has ended; the kernel may need a moment to let go of them."""
    for cgroup in cgroups:
        for _ in range(50):
            try:
                os.rmdir(cgroup)  # noqa: PTH106 - a cgroup's folder is never empty to the eye
                break
            except FileNotFoundError:
                break
            except OSError:
                await asyncio.sleep(0.02)

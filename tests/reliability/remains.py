"""What there is of sessions, looked at from outside: processes, containers, cgroups, mounts, sockets, records."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from support.docker import DockerDaemon

from mantidhub.settings import StateFolder

CGROUPS = Path("/sys/fs/cgroup")
SERVICES = {"hub": "jupyterhub", "controller": "mantidhub.controller", "edge": "caddy"}
"""The word in its command by which each service is known."""


@dataclass
class Outside:
    """Everything that a session may leave, by kind: each maps to the keys of sessions that it was found of."""

    found: dict[str, set[str]] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)
    services: dict[str, int] = field(default_factory=dict)

    def running(self) -> set[str]:
        """Return the sessions of which something runs."""
        return self.found["process"] | self.found["container"]

    def orphans(self, known: set[str]) -> list[str]:
        """Return what belongs to no known session."""
        return [f"{kind} of {key}" for kind, keys in self.found.items() for key in sorted(keys - known)] + self.other


class Looker:
    """Looks at one MantidHub's host."""

    def __init__(self, state: StateFolder, daemon: DockerDaemon | None) -> None:
        self._state = state
        self._daemon = daemon
        self._containers: set[str] = set()

    def look(self) -> Outside:
        """Find everything, now."""
        outside = Outside()
        containers = self._daemon.containers(f"mantidhub.mark={self._state.mark}") if self._daemon else []
        labels = [container["Labels"]["mantidhub.session"] for container in containers]
        present = {container["Id"] for container in containers}
        self._containers |= present
        outside.found = {
            "process": set(sessions_of_processes(self._state.mark).values()),
            "container": set(labels),
            "cgroup": {folder.name for folder in self.cgroups()},
            "socket folder": _names(self._state.sessions),
            "route": _names(self._state.routes),
            "record": {file.stem for file in (self._state.controller / "records").glob("*.json")},
        }
        outside.other += [f"second container of {key}" for key in set(labels) if labels.count(key) > 1]
        outside.other += [f"ended container {c['Names'][0]}" for c in containers if c["State"] != "running"]
        gone = self._containers - present
        outside.other += [f"cgroup {path}" for path in self.cgroups_of_containers() if path.name in gone]
        outside.other += self._mounts(running=len(present))
        outside.services = {name: len(found) for name, found in services(self._state).items()}
        return outside

    def cgroups(self) -> list[Path]:
        """Return the cgroups of sandboxed sessions."""
        places = [folder for folder, names, _ in os.walk(CGROUPS) if f"mantidhub-{self._state.mark}" in names]
        parents = [Path(place) / f"mantidhub-{self._state.mark}" for place in places]
        return [folder for parent in parents for folder in parent.iterdir() if folder.is_dir()]

    def cgroups_of_containers(self) -> list[Path]:
        """Return the cgroups of all containers that this MantidHub ever had."""
        if not self._containers:
            return []
        return [
            Path(place) / name for place, names, _ in os.walk(CGROUPS) for name in names if name in self._containers
        ]

    def _mounts(self, *, running: int) -> list[str]:
        mounts = mounts_below(self._state.root)
        found = [f"mount {mount}" for mount in mounts if mount != self._state.root]
        if self._daemon:
            roots = [mount for mount in mounts_below(self._daemon.folder) if mount.name == "merged"]
            found += [f"mount {mount}" for mount in roots[running:]]
        return found


def mounts_below(folder: Path) -> list[Path]:
    """Return what is mounted at or below a folder."""
    mounts = [Path(line.split()[4]) for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [mount for mount in mounts if mount.is_relative_to(folder)]


def unmount_below(folder: Path) -> None:
    """Take away what is mounted at or below a folder."""
    for mount in reversed(mounts_below(folder)):
        subprocess.run(["umount", "--lazy", str(mount)], check=False)


def sessions_of_processes(mark: str) -> dict[int, str]:
    """Return the session of each process of a sandbox, by its label."""
    label = f"MANTIDHUB_SESSION={mark}:"
    found = {}
    for pid, _, variables in processes():
        for variable in variables:
            if variable.startswith(label):
                found[pid] = variable.removeprefix(label)
    return found


def services(state: StateFolder) -> dict[str, list[int]]:
    """Return the processes of hub, controller and edge, whatever the supervisor knows of them."""
    mine = str(state.root)
    found: dict[str, list[int]] = {name: [] for name in SERVICES}
    for pid, command, variables in processes():
        if not any(mine in variable for variable in variables if variable.startswith(("MANTIDHUB_", "HOME=", "XDG_"))):
            continue
        for name, word in SERVICES.items():
            program = [Path(part).name for part in command[:3]]
            if word in program and program[0] not in {"bwrap", "setpriv", "sh"}:
                found[name].append(pid)
    return found


def processes() -> list[tuple[int, list[str], list[str]]]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            variables = (process / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        found.append((int(process.name), command, variables))
    return found


def _names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()

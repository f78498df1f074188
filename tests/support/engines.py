"""Engines for the tests that every one of them must pass, and what only the test can do to them from outside."""

import os
import signal
from pathlib import Path
from typing import Protocol

from mantidhub.engines.docker import DockerEngine
from mantidhub.engines.protocol import Engine
from mantidhub.engines.sandbox import SandboxEngine
from mantidhub.settings.model import DockerSettings
from support.docker import IMAGE, DockerDaemon


class Bench(Protocol):
    """Where engines are tried: makes them as often as a controller starts, and looks at what they leave."""

    tells_of_memory: bool
    """Whether it is known afterwards that memory was used up, which Podman 4 does not tell."""

    async def engine(self, *, mark: str = "test") -> Engine:
        """Make an engine, as a controller does at its start."""
        ...

    def kill_from_outside(self, key: str) -> None:
        """End a session as somebody at the host would."""
        ...

    def remains(self) -> list[str]:
        """Return what is left of sessions, apart from their files."""
        ...


class SandboxBench:
    """Sandboxes with a folder of their own."""

    tells_of_memory = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def engine(self, *, mark: str = "test") -> Engine:
        return SandboxEngine(mark=f"{mark}-{os.getpid()}", folder=self._folder / mark, logs=self._folder)

    def kill_from_outside(self, key: str) -> None:
        for process in self._processes():
            os.kill(int(process.name), signal.SIGKILL)

    def remains(self) -> list[str]:
        cgroups = Path("/sys/fs/cgroup").glob(f"**/mantidhub-test-{os.getpid()}/*/")
        return [str(path) for path in [*self._processes(), *cgroups]]

    def _processes(self) -> list[Path]:
        """Find bubblewrap's processes by the folder that the session sees."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.fsencode(self._folder) in (process / "cmdline").read_bytes():
                    found.append(process)
            except OSError:
                continue
        return found


class DockerBench:
    """Containers of a daemon that the tests started."""

    def __init__(self, folder: Path, daemon: DockerDaemon, *, image: str = IMAGE) -> None:
        self._folder = folder
        self._daemon = daemon
        self._image = image
        self.tells_of_memory = not daemon.version.startswith("4.")

    async def engine(self, *, mark: str = "test") -> Engine:
        settings = DockerSettings(socket=self._daemon.socket, image=self._image)
        return DockerEngine(mark=mark, settings=settings, logs=self._folder, homes=self._folder / "homes")

    def kill_from_outside(self, key: str) -> None:
        for container in self._daemon.containers(f"mantidhub.session={key}"):
            self._daemon.ask("DELETE", f"/containers/{container['Id']}?force=1")

    def remains(self) -> list[str]:
        return [name for container in self._daemon.containers("mantidhub.mark=test") for name in container["Names"]]

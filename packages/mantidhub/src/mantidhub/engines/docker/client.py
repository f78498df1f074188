"""The few calls of the Docker Engine API that sessions need; everything asynchronous, through aiodocker."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiodocker import Docker
from aiodocker.exceptions import DockerError

from mantidhub.engines.docker.errors import ContainerGone, translated
from mantidhub.sessions.deadline import Deadline


@dataclass(frozen=True)
class Container:
    """A container as the daemon knows it.

    Attributes
    ----------
    exit_code
        That of the last end, 0 while it runs.
    process
        Number of its first process on the host, 0 where there is none or nobody asked.
    """

    id: str
    labels: Mapping[str, str]
    running: bool
    exit_code: int = 0
    process: int = 0
    out_of_memory: bool = False


@dataclass(frozen=True)
class Daemon:
    """What the daemon says of itself and of its host.

    Attributes
    ----------
    product
        ``Docker`` or ``Podman``, which speaks as Docker does.
    api
        Version of the interface, such as (1, 41).
    security
        Names of what protects containers: ``seccomp``, ``apparmor``, ``rootless`` …, with their options.
    unlimited
        Which of ``memory``, ``swap``, ``processor time`` and ``processes`` it cannot limit here.
    """

    product: str
    version: str
    api: tuple[int, ...]
    security: tuple[str, ...]
    unlimited: tuple[str, ...]


class DockerClient:
    """Talks to one daemon.

    Each call takes the deadline of the operation that it is part of. It must be made inside a running event loop.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        # No limit on connections: each session that is waited for holds one, and a start must not queue behind them.
        self._connector = aiohttp.UnixConnector(str(socket), limit=0)
        self._docker = Docker(url="unix://localhost", connector=self._connector)

    async def close(self) -> None:
        """Close all connections."""
        await self._docker.close()
        await self._connector.close()

    async def create(self, name: str, body: Mapping[str, object], deadline: Deadline) -> str:
        """Make a container and return its id."""
        async with self._asking(f"make the container {name}", deadline):
            return (await self._docker.containers.create(dict[str, Any](body), name=name)).id

    async def start(self, container: str, deadline: Deadline) -> None:
        """Start a container."""
        async with self._asking(f"start the container {container:.12}", deadline):
            await self._docker.containers.container(container).start()

    async def stop(self, container: str, *, grace: timedelta, deadline: Deadline) -> None:
        """Ask the container's processes to end, and kill them after `grace`; return when they have ended."""
        async with self._asking(f"stop the container {container:.12}", deadline):
            await self._docker.containers.container(container).stop(t=math.ceil(grace.total_seconds()))

    async def remove(self, container: str, deadline: Deadline) -> None:
        """Remove a container, whatever it does; one that is gone is as it should be."""
        try:
            async with self._asking(f"remove the container {container:.12}", deadline):
                await self._docker.containers.container(container).delete(force=True, v=True)
        except ContainerGone:
            return

    async def wait(self, container: str) -> None:
        """Return when the container does not run, at once if it has ended."""
        with translated(f"wait for the container {container:.12}", self._socket):
            await self._docker.containers.container(container).wait(condition="not-running")

    async def find(self, container: str, deadline: Deadline) -> Container | None:
        """Return what the daemon knows of a container, by id or name; None if there is none."""
        try:
            async with self._asking(f"look at the container {container:.12}", deadline):
                found = await self._docker.containers.container(container).show()
        except ContainerGone:
            return None
        state = found["State"]
        return Container(
            id=found["Id"],
            labels=found["Config"]["Labels"] or {},
            running=bool(state["Running"]),
            exit_code=int(state["ExitCode"]),
            process=int(state["Pid"]),
            out_of_memory=bool(state["OOMKilled"]),
        )

    async def list(self, label: str, value: str, deadline: Deadline) -> list[Container]:
        """Return all containers with this label, running or not."""
        filters = json.dumps({"label": [f"{label}={value}"]})
        async with self._asking("list its containers", deadline):
            found = await self._docker.containers.list(all=True, filters=filters)
        return [Container(entry["Id"], entry["Labels"], entry["State"] in {"running", "paused"}) for entry in found]

    async def output(self, container: str, deadline: Deadline) -> str:
        """Return what the container has printed, as far as the daemon keeps it."""
        async with self._asking(f"read what the container {container:.12} printed", deadline):
            return "".join(await self._docker.containers.container(container).log(stdout=True, stderr=True))

    async def processor_time(self, container: str, deadline: Deadline) -> timedelta | None:
        """Return how long the container's processes have kept processors busy; None if it does not run."""
        try:
            async with self._asking(f"measure the container {container:.12}", deadline):
                # Without one-shot, Docker looks twice and takes more than a second.
                options = {"stream": "false", "one-shot": "true"}
                async with self._docker._query(f"containers/{container}/stats", params=options) as answer:
                    # Podman does not say that it is JSON.
                    found = json.loads(await answer.read())
        except ContainerGone:
            return None
        return timedelta(microseconds=int(found["cpu_stats"]["cpu_usage"]["total_usage"]) / 1000)

    async def has_image(self, name: str, deadline: Deadline) -> bool:
        """Tell whether the daemon has the image."""
        async with self._asking(f"look for the image {name}", deadline):
            try:
                await self._docker.images.inspect(name)
            except DockerError as error:
                if error.status == 404:
                    return False
                raise
        return True

    async def daemon(self, deadline: Deadline) -> Daemon:
        """Ask the daemon what it is and what it can do here."""
        async with self._asking("say what it is", deadline):
            version, info = await self._docker.version(), await self._docker.system.info()
        able = {
            "memory": "MemoryLimit",
            "swap": "SwapLimit",
            "processor time": "CpuCfsQuota",
            "processes": "PidsLimit",
        }
        parts = {part["Name"] for part in version.get("Components") or ()}
        return Daemon(
            product="Podman" if "Podman Engine" in parts else "Docker",
            version=version["Version"],
            api=tuple(int(part) for part in version["ApiVersion"].split(".")),
            security=tuple(info.get("SecurityOptions") or ()),
            unlimited=tuple(name for name, field in able.items() if not info.get(field)),
        )

    @asynccontextmanager
    async def _asking(self, attempt: str, deadline: Deadline) -> AsyncIterator[None]:
        with translated(attempt, self._socket):
            async with asyncio.timeout(deadline.left()):
                yield

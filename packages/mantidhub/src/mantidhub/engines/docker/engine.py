"""The Docker engine: starts a session's container, waits for it, ends it, finds it again."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from mantidhub.confinement.seccomp import session_filter
from mantidhub.engines.docker.body import (
    FIRST_PROCESS,
    LABEL_MARK,
    LABEL_SESSION,
    LABEL_STARTED,
    Labels,
    container_body,
    container_name,
)
from mantidhub.engines.docker.client import Container, DockerClient
from mantidhub.engines.docker.errors import ContainerGone, DaemonAway, NameTaken, explained
from mantidhub.engines.docker.handle import DockerHandle
from mantidhub.engines.docker.mounts import NotOurs, make_strict
from mantidhub.engines.docker.versions import judgement
from mantidhub.engines.docker.weaknesses import find_weaknesses, missing_options
from mantidhub.errors import EngineError
from mantidhub.sessions.deadline import Deadline
from mantidhub.sessions.log import last_sentence
from mantidhub.sessions.spec import KILLED, EndCause, Handle, SessionEnd, SessionSpec
from mantidhub.settings.model import DockerSettings
from mantidhub.settings.state import Identity

log = logging.getLogger(__name__)
_T = TypeVar("_T")

ANSWER_LIMIT = timedelta(seconds=30)
"""What the daemon may take for anything but a start and the grace of a stop; usually it takes milliseconds."""
RETURN_LIMIT = timedelta(seconds=60)
"""How long a daemon that goes away is waited for before what an ended session leaves is left."""
LOOK_AGAIN = 0.5
"""Seconds between attempts to reach a daemon that went away."""


class DockerEngine:
    """Runs each session in a container of its own, without a network.

    It must be made inside a running event loop.

    Parameters
    ----------
    mark
        Name that tells this MantidHub from others on the host.
    settings
        Where the daemon listens, and the image.
    logs
        Where what a session printed is kept when it has ended.
    homes
        Folder of the homes.
    """

    def __init__(self, *, mark: str, settings: DockerSettings, logs: Path, homes: Path) -> None:
        self._mark = mark
        self._image = settings.image
        self._logs = logs
        self._homes = homes
        self._as_root = os.getuid() == 0
        self._client = DockerClient(settings.socket)

    async def require(self) -> str:
        """Make sure that sessions can be started; say in a sentence what the daemon is.

        Raises
        ------
        EngineError
            If the daemon does not answer, gives other user ids to containers, or does not have the image.
        """
        deadline = Deadline(ANSWER_LIMIT)
        daemon = await self._client.daemon(deadline)
        if "name=rootless" in daemon.security:
            raise EngineError(
                f"This {daemon.product} runs without root (rootless), so a session would not have the user id that its "
                f"home belongs to. Use a {daemon.product} that runs as root, or the sandbox, which needs no rights."
            )
        if not await self._client.has_image(self._image, deadline):
            raise EngineError(
                f"{daemon.product} {daemon.version} has no image {self._image}. Make it with `make docker-image`, "
                "or name another in docker.image."
            )
        return judgement(daemon)

    async def launch(self, spec: SessionSpec) -> DockerHandle:
        """Make and start the session's container. See :class:`mantidhub.engines.protocol.Engine`."""
        starting = asyncio.create_task(self._start(spec, Deadline(spec.start_timeout)), name=f"start {spec.key}")
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Who asked has gone. What Docker was told already it does all the same; then all of it can be removed.
            with contextlib.suppress(EngineError):
                handle = await starting
                await self._client.remove(handle.container, Deadline(ANSWER_LIMIT))
            raise

    async def wait(self, handle: Handle) -> SessionEnd:
        """Return when the session has ended. See :class:`mantidhub.engines.protocol.Engine`.

        A daemon that goes away may have left the container running (live-restore), so its end is not the session's.
        """
        session = DockerHandle.of(handle)
        trouble = daemon_went_away = False
        while True:
            try:
                found = await self._client.find(session.container, Deadline(ANSWER_LIMIT))
                if found is None:
                    return SessionEnd(session.key, EndCause.VANISHED, None, "Its container was removed from outside.")
                if not found.running:
                    await self._clear(found, session.log)
                    return _end(session, found, daemon_went_away=daemon_went_away)
                trouble = daemon_went_away = False  # or it is back, and the session has lived through it
                await self._client.wait(session.container)
            except ContainerGone:
                continue
            except EngineError as problem:
                if not trouble:
                    log.warning("Docker does not answer", extra={"key": session.key, "reason": str(problem)})
                trouble = True
                daemon_went_away = daemon_went_away or isinstance(problem, DaemonAway)
                await asyncio.sleep(LOOK_AGAIN)

    async def stop(self, handle: Handle, *, grace: timedelta) -> None:
        """Ask the server to end, then make it. See :class:`mantidhub.engines.protocol.Engine`."""
        session = DockerHandle.of(handle)
        with contextlib.suppress(ContainerGone):
            await self._client.stop(session.container, grace=grace, deadline=Deadline(grace + ANSWER_LIMIT))

    async def find_all(self) -> list[Handle]:
        """Find every session of which anything is left. See :class:`mantidhub.engines.protocol.Engine`."""
        return [
            DockerHandle(
                key=(key := found.labels[LABEL_SESSION]),
                started=datetime.fromisoformat(found.labels[LABEL_STARTED]),
                log=self._logs / f"{key}.log",
                log_start=0,
                container=found.id,
            )
            for found in await self._client.list(LABEL_MARK, self._mark, Deadline(ANSWER_LIMIT))
        ]

    async def processor_time(self, handle: Handle) -> timedelta | None:
        """Return what Docker counts. See :class:`mantidhub.engines.protocol.Engine`."""
        return await self._client.processor_time(DockerHandle.of(handle).container, Deadline(ANSWER_LIMIT))

    async def weaknesses(self) -> list[str]:
        """Say what cannot be enforced here. See :class:`mantidhub.engines.protocol.Engine`."""
        daemon = await self._client.daemon(Deadline(ANSWER_LIMIT))
        return find_weaknesses(daemon, missing_of_homes=missing_options(self._homes), as_root=self._as_root)

    async def close(self) -> None:
        """Close the connections to the daemon. Containers run on."""
        await self._client.close()

    async def _start(self, spec: SessionSpec, deadline: Deadline) -> DockerHandle:
        started = datetime.now(UTC)
        log_start = spec.log.stat().st_size if spec.log.exists() else 0
        body = container_body(
            spec,
            image=self._image,
            identity=spec.identity or Identity(os.getuid(), os.getgid()),
            labels=Labels(self._mark, spec.key, spec.environment, started),
            system_calls=session_filter(),
            strict_mounts=self._as_root,
        )
        container = await self._create(container_name(self._mark, spec.key), body, deadline)
        try:
            await self._client.start(container, deadline)
            if self._as_root:
                await self._make_mounts_strict(container, spec, deadline)
        except EngineError:
            await self._client.remove(container, Deadline(ANSWER_LIMIT))
            raise
        return DockerHandle(key=spec.key, started=started, log=spec.log, log_start=log_start, container=container)

    async def _make_mounts_strict(self, container: str, spec: SessionSpec, deadline: Deadline) -> None:
        """Let the first process go on, which waits for this; one that has ended already is left alone."""
        found = await self._client.find(container, deadline)
        if found is None or not found.running:
            return
        try:
            make_strict(found.process, (*spec.mounts, FIRST_PROCESS), marker=FIRST_PROCESS.target)
        except (NotOurs, OSError) as problem:
            found = await self._client.find(container, deadline)
            if found is not None and found.running:
                raise EngineError(
                    f"The mounts of the container {container:.12} could not be made nosuid and nodev: {problem}. "
                    "MantidHub must see the processes of this machine and be allowed into their namespaces: start it "
                    "outside of a container, and without hardening by systemd."
                ) from problem

    async def _create(self, name: str, body: dict[str, object], deadline: Deadline) -> str:
        try:
            return await self._client.create(name, body, deadline)
        except NameTaken:
            remains = await self._client.find(name, deadline)
            if remains is None or remains.labels.get(LABEL_MARK) != self._mark:
                raise
            # Of ours, from when Docker did not do what it was told in time: nobody starts a session that runs.
            await self._client.remove(remains.id, deadline)
            return await self._client.create(name, body, deadline)

    async def _clear(self, ended: Container, file: Path) -> None:
        """Keep what the session printed, and remove its container.

        A daemon that goes away meanwhile is waited for: it may have ended the session because it is restarted. What
        Docker refuses here is only logged: the session has ended, and the next start or the next controller removes
        what is left.
        """
        limit = Deadline(RETURN_LIMIT)
        try:
            text = await _when_back(lambda: self._client.output(ended.id, Deadline(ANSWER_LIMIT)), limit)
            with file.open("a") as kept:
                kept.write(text)
        except (EngineError, OSError) as problem:
            log.warning("what a session printed is lost", extra={"log": str(file), "reason": str(problem)})
        try:
            await _when_back(lambda: self._client.remove(ended.id, Deadline(ANSWER_LIMIT)), limit)
        except EngineError as problem:
            log.warning("a container is left", extra={"container": ended.id, "reason": str(problem)})


async def _when_back(ask: Callable[[], Awaitable[_T]], limit: Deadline) -> _T:
    """Ask Docker; where it goes away, ask again when it is back."""
    while True:
        try:
            return await ask()
        except DaemonAway:
            if limit.passed:
                raise
            await asyncio.sleep(LOOK_AGAIN)


def _end(session: DockerHandle, found: Container, *, daemon_went_away: bool) -> SessionEnd:
    # Docker says so also when a kernel was ended long ago and the server lived on: its own end must be a kill.
    if found.out_of_memory and found.exit_code == KILLED:
        return SessionEnd(session.key, EndCause.OUT_OF_MEMORY, found.exit_code, "It used more memory than its limit.")
    if daemon_went_away:
        return SessionEnd(session.key, EndCause.VANISHED, found.exit_code, "It ended when Docker was stopped.")
    if found.exit_code == KILLED:
        return SessionEnd(session.key, EndCause.KILLED, found.exit_code, "It was killed.")
    words = "" if found.exit_code == 0 else explained(last_sentence(session.log, session.log_start))
    message = words or f"It ended with exit code {found.exit_code}."
    return SessionEnd(session.key, EndCause.EXITED, found.exit_code, message)

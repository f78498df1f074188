"""The offered environments beside the first, as `mantidhub up` sees them: prepared in the background."""

import asyncio
import logging
from pathlib import Path

from mantidhub.environments import list_built
from mantidhub.environments.attempts import find_attempt, forget_interrupted
from mantidhub.environments.known import KnownSpecifications
from mantidhub.operations.preparation import others
from mantidhub.operations.services import preparation_service
from mantidhub.operations.supervisor import SupervisedService
from mantidhub.operations.terminal import command_line, say
from mantidhub.settings.deployment import Deployment

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that a build has to end its programs and to delete what is half done; some 30 000 files."""


class FurtherEnvironments:
    """Owns the process that prepares them, and says in one line each what came of it."""

    def __init__(self, deployment: Deployment, deployment_file: Path) -> None:
        self._deployment = deployment
        self._service = SupervisedService(preparation_service(deployment, deployment_file))
        self._task: asyncio.Task[None] | None = None

    def announcement(self) -> str:
        """Return what will be prepared, and how people can follow it; nothing if all are there."""
        before = self._built()
        missing = [name for name in self._names() if name not in before]
        if not missing:
            return ""
        return f"Being prepared meanwhile: {', '.join(missing)}.  How far:  {self._command('environment list')}"

    def start(self) -> None:
        """Begin, if there is anything beside the first environment."""
        forget_interrupted(self._deployment.state.environments)
        if names := self._names():
            self._task = asyncio.create_task(self._prepare(names), name="prepare environments")

    async def stop(self) -> None:
        """End it, wherever it is; the next start goes on."""
        if self._task is None:
            return
        self._task.cancel()
        (outcome,) = await asyncio.gather(self._task, return_exceptions=True)
        if isinstance(outcome, Exception):
            # Nothing that happened here may keep the platform from stopping.
            log.error("environments could not be prepared", exc_info=outcome)
        await self._service.stop(grace=PATIENCE)

    async def _prepare(self, names: list[str]) -> None:
        before = self._built()
        code = await self._service.run_once()
        for name in names:
            self._tell(name, before.get(name))
        if code != 0:
            say(f"Environments could not be prepared (exit code {code}); {self._service.service.log} tells why.")

    def _tell(self, name: str, before: str | None) -> None:
        newest = self._built().get(name)
        attempt = find_attempt(self._deployment.state.environments, name)
        if attempt is not None:
            why, again = attempt.message.partition("\n")[0], self._command(f"environment build {name}")
            say(f"The environment {name} is not there. {why}  To try again:  {again}")
        elif newest != before:
            say(f"The environment {name} is ready: {newest}.")

    def _names(self) -> list[str]:
        known = KnownSpecifications.from_settings(self._deployment.settings.environments)
        return [specification.name for specification in others(known, self._deployment)]

    def _built(self) -> dict[str, str]:
        """Return name → id of the newest of each that is built."""
        built = list_built(self._deployment.state.environments)
        return {environment.name: environment.id for environment in reversed(built)}

    def _command(self, words: str) -> str:
        return command_line(self._deployment.state.root, words, self._deployment.config)

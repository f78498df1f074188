"""Which engine runs the sessions, and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mantidhub.engines.protocol import Engine
from mantidhub.engines.sandbox import SandboxEngine
from mantidhub.errors import EngineError
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.model import EngineName

if TYPE_CHECKING:
    from mantidhub.engines.docker import DockerEngine


@dataclass(frozen=True)
class EngineChoice:
    """An engine by name, and the reason for it as a sentence."""

    name: EngineName
    reason: str


async def choose_engine(settings: Settings, state: StateFolder) -> EngineChoice:
    """Follow the settings; where they leave it open, look whether Docker can be used.

    Raises
    ------
    EngineError
        If the settings ask for Docker and it cannot be used.
    """
    wanted = settings.sessions.engine
    if wanted == "sandbox":
        return EngineChoice("sandbox", 'sessions.engine is "sandbox".')
    docker = _docker(settings, state)
    try:
        what = await docker.require()
    except EngineError as problem:
        if wanted == "docker":
            raise
        return EngineChoice("sandbox", f'sessions.engine is "auto", and Docker cannot be used: {problem}')
    finally:
        await docker.close()
    return EngineChoice(
        "docker",
        f'sessions.engine is "{wanted}", and Docker answers on {settings.docker.socket} and has the image. {what}',
    )


def make_engine(name: EngineName, settings: Settings, state: StateFolder) -> Engine:
    """Return the engine of this name. It must be made inside a running event loop."""
    return _docker(settings, state) if name == "docker" else _sandbox(state)


async def weaknesses_of(name: EngineName, settings: Settings, state: StateFolder) -> list[str]:
    """Say in sentences what the engine of this name cannot enforce on this host."""
    engine = make_engine(name, settings, state)
    try:
        return await engine.weaknesses()
    finally:
        await engine.close()


def _sandbox(state: StateFolder) -> SandboxEngine:
    return SandboxEngine(mark=state.mark, folder=state.controller / "sessions", logs=state.logs / "sessions")


def _docker(settings: Settings, state: StateFolder) -> "DockerEngine":
    # Only where it is used: aiodocker looks for the home of whoever imports it, and a user without one has the sandbox.
    from mantidhub.engines.docker import DockerEngine

    return DockerEngine(mark=state.mark, settings=settings.docker, logs=state.logs / "sessions", homes=state.homes)

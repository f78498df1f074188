"""Sessions of another engine, left from before the administrator changed the engine."""

import logging
from datetime import timedelta
from typing import cast, get_args

from mantidhub.engines.choice import make_engine
from mantidhub.errors import EngineError
from mantidhub.files import write_whole
from mantidhub.settings.deployment import Deployment
from mantidhub.settings.model import EngineName

log = logging.getLogger(__name__)


async def end_sessions_of_former_engine(deployment: Deployment, *, grace: timedelta) -> None:
    """End what an engine still runs that was used last and is not used now: nobody would watch it.

    Where that engine does not answer, its sessions are ended when it is chosen again.
    """
    note = deployment.state.controller / "engine"
    former = note.read_text().strip() if note.exists() else deployment.engine
    if former != deployment.engine and former in get_args(EngineName):
        engine = make_engine(cast("EngineName", former), deployment.settings, deployment.state)
        try:
            for handle in await engine.find_all():
                log.warning("session of another engine is stopped", extra={"key": handle.key, "engine": former})
                await engine.stop(handle, grace=grace)
                await engine.wait(handle)
        except EngineError as problem:
            log.warning("sessions may still run", extra={"engine": former, "reason": str(problem)})
        finally:
            await engine.close()
    write_whole(note, deployment.engine)

"""Every minute: what runs and what is known are made one, whatever went wrong between."""

import asyncio
import logging
from datetime import timedelta

from mantidhub.controller.composition import Composer
from mantidhub.controller.supervision import Supervision
from mantidhub.engines.protocol import Engine
from mantidhub.errors import MantidHubError
from mantidhub.sessions.spec import Handle

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=30)
"""How long the end of one stray may take; what is not done by then is done in a later round."""


class Reconciliation:
    """Removes what belongs to no session.

    Ends of sessions are not looked for here: the engine tells of them as they happen. This finds what nobody is told
    of, such as a container that was removed too late by a daemon that came back, or a folder that a full disk kept.
    """

    def __init__(self, engine: Engine, supervision: Supervision, composer: Composer) -> None:
        self._engine = engine
        self._supervision = supervision
        self._composer = composer

    async def round(self) -> None:
        """Look once.

        A key is looked at only while no session of it can start, so a start in the middle of a round is left alone.

        Raises
        ------
        EngineError, OSError
            If the engine or the file system did not work; the next round begins anew.
        """
        await self._supervision.tend()
        left = await self._engine.find_all()
        for handle in [handle for handle in left if not self._supervision.holds(handle.key)]:
            async with self._supervision.reserve(handle.key) as free:
                if free:
                    await self._end(handle)
        for key in self._composer.keys_with_folders():
            async with self._supervision.reserve(key) as free:
                if free:
                    await self._composer.clear(key)

    async def run(self, every: timedelta) -> None:
        """Look again and again; one failure is logged once, not with every round."""
        trouble = ""
        while True:
            await asyncio.sleep(every.total_seconds())
            try:
                await self.round()
                trouble = ""
            except (MantidHubError, OSError, TimeoutError) as problem:
                if str(problem) != trouble:
                    log.warning("what is left of sessions could not be looked at", extra={"reason": str(problem)})
                trouble = str(problem)

    async def _end(self, stray: Handle) -> None:
        log.warning("session that nobody knows of is ended", extra={"key": stray.key})
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await self._engine.stop(stray, grace=timedelta(0))
            await self._engine.wait(stray)

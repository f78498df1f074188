"""Sessions that nobody uses are stopped, after their people were told and could keep them."""

import asyncio
import json
import logging
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mantidhub.controller.composition import Composer
from mantidhub.controller.supervision import Supervision
from mantidhub.engines.protocol import Engine
from mantidhub.errors import MantidHubError
from mantidhub.files import write_whole
from mantidhub.sessions.layout import ACTIVE_NAME, IDLE_NAME
from mantidhub.sessions.spec import EndCause, Handle
from mantidhub.settings.quantities import format_duration

log = logging.getLogger(__name__)

LONGEST_WARNING = timedelta(minutes=10)
BUSY_SHARE = 0.05
"""Of one core: a server that does nothing, with an open page, stays below it (see docs/decisions/idle-sessions.md)."""


@dataclass
class _Use:
    """What has been seen of a session: its processor time, when that was, and when it was last busy."""

    handle: Handle
    processor_time: timedelta | None
    seen: datetime
    busy: datetime


class Culling:
    """Stops sessions that have not been used for a while.

    Use is what the session itself says by touching a file (a running cell, a job in a terminal, a person at the page),
    and what it cannot hide: processor time. A session can say that it is used when it is not; that is its person's
    matter. The warning lasts 10 minutes, or half of the time if that is shorter.

    Parameters
    ----------
    idle_after
        Time without use after which a session ends.
    """

    def __init__(self, engine: Engine, supervision: Supervision, composer: Composer, *, idle_after: timedelta) -> None:
        self._engine = engine
        self._supervision = supervision
        self._composer = composer
        self._idle_after = idle_after
        self._warning = min(LONGEST_WARNING, idle_after / 2)
        self._uses: dict[str, _Use] = {}
        self._ends: dict[str, datetime] = {}

    @property
    def every(self) -> timedelta:
        """How often to look, so that the warning lasts nearly as long as it says."""
        return max(timedelta(seconds=1), self._warning / 10)

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self.every.total_seconds())
            await self.round(datetime.now(UTC))

    async def round(self, now: datetime) -> None:
        """Look at every session once."""
        running = self._supervision.running()
        for gone in self._uses.keys() - running.keys():
            self._uses.pop(gone)
            self._ends.pop(gone, None)
        await asyncio.gather(*(self._look(key, handle, now) for key, handle in running.items()))

    async def _look(self, key: str, handle: Handle, now: datetime) -> None:
        """Stop a session if it is due. One about which nothing can be learned is left, and keeps nobody waiting."""
        try:
            if await self._is_due(key, handle, now):
                await self._stop(key)
        except (MantidHubError, OSError) as problem:
            log.warning("session could not be looked at for use", extra={"key": key, "reason": str(problem)})

    async def _is_due(self, key: str, handle: Handle, now: datetime) -> bool:
        """Tell whether the session has to end now; before that, tell it that it will."""
        used = max(await self._last_busy(key, handle, now), self._last_said(key, now))
        if now - used < self._idle_after - self._warning:
            if self._ends.pop(key, None):
                self._told(key).unlink(missing_ok=True)
            return False
        if key not in self._ends:
            self._ends[key] = max(used + self._idle_after, now + self._warning)
            write_whole(self._told(key), json.dumps({"ends": self._ends[key].isoformat()}), mode=0o644)
            log.info("session is told that it is idle", extra={"key": key, "ends": self._ends[key].isoformat()})
        return now >= self._ends[key]

    async def _last_busy(self, key: str, handle: Handle, now: datetime) -> datetime:
        """Return when the session last needed the processor, or when it started if nobody has seen that."""
        spent = await self._engine.processor_time(handle)
        use = self._uses.get(key)
        if use is None or use.handle != handle:
            use = self._uses[key] = _Use(handle, spent, now, handle.started)
        elif spent is not None and use.processor_time is not None:
            share = (spent - use.processor_time) / max(now - use.seen, timedelta(seconds=0.1))
            use.busy = now if share > BUSY_SHARE else use.busy
        use.processor_time, use.seen = spent, now
        return use.busy

    def _last_said(self, key: str, now: datetime) -> datetime:
        """Return when the session last said that it was used. The file is the session's: it may be anything."""
        try:
            found = (self._composer.session_folder(key) / ACTIVE_NAME).lstat()
        except OSError:
            return datetime.min.replace(tzinfo=UTC)
        if not stat.S_ISREG(found.st_mode):
            return datetime.min.replace(tzinfo=UTC)
        return min(datetime.fromtimestamp(min(found.st_mtime, now.timestamp()), UTC), now)

    def _told(self, key: str) -> Path:
        return self._composer.told_folder(key) / IDLE_NAME

    async def _stop(self, key: str) -> None:
        why = (
            f"It was stopped because it had not been used for {format_duration(self._idle_after)}. Your files are kept."
        )
        log.info("idle session is stopped", extra={"key": key})
        await self._supervision.stop(key, cause=EndCause.IDLE, why=why)

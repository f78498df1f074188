"""The sessions that run: started once each, watched until their end, found again after a restart."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from mantidhub.controller.composition import Composer
from mantidhub.controller.offering import Offering
from mantidhub.controller.readiness import wait_until_answering
from mantidhub.engines.protocol import Engine
from mantidhub.errors import SessionFailed, SessionRefused
from mantidhub.sessions.deadline import Deadline
from mantidhub.sessions.layout import SOCKET_NAME
from mantidhub.sessions.log import last_sentence
from mantidhub.sessions.names import session_key
from mantidhub.sessions.record import RecordFolder, SessionRecord
from mantidhub.sessions.request import SessionRequest, SessionState, Started, Starting
from mantidhub.sessions.spec import EndCause, Handle, SessionEnd, SessionSpec
from mantidhub.settings.quantities import format_size

log = logging.getLogger(__name__)


@dataclass
class _Session:
    """A session in the controller's memory; all of it can be found again from record and engine."""

    record: SessionRecord
    handle: Handle | None = None
    phase: Literal["starting", "running", "ended"] = "starting"
    end: SessionEnd | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    watcher: asyncio.Task[None] | None = None


class Supervision:
    """Starts, watches and stops sessions through one engine.

    It remembers what runs and, until the session is started again, how the last one ended, so that the hub can tell
    the person. Every watcher task is owned here and ends with :meth:`close`; the sessions go on.
    """

    def __init__(
        self, engine: Engine, offering: Offering, composer: Composer, records: RecordFolder, *, stop_grace: timedelta
    ) -> None:
        self._engine = engine
        self._offering = offering
        self._composer = composer
        self._records = records
        self._stop_grace = stop_grace
        self._sessions: dict[str, _Session] = {}

    async def adopt(self) -> None:
        """Find every session that runs, and forget the records of those that do not.

        One whose server had not answered yet when the former controller ended is ended too: who asked for it was told
        that it did not start.
        """
        handles = {handle.key: handle for handle in await self._engine.running()}
        for record in self._records.read_all():
            if record.answered and (handle := handles.pop(record.key, None)):
                session = _Session(record, handle, phase="running")
                self._sessions[record.key] = session
                self._watch(session)
                log.info("session found again", extra={"key": record.key, "started": str(handle.started)})
            else:
                self._records.remove(record.key)
        for stray in handles.values():
            log.warning("session that nobody knows of is stopped", extra={"key": stray.key})
            await self._engine.stop(stray, grace=timedelta(0))
            await self._engine.wait(stray)
        await self._composer.clear_all_but(self._sessions)

    async def start(self, request: SessionRequest, on_step: Callable[[Starting], None]) -> Started:
        """Start a session and return when it answers; one that runs already is left as it is.

        Raises
        ------
        SessionRefused, SessionFailed
            With a sentence for the session's user.
        """
        began = time.monotonic()
        key = session_key(request.user, request.server)
        present = self._sessions.get(key)
        if present is not None and present.phase != "ended":
            raise SessionRefused("This session is starting or running already; stop it before you start it again.")
        chosen = self._offering.resolve(request.choice)
        record = SessionRecord(key, request.user, request.server, chosen.environment.id, chosen.size.name, False)
        session = self._sessions[key] = _Session(record)
        try:
            on_step(Starting(percent=5, message="Preparing your home"))
            spec = self._composer.compose(request, chosen)
            self._records.write(session.record)
            on_step(Starting(percent=20, message=f"Opening a session with {chosen.environment.title}"))
            session.handle = await self._engine.launch(spec)
            self._watch(session)
            on_step(Starting(percent=40, message="Starting JupyterLab"))
            await self._until_ready(session, spec)
            session.record = replace(record, answered=True)
            self._records.write(session.record)
        except BaseException as problem:
            # Also when the hub went away or gave up: nothing may run that nobody knows of.
            await self._abandon(session, str(problem))
            raise
        seconds = time.monotonic() - began
        log.info("session started", extra={"key": key, "seconds": round(seconds, 3)})
        session.phase = "running"
        return Started(socket=f"sessions/{key}/{SOCKET_NAME}", seconds=seconds)

    async def stop(self, key: str, *, now: bool = False) -> None:
        """Stop a session and return when nothing of it runs; one that does not run is as it should be."""
        session = self._sessions.get(key)
        if session is None or session.handle is None:
            return
        await self._engine.stop(session.handle, grace=timedelta(0) if now else self._stop_grace)
        await session.ended.wait()

    async def stop_all(self, user: str | None = None) -> None:
        """Stop every session, or every one of a user, side by side."""
        chosen = [key for key, session in self._sessions.items() if user in {None, session.record.user}]
        await asyncio.gather(*(self.stop(key) for key in chosen))

    def find(self, key: str) -> SessionState | None:
        """Return what is known of a session."""
        session = self._sessions.get(key)
        return None if session is None else _state(session)

    async def close(self) -> None:
        """Stop watching. The sessions run on."""
        watchers = [session.watcher for session in self._sessions.values() if session.watcher]
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)

    def _watch(self, session: _Session) -> None:
        session.watcher = asyncio.create_task(self._until_end(session), name=f"watch {session.record.key}")

    async def _until_end(self, session: _Session) -> None:
        if session.handle is None:
            return
        end = await self._engine.wait(session.handle)
        try:
            self._records.remove(session.record.key)
            await self._composer.clear(session.record.key)
        except OSError:
            log.exception("remains of a session could not be removed", extra={"key": session.record.key})
        finally:
            # Whatever happens to the remains: who waits for the end must be told.
            session.end, session.phase = end, "ended"
            session.ended.set()
        log.info(
            "session ended",
            extra={"key": end.key, "cause": end.cause, "exit_code": end.exit_code, "message_of_session": end.message},
        )

    async def _until_ready(self, session: _Session, spec: SessionSpec) -> None:
        deadline = Deadline(spec.start_timeout)
        ready = asyncio.create_task(wait_until_answering(spec.socket, spec.ready_path, deadline))
        ended = asyncio.create_task(session.ended.wait())
        try:
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
            ended.cancel()
        if session.end is not None:
            raise SessionFailed(_why_not_started(session.end, spec))
        if not (ready.done() and ready.result()):
            # Its words are all in the log only when it has ended.
            await self._end_now(session)
            words = last_sentence(spec.log, session.handle.log_start if session.handle else 0)
            seconds = spec.start_timeout.total_seconds()
            raise SessionFailed(
                f"The session did not answer within {seconds:g} s and was stopped. Its last words: {words or 'none'}"
            )

    async def _end_now(self, session: _Session) -> None:
        if session.handle is not None:
            await self._engine.stop(session.handle, grace=timedelta(0))
            await session.ended.wait()

    async def _abandon(self, session: _Session, why: str) -> None:
        key = session.record.key
        await self._end_now(session)
        session.phase = "ended"
        session.end = session.end or SessionEnd(key, EndCause.EXITED, None, why)
        self._records.remove(key)
        await self._composer.clear(key)
        session.ended.set()


def _state(session: _Session) -> SessionState:
    record = session.record
    return SessionState(
        key=record.key,
        user=record.user,
        server=record.server,
        environment=record.environment,
        size=record.size,
        phase=session.phase,
        started=session.handle.started if session.handle else None,
        exit_code=session.end.exit_code if session.end else None,
        message=session.end.message if session.end else "",
    )


def _why_not_started(end: SessionEnd, spec: SessionSpec) -> str:
    if end.cause is EndCause.OUT_OF_MEMORY:
        return (
            f"The session used up its memory of {format_size(spec.limits.memory)} while it started. "
            "Please choose a larger size, or ask the administrator for one."
        )
    return f"The session ended while it started: {end.message}"

"""The sessions that run: started once each, watched until their end, found again after a restart."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from mantidhub.controller.composition import Composer
from mantidhub.controller.offering import Offering
from mantidhub.controller.readiness import wait_until_answering
from mantidhub.engines.protocol import Engine
from mantidhub.errors import EngineError, SessionFailed, SessionRefused
from mantidhub.sessions.boot import boot
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
    """A session in the controller's memory; all of it can be found again from record and engine.

    Attributes
    ----------
    phase
        It is ``ended`` only when nothing of the session is left; until then its key cannot be started again.
    end
        Known a moment earlier than the phase.
    verdict
        Why it was made to end, which says more than what the engine saw of it.
    given_up
        Whether nobody waits for its start any more, so that it must end.
    is_written
        Whether its record holds what is known.
    """

    record: SessionRecord
    handle: Handle | None = None
    phase: Literal["starting", "running", "ended"] = "starting"
    end: SessionEnd | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    watcher: asyncio.Task[None] | None = None
    verdict: tuple[EndCause, str] | None = None
    given_up: bool = False
    is_written: bool = True

    def finish(self, end: SessionEnd) -> None:
        """Note that nothing of it is left."""
        self.end, self.phase = end, "ended"
        self.ended.set()


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
        self._tidied: dict[str, asyncio.Event] = {}

    async def adopt(self) -> None:
        """Find every session that runs, and how those ended that do not.

        One whose server had not answered yet when the former controller ended is not adopted, and so is ended as one
        that nobody knows of: who asked for it was told that it did not start.
        """
        handles = {handle.key: handle for handle in await self._engine.find_all()}
        for record in self._records.read_all():
            if not record.answered:
                self._records.remove(record.key)
                continue
            session = self._sessions[record.key] = _Session(record, handles.get(record.key), phase="running")
            if record.boot not in {"", boot()}:
                session.verdict = EndCause.HOST_RESTARTED, "The machine that it ran on was restarted."
            if session.handle is not None:
                self._watch(session)
                log.info("session found again", extra={"key": record.key, "started": str(session.handle.started)})
            else:
                await self._settle(session, _unseen(record.key))

    async def tend(self) -> None:
        """Do again what did not work: watch what is not watched, write what is not written, end what was given up."""
        for session in list(self._sessions.values()):
            if session.phase == "ended" or session.handle is None:
                continue
            if session.watcher is None or session.watcher.done():
                self._watch(session)
            if not session.is_written:
                self._write(session)
            if session.given_up:
                await self._engine.stop(session.handle, grace=timedelta(0))

    def holds(self, key: str) -> bool:
        """Tell whether a session of this key starts, runs or is being ended."""
        session = self._sessions.get(key)
        return session is not None and session.phase != "ended"

    @asynccontextmanager
    async def reserve(self, key: str) -> AsyncIterator[bool]:
        """Let no session of this key start until the end of the block; gives False if one is there already."""
        if self.holds(key) or key in self._tidied:
            yield False
            return
        tidied = self._tidied[key] = asyncio.Event()
        try:
            yield True
        finally:
            del self._tidied[key]
            tidied.set()

    async def start(self, request: SessionRequest, on_step: Callable[[Starting], None]) -> Started:
        """Start a session and return when it answers; one that runs already is left as it is.

        Raises
        ------
        SessionRefused, SessionFailed
            With a sentence for the session's user.
        """
        began = time.monotonic()
        key = session_key(request.user, request.server)
        await self._until_free(key)
        chosen = self._offering.resolve(request.choice)
        record = SessionRecord(
            key, request.user, request.server, chosen.environment.id, chosen.size.name, False, boot()
        )
        session = self._sessions[key] = _Session(record)
        try:
            on_step(Starting(percent=5, message="Preparing your home"))
            spec = self._composer.compose(request, chosen)
            self._records.write(session.record)
            on_step(Starting(percent=20, message=f"Opening a session with {chosen.environment.title}"))
            session.handle = await self._engine.launch(spec)
            self._watch(session)
            if session.verdict is not None:
                raise SessionFailed(f"The session did not start. {session.verdict[1]}")
            on_step(Starting(percent=40, message="Starting JupyterLab"))
            await self._until_ready(session, spec)
            session.record = replace(record, answered=True)
            self._write(session)
        except BaseException as problem:
            # Also when the hub went away or gave up: nothing may run that nobody knows of.
            await self._abandon(session, str(problem))
            raise
        seconds = time.monotonic() - began
        log.info("session started", extra={"key": key, "seconds": round(seconds, 3)})
        session.phase = "running"
        return Started(socket=f"sessions/{key}/{SOCKET_NAME}", seconds=seconds)

    async def stop(
        self, key: str, *, now: bool = False, cause: EndCause = EndCause.STOPPED, why: str = "It was stopped."
    ) -> None:
        """Stop a session and return when nothing of it runs; one that does not run is as it should be.

        Parameters
        ----------
        now
            Leave out the time in which it may shut its kernels down.
        cause, why
            What :meth:`find` tells afterwards.
        """
        session = self._sessions.get(key)
        if session is None or session.phase == "ended":
            return
        session.verdict = session.verdict or (cause, why)
        if session.handle is not None:
            await self._engine.stop(session.handle, grace=timedelta(0) if now else self._stop_grace)
        await session.ended.wait()

    async def stop_all(self, user: str | None = None) -> None:
        """Stop every session, or every one of a user, side by side."""
        chosen = [key for key, session in self._sessions.items() if user in {None, session.record.user}]
        await asyncio.gather(*(self.stop(key) for key in chosen))

    async def until_ended(self, key: str) -> None:
        """Return when no session of this key runs."""
        session = self._sessions.get(key)
        if session is not None:
            await session.ended.wait()

    def running(self) -> dict[str, Handle]:
        """Return the sessions that run, by their keys."""
        return {
            key: session.handle
            for key, session in self._sessions.items()
            if session.phase == "running" and session.end is None and session.handle is not None
        }

    def states(self) -> list[SessionState]:
        """Return what is known of every session, in the order of their keys."""
        return [_state(self._sessions[key]) for key in sorted(self._sessions)]

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

    def _write(self, session: _Session) -> None:
        """Write the record; on a full disk the session runs all the same, and it is tried again later."""
        try:
            self._records.write(session.record)
            session.is_written = True
        except OSError:
            session.is_written = False
            log.exception("record of a session could not be written", extra={"key": session.record.key})

    def _watch(self, session: _Session) -> None:
        session.watcher = asyncio.create_task(self._until_end(session), name=f"watch {session.record.key}")

    async def _until_end(self, session: _Session) -> None:
        if session.handle is not None:
            await self._settle(session, await self._engine.wait(session.handle))

    async def _settle(self, session: _Session, seen: SessionEnd) -> None:
        """Remove what an ended session leaves, then let everybody know how it ended."""
        cause, message = session.verdict or (seen.cause, seen.message)
        end = session.end = replace(seen, cause=cause, message=message)
        try:
            await self._composer.clear(end.key)
            self._records.remove(end.key)
        except OSError:
            log.exception("remains of a session could not be removed", extra={"key": end.key})
        finally:
            # Whatever happens to the remains: who waits for the end must be told.
            session.finish(end)
        log.info(
            "session ended",
            extra={"key": end.key, "cause": end.cause, "exit_code": end.exit_code, "message_of_session": end.message},
        )

    async def _until_free(self, key: str) -> None:
        """Wait until nothing is left of an earlier session of this key.

        Raises
        ------
        SessionRefused
            If one starts or runs.
        """
        while True:
            present = self._sessions.get(key)
            if tidied := self._tidied.get(key):
                await tidied.wait()
            elif present is None or present.phase == "ended":
                return
            elif present.end is not None:
                await present.ended.wait()
            else:
                raise SessionRefused("This session is starting or running already; stop it before you start it again.")

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
        """End a session whose start failed. What is left of it goes before its key can be used again."""
        session.given_up = True
        if session.handle is None:
            await self._settle(session, SessionEnd(session.record.key, EndCause.EXITED, None, why))
            return
        try:
            await self._end_now(session)
        except EngineError as problem:
            log.warning("a session could not be ended yet", extra={"key": session.record.key, "reason": str(problem)})


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
        cause=session.end.cause if session.end else None,
        message=session.end.message if session.end else "",
    )


def _why_not_started(end: SessionEnd, spec: SessionSpec) -> str:
    if end.cause is EndCause.OUT_OF_MEMORY:
        return (
            f"The session used up its memory of {format_size(spec.limits.memory)} while it started. "
            "Please choose a larger size, or ask the administrator for one."
        )
    return f"The session ended while it started: {end.message}"


def _unseen(key: str) -> SessionEnd:
    return SessionEnd(key, EndCause.VANISHED, None, "It ended while MantidHub was not running.")

"""The controller's door: HTTP on a Unix socket that only the hub and root may use."""

import asyncio
import logging
import os
import socket as sockets
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, ValidationError

from mantidhub.controller.offering import Offering
from mantidhub.controller.supervision import Supervision
from mantidhub.errors import MantidHubError, SessionFailed, SessionRefused
from mantidhub.sessions.address import short_address
from mantidhub.sessions.request import Failed, SessionRequest, SessionStates, Starting
from mantidhub.sessions.spec import EndCause

log = logging.getLogger(__name__)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(supervision: Supervision, offering: Offering, *, allowed_uids: frozenset[int]) -> web.Application:
    """Return the web application; requests of processes of other users are refused whatever they ask."""

    @web.middleware
    async def only_the_hub(request: web.Request, handler: _Handler) -> web.StreamResponse:
        uid = _peer_uid(request)
        if uid not in allowed_uids:
            log.warning("request refused", extra={"uid": uid, "path": request.path})
            return _json(Failed(fault="refused", message="Only the hub may ask the controller."), status=403)
        return await handler(request)

    app = web.Application(middlewares=[only_the_hub], client_max_size=256 * 1024)
    doors = _Doors(supervision, offering)
    app.router.add_get("/offer", doors.offer)
    app.router.add_post("/sessions", doors.start)
    app.router.add_get("/sessions", doors.list_all)
    app.router.add_delete("/sessions", doors.stop_all)
    app.router.add_get("/sessions/{key}", doors.find)
    app.router.add_delete("/sessions/{key}", doors.stop)
    app.router.add_get("/sessions/{key}/end", doors.wait_for_end)
    app.on_shutdown.append(doors.close)
    return app


async def listen(app: web.Application, socket: Path, *, group: int | None) -> web.AppRunner:
    """Open the socket and serve; the caller cleans the runner up."""
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    aside = socket.with_suffix(".new")
    aside.unlink(missing_ok=True)
    listener = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    with short_address(aside) as address:
        listener.bind(address)
    aside.chmod(0o660)
    if group is not None:
        os.chown(aside, -1, group)
    await web.SockSite(runner, listener).start()
    # Visible only now that it answers.
    aside.replace(socket)
    return runner


class _Doors:
    def __init__(self, supervision: Supervision, offering: Offering) -> None:
        self._supervision = supervision
        self._offering = offering
        self._closing = asyncio.Event()

    async def close(self, app: web.Application) -> None:
        """Let nobody wait for a controller that goes away."""
        self._closing.set()

    async def offer(self, request: web.Request) -> web.StreamResponse:
        """Answer with everything that can be chosen."""
        return _json(self._offering.offer())

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Start a session; one line of JSON for each step, the last one says how it ended."""
        try:
            wanted = SessionRequest.model_validate_json(await request.read())
        except ValidationError as error:
            return _json(Failed(fault="refused", message=f"This is no request for a session: {error}."), status=400)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        steps: asyncio.Queue[BaseModel | None] = asyncio.Queue()
        running = asyncio.create_task(self._run(wanted, steps))
        try:
            while (step := await steps.get()) is not None:
                await response.write(step.model_dump_json().encode() + b"\n")
        finally:
            # The hub gave up or died: nothing may start that nobody waits for.
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await response.write_eof()
        return response

    async def _run(self, wanted: SessionRequest, steps: asyncio.Queue[BaseModel | None]) -> None:
        def on_step(step: Starting) -> None:
            steps.put_nowait(step)

        try:
            steps.put_nowait(await self._supervision.start(wanted, on_step))
        except SessionRefused as error:
            steps.put_nowait(Failed(fault="refused", message=str(error)))
        except SessionFailed as error:
            log.warning("session did not start", extra={"user": wanted.user, "reason": str(error)})
            steps.put_nowait(Failed(fault="failed", message=str(error)))
        except (MantidHubError, OSError) as error:
            log.exception("session could not be started", extra={"user": wanted.user})
            steps.put_nowait(Failed(fault="platform", message=str(error)))
        finally:
            steps.put_nowait(None)

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Answer with one session, 404 if nothing is known of it."""
        state = self._supervision.find(request.match_info["key"])
        if state is None:
            return _json(Failed(fault="refused", message="There is no such session."), status=404)
        return _json(state)

    async def list_all(self, request: web.Request) -> web.StreamResponse:
        """Answer with every session that is known."""
        return _json(SessionStates(sessions=tuple(self._supervision.states())))

    async def stop(self, request: web.Request) -> web.StreamResponse:
        """Stop one session; answer when it has ended."""
        key, now = request.match_info["key"], request.query.get("now") == "1"
        if request.query.get("by_administrator") == "1":
            why = "It was stopped by an administrator. Your files are kept."
            await self._supervision.stop(key, now=now, cause=EndCause.ADMINISTRATOR, why=why)
        else:
            await self._supervision.stop(key, now=now)
        return web.Response(status=204)

    async def wait_for_end(self, request: web.Request) -> web.StreamResponse:
        """Answer when no session of this key runs."""
        ended = asyncio.create_task(self._supervision.until_ended(request.match_info["key"]))
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({ended, closing}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                return web.Response(status=204)
            return _json(Failed(fault="platform", message="The controller is being stopped; ask the next."), status=503)
        finally:
            ended.cancel()
            closing.cancel()

    async def stop_all(self, request: web.Request) -> web.StreamResponse:
        """Stop every session, or those of one user; answer when they have ended."""
        await self._supervision.stop_all(request.query.get("user"))
        return web.Response(status=204)


def _json(body: BaseModel, *, status: int = 200) -> web.Response:
    return web.Response(text=body.model_dump_json(), status=status, content_type="application/json")


def _peer_uid(request: web.Request) -> int | None:
    """Return the user id of the process at the other end, as the kernel knows it (SO_PEERCRED, ``unix(7)``)."""
    socket = request.transport.get_extra_info("socket") if request.transport else None
    if socket is None:
        return None
    credentials = socket.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return int(uid)

"""The controller as hub and command line see it: one small HTTP client on its Unix socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
from pydantic import TypeAdapter, ValidationError

from mantidhub.errors import ControllerUnreachable, PlatformError, SessionFailed, SessionRefused
from mantidhub.sessions.address import is_listening, short_address
from mantidhub.sessions.deadline import Deadline
from mantidhub.sessions.offer import Offer
from mantidhub.sessions.request import Failed, SessionRequest, SessionState, SessionStates, Started, Starting

_Answer = TypeVar("_Answer")
_EVENT: TypeAdapter[Starting | Started | Failed] = TypeAdapter(Starting | Started | Failed)
_FAULTS: dict[str, type[SessionRefused | SessionFailed | PlatformError]] = {
    "refused": SessionRefused,
    "failed": SessionFailed,
    "platform": PlatformError,
}


class ControllerClient:
    """Asks the controller what can be started, and to start, show and stop sessions.

    Parameters
    ----------
    socket
        The controller's socket. It may lie deeper than the 107 bytes that a socket's address holds.
    patience
        How long to wait for a controller that does not answer, because it is being started again. What it went away
        over is asked again meanwhile, but for a start.
    """

    def __init__(self, socket: Path, *, patience: timedelta = timedelta(0)) -> None:
        self._socket = socket
        self._patience = patience

    async def start(self, request: SessionRequest, on_step: Callable[[Starting], None]) -> Started:
        """Start a session; return when it answers.

        Raises
        ------
        SessionRefused, SessionFailed
            With a sentence for the session's user.
        PlatformError
            If the controller cannot be reached, or died while it started the session.
        """
        body = {**request.model_dump(exclude={"variables"}), "variables": request.revealed()}
        async with self._call("POST", "/sessions", json=body) as response:
            async for line in response.content:
                event = _EVENT.validate_json(line)
                if isinstance(event, Started):
                    return event
                if isinstance(event, Failed):
                    raise _FAULTS[event.fault](event.message)
                on_step(event)
        raise ControllerUnreachable("The controller went away while it started this session; please start it again.")

    async def offer(self) -> Offer:
        """Return what people can choose from now."""
        async with self._call("GET", "/offer") as response:
            return Offer.model_validate_json(await response.read())

    async def find(self, key: str) -> SessionState | None:
        """Return the state of a session, None if the controller knows none of that name."""

        async def ask() -> SessionState | None:
            async with self._call("GET", f"/sessions/{key}", missing_is_none=True) as response:
                return None if response.status == 404 else SessionState.model_validate_json(await response.read())

        return await self._patiently(ask)

    async def list_all(self) -> tuple[SessionState, ...]:
        """Return every session that the controller knows of, also how those ended that were not started again."""
        async with self._call("GET", "/sessions") as response:
            return SessionStates.model_validate_json(await response.read()).sessions

    async def wait_for_end(self, key: str) -> None:
        """Return when no session of this key runs.

        Raises
        ------
        PlatformError
            If the controller cannot be reached, or went away meanwhile.
        """
        async with self._call("GET", f"/sessions/{key}/end"):
            pass

    async def stop(self, key: str, *, now: bool = False, by_administrator: bool = False) -> None:
        """Stop a session and wait until nothing of it runs.

        Parameters
        ----------
        now
            Leave out the time to shut kernels down.
        by_administrator
            Let its person read that it was an administrator.
        """
        how = {"now": str(int(now)), **({"by_administrator": "1"} if by_administrator else {})}

        async def ask() -> None:
            async with self._call("DELETE", f"/sessions/{key}", params=how):
                pass

        await self._patiently(ask)

    async def stop_all(self, user: str | None = None) -> None:
        """Stop every session, or every one of a user, all at once."""
        async with self._call("DELETE", "/sessions", params={} if user is None else {"user": user}):
            pass

    async def _patiently(self, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Ask; where the controller goes away over it, ask the next one, until patience is at its end."""
        deadline = Deadline(self._patience)
        while True:
            try:
                return await ask()
            except ControllerUnreachable:
                if deadline.passed:
                    raise
                await asyncio.sleep(0.05)

    @asynccontextmanager
    async def _call(
        self,
        method: str,
        path: str,
        *,
        missing_is_none: bool = False,
        json: object = None,
        params: dict[str, str] | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
        await self._answering()
        try:
            with short_address(self._socket) as address:
                async with (
                    aiohttp.ClientSession(connector=aiohttp.UnixConnector(address), timeout=timeout) as session,
                    session.request(method, f"http://controller{path}", json=json, params=params) as response,
                ):
                    if response.status >= 400 and not (missing_is_none and response.status == 404):
                        raise PlatformError(await _refusal(response))
                    yield response
        except (aiohttp.ClientError, OSError) as error:
            raise ControllerUnreachable(_unreachable(self._socket)) from error

    async def _answering(self) -> None:
        """Wait until somebody listens on the socket, or patience is at its end."""
        deadline = Deadline(self._patience)
        while not await is_listening(self._socket) and not deadline.passed:
            await asyncio.sleep(0.05)


async def _refusal(response: aiohttp.ClientResponse) -> str:
    try:
        return Failed.model_validate_json(await response.read()).message
    except ValidationError:
        return f"The controller answered {response.status} to {response.method} {response.url.path}."


def _unreachable(socket: Path) -> str:
    return f"The controller does not answer on {socket}. Is MantidHub running? Its log tells more: logs/controller.log."

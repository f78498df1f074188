"""JupyterHub's Spawner as a translator: each method asks the controller for one thing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from jupyterhub.spawner import Spawner
from pydantic import ValidationError
from tornado.web import HTTPError
from traitlets import Unicode, default

from mantidhub.edge.targets import target_of
from mantidhub.errors import MantidHubError, PersonsError, SessionRefused
from mantidhub.hub.last_choice import last_choice
from mantidhub.sessions.choice import Choice
from mantidhub.sessions.client import ControllerClient
from mantidhub.sessions.names import session_key
from mantidhub.sessions.offer import Offer
from mantidhub.sessions.request import SessionRequest, SessionState, Started, Starting
from mantidhub.sessions.settling import settle
from mantidhub.sessions.spec import EndCause

ANY_OTHER_PORT_IS_REFUSED = 8888
"""jupyter_server takes a socket only beside its default port, although it then opens none."""
UNKNOWN_EXIT_CODE = 1
"""For JupyterHub, which takes 0 for an end that somebody wanted."""


class SpawnFailed(HTTPError):
    """A session did not start. JupyterHub shows ``jupyterhub_message`` on each of its pages.

    It is an HTTPError because JupyterHub puts a sentence of its own in the place of any other error that a start ends
    with within its first second.
    """

    def __init__(self, message: str, *, status: int = 503) -> None:
        super().__init__(status, message.replace("%", "%%"), reason="Session did not start")
        self.jupyterhub_message = message


class SessionSpawner(Spawner):
    """Starts, polls and stops a session through the controller.

    It keeps no state: the session's name is enough. JupyterHub keeps what was chosen last, as ``user_options``.
    """

    controller_socket = Unicode(help="The controller's Unix socket.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._remembered_options: dict[str, Any] = dict(kwargs.get("user_options", {}))
        self._steps: list[Starting] = []
        self._stepped = asyncio.Event()
        self._awaiting_end: asyncio.Task[None] | None = None

    @default("port")
    def _default_port(self) -> int:
        return ANY_OTHER_PORT_IS_REFUSED

    @default("apply_user_options")
    def _default_apply_user_options(self) -> Callable[[Spawner, dict[str, Any]], None]:
        return lambda spawner, options: None  # start reads them, where what is wrong can be said

    @property
    def _controller(self) -> ControllerClient:
        # The controller is back within a second of its end; a session must not be taken for dead meanwhile.
        return ControllerClient(Path(self.controller_socket), patience=timedelta(seconds=20))

    @property
    def _controller_now(self) -> ControllerClient:
        # For pages: a person who looks at one does not wait for a controller that does not come back.
        return ControllerClient(Path(self.controller_socket), patience=timedelta(seconds=2))

    @property
    def _key(self) -> str:
        return session_key(self.user.name, self.name)

    def get_args(self) -> list[str]:
        """Return nothing: what runs inside is the controller's to say."""
        return []

    async def offer(self) -> Offer:
        """Return what can be chosen now.

        Raises
        ------
        PlatformError
            If the controller does not answer.
        """
        return await self._controller_now.offer()

    async def start(self) -> str:
        """Start the session and return its address once it answers, so that the hub's first look succeeds.

        JupyterHub has stored the options by now. Those that cannot be started are not what a person wants to find
        again, so the ones from before are put back.
        """
        self.port = ANY_OTHER_PORT_IS_REFUSED
        self._steps.clear()
        self._stepped.clear()
        try:
            started = await self._start_chosen()
        except SessionRefused as error:
            self.user_options = self.orm_spawner.user_options = self._remembered_options
            raise SpawnFailed(str(error), status=400) from error
        except PersonsError as error:
            raise SpawnFailed(str(error)) from error
        except MantidHubError as error:
            self.log.error("Session %s could not be started: %s", self._log_name, error)
            raise SpawnFailed(f"MantidHub itself had a problem; please tell the administrator. {error}") from error
        self._remembered_options = dict(self.user_options)
        self.log.info("Session %s answered after %.2f s", self._log_name, started.seconds)
        return target_of(Path("..") / started.socket)

    async def _start_chosen(self) -> Started:
        """Start what was asked for; if nothing was, what is remembered, as far as it can still be had."""
        if self.user_options and self.user_options != self._remembered_options:
            return await self._start(Choice.from_options(self.user_options))
        former = last_choice(self.user, self.name)
        try:
            return await self._start(former or Choice())
        except SessionRefused:
            settled = settle(former, await self.offer())
            if not settled.changes:
                raise
            self.log.info("Session %s: %s", self._log_name, " ".join(settled.changes))
            return await self._start(settled.choice)

    async def _start(self, choice: Choice) -> Started:
        variables = {name: str(value) for name, value in self.get_env().items() if name.startswith("JUPYTERHUB_")}
        try:
            request = SessionRequest.model_validate(
                {"user": self.user.name, "server": self.name, "choice": choice, "variables": variables}
            )
        except ValidationError as error:
            raise SessionRefused(
                f"The name {self.name!r} cannot be used for a session. Allowed are up to 32 lower-case letters, digits "
                "and hyphens, beginning with a letter or a digit."
            ) from error
        await self._end_forgotten()
        return await self._controller.start(request, self._note)

    async def _end_forgotten(self) -> None:
        """End a session of this name that the hub does not know of, such as after its database was put back.

        Its token is not the hub's any more, so nobody could use it.
        """
        state = await self._controller.find(self._key)
        if state is not None and state.phase == "running":
            self.log.warning("Session %s runs, but not for this hub; it is ended first", self._log_name)
            await self._controller.stop(self._key)

    async def find_state(self) -> SessionState | None:
        """Return what the controller knows of the session.

        Raises
        ------
        PlatformError
            If the controller does not answer.
        """
        return await self._controller_now.find(self._key)

    async def poll(self) -> int | None:
        """Return None while the session runs, else its exit code."""
        try:
            key = self._key
        except SessionRefused:
            return 0
        state = await self._controller.find(key)
        if state is None:
            return 0
        if state.phase != "ended":
            return None
        if state.exit_code is not None:
            return state.exit_code
        return 0 if state.cause is EndCause.STOPPED else UNKNOWN_EXIT_CODE

    def start_polling(self) -> None:
        """Poll as JupyterHub does, and let the controller tell of the end as soon as it comes."""
        super().start_polling()
        self._awaiting_end = asyncio.create_task(self._until_end(), name=f"end of {self._log_name}")

    def stop_polling(self) -> None:
        """Stop both."""
        super().stop_polling()
        awaiting, self._awaiting_end = self._awaiting_end, None
        # The task itself comes here when it tells JupyterHub of the end.
        if awaiting is not None and awaiting is not asyncio.current_task():
            awaiting.cancel()

    async def _until_end(self) -> None:
        try:
            key = self._key
        except SessionRefused:
            return  # no session can have this name
        while True:
            try:
                await self._controller.wait_for_end(key)
                break
            except MantidHubError as error:
                self.log.warning("The end of session %s cannot be waited for now: %s", self._log_name, error)
                await asyncio.sleep(1)
        await self.poll_and_notify()

    async def stop(self, now: bool = False) -> None:
        """Stop the session; return when nothing of it runs."""
        await self._controller.stop(self._key, now=now)

    async def progress(self) -> AsyncIterator[dict[str, object]]:
        """Yield the steps of the start as they happen; the hub stops listening when it is done."""
        shown = 0
        while True:
            while shown < len(self._steps):
                step = self._steps[shown]
                shown += 1
                yield {"progress": step.percent, "message": step.message}
            self._stepped.clear()
            if shown == len(self._steps):
                await self._stepped.wait()

    def _note(self, step: Starting) -> None:
        self._steps.append(step)
        self._stepped.set()

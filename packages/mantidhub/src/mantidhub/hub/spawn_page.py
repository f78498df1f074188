"""The page on which people choose what their server runs in, and start it. Looking at it starts nothing."""

import asyncio
from dataclasses import dataclass
from typing import Any, Self

from jupyterhub.handlers.pages import SpawnHandler
from jupyterhub.scopes import needs_scope
from jupyterhub.user import User
from jupyterhub.utils import url_escape_path, url_path_join
from tornado.httputil import url_concat
from tornado.web import HTTPError

from mantidhub.errors import MantidHubError, SessionRefused
from mantidhub.hub.last_choice import last_choice
from mantidhub.hub.spawner import SessionSpawner
from mantidhub.hub.starting import start, waiting_page
from mantidhub.sessions.choice import Choice
from mantidhub.sessions.offer import Offer, Version
from mantidhub.sessions.settling import Settled, find_newest_of, settle

STOP_LIMIT = 60
"""Seconds in which a server that shall start with something else has stopped, beyond JupyterHub's own patience."""


@dataclass(frozen=True)
class Wanted:
    """The environment that a link asks for: a name or an id, and the hash of its packages, or empty."""

    reference: str
    lock: str

    @classmethod
    def find_in(cls, handler: SpawnHandler) -> Self | None:
        """Read the address of a page."""
        reference = handler.get_query_argument("environment", "").strip()
        return cls(reference, handler.get_query_argument("lock", "").strip()) if reference else None

    def version_in(self, offer: Offer) -> Version | None:
        """Return what it means today, if anything."""
        return offer.find_version(self.reference) or (offer.find_packages(self.lock) if self.lock else None)


class SpawnPage(SpawnHandler):
    """In the place of JupyterHub's page, which starts a server when its address has a query, or when nothing is asked.

    ``GET`` shows the page; ``?environment=`` opens it with that one chosen, and ``&lock=`` with another build of the
    same packages if that one is gone. ``POST`` starts what the form says, or without a form what is remembered; with
    ``restart`` it stops a running server first.
    """

    @needs_scope("servers")
    async def _get(self, user_name: str, server_name: str, display_name: str) -> None:
        user = await self._owner(user_name, server_name)
        wanted = Wanted.find_in(self)
        spawner = user.spawners[server_name] if server_name in user.orm_spawners else None
        if spawner is not None and spawner.pending:
            self._show_waiting(user, server_name)
        elif spawner is not None and spawner.ready and wanted is None:
            self.redirect(self.get_next_url(user, default=user.server_url(server_name)))
        else:
            await self._show(user, server_name, wanted=wanted)

    @needs_scope("servers")
    async def _post(self, user_name: str, server_name: str, display_name: str) -> None:
        user = await self._owner(user_name, server_name)
        form = {name: [value.decode("utf-8", "replace") for value in values]
                for name, values in self.request.body_arguments.items()}  # fmt: skip
        spawner = user.spawners[server_name] if server_name in user.orm_spawners else None
        options = None
        try:
            options = _options_of(form)
            if spawner is not None and spawner.ready and "restart" in form:
                _require_on_offer(options, await spawner.offer())
                await self._stop(user, spawner)
            elif spawner is not None and spawner.ready and not _is_same(user, spawner, options, await spawner.offer()):
                raise SessionRefused("Your server was started meanwhile, with something else than you chose here.")
        except SessionRefused as error:
            await self._show(user, server_name, failure=str(error), form=options, status=400)
            return
        except MantidHubError as error:
            raise _unreachable(error) from error
        if spawner is None or not (spawner.ready or spawner.pending):
            failure = await start(self, user, server_name, options)
            if failure is not None:
                await self._show(user, server_name, failure=failure.message, form=options, status=failure.status)
                return
        self._show_waiting(user, server_name)

    async def _owner(self, user_name: str, server_name: str) -> User:
        """Return whose server it is, who may be another person to an administrator."""
        user = self.current_user if user_name == self.current_user.name else self.find_user(user_name)
        if user is None:
            raise HTTPError(404, f"No such user: {user_name}")
        if server_name:
            await self._check_named_server_request(user, server_name, server_name)
        return user

    def _show_waiting(self, user: User, server_name: str) -> None:
        """Send the person to the page that waits until the server runs."""
        self.redirect(waiting_page(self, user, server_name, following=self.get_argument("next", "")))

    async def _stop(self, user: User, spawner: SessionSpawner) -> None:
        """Stop a server and return when it has stopped."""
        await self.stop_single_user(user, spawner.name)
        for _ in range(STOP_LIMIT * 10):
            if not spawner.pending:
                break
            await asyncio.sleep(0.1)
        if spawner.active:
            raise SessionRefused("Your server did not stop, so it goes on as it was. Stop it on your home page.")

    async def _show(
        self,
        user: User,
        server_name: str,
        *,
        wanted: Wanted | None = None,
        failure: str = "",
        form: dict[str, Any] | None = None,
        status: int | None = None,
    ) -> None:
        """Show the page.

        Parameters
        ----------
        wanted
            An environment that a link asks for.
        failure
            Why what the form asked for was not done.
        form
            What was chosen in it.
        """
        spawner = user.spawners[server_name] if server_name in user.orm_spawners else user.spawner
        try:
            offer = await spawner.offer()
            running = await spawner.find_state() if spawner.ready and spawner.name == server_name else None
        except MantidHubError as error:
            raise _unreachable(error) from error
        if sent := Choice.find_in(form):
            settled = settle(sent, offer, which_you="chose")
        else:
            settled = settle(last_choice(user, server_name), offer)
        settled, notices = _with_wanted(settled, wanted, offer) if wanted else (settled, settled.changes)
        found = wanted.version_in(offer) if wanted else None
        if found is not None and running is not None and found == offer.find_version(running.environment):
            self.redirect(self.get_next_url(user, default=user.server_url(server_name)))
            return
        if status is not None:
            self.set_status(status)
        address = url_path_join(self.hub.base_url, "spawn", user.escaped_name, url_escape_path(server_name))
        following = self.get_argument("next", "")
        self.set_header("Cache-Control", "no-store")
        self.finish(
            await self.render_template(
                "spawn.html",
                for_user=user,
                server_name=server_name,
                display_name=spawner.display_name if spawner.name == server_name else server_name,
                server_url=user.server_url(server_name),
                action=url_concat(address, {"next": following}) if following else address,
                offer=offer,
                chosen=settled,
                notices=notices,
                failure=failure,
                running=offer.describe(running.environment, running.size) if running else "",
            )
        )


def _unreachable(error: MantidHubError) -> HTTPError:
    return HTTPError(503, "What can be started is not known now: %s", error)


def _options_of(form: dict[str, list[str]]) -> dict[str, Any] | None:
    """Return the options that a form says; None if it says nothing, which means what is remembered.

    Raises
    ------
    SessionRefused
        If it holds what no page of ours would send.
    """
    asked: dict[str, Any] = {}
    for name in ("environment", "size"):
        if values := form.get(name):
            if len(values) > 1:
                raise SessionRefused(f"The form names {len(values)} times what {name} to start with; choose one.")
            asked[name] = values[0]
    if not asked:
        return None
    return Choice.from_options({**asked, "kernels": form.get("kernels", [])}).to_options()


def _require_on_offer(options: dict[str, Any] | None, offer: Offer) -> None:
    """Make sure that a running server is not stopped for something that then cannot be started.

    Raises
    ------
    SessionRefused
        If something of the choice cannot be had.
    """
    if settle(Choice.find_in(options), offer).changes:
        raise SessionRefused("What you chose cannot be had, so your server goes on as it was.")


def _is_same(user: User, spawner: SessionSpawner, options: dict[str, Any] | None, offer: Offer) -> bool:
    """Tell whether a form asks for what its running server was started with, as it does when it is sent twice."""
    if options is None:
        return True
    return settle(Choice.find_in(options), offer).choice == settle(last_choice(user, spawner.name), offer).choice


def _with_wanted(settled: Settled, wanted: Wanted, offer: Offer) -> tuple[Settled, tuple[str, ...]]:
    """Choose the environment that a link asks for, and say so."""
    version = wanted.version_in(offer)
    if version is not None:
        choice = settled.choice.model_copy(update={"environment": offer.reference_to(version)})
        return settle(choice, offer), (f"You were sent here to start with {version.label}, so that is chosen.",)
    name, why = wanted.reference[:60], "is not here, or not any more"
    for environment in offer.environments:
        if environment.name == wanted.reference and environment.preparation is not None:
            is_building = environment.preparation.state == "building"
            name, why = environment.title, "is being prepared" if is_building else "could not be prepared"
    if newest := find_newest_of(wanted.reference, offer):
        settled = settle(settled.choice.model_copy(update={"environment": newest.name}), offer)
    instead = f" {settled.environment.label} is chosen instead." if settled.environment else ""
    return settled, (f"You were sent here to start with {name}, which {why}.{instead}",)

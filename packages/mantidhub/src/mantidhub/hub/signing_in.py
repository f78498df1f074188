"""What follows a sign-in: people are in their server without another tap, unless there is something to choose."""

from typing import Any

from jupyterhub.handlers import BaseHandler
from jupyterhub.user import User
from jupyterhub.utils import url_path_join

from mantidhub.accounts.authenticator import AccountAuthenticator
from mantidhub.errors import MantidHubError
from mantidhub.hub.last_choice import last_choice
from mantidhub.hub.spawn_page import SpawnPage
from mantidhub.hub.starting import start, waiting_page
from mantidhub.sessions.settling import settle


class HubAuthenticator(AccountAuthenticator):
    """The accounts, joined to the servers of the people who have them."""

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:
        """Return the pages of the accounts, and ours in the place of JupyterHub's."""
        spawn = r"/spawn(?:/([^/]+)(?:/([^/]+))?)?"
        return [*super().get_handlers(app), (spawn, SpawnPage)]

    async def send_on(self, handler: BaseHandler, user: User) -> None:
        """Start the server of whoever signed in without going anywhere else, if it is clear what to start.

        The form with which somebody signs in is the request to start. No address that can be linked to starts one.
        """
        if not _wants_own_server(handler, user) or user.spawner.active or not await _is_clear(user):
            await super().send_on(handler, user)
            return
        handler._jupyterhub_user = user
        failure = await start(handler, user, "", None)
        if failure is not None:
            self.log.warning("The server of %s did not start after sign-in: %s", user.name, failure.message)
        handler.redirect(waiting_page(handler, user, ""))


def _wants_own_server(handler: BaseHandler, user: User) -> bool:
    spawn = url_path_join(handler.hub.base_url, "spawn")
    own = {handler.base_url, handler.hub.base_url, spawn, url_path_join(spawn, user.escaped_name)}
    return handler.get_next_url(user) in own


async def _is_clear(user: User) -> bool:
    """Tell whether a choice is remembered that can be had, or there is only one environment.

    The size is no question worth a page: one of them is right for most work, and another can be chosen any time.
    """
    try:
        offer = await user.spawner.offer()
    except MantidHubError:
        return True  # the start will say it
    former = last_choice(user, "")
    return len(offer.ready) <= 1 if former is None else not settle(former, offer).changes

"""JupyterHub's view of the edge: routes are links in a folder, and there is no proxy process to talk to."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jupyterhub.proxy import Proxy
from traitlets import Unicode, default

from mantidhub.edge.hosts import persons_host
from mantidhub.edge.routes import Routes
from mantidhub.edge.targets import socket_of, target_of
from mantidhub.errors import SettingsError
from mantidhub.sessions.names import parse_session_key, session_key

_SESSION = re.compile(r"([^/]*)/user/([^/]+)/(?:([^/]+)/)?")


class EdgeProxy(Proxy):
    """Adds and removes the routes of sessions; everything else is the hub's by construction of the edge.

    The supervisor runs Caddy, so the hub never starts or stops it.
    """

    routes_folder = Unicode(config=True, help="Absolute path of the folder of routes that the edge reads.")

    @default("should_start")
    def _never_started_by_the_hub(self) -> bool:
        return False

    @property
    def routes(self) -> Routes:
        """The folder of routes."""
        return Routes(Path(self.routes_folder))

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        """Add the route of a session; that of the hub is always there.

        Raises
        ------
        SettingsError
            For a route of any other kind: a service's or one of ``Proxy.extra_routes``.
        SessionRefused
            When user or server has a name that no session can have.
        """
        if routespec == "/":
            return
        self.routes.add(self._key_of(routespec), socket_of(target))

    async def delete_route(self, routespec: str) -> None:
        """Remove the route of a session, if there is one."""
        if routespec == "/":
            return
        self.routes.remove(self._key_of(routespec))

    async def get_all_routes(self) -> dict[str, dict[str, Any]]:
        """Return every route as JupyterHub knows it, from the folder alone."""
        found = {"/": {"routespec": "/", "target": self.hub.host, "data": {"hub": True}}}
        for key, socket in self.routes.list().items():
            user, server = parse_session_key(key)
            routespec = self._host_of(user) + (f"/user/{user}/{server}/" if server else f"/user/{user}/")
            found[routespec] = {
                "routespec": routespec,
                "target": target_of(socket),
                "data": {"user": user, "server_name": server},
            }
        return found

    def _host_of(self, user: str) -> str:
        """Return the host that JupyterHub puts before the path of a route, if each person has one."""
        return persons_host(user, self.app.domain) if self.host_routing else ""

    def _key_of(self, routespec: str) -> str:
        match = _SESSION.fullmatch(routespec)
        if match is None or match[1] != self._host_of(unquote(match[2])):
            raise SettingsError(
                f"The edge cannot lead {routespec!r} anywhere: it knows the hub and sessions under /user/NAME/ and "
                "/user/NAME/SERVER/ only. Remove services with a URL, c.Proxy.extra_routes, c.JupyterHub.base_url, "
                "c.JupyterHub.subdomain_host and c.JupyterHub.subdomain_hook from the hub's configuration."
            )
        return session_key(unquote(match[2]), unquote(match[3] or ""))

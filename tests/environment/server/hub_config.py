"""Configuration of the JupyterHub that the tests talk to: real but for its proxy and its spawner.

The hub listens on a Unix socket and knows the sessions; the test starts and stops their processes, since that is what
is tested. So the spawner only writes down the variables that a session needs, as ``variables/NAME.json``.
"""

import json
import os
from pathlib import Path
from urllib.parse import quote

from jupyterhub.proxy import Proxy
from jupyterhub.spawner import Spawner

FOLDER = Path(os.environ["TEST_HUB_FOLDER"])
SOCKETS = {"hub": FOLDER / "hub.sock"}


def unix_url(socket: Path) -> str:
    """Write a socket's path the way JupyterHub reads it."""
    return f"http+unix://{quote(str(socket), safe='')}"


class NoProxy(Proxy):
    """Routes nothing: the tests go to the sockets themselves."""

    should_start = False

    async def add_route(self, routespec, target, data):
        """Accept any route."""

    async def delete_route(self, routespec):
        """Accept that as well."""

    async def get_all_routes(self):
        """Say that nothing is routed."""
        return {}

    async def check_routes(self, *_arguments, **_named):
        """Leave the (empty) table alone."""


class WritesVariables(Spawner):
    """Writes down what a session needs to know and calls it started."""

    async def start(self):
        """Write ``variables/NAME.json`` and name the socket on which the test will start the server."""
        socket = FOLDER / "sessions" / self.user.name / "server.sock"
        socket.parent.mkdir(parents=True, exist_ok=True)
        self.port = 8888
        written = FOLDER / "variables" / f"{self.user.name}.json"
        written.parent.mkdir(exist_ok=True)
        aside = written.with_suffix(".new")
        aside.write_text(json.dumps(self.get_env() | {"TEST_SOCKET": str(socket)}))
        aside.replace(written)
        return unix_url(socket)

    async def poll(self):
        """Say that it runs."""
        return

    async def stop(self, now=False):
        """Leave the process to the test."""


c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.JupyterHub.hub_bind_url = unix_url(SOCKETS["hub"])
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.spawner_class = WritesVariables
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "neutrons"
c.Authenticator.allow_all = True
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.JupyterHub.cleanup_servers = False
c.JupyterHub.log_level = "DEBUG"
c.Spawner.env_keep = ["PATH", "LANG"]
c.Spawner.http_timeout = 600
c.JupyterHub.services = [{"name": "tests", "api_token": os.environ["TEST_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "tests",
        "scopes": ["admin:users", "admin:servers", "tokens", "access:servers", "shares"],
        "services": ["tests"],
    }
]

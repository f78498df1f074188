"""JupyterHub's configuration: everything that MantidHub sets, from the deployment that `mantidhub up` wrote.

JupyterHub works in the folder of routes. Sockets are named relative to it, because the kernel takes no more than
107 bytes of a socket's path, and a state folder may lie deep.
"""

# ruff: noqa: F821 - JupyterHub provides get_config
import os
from pathlib import Path
from urllib.parse import quote

from mantidhub.edge.hosts import persons_host
from mantidhub.edge.proxy import EdgeProxy
from mantidhub.hub.servers_in_words import servers_in_words
from mantidhub.hub.signing_in import HubAuthenticator
from mantidhub.hub.spawner import SessionSpawner
from mantidhub.portal import LOGO, TEMPLATES
from mantidhub.sessions.layout import HUB_SOCKET
from mantidhub.settings.deployment import VARIABLE, Deployment

DATABASE_PATIENCE = 30
"""Seconds for which the hub waits for its database when something else has locked it."""
POLL_EVERY = 60
"""Seconds between looks at a session whose end the controller would have told of: only a second thought."""

deployment = Deployment.read(Path(os.environ[VARIABLE]))
settings, state = deployment.settings, deployment.state


def address_of(socket: Path) -> str:
    """Return the socket's address as JupyterHub writes it."""
    return f"http+unix://{quote(str(socket), safe='')}"


c = get_config()  # type: ignore[name-defined]

c.JupyterHub.bind_url = f"{deployment.address}/"
if settings.server.public_address:
    c.JupyterHub.public_url = f"{deployment.address}/"  # behind a proxy with TLS, cookies must be marked secure
if settings.server.subdomains:
    c.JupyterHub.subdomain_host = deployment.address
    c.JupyterHub.subdomain_hook = persons_host
    # A page below the hub's domain can set cookies for all of it, but none whose name begins like this (RFC 6265bis).
    c.JupyterHub.cookie_host_prefix_enabled = deployment.address.startswith("https://")
c.JupyterHub.hub_bind_url = address_of(Path(os.path.relpath(state.hub_socket, state.routes)))
c.JupyterHub.hub_connect_url = c.JupyterHub.hub_bind_url
c.JupyterHub.hub_socket_mode = 0o666  # every session's own token says what it may ask
c.JupyterHub.db_url = f"sqlite:///{state.hub / 'jupyterhub.sqlite'}"
# A backup or another program may hold the database for a while: better late than an error.
c.JupyterHub.db_kwargs = {"connect_args": {"check_same_thread": False, "timeout": DATABASE_PATIENCE}}
c.JupyterHub.cookie_secret_file = str(state.hub / "cookie-secret")
c.JupyterHub.template_paths = [str(TEMPLATES)]
c.JupyterHub.template_vars = {"servers_in_words": lambda user: servers_in_words}  # called for each page
c.JupyterHub.logo_file = str(LOGO)

# Sessions outlive the hub. Who stops them is `mantidhub up` or the person.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.proxy_class = EdgeProxy
c.EdgeProxy.routes_folder = str(state.routes)

c.JupyterHub.authenticator_class = HubAuthenticator
c.HubAuthenticator.database = str(state.accounts)
c.HubAuthenticator.edge_secret_file = str(state.edge_secret)

c.JupyterHub.spawner_class = SessionSpawner
c.SessionSpawner.controller_socket = str(state.controller_socket)
c.SessionSpawner.hub_connect_url = address_of(HUB_SOCKET)
# The controller keeps the time and knows the reason when it runs out; the hub only waits a little longer.
c.SessionSpawner.start_timeout = int(settings.sessions.start_timeout.total_seconds()) + 30
c.SessionSpawner.poll_interval = POLL_EVERY

c.JupyterHub.allow_named_servers = settings.sessions.named_servers > 0
c.JupyterHub.named_server_limit_per_user = settings.sessions.named_servers

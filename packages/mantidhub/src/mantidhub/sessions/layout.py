"""Where a session finds things, as it sees its own file system. Hub, controller and session agree on these."""

from pathlib import Path

HOMES = Path("/home")
ARCHIVE = Path("/data/instrument")
EXAMPLES = Path("/srv/mantidhub/examples")
HUB_FOLDER = Path("/run/mantidhub/hub")
SESSION_FOLDER = Path("/run/mantidhub/session")
SOCKET_NAME = "server.sock"
"""The session listens here, below its own folder, and the host finds it under the same name."""
ACTIVE_NAME = "active"
"""In its own folder, the session touches this file while it is used."""
TOLD_FOLDER = Path("/run/mantidhub/told")
IDLE_NAME = "idle.json"
"""In the folder of what it is told, which it cannot change, the session reads here when it ends unless it is used."""
NETWORK_FOLDER = Path("/run/mantidhub/network")
NETWORK_SOCKET = "proxy.sock"
"""In the folder of its way out, which it cannot change, the session finds a proxy, if it may reach any host."""
NETWORK_PORT = 3128
"""Programs of the session ask here, on its own loopback; its server passes them on to that socket."""
HUB_SOCKET = HUB_FOLDER / "hub.sock"

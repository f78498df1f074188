"""Where a session finds things, as it sees its own file system. Hub, controller and session agree on these."""

from pathlib import Path

HOMES = Path("/home")
ARCHIVE = Path("/data/instrument")
EXAMPLES = Path("/srv/mantidhub/examples")
HUB_FOLDER = Path("/run/mantidhub/hub")
SESSION_FOLDER = Path("/run/mantidhub/session")
SOCKET_NAME = "server.sock"
"""The session listens here, below its own folder, and the host finds it under the same name."""
HUB_SOCKET = HUB_FOLDER / "hub.sock"

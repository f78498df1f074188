"""The folder of routes: ``KEY/socket`` is a symbolic link to the socket of the session of this key.

The link has a folder around it since Caddy looks for routes by opening them, which a socket refuses (open(2), ENXIO).
"""

import os
import shutil
from pathlib import Path

from mantidhub.errors import SessionRefused
from mantidhub.sessions.names import parse_session_key

_LINK = "socket"


class Routes:
    """The routes of all sessions.

    Nothing is kept in memory: the folder is the only table, so any number of processes may read it, and it survives
    all of them.

    Parameters
    ----------
    folder
        An existing folder, writable for the hub and readable for the edge.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, key: str, socket: Path) -> None:
        """Lead requests for a session to a socket, at once and without a gap.

        Parameters
        ----------
        key
            The session's key. An existing route of this key is replaced.
        socket
            Path of the socket as the edge sees it, absolute or relative to the folder of routes. It need not exist yet.

        Raises
        ------
        SessionRefused
            When no session can have this key.
        """
        parse_session_key(key)
        route = self.folder / key
        route.mkdir(exist_ok=True)
        route.chmod(0o755)  # the edge runs under another uid, and the hub's umask may be strict
        aside = route / f"new.{os.getpid()}"
        aside.unlink(missing_ok=True)
        aside.symlink_to(socket if socket.is_absolute() else Path("..") / socket)
        aside.replace(route / _LINK)

    def remove(self, key: str) -> None:
        """Remove a session's route, if there is one.

        Raises
        ------
        SessionRefused
            When no session can have this key.
        """
        parse_session_key(key)
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def list(self) -> dict[str, Path]:
        """Return the socket of every route by its session's key."""
        found = {}
        for route in self.folder.iterdir():
            try:
                parse_session_key(route.name)
                target = (route / _LINK).readlink()
            except (SessionRefused, OSError):
                continue  # not a route: an unfinished one, one removed meanwhile, or a stranger's file
            found[route.name] = target if target.is_absolute() else target.relative_to("..")
        return found

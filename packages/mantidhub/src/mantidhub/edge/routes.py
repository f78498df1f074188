"""The folder of routes: ``KEY/socket`` is a symbolic link to the socket of the session of this key.

The link has a folder around it since Caddy looks for routes by opening them, which a socket refuses (open(2), ENXIO).
The same link is in ``KEY/HOST/``, HOST being the label of the person's host: where each person has a host, the edge
looks for the session there, so that no other host leads to it.
"""

import os
import shutil
from pathlib import Path

from mantidhub.edge.hosts import host_label
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
        user, _ = parse_session_key(key)
        route = self.folder / key
        for folder, back in ((route, Path("..")), (route / host_label(user), Path("../.."))):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)  # the edge runs under another uid, and the hub's umask may be strict
            aside = folder / f"new.{os.getpid()}"
            aside.unlink(missing_ok=True)
            aside.symlink_to(socket if socket.is_absolute() else back / socket)
            aside.replace(folder / _LINK)

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
                user, _ = parse_session_key(route.name)
                target = _target(route / _LINK, "..")
                whole = target == _target(route / host_label(user) / _LINK, "../..")
            except (SessionRefused, OSError, ValueError):
                continue  # not a route: an unfinished one, one removed meanwhile, or a stranger's file
            if whole:
                found[route.name] = target
        return found


def _target(link: Path, back: str) -> Path:
    target = link.readlink()
    return target if target.is_absolute() else target.relative_to(back)

"""The folder of routes: one symbolic link for each session, named by its key, to the session's socket."""

import os
from pathlib import Path

from mantidhub.errors import SessionRefused
from mantidhub.sessions.names import parse_session_key


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
            Absolute path of the socket, as the edge sees it. It need not exist yet.

        Raises
        ------
        SessionRefused
            When no session can have this key.
        ValueError
            When the path is relative; it would be looked up in the folder of routes.
        """
        parse_session_key(key)
        if not socket.is_absolute():
            raise ValueError(f"The route of {key} needs an absolute path, not {str(socket)!r}")
        # A name that begins with a dot is no key, so the edge never follows an unfinished route.
        aside = self.folder / f".{key}.{os.getpid()}"
        aside.unlink(missing_ok=True)
        aside.symlink_to(socket)
        aside.replace(self.folder / key)

    def remove(self, key: str) -> None:
        """Remove a session's route, if there is one.

        Raises
        ------
        SessionRefused
            When no session can have this key.
        """
        parse_session_key(key)
        (self.folder / key).unlink(missing_ok=True)

    def list(self) -> dict[str, Path]:
        """Return the socket of every route by its session's key."""
        found = {}
        for link in self.folder.iterdir():
            try:
                parse_session_key(link.name)
                found[link.name] = link.readlink()
            except (SessionRefused, OSError):
                continue  # not a route: an unfinished one, one removed meanwhile, or a stranger's file
        return found

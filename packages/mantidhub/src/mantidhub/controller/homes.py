"""Homes and user ids of the people who have sessions: given once, never changed, never given to another."""

import json
import os
from pathlib import Path

from mantidhub.errors import PlatformError, SessionFailed
from mantidhub.files import write_whole
from mantidhub.settings.state import Identity


class UserIds:
    """Numeric user ids by account, in a file that only the controller may open.

    An id stays with its name for ever, also when the account is removed: the files of its home keep their owner, and
    no other person can inherit them by number.
    """

    def __init__(self, file: Path, first: int) -> None:
        self._file = file
        self._first = first

    def get(self, user: str) -> Identity:
        """Return the user's identity; the first time, the next free number."""
        ids = self._read()
        if user not in ids:
            ids[user] = max(ids.values(), default=self._first - 1) + 1
            write_whole(self._file, json.dumps(ids, indent=1), durable=True)
        return Identity(ids[user], ids[user])

    def _read(self) -> dict[str, int]:
        try:
            return dict(json.loads(self._file.read_text()))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise PlatformError(
                f"The list of user ids {self._file} cannot be read: {error}. Restore it from a backup before anybody "
                "starts a session: without it homes would change their owners."
            ) from error


def prepare_home(homes: Path, user: str, identity: Identity | None) -> Path:
    """Return the person's home; the first time, make it, open to its owner alone.

    Raises
    ------
    SessionFailed
        If it cannot be made, for want of space for one.
    """
    home = homes / user
    try:
        if not home.is_dir():
            aside = homes / f".{user}.new"
            aside.mkdir(mode=0o700, exist_ok=True)
            if identity is not None:
                os.chown(aside, identity.uid, identity.gid)
            aside.rename(home)
    except OSError as error:
        raise SessionFailed(
            f"Your home could not be made: {error.strerror}. Please tell the administrator; "
            "what is needed is space and write permission in the folder of the homes."
        ) from error
    return home

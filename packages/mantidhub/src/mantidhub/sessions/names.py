"""What a session is called: the user's name, or ``USER~SERVER`` for a named server.

The key names the session's folder, its record and its route, so it must be safe as a file name and unambiguous. The
tilde separates because neither name may contain one.
"""

import re

from mantidhub.errors import SessionRefused

USER_NAME = r"[a-z0-9][a-z0-9._-]{0,31}"
SERVER_NAME = r"[a-z0-9][a-z0-9-]{0,31}"


def session_key(user: str, server: str = "") -> str:
    """Return the key of a user's session.

    Parameters
    ----------
    user
        The normalised name of the user.
    server
        The name of the server; empty for the user's default one.

    Raises
    ------
    SessionRefused
        When a name has characters that are not allowed, or is too long.
    """
    if not re.fullmatch(USER_NAME, user):
        raise SessionRefused(
            f"{user!r} cannot be the user of a session: a user name has 1 to 32 of the characters a-z, 0-9, '.', '_' "
            "and '-', and begins with a letter or digit. Ask the administrator for an account with such a name."
        )
    if not server:
        return user
    if not re.fullmatch(SERVER_NAME, server):
        raise SessionRefused(
            f"{server!r} cannot be the name of a server: it has 1 to 32 of the characters a-z, 0-9 and '-', and begins "
            "with a letter or digit. Choose another name."
        )
    return f"{user}~{server}"


def parse_session_key(key: str) -> tuple[str, str]:
    """Return user and server of a key; the server is empty for the default one.

    Raises
    ------
    SessionRefused
        When no session can have this key.
    """
    user, separator, server = key.partition("~")
    if separator and not server:
        raise SessionRefused(
            f"{key!r} is not the key of a session: nothing follows the '~'. It is USER or USER~SERVER."
        )
    session_key(user, server)
    return user, server

"""Passwords: which are accepted, and how they are kept (argon2id)."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mantidhub.errors import AccountError

SHORTEST = 10
LONGEST = 1000


class Passwords:
    """Hashes and verifies passwords; every call takes tens of milliseconds and 64 MiB, so call it from a thread.

    The rules follow NIST SP 800-63B, section 3.1.1: length counts, composition rules do not help, and what is typed
    is normalised (NFKC) so that the same password works from every keyboard.

    Parameters
    ----------
    hasher
        The parameters of argon2id; those of RFC 9106's second recommendation (64 MiB, 3 passes, 4 lanes) if not given.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys_hash = cache(lambda: self._hasher.hash(secrets.token_urlsafe()))

    def hashed(self, password: str) -> str:
        """Return the text to keep instead of the password."""
        return self._hasher.hash(_normalised(password))

    def matches(self, kept: str, password: str) -> bool:
        """Tell whether the password belongs to what was kept; takes as long when nothing was kept (an empty text)."""
        try:
            is_right = self._hasher.verify(kept or self._nobodys_hash(), _normalised(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
        return is_right and kept != ""

    def is_outdated(self, kept: str) -> bool:
        """Tell whether the kept text was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def require_acceptable(password: str, *, name: str) -> None:
    """Refuse a new password that is too easy to guess.

    Raises
    ------
    AccountError
        With what to do, to be shown beside the field.
    """
    if len(password) > LONGEST:
        raise AccountError(f"This password has {len(password)} characters. Choose one of at most {LONGEST}.")
    length = len(_normalised(password))
    if length < SHORTEST:
        raise AccountError(f"This password has {length} characters. Choose one of at least {SHORTEST}.")
    if _normalised(password).casefold().strip() == name:
        raise AccountError("The password is the user name. Choose another one.")


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)

"""User names: one spelling for each person."""

import re
import unicodedata

from mantidhub.errors import AccountError
from mantidhub.sessions.names import USER_NAME

PATTERN = re.compile(USER_NAME)
ALLOWED = "a letter a-z or a digit, then up to 31 of the letters a-z, digits, dots, underscores and hyphens"


def folded(text: str) -> str:
    """Return what was typed in the one spelling under which accounts are kept; it need not be a valid name.

    Compatibility forms are unified first, because folding the case can only then see, for instance, full-width
    letters (Unicode Standard Annex 15 and section 5.18 of the Unicode Standard).
    """
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def is_valid(name: str) -> bool:
    """Tell whether a name, already folded, may belong to an account."""
    return PATTERN.fullmatch(name) is not None


def normalised(text: str) -> str:
    """Return the name that a person meant.

    Raises
    ------
    AccountError
        When no account can have this name.
    """
    name = folded(text)
    if not is_valid(name):
        raise AccountError(f"{_shown(text)} cannot be a user name: a name is {ALLOWED}.")
    return name


def _shown(text: str) -> str:
    if not text.strip():
        return "An empty text"
    return repr(text if len(text) <= 40 else text[:40] + "…")

"""Where the name of a channel leads: to a mirror, to a folder of this machine, or to the usual place."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rattler import Channel

from mantidhub.errors import EnvironmentFailed


def usual_address(name: str) -> str:
    """Return where conda tools look for a channel of this name."""
    return Channel(name).base_url.rstrip("/")


def addresses(names: Mapping[str, str]) -> dict[str, str]:
    """Return name → address without a slash at the end.

    Parameters
    ----------
    names
        Name → mirror or folder, or an empty text for the usual place.

    Raises
    ------
    EnvironmentFailed
        An address is of no known kind.
    """
    return {name: normalised(name, given) if given else usual_address(name) for name, given in names.items()}


def normalised(name: str, address: str) -> str:
    """Return an address as a URL."""
    if address.startswith("/"):
        return Path(address).as_uri().rstrip("/")
    if urlsplit(address).scheme not in {"http", "https", "file"}:
        raise EnvironmentFailed(
            f"The channel {name} cannot be looked for at {address!r}: an address begins with https://, http://, "
            "file:// or /."
        )
    return address.rstrip("/")


def folder_of(address: str) -> Path | None:
    """Return the folder that an address means, or None if it is on a network."""
    parts = urlsplit(address)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None

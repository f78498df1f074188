"""The host of each person: below the hub's own, so that browsers keep one person's pages from another's.

A name that is a label of a domain name by itself (RFC 1123, 2.1) stays as it is. Of any other there is a hash, which no
plain label looks like. JupyterHub's own labels end in 28 bits of a hash, so somebody who may choose their name could
look for one that shares another's host; ours end in 64.
"""

import hashlib
import re
from urllib.parse import urlsplit

HOST_LABEL = r"[a-z0-9-]{1,63}"
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SHOWN = 8
_HASHED = 16


def host_label(user: str) -> str:
    """Return the label of a user's host, such as ``alice`` or ``u-annamill--1b4f0e9851971998``: at most 32 characters.

    Parameters
    ----------
    user
        The normalised name of the user.
    """
    if _PLAIN.fullmatch(user) and "--" not in user:
        return user
    shown = re.sub("[^a-z0-9]", "", user)[:_SHOWN]
    return f"u-{shown}--{hashlib.sha256(user.encode()).hexdigest()[:_HASHED]}"


def persons_host(user: str, domain: str, kind: str = "user") -> str:
    """Return the host of a user's sessions below the hub's domain, in the form of ``JupyterHub.subdomain_hook``.

    Raises
    ------
    ValueError
        For anything but a user: MantidHub has no services with pages.
    """
    if kind != "user":
        raise ValueError(f"a {kind} has no host of its own")
    return f"{host_label(user)}.{domain}"


def host_of(address: str) -> str:
    """Return the name of the host in an address, without its port."""
    return urlsplit(address).hostname or ""

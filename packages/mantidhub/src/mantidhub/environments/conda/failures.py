"""What py-rattler's errors mean, and what a person can do about each."""

import re
from collections.abc import Mapping

from mantidhub.environments.conda.jobs import Supply

REFUSED = re.compile(r"\b40[137]\b|unauthorized|forbidden|proxy authentication", re.IGNORECASE)
ABSENT = re.compile(r"\b404\b|not found|could not find subdir|no such file", re.IGNORECASE)
NOT_CACHED = re.compile(r"cache|offline", re.IGNORECASE)
CERTIFICATE = re.compile(r"certificate|UnknownIssuer|tls handshake", re.IGNORECASE)
LINKED = re.compile(r"failed to link (?P<package>\S+)")
TOO_LONG = re.compile(r"prefix cannot be longer than the placeholder")
DAMAGED = re.compile(
    r"\bat line \d+ column \d+|while parsing|not a valid package name|failed to extract repodata|malformed|invalid type"
    r"|deserializ|decompress",
    re.IGNORECASE,
)
DISK_FULL = re.compile(r"no space left on device|disk quota exceeded|os error (28|122)\b", re.IGNORECASE)

ELSEWHERE = (
    "name a mirror of it, use a cache folder that was filled on a machine with a connection (--offline), or make the "
    "lock there and copy it here"
)


def explain_channel(name: str, address: str, said: str, supply: Supply) -> str:
    """Say why nobody knows what a channel has."""
    if supply.offline and not address.startswith("file:"):
        return (
            f"What the channel {name} has is not in the cache {supply.cache}, and there shall be no connection. Make "
            "the lock once with a connection and the same --cache and mirrors, and copy the folder here."
        )
    if DAMAGED.search(said):
        return (
            f"What the channel {name} has at {address} cannot be understood: {last_cause(said)}. It is damaged or only "
            "half copied, or something else answers there, such as a page that asks to sign in. Mend it, or name "
            "another mirror."
        )
    if REFUSED.search(said):
        return refused(name, address, supply.credentials)
    if CERTIFICATE.search(said):
        return (
            f"The channel {name} at {address} shows a certificate that is not trusted here. Set SSL_CERT_FILE to the "
            f"certificates of your site. What was said: {last_cause(said)}"
        )
    if ABSENT.search(said):
        return (
            f"There is no channel {name} at {address}: {last_cause(said)}. Mind the spelling; a mirror is given with "
            "its address, which holds a folder noarch."
        )
    return (
        f"The channel {name} was not reached at {address}: {last_cause(said)}. Look at the connection, or {ELSEWHERE}."
    )


def explain_records(channels: Mapping[str, str], said: str) -> str:
    """Say that what some channel tells of a package cannot be read; which channel, nobody knows."""
    places = " or ".join(f"{name} at {address}" for name, address in channels.items())
    return (
        f"What the channel {places} says of a package cannot be understood: {last_cause(said)}. Mend it, or name "
        "another mirror."
    )


def refused(name: str, address: str, credentials: str | None) -> str:
    """Say that a channel wants to know who we are."""
    if credentials:
        return (
            f"The channel {name} at {address} does not accept the credentials of {credentials}. Correct what it says "
            "for this host; the host is written as in the address."
        )
    return (
        f"The channel {name} at {address} asks for credentials. Name a file that holds them (netrc, or the JSON of "
        "conda tools)."
    )


def explain_solver(said: str, specification: str, platform: str) -> str:
    """Say why packages cannot be had together; the solver's own tree follows."""
    lines = [line.rstrip() for line in said.strip().splitlines()]
    first = lines[0].removeprefix("Cannot solve the request because of: ").rstrip(".: ")
    tree = "".join(f"\n    {line}" for line in lines[1:] if line)
    return (
        f"The packages that {specification} asks for cannot be had together on {platform}: {first}. Loosen one of "
        f"the versions, or add the channel that has what is missing.{tree}"
    )


def explain_link(said: str, target: str) -> str:
    """Say why a package could not be put into the prefix."""
    found = LINKED.search(said)
    package = f"The package {found['package']}" if found else "A package"
    if TOO_LONG.search(said):
        return (
            f"{package} cannot be installed in {target}: that path has {len(target)} characters, more "
            "than the package leaves room for. Choose a state folder with a shorter path."
        )
    return (
        f"{package} could not be put into {target}: {last_cause(said)}. Free space and rights to write "
        "there are the usual reasons; run the same command again."
    )


def last_cause(said: str) -> str:
    """Return the innermost reason of an error, on one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1].removeprefix("Caused by: ").rstrip(".") if lines else "no reason was given"

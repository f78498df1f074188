"""The Caddyfile: what the edge does with a request, as a pure function of its settings.

A request for ``/user/NAME/SERVER/…`` goes to the Unix socket of the route ``NAME~SERVER``, else to that of ``NAME``;
everything else, and whatever finds no session listening, goes to the hub. The path is matched as
it stands on the wire, so that an escaped spelling of a name is never a session's name.

With a host for each person, a session is found under its person's host alone, and the hub under its own alone.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from mantidhub.edge.hosts import HOST_LABEL, host_of
from mantidhub.edge.session_policy import SANDBOXED, WITHIN_A_HOST, within_a_path
from mantidhub.errors import SettingsError
from mantidhub.sessions.names import SERVER_NAME, USER_NAME

LogLevel = Literal["DEBUG", "INFO", "WARN", "ERROR"]
LONGEST_SOCKET_PATH = 107
"""Bytes that fit into ``sockaddr_un.sun_path`` beside its closing zero (unix(7))."""
# No session's page has an escaped character in its first segment: such a one may be a server's name in disguise.
_SESSION_PATH = f"^/user/(?P<user>{USER_NAME})(?:$|[?]|/(?:(?P<server>{SERVER_NAME})|[^/?%]*)(?:$|[/?]))"
# Cookies for one's own host alone; below one address, for one's own path alone.
_NO_DOMAIN = "\t\tSet-Cookie `(?i);[ \\t]*domain[^;]*` ``"
_OWN_PATH = "\t\tSet-Cookie `(?i);[ \\t]*path[^;]*` ``\n\t\tSet-Cookie `$` `; Path={vars.base}`"


@dataclass(frozen=True)
class Certificate:
    """Files in PEM format with which the edge serves HTTPS."""

    chain: Path
    key: Path


@dataclass(frozen=True)
class EdgeSettings:
    """What the edge needs to know.

    Attributes
    ----------
    port
        The public port. Caddy does not open it; it appears in the log only.
    routes
        The folder of routes, also the working directory of Caddy: it dials sessions by a path relative to it, so that
        its depth does not count against the length of a socket's path.
    hub
        The socket on which the hub listens.
    secret_variable
        Name of the environment variable that holds the secret by which the hub recognises the edge.
    access_log
        File that gets one JSON line for each request.
    log_level
        From which level on Caddy's own messages go to standard error.
    certificate
        Serve HTTPS with it; plain HTTP without.
    persons_below
        The address of the hub if each person has a host below it, such as ``https://hub.example``; empty if all
        have one.
    descriptor
        The inherited file descriptor of the listening socket.
    """

    port: int
    routes: Path
    hub: Path
    access_log: Path
    secret_variable: str = "MANTIDHUB_EDGE_SECRET"  # noqa: S105 the name of a variable
    log_level: LogLevel = "WARN"
    certificate: Certificate | None = None
    persons_below: str = ""
    descriptor: int = 3


def caddyfile(settings: EdgeSettings) -> str:
    """Write the Caddyfile.

    Raises
    ------
    SettingsError
        When a path cannot be written into a Caddyfile or is too long for a socket.
    """
    if len(str(settings.hub).encode()) > LONGEST_SOCKET_PATH:
        raise SettingsError(
            f"The hub's socket {settings.hub} has a path of {len(str(settings.hub).encode())} bytes; Linux allows "
            f"{LONGEST_SOCKET_PATH}. Choose a state folder nearer to the root."
        )
    scheme, tls = "http", ""
    if settings.certificate is not None:
        scheme, tls = "https", f"\ttls {_quoted(settings.certificate.chain)} {_quoted(settings.certificate.key)}\n"
    template = _part("template.Caddyfile")
    return template % {
        **_ways(settings.persons_below),
        "site": f"{scheme}://:{settings.port}",
        "descriptor": settings.descriptor,
        "tls": tls,
        "routes": _quoted(settings.routes),
        "hub": _quoted(f"unix/{settings.hub}"),
        "secret": settings.secret_variable,
        "log": _quoted(settings.access_log),
        "level": settings.log_level,
        "session": _SESSION_PATH,
        "sandboxed": SANDBOXED,
    }


def _ways(hub: str) -> dict[str, str]:
    """Return how a person's host is told from the request, and what answers if a session is not there or not meant."""
    if not hub:
        return {
            "person": "",
            "host": "",
            "stopped": "\timport hub",
            "others": "\thandle {\n\t\timport hub\n\t}",
            "cookies": f"{_NO_DOMAIN}\n{_OWN_PATH}",
            "policy": within_a_path("{vars.base}"),
        }
    domain = host_of(hub)
    person = rf"`^(?P<host>{HOST_LABEL})\.{re.escape(domain)}(?::[0-9]+)?$`"
    return {
        "person": f"\n\t\theader_regexp person Host {person}",
        "host": "{re.person.host}/",
        "stopped": _part("hosts-stopped.Caddyfile").rstrip() % {"hub": hub},
        "others": _part("hosts-others.Caddyfile").rstrip() % {"hub": hub, "domain": domain},
        "cookies": _NO_DOMAIN,
        "policy": WITHIN_A_HOST,
    }


def _part(name: str) -> str:
    return files("mantidhub.edge").joinpath(name).read_text()


def _quoted(path: Path | str) -> str:
    """Quote a path for the Caddyfile, in which braces are placeholders and ``|`` separates a file mode."""
    text = str(path)
    forbidden = sorted(set(text) & set("{}|`\r\n"))
    if forbidden:
        raise SettingsError(
            f"The path {text!r} contains {' '.join(map(repr, forbidden))}, which the edge cannot handle. Choose a "
            "state folder (and certificate files) without these characters."
        )
    return f"`{text}`"

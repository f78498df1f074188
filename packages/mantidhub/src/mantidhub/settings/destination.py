"""A host that sessions may reach, as a person writes it: ``"git.example:443"``, ``"*.example"``, ``"192.0.2.7"``."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_NAME = r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*"
_WRITTEN = re.compile(rf"(?P<host>{_NAME}|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?")
_ALLOWED = (
    'a host in lower-case letters with a port or without, such as "git.facility.example:443", "*.facility.example", '
    '"192.0.2.7" or "[2001:db8::7]:443"'
)


@dataclass(frozen=True)
class HostAndPort:
    """A host and, unless it is any of the usual ones, a port.

    Attributes
    ----------
    host
        A name, ``*.`` and a name for everything below it, or an address (of IPv6 without brackets).
    """

    host: str
    port: int | None = None

    @property
    def is_address(self) -> bool:
        """Tell whether it is an address, not a name."""
        return ":" in self.host or self.host.replace(".", "").isdigit()

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def parse_destination(text: object) -> HostAndPort:
    """Read a host, with a port or without.

    Raises
    ------
    ValueError
        If the text is none; the message says what is allowed.
    """
    if isinstance(text, HostAndPort):
        return text
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"allowed is {_ALLOWED}")
    host, port = found["host"].strip("[]"), found["port"]
    destination = HostAndPort(host, None if port is None else int(port))
    if port is not None and not 1 <= int(port) <= 65535:
        raise ValueError("allowed is a port from 1 to 65535")
    if destination.is_address:
        try:
            ip_address(host)
        except ValueError:
            raise ValueError(f"allowed is {_ALLOWED}") from None
    return destination


Destination = Annotated[HostAndPort, BeforeValidator(parse_destination), PlainSerializer(str, return_type=str)]

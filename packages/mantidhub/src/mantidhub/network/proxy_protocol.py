"""Saying whose connection it is: the PROXY protocol, version 2.

Source: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, section 2.2.
"""

import struct
from ipaddress import IPv6Address

PERSON_FIELD = 0xE0
"""Field that carries the session's key: the first that is free for own use."""
_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_VERSION_2_PROXY, _TCP_OVER_IPV6 = 0x21, 0x21


def header(key: str, source: IPv6Address) -> bytes:
    """Return what goes before all that a session says: a connection from `source`, and the session's key."""
    addresses = source.packed + IPv6Address("::1").packed + struct.pack("!HH", 1, 1)
    name = key.encode()
    body = addresses + struct.pack("!BH", PERSON_FIELD, len(name)) + name
    return _SIGNATURE + struct.pack("!BBH", _VERSION_2_PROXY, _TCP_OVER_IPV6, len(body)) + body

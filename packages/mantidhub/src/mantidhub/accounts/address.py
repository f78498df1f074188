"""Where a request comes from, as far as it can be trusted."""

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address

EDGE_HEADER = "X-MantidHub-Edge"
FORWARDED_HEADER = "X-Forwarded-For"
DIRECT = "direct"
"""Whoever speaks to the hub's socket without the edge: all share one count of wrong passwords."""


def client_address(headers: Mapping[str, str], edge_secret: str) -> str:
    """Return the address for which attempts are counted.

    Sessions reach the hub's socket without the edge and can write any header, so the forwarded address counts only
    beside the edge's secret. Of a list, only the last entry was appended by the edge; the others are what the client
    claimed. An IPv6 address stands for its /64, since that is what one subscriber is given.

    Parameters
    ----------
    headers
        The request's headers, found whatever the case of their names.
    edge_secret
        What only the edge and the hub know; empty when there is no edge, and then nothing is trusted.
    """
    claimed = headers.get(EDGE_HEADER, "")
    if not edge_secret or not hmac.compare_digest(claimed.encode(), edge_secret.encode()):
        return DIRECT
    last = headers.get(FORWARDED_HEADER, "").rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(last)
    except ValueError:
        return DIRECT
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))

"""Addresses that no session reaches, and those that only a listed host may have."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

_NEVER = (
    "0.0.0.0/8",  # this host
    "127.0.0.0/8",
    "169.254.0.0/16",  # link-local, and where clouds answer with their machines' passwords
    "168.63.129.16/32",  # where Azure does
    "192.0.0.0/24",  # protocol assignments, and where Oracle's cloud does
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
)
_PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15")
_NEVER_6 = (
    "::/96",  # this host, its loopback, and a form of IPv4 that is no longer used
    "fe80::/10",  # link-local
    "ff00::/8",  # multicast
    "fd00:ec2::/32",  # where Amazon's cloud answers with passwords
)
_PRIVATE_6 = (
    "fc00::/7",
    "fec0::/10",
    "2001::/32",  # Teredo and 6to4 hold an address of IPv4 that could be any
    "2002::/16",
    "64:ff9b:1::/48",  # translation to IPv4 of a site's own
)
_TRANSLATION = "64:ff9b::"
"""Translation to IPv4, whose address is in the last 32 bits (RFC 6052). Whole sites need it, so it is not refused."""


def _with_translated(ranges: tuple[str, ...]) -> tuple[str, ...]:
    translated = []
    for written in ranges:
        network = IPv4Network(written)
        start = int(IPv6Network(_TRANSLATION).network_address) + int(network.network_address)
        translated.append(str(IPv6Network((start, 96 + network.prefixlen))))
    return (*ranges, *translated)


NEVER = (*_with_translated(_NEVER), *_NEVER_6)
"""Refused whatever the settings say. Sources: the special-purpose registries of RFC 6890, and the clouds' manuals."""
PRIVATE = (*_with_translated(_PRIVATE), *_PRIVATE_6)
"""Refused unless the administrator lists the host."""


def is_never_reached(host: str) -> bool:
    """Tell whether a host that somebody listed is refused all the same, as far as its name or address says so."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in ip_network(written) for written in NEVER if ip_network(written).version == address.version)


def own_addresses(proc: Path = Path("/proc/net")) -> tuple[str, ...]:
    """Return the addresses of this host, as the kernel tells them (``proc(5)``).

    Its own services may trust whoever comes from the host itself, past what protects them from the internet.
    """
    found = set()
    leaf = ""
    try:
        for line in (proc / "fib_trie").read_text().splitlines():
            words = line.split()
            if words[0] == "|--":
                leaf = words[1]
            elif words[:3] == ["/32", "host", "LOCAL"]:
                found.add(leaf)
    except OSError:
        pass  # a kernel without it: the ranges above still hold
    try:
        for line in (proc / "if_inet6").read_text().splitlines():
            found.add(str(IPv6Network(int(line.split()[0], 16)).network_address))
    except OSError:
        pass  # a host without IPv6
    return tuple(sorted(address for address in found if not _is_covered(address)))


def _is_covered(address: str) -> bool:
    """Tell whether an address lies in a range that is refused anyway."""
    host = ip_network(address)
    for written in (*NEVER, *PRIVATE):
        covering = ip_network(written)
        if isinstance(host, IPv4Network) and isinstance(covering, IPv4Network) and host.subnet_of(covering):
            return True
        if isinstance(host, IPv6Network) and isinstance(covering, IPv6Network) and host.subnet_of(covering):
            return True
    return False

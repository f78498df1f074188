"""The public listening socket, opened before Caddy and kept while it restarts, so that no connection is refused."""

import errno
import socket

from mantidhub.edge.port_owner import port_owner
from mantidhub.errors import SettingsError

FIRST_FREE_PORT = 1024
"""Ports below belong to root (ip(7): ``ip_unprivileged_port_start``, 1024 unless the host changed it)."""

_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def open_listener(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Parameters
    ----------
    host
        A name or address of this machine. An empty one means every address, IPv4 and IPv6.
    port
        The port; 0 lets the system choose, see ``getsockname()`` of the result.

    Returns
    -------
    :
        The socket, not inherited by child processes until the caller says so.

    Raises
    ------
    SettingsError
        When the address cannot be used; the message says why and what to do.
    """
    if not 0 <= port <= 65535:
        raise SettingsError(f"Port {port} does not exist. Choose one from 1024 to 65535.")
    problem = OSError(errno.EADDRNOTAVAIL, "")
    for family, address in _addresses(host, port):
        try:
            return _listening(family, address, every_address=not host)
        except OSError as failed:
            problem = failed
    raise _explained(problem, host, port) from problem


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, _Address]]:
    if not host:
        return [(socket.AF_INET6, ("::", port)), (socket.AF_INET, ("0.0.0.0", port))]  # noqa: S104 that is asked for
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as unknown:
        raise SettingsError(
            f"MantidHub cannot listen on {host!r}: no address is known under this name. Give a name or address of this "
            "machine, such as 127.0.0.1, or 0.0.0.0 for every address."
        ) from unknown
    # `localhost` may mean both; IPv4 is what people type and what tunnels forward to.
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return [(entry[0], entry[4]) for entry in found]


def _listening(family: socket.AddressFamily, address: _Address, *, every_address: bool) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Without it a restart would have to wait until the connections of the last run are forgotten (tcp(7)).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if every_address else 1)
        listener.bind(address)
        listener.listen(socket.SOMAXCONN)
    except BaseException:
        listener.close()
        raise
    return listener


def _explained(problem: OSError, host: str, port: int) -> SettingsError:
    where = f"port {port}" + (f" of {host}" if host else "")
    match problem.errno:
        case errno.EADDRINUSE:
            owner = port_owner(port)
            by = f" by {owner}" if owner else ", by a process that only root may see"
            return SettingsError(
                f"MantidHub cannot listen on {where}: it is taken{by}. Stop that process or choose another port."
            )
        case errno.EACCES:
            return SettingsError(
                f"MantidHub cannot listen on {where}: only root may use ports below {FIRST_FREE_PORT}. Choose a port "
                f"from {FIRST_FREE_PORT} on, or start MantidHub as root."
            )
        case errno.EADDRNOTAVAIL:
            return SettingsError(
                f"MantidHub cannot listen on {host!r}: that is not an address of this machine. `ip address` lists "
                "them; 0.0.0.0 means every one."
            )
        case _:
            return SettingsError(f"MantidHub cannot listen on {where}: {problem.strerror or problem}.")

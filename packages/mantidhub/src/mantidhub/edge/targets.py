"""The URL by which JupyterHub names a session's socket: ``http+unix://%2frun%2fsession.sock:80``.

JupyterHub reads the address that ``Spawner.start`` returns with ``urlparse(…).hostname``, which turns it into lower
case: a path with a capital letter would be lost. So every character that is not plainly safe is escaped, in lower case,
and the URL comes back from the hub as it was.

The path may be relative to the folder of routes, in which the hub works: state folders may lie deeper than the 107
bytes that the kernel takes as a socket's path.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SCHEME = "http+unix"
_PORT = 80


def target_of(socket: Path) -> str:
    """Write a socket's path as the URL that ``Spawner.start`` returns and ``Proxy.add_route`` receives."""
    host = re.sub(rb"[^a-z0-9_-]", lambda byte: b"%%%02x" % byte[0][0], str(socket).encode())
    return f"{_SCHEME}://{host.decode()}:{_PORT}"


def socket_of(target: str) -> Path:
    """Read the socket's path from such a URL; the port means nothing.

    Raises
    ------
    ValueError
        When it is not the URL of a Unix socket.
    """
    parts = urlsplit(target)
    host, _, port = parts.netloc.rpartition(":") if ":" in parts.netloc else (parts.netloc, "", "")
    path = Path(unquote(host))
    if parts.scheme != _SCHEME or not host or not (port.isdigit() or not port):
        raise ValueError(
            f"{target!r} is not the address of a Unix socket; the edge reaches sessions through addresses like "
            f"{target_of(Path('/run/alice.sock'))} only."
        )
    return path

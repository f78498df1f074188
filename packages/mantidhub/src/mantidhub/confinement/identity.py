"""Becoming somebody else for good, inside a view that root laid out."""

import shutil

from mantidhub.errors import EngineError
from mantidhub.settings.state import Identity

KEPT_CAPABILITIES = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP")
"""What bubblewrap must leave to root for the step below; it ends with that step."""


def become(identity: Identity) -> list[str]:
    """Return the command that drops root's rights and runs what follows as this identity, for good."""
    program = shutil.which("setpriv", path="/usr/bin:/bin:/usr/sbin:/sbin")
    if program is None:
        raise EngineError(
            "The program setpriv is not on this host, so sessions cannot be given a user of their own. "
            "It is part of util-linux; install that."
        )
    groups = ["--groups", ",".join(map(str, identity.groups))] if identity.groups else ["--clear-groups"]
    return [
        *(program, "--reuid", str(identity.uid), "--regid", str(identity.gid), *groups),
        *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"),
    ]

"""Whether the edge can read the certificate that the settings name."""

import os
import stat
from pathlib import Path

from mantidhub.settings import Settings
from mantidhub.settings.state import Identity, ServiceIdentities


def unreadable_certificate(settings: Settings, services: ServiceIdentities | None) -> str:
    """Return what stands against reading certificate and key, as a sentence; nothing if the edge can read both."""
    for file in (settings.server.certificate, settings.server.private_key):
        if file is None:
            continue
        if not os.access(file, os.R_OK):
            return f"{file} cannot be read. Check the path and its permissions."
        # Folders on the way do not matter: the edge is shown the files themselves.
        if services is not None and not _may_read(file, services.edge):
            gid = services.edge.gid
            return (
                f"{file} cannot be read by the edge, which runs as the user id {services.edge.uid}. "
                f"Allow its group: chown root:{gid} {file} && chmod 0640 {file}"
            )
    return ""


def _may_read(file: Path, identity: Identity) -> bool:
    found = file.stat()
    if found.st_uid == identity.uid:
        return bool(found.st_mode & stat.S_IRUSR)
    if found.st_gid in {identity.gid, *identity.groups}:
        return bool(found.st_mode & stat.S_IRGRP)
    return bool(found.st_mode & stat.S_IROTH)

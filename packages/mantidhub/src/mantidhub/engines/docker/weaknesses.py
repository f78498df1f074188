"""What a Docker daemon cannot enforce on its host, in sentences."""

import os
from pathlib import Path

from mantidhub.engines.docker.client import Daemon
from mantidhub.engines.docker.versions import is_older_than_all, numbers

ALL_READ_ONLY = (1, 44)
"""Docker 25, whose read-only mounts are so with all that is mounted below them (its API's history of versions)."""

TELLS_OF_MEMORY = (5, 4)
"""The first version of Podman that was seen to tell so."""


def find_weaknesses(daemon: Daemon, *, missing_of_homes: list[str], as_root: bool) -> list[str]:
    """Compare what a daemon says of itself with what sessions should have.

    Parameters
    ----------
    missing_of_homes
        What :func:`missing_options` says of the folder of the homes.
    as_root
        Whether people have user ids of their own, and the engine makes mounts strict itself.
    """
    sentences = [f"Sessions have no limit on {what}: Docker cannot set one here." for what in daemon.unlimited]
    seccomp = next((entry for entry in daemon.security if entry.startswith("name=seccomp")), None)
    if seccomp is None or "unconfined" in seccomp:
        sentences.append("Sessions may make any system call: Docker's filter is switched off or not there.")
    if is_older_than_all(daemon):
        sentences.append(f"{daemon.product} {daemon.version} is older than any that MantidHub was tested with.")
    if daemon.product == "Podman" and numbers(daemon.version) < TELLS_OF_MEMORY:
        sentences.append(
            f"Podman {daemon.version} does not tell that memory was used up: people whose server was ended for it read "
            "that it was killed."
        )
    if as_root:
        return sentences
    if daemon.product == "Docker" and daemon.api < ALL_READ_ONLY:
        sentences.append(
            f"Docker {daemon.version} is older than 25: file systems that are mounted somewhere below the archive or "
            "the examples are writable in sessions, as far as their own permissions allow it."
        )
    if missing_of_homes:
        sentences.append(
            f"Homes are mounted without {' and '.join(missing_of_homes)}, since only root can do so. "
            "no-new-privileges and each container's list of devices stand against the same attacks."
        )
    sentences.append(
        "MantidHub was not started as root: all sessions run as your own user. Containers still keep them apart, "
        "but a hole in the kernel or in Docker would open your own files."
    )
    return sentences


def missing_options(folder: Path) -> list[str]:
    """Return which of nosuid and nodev the file system of a folder lacks; none if it is not there yet."""
    if not folder.exists():
        return []
    flags = os.statvfs(folder).f_flag
    return [name for name, flag in (("nosuid", os.ST_NOSUID), ("nodev", os.ST_NODEV)) if not flags & flag]

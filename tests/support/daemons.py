"""Which container daemon the tests start: Docker or Podman, this machine's or that of a release of Debian."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from support.docker import DockerDaemon, session_image
from support.podman import PodmanService
from support.releases import Installed, Release

REQUIRED = "MANTIDHUB_TEST_DOCKER"
"""Set by `make test-docker`: what cannot be tried is then a failure. Without it, it is skipped and said."""
DAEMON = "MANTIDHUB_TEST_DAEMON"
"""`docker` or `podman`, or that of a release of Debian: `docker@trixie`. Without it, this machine's Docker."""
KINDS = {"docker": DockerDaemon, "podman": PodmanService}


class NoDaemon(Exception):
    """No daemon can be started here, with the reason."""


def make_daemon(*options: str) -> DockerDaemon:
    """Make the daemon that is wanted, not yet started.

    Parameters
    ----------
    options
        What `dockerd` is told beside. Podman is told nothing of it.
    """
    kind, _, release = os.environ.get(DAEMON, "docker").partition("@")
    programs = Release(release) if release else Installed()
    return KINDS[kind](options if kind == "docker" else (), programs)


@contextmanager
def daemon_for_tests() -> Iterator[DockerDaemon]:
    """Start a daemon that has the image of sessions, and leave nothing of it.

    Raises
    ------
    NoDaemon
        If that cannot be done here.
    """
    if os.geteuid() != 0:
        raise NoDaemon("Only root may start a Docker daemon.")
    if missing := [name for name in ("dockerd", "mmdebstrap") if shutil.which(name) is None]:
        raise NoDaemon(f"There is no {' and no '.join(missing)}: `python3 tools/docker.py` installs them on Debian.")
    try:
        image = session_image()
        daemon = make_daemon().start()
    except (AssertionError, subprocess.CalledProcessError) as error:
        raise NoDaemon(str(error)) from error
    try:
        daemon.import_image(image)
        yield daemon
    finally:
        daemon.clean()

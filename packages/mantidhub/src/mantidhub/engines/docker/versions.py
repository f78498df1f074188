"""Which versions of Docker and Podman MantidHub is tested with."""

from mantidhub.engines.docker.client import Daemon

TESTED = {"Docker": ((20, 10), (26, 1), (28, 5)), "Podman": ((4, 3), (5, 4), (5, 8))}
"""First two numbers of each version that ``make test-docker-versions`` was run with."""


def numbers(version: str) -> tuple[int, ...]:
    """Return the first two numbers of a version, such as (20, 10) of ``20.10.24+dfsg1``."""
    return tuple(int(part) for part in version.split(".")[:2])


def judgement(daemon: Daemon) -> str:
    """Say in a sentence what the daemon is, and whether MantidHub is tested with it."""
    tested = TESTED[daemon.product]
    if numbers(daemon.version) in tested:
        return f"It is {daemon.product} {daemon.version}, a version that MantidHub is tested with."
    *others, last = (".".join(map(str, version)) for version in tested)
    return f"It is {daemon.product} {daemon.version}; MantidHub is tested with {', '.join(others)} and {last}."


def is_older_than_all(daemon: Daemon) -> bool:
    """Tell whether the daemon is older than any that was tested."""
    return numbers(daemon.version) < min(TESTED[daemon.product])

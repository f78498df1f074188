"""What Docker says when it refuses, in MantidHub's words: the one place where its errors are translated.

::

    EngineError
    ├── DaemonAway      nobody answers, or not in time; what runs may go on
    ├── ContainerGone   there is no such container
    └── NameTaken       another container has the name
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from aiodocker.exceptions import DockerError

from mantidhub.errors import EngineError

_REMEDIES = (
    (
        r"(?i)no such image: (?:docker\.io/library/)?(\S+?)(?:: image not known)?$",
        "it has no image {0}. Make it with `make docker-image`, or name another in docker.image.",
    ),
    (
        "no space left on device",
        "its disk is full. Make room where Docker keeps its data (`docker info` names the folder, "
        "`docker system df` shows what takes it).",
    ),
    (
        r"(?:bind source path does not exist: |statfs )(/[^\s:]+)",
        "its daemon does not see {0}. It must run on this host, and see the state folder and the archive under the "
        "same names.",
    ),
)
"""What the messages of Docker or Podman say (a pattern), and what that means to the administrator."""


_NOT_EXECUTED = re.compile(r"^exec (\S+) failed: No such file or directory")


class DaemonAway(EngineError):
    """The daemon does not answer."""


class ContainerGone(EngineError):
    """There is no such container."""


class NameTaken(EngineError):
    """Another container has this name."""


@contextmanager
def translated(attempt: str, socket: Path) -> Iterator[None]:
    """Turn whatever comes from Docker into an error that says what was tried, what was found and what to do.

    Parameters
    ----------
    attempt
        What is tried, as the end of a sentence: ``start the container of session alice``.
    socket
        Where the daemon listens.

    Raises
    ------
    EngineError
    """
    try:
        yield
    except DockerError as error:
        raise _meaning(error, attempt, socket) from error
    except TimeoutError as error:
        raise DaemonAway(
            f"Docker did not {attempt} in the time that it had. Is the machine overloaded? "
            "The daemon's own log tells what it was doing."
        ) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: an answer that breaks off
        raise _unreachable(error, attempt, socket) from error


def explained(words: str) -> str:
    """Return a session's last words, in MantidHub's if they are those of its first process."""
    if program := _NOT_EXECUTED.search(words):
        return (
            f"In the image of sessions, {program[1]} leads nowhere. The environment stands on a Python that the image "
            "does not have in the same version. Please tell the administrator: the image must be made from the "
            "release of Debian that has it, or the environment built on a Python outside of /usr."
        )
    return words


def _meaning(error: DockerError, attempt: str, socket: Path) -> EngineError:
    message = error.message.strip().rstrip(".")
    if isinstance(error.__context__, aiohttp.ClientConnectionError):
        return _unreachable(error.__context__, attempt, socket)
    if error.status == 404 and "no such container" in message.lower():
        return ContainerGone(f"Docker could not {attempt}: the container is gone.")
    if error.status in {409, 500} and "name" in message and "already in use" in message:
        return NameTaken(f"Docker could not {attempt}: another container has its name. Docker says: {message}.")
    for pattern, remedy in _REMEDIES:
        if found := re.search(pattern, message):
            return EngineError(f"Docker could not {attempt}: {remedy.format(*found.groups())}")
    return EngineError(f"Docker could not {attempt}. It says: {message} (status {error.status}).")


def _unreachable(error: Exception, attempt: str, socket: Path) -> DaemonAway:
    number = getattr(error, "errno", None)
    if number in {errno.EACCES, errno.EPERM}:
        return DaemonAway(
            f"Docker could not {attempt}: {socket} may not be opened by this user. Start MantidHub as root, "
            "or as a member of the group that owns it (which has the rights of root, then)."
        )
    if number == errno.ENOENT:
        return DaemonAway(
            f"Docker could not {attempt}: there is no {socket}. Start Docker, or name its socket in docker.socket."
        )
    if number == errno.ECONNREFUSED:
        return DaemonAway(f"Docker could not {attempt}: nobody listens on {socket}. Start Docker.")
    return DaemonAway(f"Docker could not {attempt}: the connection to {socket} broke off ({error}).")

"""What Docker 20.10 to 28 and Podman 5 say, word by word, and what it means to the administrator."""

import errno
from pathlib import Path

import aiohttp
import pytest
from aiodocker.exceptions import DockerError

from mantidhub.engines.docker.errors import ContainerGone, DaemonAway, NameTaken, explained, translated
from mantidhub.errors import EngineError

SOCKET = Path("/var/run/docker.sock")


def translation(error: BaseException) -> EngineError:
    with pytest.raises(EngineError) as raised, translated("start the container of alice", SOCKET):
        raise error
    assert raised.value.__cause__ is error
    return raised.value


def unconnected(number: int) -> DockerError:
    """As aiodocker raises it: while it handles aiohttp's error."""
    try:
        try:
            raise aiohttp.ClientOSError(number, "x")
        except aiohttp.ClientConnectionError as error:
            raise DockerError(900, f"Cannot connect to Docker Engine [{error!r}]")  # noqa: B904
    except DockerError as error:
        return error


@pytest.mark.parametrize(
    ("status", "message", "kind", "words"),
    [
        (404, "No such image: mantidhub-session:none", EngineError, "no image mantidhub-session:none. Make it with"),
        (404, "No such container: 0123", ContainerGone, "the container is gone"),
        (
            409,
            'Conflict. The container name "/x" is already in use by container "01". You have to remove (or rename) '
            "that container to be able to reuse that name.",
            NameTaken,
            "another container has its name. Docker says: Conflict.",
        ),
        (
            404,
            "no such image: docker.io/library/mantidhub-session:none: image not known",
            EngineError,
            "no image mantidhub-session:none. Make it with",
        ),
        (404, 'no container with name or ID "01" found: no such container', ContainerGone, "the container is gone"),
        (
            500,
            'container create: creating container storage: the container name "x" is already in use by 01. You have to '
            "remove that container to be able to reuse that name: that name is already in use",
            NameTaken,
            "another container has its name.",
        ),
        (500, "mkdir /var/lib/docker/overlay2/ab: no space left on device", EngineError, "its disk is full. Make room"),
        (
            400,
            'invalid mount config for type "bind": bind source path does not exist: /archive/x',
            EngineError,
            "its daemon does not see /archive/x. It must run on this host",
        ),
        (500, "something else entirely", EngineError, "It says: something else entirely (status 500)."),
    ],
)
def test_what_docker_refuses_is_said_with_a_remedy(status: int, message: str, kind: type[EngineError], words: str):
    error = translation(DockerError(status, message))
    assert type(error) is kind
    assert str(error).startswith("Docker could not start the container of alice")
    assert words in str(error)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "there is no /var/run/docker.sock. Start Docker, or name its socket in docker.socket."),
        (errno.ECONNREFUSED, "nobody listens on /var/run/docker.sock. Start Docker."),
        (errno.EACCES, "/var/run/docker.sock may not be opened by this user."),
        (errno.ECONNRESET, "the connection to /var/run/docker.sock broke off"),
    ],
)
def test_a_daemon_that_is_not_reached_is_told_from_one_that_refuses(number: int, words: str):
    error = translation(unconnected(number))
    assert isinstance(error, DaemonAway)
    assert words in str(error)


@pytest.mark.parametrize(
    "error", [aiohttp.ClientPayloadError("not completed"), aiohttp.ServerDisconnectedError(), ValueError("no JSON")]
)
def test_an_answer_that_breaks_off_means_that_the_daemon_went_away(error: Exception):
    assert isinstance(translation(error), DaemonAway)


def test_time_that_is_up_is_said_so():
    assert "in the time that it had" in str(translation(TimeoutError()))


def test_errors_of_our_own_pass():
    with pytest.raises(ZeroDivisionError), translated("x", SOCKET):
        raise ZeroDivisionError


def test_words_of_the_first_process_are_explained_and_others_are_left():
    words = "exec /usr/bin/python3.13 failed: No such file or directory"
    assert "/usr/bin/python3.13 leads nowhere" in explained(words)
    assert explained("mantidlab.server: the disk is full") == "mantidlab.server: the disk is full"

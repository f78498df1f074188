"""The URL of a socket survives what JupyterHub does with it."""

from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidhub.edge.targets import socket_of, target_of

paths = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).map(
    lambda text: Path("/run/" + text)
)


def as_the_hub_stores_it(url: str) -> str:
    """Take a URL apart as ``User.spawn`` does and put it together as ``Server.host`` does (JupyterHub 6.1)."""
    parts = urlparse(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}"


@given(paths)
def test_the_hub_gives_back_what_the_spawner_gave_it(path: Path) -> None:
    assert as_the_hub_stores_it(target_of(path)) == target_of(path)
    assert socket_of(target_of(path)) == path


def test_capital_letters_are_kept() -> None:
    target = target_of(Path("/srv/MantidHub/server.sock"))
    assert target == "http+unix://%2fsrv%2f%4dantid%48ub%2fserver%2esock:80"
    assert unquote(str(urlparse(target).hostname)) == "/srv/MantidHub/server.sock"


@pytest.mark.parametrize("target", ["http+unix://%2Frun%2Fa.sock:80", "http+unix://%2Frun%2Fa.sock"])
def test_other_ways_to_write_it_are_read(target: str) -> None:
    assert socket_of(target) == Path("/run/a.sock")


@pytest.mark.parametrize("target", ["http://127.0.0.1:8888", "http+unix://", ""])
def test_what_is_no_socket_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="not the address of a Unix socket"):
        socket_of(target)

"""What mirrors ask for is read from either kind of file, given to the right host, and never shown."""

import json
from pathlib import Path

import pytest

from mantidhub.environments.conda.credentials import Credentials
from mantidhub.errors import EnvironmentFailed

BASIC = {"Authorization": "Basic bWFyeTpzZXNhbWU="}


def written(folder: Path, content: object) -> Path:
    file = folder / "credentials.json"
    file.write_text(json.dumps(content))
    return file


@pytest.fixture
def netrc(tmp_path: Path) -> Path:
    file = tmp_path / "netrc"
    file.write_text("machine mirror.example.org login mary password sesame\n")
    return file


def test_a_netrc_file_gives_user_and_password(netrc: Path) -> None:
    credentials = Credentials.read(netrc)
    assert credentials.headers("mirror.example.org") == BASIC
    assert credentials.headers("mirror.example.org:8443") == BASIC
    assert credentials.headers("other.example.org") == {}


@pytest.mark.parametrize(
    ("entry", "header"),
    [
        ({"BasicHTTP": {"username": "mary", "password": "sesame"}}, BASIC),
        ({"BearerToken": "abc"}, {"Authorization": "Bearer abc"}),
        ({"CondaToken": "abc"}, {}),
    ],
)
def test_the_file_of_conda_tools_gives_headers(tmp_path: Path, entry: object, header: dict[str, str]) -> None:
    credentials = Credentials.read(written(tmp_path, {"mirror.example.org": entry}))
    assert credentials.headers("mirror.example.org") == header


def test_a_star_stands_for_any_beginning(tmp_path: Path) -> None:
    credentials = Credentials.read(written(tmp_path, {"*.example.org": {"BearerToken": "abc"}}))
    assert credentials.headers("a.b.example.org")
    assert not credentials.headers("example.org")
    assert not credentials.headers("badexample.org")


def test_a_token_goes_into_the_path_and_out_of_every_message(tmp_path: Path) -> None:
    credentials = Credentials.read(written(tmp_path, {"mirror.example.org": {"CondaToken": "s3cret"}}))
    address = credentials.address("https://mirror.example.org/mantid")
    assert address == "https://mirror.example.org/t/s3cret/mantid"
    assert (
        credentials.conceal(f"{address} was not reached") == "https://mirror.example.org/t/***/mantid was not reached"
    )
    assert credentials.address("https://other.example.org/mantid") == "https://other.example.org/mantid"
    assert "s3cret" not in repr(credentials)


@pytest.mark.parametrize("text", ['{"a": {"Password": "sesame"}}', '{"a": ["sesame"]}', "{", "machine a sesame sesame"])
def test_a_file_of_neither_kind_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(EnvironmentFailed, match="neither a netrc file nor the JSON") as failure:
        Credentials.read(file)
    assert str(file) in str(failure.value)
    assert "sesame" not in str(failure.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"nowhere cannot be read \(No such file"):
        Credentials.read(tmp_path / "nowhere")


def test_without_a_file_the_usual_ones_are_looked_at(
    netrc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RATTLER_AUTH_FILE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / "nowhere"))
    assert Credentials.read(None).hosts == {}
    monkeypatch.setenv("NETRC", str(netrc))
    assert Credentials.read(None).headers("mirror.example.org") == BASIC

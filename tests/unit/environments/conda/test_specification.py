"""The table [conda] of a specification, and every mistake in it."""

from pathlib import Path

import pytest

from mantidhub.environments import Specification, choose_interpreter, shipped_specifications
from mantidhub.errors import EnvironmentFailed

SPECIFICATION = """\
name = "stones"
title = "Stones"
description = "What the tests need"

[conda]
channels = ["mantid/label/nightly", "file:///srv/channels/rocks", "/srv/channels/sand/"]
packages = ["pebble >=1"]
platforms = ["linux-64"]

[checks]
modules = ["this"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stones.toml"
    path.write_text(SPECIFICATION)
    return path


def test_channels_have_names_wherever_they_lie(path: Path) -> None:
    conda = Specification.load(path).conda
    assert conda is not None
    assert conda.names == ("mantid/label/nightly", "rocks", "sand")
    assert conda.folders == {"rocks": "file:///srv/channels/rocks", "sand": "/srv/channels/sand/"}


def test_it_needs_no_interpreter_of_this_machine(path: Path) -> None:
    assert choose_interpreter(Specification.load(path)) is None


def test_without_a_lock_of_its_own_it_has_one_in_the_folder_of_environments(path: Path, tmp_path: Path) -> None:
    specification = Specification.load(path)
    assert specification.lock_file(tmp_path / "built") == tmp_path / "built" / "stones.lock.json"
    with pytest.raises(EnvironmentFailed, match=r"stones\.toml names no lock"):
        specification.lock_file()


@pytest.mark.parametrize(
    ("old", "new", "found", "allowed"),
    [
        ('"mantid/label/nightly"', '"https://mirror.example.org/mantid"', "is given as a mirror", "channels by name"),
        ('"mantid/label/nightly"', '"/elsewhere/rocks"', "'rocks' is named twice", "channels by name"),
        ('"mantid/label/nightly"', '"man tid"', "'man tid' is no name", "channels by name"),
        ('["pebble >=1"]', "[]", "conda.packages = []", "match specs"),
        ('["pebble >=1"]', '"pebble"', "conda.packages = 'pebble'", "match specs"),
        ('"pebble >=1"', '"rocks::pebble"', "the order of the channels decides", "match specs"),
        ('"linux-64"', '"win-64"', "conda.platforms.0 = 'win-64'", "linux-64, linux-aarch64"),
        ("channels =", "channel =", "conda.channel is not known", "channels, packages, platforms"),
        ('title = "Stones"', 'title = "Stones"\npython = ["3.11"]', "`python` stands beside [conda]", "packages ="),
        ('title = "Stones"', 'title = "Stones"\nrequirements = "x"', "both of `requirements`", "one is needed"),
    ],
)
def test_a_mistake_is_named_with_the_file_and_what_is_allowed(
    path: Path, old: str, new: str, found: str, allowed: str
) -> None:
    assert old in SPECIFICATION
    path.write_text(SPECIFICATION.replace(old, new, 1))
    with pytest.raises(EnvironmentFailed) as failure:
        Specification.load(path)
    assert str(path) in str(failure.value)
    assert found in str(failure.value)
    assert allowed in str(failure.value)


def test_mantid_ships_with_what_its_sessions_need() -> None:
    mantid = next(found for found in shipped_specifications() if found.name == "mantid")
    assert mantid.conda is not None
    assert mantid.conda.names == ("mantid", "conda-forge")
    assert {"mantid 6.16.*", "mantiddocs 6.16.*"} <= set(mantid.conda.packages)
    assert mantid.catalogue == ("mantid",)
    assert mantid.checks.modules == ("mantidlab.conformance.at_build",)
    texts = [mantid.beside(source).read_text() for source in mantid.session_files.values()]
    assert all("{" + name + "}" in "".join(texts) for name in ("threads", "archive", "home", "facility", "instrument"))
    assert set(mantid.variables.values()) <= set(mantid.session_files), "what a variable names is there in a session"

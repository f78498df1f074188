"""Mantid's settings at its first start: the facility's choice once, and the user's for ever after."""

import json
from pathlib import Path

import pytest
from real_sessions import Session, Starter
from test_kernels import SCIPP, environment

PLACE = ".mantid/Mantid.user.properties"
ISIS = {"MANTIDHUB_FACILITY": "ISIS", "MANTIDHUB_INSTRUMENT": "SANS2D"}


@pytest.fixture
def mantid(tmp_path: Path) -> dict:
    """An environment that has Mantid, as far as can be seen without starting it."""
    (tmp_path / "lib/python3.11/site-packages/mantid").mkdir(parents=True)
    return environment("mantid", "Mantid 6.16", "bb", prefix=tmp_path)


def start(sessions: Starter, *environments: dict, home: Path | None = None, **variables: str) -> Session:
    return sessions.start(home=home, MANTIDHUB_KERNELS=json.dumps(environments), **{**ISIS, **variables})


def settings_in(home: Path) -> list[str]:
    return [line for line in (home / PLACE).read_text().splitlines() if not line.startswith("#")]


def test_the_facility_and_instrument_of_the_settings_are_written(sessions, mantid):
    session = start(sessions, SCIPP, mantid)
    assert settings_in(session.home) == ["default.facility=ISIS", "default.instrument=SANS2D"]
    assert [file.name for file in (session.home / ".mantid").iterdir()] == ["Mantid.user.properties"]


def test_what_is_not_chosen_is_not_written(sessions, mantid):
    assert settings_in(start(sessions, mantid, MANTIDHUB_INSTRUMENT="").home) == ["default.facility=ISIS"]
    neither = start(sessions, mantid, MANTIDHUB_FACILITY="", MANTIDHUB_INSTRUMENT="")
    assert not (neither.home / ".mantid").exists()


def test_a_session_without_mantid_gets_no_folder_of_it(sessions):
    assert not (start(sessions, SCIPP).home / ".mantid").exists()


def test_an_existing_file_is_never_touched(sessions, mantid):
    home = sessions.make_home()
    (home / ".mantid").mkdir()
    (home / PLACE).write_text("default.facility=SNS\n")
    before = (home / PLACE).stat()
    start(sessions, mantid, home=home)
    assert (home / PLACE).stat() == before


@pytest.mark.parametrize("linked", [".mantid", PLACE])
def test_links_in_the_home_are_not_followed(sessions, mantid, tmp_path, linked):
    home, elsewhere = sessions.make_home(), tmp_path / "elsewhere"
    if linked == PLACE:
        (home / ".mantid").mkdir()
    else:
        elsewhere.mkdir()
    (home / linked).symlink_to(elsewhere)
    start(sessions, mantid, home=home)
    assert (home / linked).is_symlink()
    assert not elsewhere.exists() or list(elsewhere.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_left_and_does_not_stop_the_start(sessions, mantid):
    home = sessions.make_home()
    (home / ".mantid").write_text("mine")
    session = start(sessions, mantid, home=home)
    assert (home / ".mantid").read_text() == "mine"
    assert "Mantid's settings could not be written" in session.log

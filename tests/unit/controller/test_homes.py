"""User ids and homes: given once, never to another."""

import os
import stat
from pathlib import Path

import pytest

from mantidhub.controller.homes import UserIds, prepare_home
from mantidhub.errors import PlatformError, SessionFailed


def test_every_user_gets_the_next_number_and_keeps_it(tmp_path):
    file = tmp_path / "uids.json"
    first, second = UserIds(file, 5000).get("alice"), UserIds(file, 5000).get("bob")
    assert (first.uid, second.uid) == (5000, 5001)
    assert UserIds(file, 9999).get("alice") == first, "whatever the settings say later"
    assert first.gid == first.uid


def test_a_broken_list_stops_everything_rather_than_giving_homes_to_others(tmp_path):
    file = tmp_path / "uids.json"
    file.write_text("{")
    with pytest.raises(PlatformError, match="Restore it from a backup"):
        UserIds(file, 5000).get("alice")
    assert file.read_text() == "{"


def test_a_home_is_open_to_its_owner_alone_and_kept_as_it_is(tmp_path):
    home = prepare_home(tmp_path, "alice", None)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    (home / "notes").write_text("mine")
    assert prepare_home(tmp_path, "alice", None) == home
    assert (home / "notes").read_text() == "mine"


def test_a_home_that_cannot_be_made_is_explained_to_its_user(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SessionFailed, match="Your home could not be made: Not a directory"):
        prepare_home(tmp_path / "file", "alice", None)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_started_as_root_a_home_belongs_to_its_user(tmp_path: Path):
    identity = UserIds(tmp_path / "uids.json", 5000).get("alice")
    assert prepare_home(tmp_path, "alice", identity).stat().st_uid == 5000

"""The examples in the home: placed, renewed, and the user's own work never touched."""

import json
import logging
import os
from pathlib import Path

import pytest
from real_sessions import wait_for

from mantidlab.server.examples import RECORD, place_examples

LOG = logging.getLogger("test")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    (folder / "sans").mkdir(parents=True)
    (folder / "sans" / "spheres.ipynb").write_text("first edition")
    (folder / "README.md").write_text("read me")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def spheres(home: Path, shipped: Path) -> Path:
    """The example in a home where the first edition was placed."""
    place_examples(shipped, home, log=LOG)
    return home / "examples/sans/spheres.ipynb"


def new_edition(shipped: Path, text: str = "second edition") -> None:
    (shipped / "sans" / "spheres.ipynb").write_text(text)


def files_of(home: Path) -> set[str]:
    return {str(file.relative_to(home / "examples")) for file in (home / "examples").rglob("*") if not file.is_dir()}


def test_a_new_user_finds_them(home, shipped, spheres):
    assert spheres.read_text() == "first edition"
    assert files_of(home) == {"README.md", "sans/spheres.ipynb"}
    assert os.access(spheres, os.W_OK)


def test_one_that_was_not_touched_is_renewed(home, shipped, spheres):
    new_edition(shipped)
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == "second edition"
    assert files_of(home) == {"README.md", "sans/spheres.ipynb"}


def test_one_that_the_user_changed_is_left_and_the_new_edition_offered_once(home, shipped, spheres):
    spheres.write_text("my own")
    place_examples(shipped, home, log=LOG)
    assert files_of(home) == {"README.md", "sans/spheres.ipynb"}  # nothing newer ships, so nothing is offered
    new_edition(shipped)
    place_examples(shipped, home, log=LOG)
    offered = spheres.with_name("spheres (new).ipynb")
    assert (spheres.read_text(), offered.read_text()) == ("my own", "second edition")
    offered.unlink()
    place_examples(shipped, home, log=LOG)
    assert not offered.exists()
    new_edition(shipped, "third edition")
    place_examples(shipped, home, log=LOG)
    assert (spheres.read_text(), offered.read_text()) == ("my own", "third edition")


def test_an_offer_that_was_not_touched_is_renewed_and_one_that_was_is_left(home, shipped, spheres):
    spheres.write_text("my own")
    new_edition(shipped)
    place_examples(shipped, home, log=LOG)
    new_edition(shipped, "third edition")
    place_examples(shipped, home, log=LOG)
    offered = spheres.with_name("spheres (new).ipynb")
    assert offered.read_text() == "third edition"
    offered.write_text("mine as well")
    new_edition(shipped, "fourth edition")
    place_examples(shipped, home, log=LOG)
    assert (spheres.read_text(), offered.read_text()) == ("my own", "mine as well")


def test_one_that_the_user_deleted_stays_deleted(home, shipped, spheres):
    spheres.unlink()
    place_examples(shipped, home, log=LOG)
    new_edition(shipped)
    place_examples(shipped, home, log=LOG)
    assert files_of(home) == {"README.md"}


def test_deleting_the_whole_folder_is_respected(home, shipped, spheres):
    for file in [spheres, home / "examples/README.md"]:
        file.unlink()
    spheres.parent.rmdir()
    spheres.parent.parent.rmdir()
    place_examples(shipped, home, log=LOG)
    assert not (home / "examples").exists()


def test_a_file_that_the_user_had_before_is_left(home, shipped):
    (home / "examples").mkdir()
    (home / "examples/README.md").write_text("mine")
    place_examples(shipped, home, log=LOG)
    assert (home / "examples/README.md").read_text() == "mine"
    assert (home / "examples/README (new).md").read_text() == "read me"


@pytest.mark.parametrize("obstacle", ["link", "dead link", "folder"])
def test_a_link_or_folder_in_its_place_is_left(home, shipped, tmp_path, obstacle):
    elsewhere = tmp_path / "elsewhere.md"
    if obstacle == "link":
        elsewhere.write_text("elsewhere")
    (home / "examples").mkdir()
    place = home / "examples/README.md"
    place.mkdir() if obstacle == "folder" else place.symlink_to(elsewhere)
    place_examples(shipped, home, log=LOG)
    assert place.is_dir() if obstacle == "folder" else place.is_symlink()
    assert elsewhere.exists() == (obstacle == "link")
    assert obstacle != "link" or elsewhere.read_text() == "elsewhere"


def test_a_linked_folder_on_the_way_is_left(home, shipped, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (home / "examples").symlink_to(elsewhere)
    place_examples(shipped, home, log=LOG)
    assert list(elsewhere.iterdir()) == []


def test_without_the_record_nothing_of_the_user_is_lost(home, shipped, spheres):
    spheres.write_text("my own")
    (home / RECORD).write_text("{ half a rec")
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == "my own"
    assert json.loads((home / RECORD).read_text())["placed"].keys() == {"README.md"}


def test_nothing_half_written_stays_when_the_disk_is_full(home, shipped, monkeypatch, caplog):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    place_examples(shipped, home, log=LOG)
    assert files_of(home) == set()
    assert "could not be placed" in caplog.text


def test_one_unreadable_example_does_not_hold_up_the_others(home, shipped, spheres, caplog):
    (shipped / "z.ipynb").write_text("later")
    (shipped / "a.ipynb").symlink_to("/proc/self/mem")  # a file that opens and cannot be read
    place_examples(shipped, home, log=LOG)
    assert (home / "examples/z.ipynb").read_text() == "later"
    assert "1 examples could not be placed" in caplog.text


def test_hidden_files_do_not_ship(home, shipped):
    (shipped / ".ipynb_checkpoints").mkdir()
    (shipped / ".ipynb_checkpoints/x.ipynb").write_text("x")
    place_examples(shipped, home, log=LOG)
    assert files_of(home) == {"README.md", "sans/spheres.ipynb"}


def test_a_session_places_them(sessions, shipped):
    session = sessions.start(MANTIDHUB_EXAMPLES=str(shipped))
    placed = session.home / "examples/sans/spheres.ipynb"
    wait_for(placed.exists, what="the example", seconds=3)
    wait_for((session.home / RECORD).exists, what="the record", seconds=3)
    assert session.ask("GET", "api/contents/examples/sans").json["content"][0]["name"] == "spheres.ipynb"


def test_a_session_without_examples_starts(sessions):
    session = sessions.start(MANTIDHUB_EXAMPLES="/nowhere/at/all")
    assert session.ask("GET", "api").status == 200

"""The examples in the home: placed, renewed, and the user's own work never touched."""

import hashlib
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


def notebook(source: str) -> str:
    """Return a notebook of one code cell, as it ships."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def opened_and_run(text: str) -> str:
    """Return a notebook as JupyterLab saves it: keys in another order, metadata filled, outputs made."""
    found = json.loads(text)
    for cell in found["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "radius = 40"}]
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    ran_in = {"environment": "scipp", "title": "scipp", "hash": "aa", "lock": "bb"}
    found["metadata"] = {"language_info": {"name": "python", "version": "3.11"}, "mantidhub": ran_in}
    return json.dumps(found, indent=1, sort_keys=True)


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


def test_a_notebook_that_was_only_opened_and_run_is_renewed(home, shipped):
    new_edition(shipped, notebook("a = 1\nb = 2"))
    place_examples(shipped, home, log=LOG)
    spheres = home / "examples/sans/spheres.ipynb"
    as_run = opened_and_run(spheres.read_text())
    spheres.write_text(as_run)
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == as_run  # outputs stay as long as nothing newer ships
    new_edition(shipped, notebook("a = 3"))
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == notebook("a = 3")
    assert files_of(home) == {"README.md", "sans/spheres.ipynb"}


@pytest.mark.parametrize("mine", ["another source", "another type", "another cell"])
def test_a_notebook_whose_cells_were_changed_is_left(home, shipped, mine):
    new_edition(shipped, notebook("a = 1"))
    place_examples(shipped, home, log=LOG)
    spheres = home / "examples/sans/spheres.ipynb"
    changed = json.loads(opened_and_run(notebook("a = 2" if mine == "another source" else "a = 1")))
    if mine == "another type":
        changed["cells"][0]["cell_type"] = "raw"
    if mine == "another cell":
        changed["cells"] *= 2
    spheres.write_text(json.dumps(changed))
    new_edition(shipped, notebook("a = 3"))
    place_examples(shipped, home, log=LOG)
    assert json.loads(spheres.read_text()) == changed
    assert spheres.with_name("spheres (new).ipynb").read_text() == notebook("a = 3")


def test_an_offered_notebook_that_was_only_opened_is_renewed(home, shipped, spheres):
    spheres.write_text("my own")
    new_edition(shipped, notebook("a = 2"))
    place_examples(shipped, home, log=LOG)
    offered = spheres.with_name("spheres (new).ipynb")
    offered.write_text(opened_and_run(offered.read_text()))
    new_edition(shipped, notebook("a = 3"))
    place_examples(shipped, home, log=LOG)
    assert offered.read_text() == notebook("a = 3")


def recorded_by_bytes(home: Path, **texts: str) -> None:
    """Write the record as the first version of it was: SHA-256 of the bytes."""
    hashes = {kind: {"sans/spheres.ipynb": hashlib.sha256(text.encode()).hexdigest()} for kind, text in texts.items()}
    (home / RECORD).write_text(json.dumps({"placed": {}, "offered": {}, **hashes}))


def test_an_old_record_still_knows_what_was_not_touched(home, shipped, spheres):
    spheres.write_text(notebook("a = 1"))
    recorded_by_bytes(home, placed=notebook("a = 1"))
    new_edition(shipped, notebook("a = 2"))
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == notebook("a = 2")


def test_an_old_record_still_knows_what_was_placed_and_offered(home, shipped, spheres):
    spheres.write_text(notebook("mine = 1"))
    new_edition(shipped, notebook("a = 2"))
    for kind in ("placed", "offered"):
        recorded_by_bytes(home, **{kind: notebook("a = 2")})
        place_examples(shipped, home, log=LOG)
        assert files_of(home) == {"README.md", "sans/spheres.ipynb"}, kind
    new_edition(shipped, notebook("a = 3"))
    place_examples(shipped, home, log=LOG)
    assert spheres.with_name("spheres (new).ipynb").read_text() == notebook("a = 3")


def test_an_old_record_learns_of_a_notebook_that_was_only_opened(home, shipped, spheres):
    new_edition(shipped, notebook("a = 1"))
    spheres.write_text(opened_and_run(notebook("a = 1")))
    recorded_by_bytes(home, placed=notebook("a = 1"))
    place_examples(shipped, home, log=LOG)
    new_edition(shipped, notebook("a = 2"))
    place_examples(shipped, home, log=LOG)
    assert spheres.read_text() == notebook("a = 2")


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

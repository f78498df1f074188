"""What was deleted comes back as it was, or it is said why not."""

import time
from typing import Any

import pytest

from mantidlab.workspaces.errors import AlreadyThere, NoSuchWorkspace
from mantidlab.workspaces.kept import Shelf


class Thing:
    """Something that is told from another one only by being another one."""


@pytest.fixture
def held() -> dict[str, Any]:
    return {"sample": Thing(), "can": Thing()}


@pytest.fixture
def shelf(held: dict[str, Any]) -> Shelf:
    return Shelf(held.__getitem__, held.__setitem__)


def cell(shelf: Shelf, held: dict[str, Any], **changes: Any) -> None:
    """Do what a cell does: None deletes."""
    shelf.look_before()
    for name, value in changes.items():
        if value is None:
            del held[name]
        else:
            held[name] = value
    shelf.look_after()


def test_what_was_deleted_comes_back_as_the_same_object(shelf: Shelf, held: dict[str, Any]) -> None:
    before = dict(held)
    shelf.keep(["sample", "can"])
    cell(shelf, held, sample=None, can=None)
    assert shelf.restore() == {"names": ["sample", "can"]}
    assert held == before
    with pytest.raises(NoSuchWorkspace, match="not kept any more"):
        shelf.restore()


def test_what_a_cell_changed_before_the_deletion_is_what_comes_back(shelf: Shelf, held: dict[str, Any]) -> None:
    later = Thing()
    shelf.keep(["sample"])
    cell(shelf, held, sample=later)
    cell(shelf, held, sample=None)
    shelf.restore()
    assert held["sample"] is later


def test_something_new_of_the_same_name_is_not_lost(shelf: Shelf, held: dict[str, Any]) -> None:
    first, new = held["sample"], Thing()
    shelf.keep(["sample"])
    cell(shelf, held, sample=None)
    cell(shelf, held, sample=new)
    with pytest.raises(AlreadyThere, match="There is a new sample"):
        shelf.restore()
    assert held["sample"] is new
    cell(shelf, held, sample=None)
    shelf.restore()
    assert held["sample"] is first


def test_only_the_last_deletion_is_kept_and_not_for_ever(shelf: Shelf, held: dict[str, Any]) -> None:
    shelf.keep(["sample"])
    cell(shelf, held, sample=None)
    shelf.keep(["can"], seconds=0.01)
    cell(shelf, held, can=None)
    until = time.monotonic() + 10
    with pytest.raises(NoSuchWorkspace):  # within a moment
        while time.monotonic() < until:
            shelf.look_before()
            time.sleep(0.02)
            if shelf._kept is None:
                shelf.restore()
    assert held == {}

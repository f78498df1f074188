"""Each click in the panel of workspaces leaves a line of Python."""

import ast

import pytest

from mantidlab.workspaces.actions import NoSuchAction, line_of
from mantidlab.workspaces.errors import AlreadyThere


def last(action: str, names: list[str], framework: str = "scipp", **options: object) -> str:
    code = line_of(action, names, framework, options)
    ast.parse(code)
    return code.splitlines()[-1]


def test_shown_things_are_named_as_python_means_them():
    assert last("plot", ["a", 'group["b"]']) == 'plot(a, group["b"])'
    assert last("slice", ["a"]) == "slices(a)"
    assert last("instrument", ["run 1"], "mantid") == 'instrument("run 1")'
    assert line_of("plot", ["a"], "scipp", {}).startswith("from mantidlab import plot\n")


def test_renaming_keeps_what_it_cannot_take_along():
    assert line_of("rename", ["old"], "scipp", {"to": "new"}) == "new = old\ndel old"
    assert line_of("rename", ['group["x"]'], "scipp", {"to": "new"}) == 'new = group["x"]'
    assert last("rename", ["a b"], "mantid", to="c") == 'RenameWorkspace(InputWorkspace="a b", OutputWorkspace="c")'


@pytest.mark.parametrize("name", ["", "2x", "a b", "class", "a.b", "a;b"])
def test_a_name_that_no_variable_can_have_is_refused(name):
    with pytest.raises(NoSuchAction):
        line_of("rename", ["old"], "scipp", {"to": name})


def test_a_name_that_is_taken_is_refused():
    for framework in ("scipp", "mantid"):
        for action in ("rename", "group"):
            with pytest.raises(AlreadyThere, match="would be lost"):
                line_of(action, ["old"], framework, {"to": "new", "taken": ["new"]})


def test_a_name_that_no_list_shows_is_refused():
    with pytest.raises(NoSuchAction, match="hidden"):
        line_of("rename", ["old"], "scipp", {"to": "_new"})


def test_several_are_deleted_and_grouped_in_one_line():
    assert line_of("delete", ["a", "b"], "scipp", {}) == "del a, b"
    assert last("delete", ["a"], "mantid") == 'DeleteWorkspace("a")'
    assert last("delete", ["a", "b"], "mantid") == 'DeleteWorkspaces(["a", "b"])'
    assert last("group", ["a", "b"], to="both") == 'both = sc.DataGroup({"a": a, "b": b})'
    assert (
        last("group", ["a", "b"], "mantid", to="c")
        == 'GroupWorkspaces(InputWorkspaces=["a", "b"], OutputWorkspace="c")'
    )


def test_saving_says_only_what_is_needed():
    assert last("save", ["a"], path="out/a.nxs") == 'save(a, "out/a.nxs")'
    assert last("save", ["a"], path='it"s.h5', format="nxcansas", replace=True) == (
        """save(a, 'it"s.h5', "nxcansas", replace=True)"""
    )


def test_another_action_is_refused():
    with pytest.raises(NoSuchAction, match="there are plot, slice"):
        line_of("fry", ["a"], "scipp", {})

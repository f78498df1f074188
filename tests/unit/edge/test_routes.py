"""The folder of routes is the only table."""

from pathlib import Path

import pytest

from mantidhub.edge.hosts import host_label
from mantidhub.edge.routes import Routes
from mantidhub.errors import SessionRefused


def test_routes_are_found_again_by_anyone_who_reads_the_folder(tmp_path: Path) -> None:
    Routes(tmp_path).add("alice", Path("/run/a.sock"))
    Routes(tmp_path).add("alice~second", Path("/run/b.sock"))

    assert Routes(tmp_path).list() == {"alice": Path("/run/a.sock"), "alice~second": Path("/run/b.sock")}


def test_adding_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    routes = Routes(tmp_path)
    routes.add("alice", Path("/run/old.sock"))
    routes.add("alice", Path("/run/new.sock"))

    assert routes.list() == {"alice": Path("/run/new.sock")}
    left = {str(entry.relative_to(tmp_path)) for entry in tmp_path.rglob("*")}
    assert left == {"alice", "alice/socket", "alice/alice", "alice/alice/socket"}


def test_removing_is_complete_and_may_be_repeated(tmp_path: Path) -> None:
    routes = Routes(tmp_path)
    routes.add("alice", Path("/run/a.sock"))
    (tmp_path / "alice" / "new.123").symlink_to("/run/killed-while-adding.sock")

    routes.remove("alice")
    routes.remove("alice")

    assert list(tmp_path.iterdir()) == []


def test_the_edge_can_read_routes_that_a_hub_with_a_strict_umask_made(tmp_path: Path) -> None:
    Routes(tmp_path).add("alice", Path("/run/a.sock"))
    assert (tmp_path / "alice").stat().st_mode & 0o777 == 0o755


def test_a_route_is_found_under_the_host_of_its_person_too(tmp_path: Path) -> None:
    folder = tmp_path / "routes"
    folder.mkdir()
    (tmp_path / "a.sock").touch()
    Routes(folder).add("ann.miller~second", Path("../a.sock"))
    for link in (folder / "ann.miller~second").rglob("socket"):
        assert link.resolve() == tmp_path / "a.sock"
    assert (folder / "ann.miller~second" / host_label("ann.miller") / "socket").exists()


def test_a_route_without_its_host_is_not_listed_so_that_the_hub_adds_it_again(tmp_path: Path) -> None:
    Routes(tmp_path).add("alice", Path("/run/a.sock"))
    (tmp_path / "alice" / "alice" / "socket").unlink()
    assert Routes(tmp_path).list() == {}


def test_what_is_no_route_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "README").write_text("")
    (tmp_path / "alice").mkdir()  # made, and its link not yet
    assert Routes(tmp_path).list() == {}


def test_keys_that_are_no_keys_touch_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "routes"
    folder.mkdir()
    for change in (lambda: Routes(folder).add("../evil", Path("/x")), lambda: Routes(folder).remove("..")):
        with pytest.raises(SessionRefused):
            change()
    assert [entry.name for entry in tmp_path.iterdir()] == ["routes"]


def test_a_relative_socket_is_relative_to_the_folder_of_routes(tmp_path: Path) -> None:
    folder = tmp_path / "routes"
    folder.mkdir()
    (tmp_path / "alice.sock").write_text("here")
    routes = Routes(folder)
    routes.add("alice", Path("../alice.sock"))
    assert routes.list() == {"alice": Path("../alice.sock")}
    assert (folder / "alice" / "socket").read_text() == "here"

"""The file system of a confined process, as arguments of bubblewrap."""

from pathlib import Path

from mantidhub.confinement.view import view_arguments
from mantidhub.sessions.spec import Mount


def directories(arguments: list[str]) -> list[str]:
    return [arguments[at + 1] for at, word in enumerate(arguments) if word == "--dir"]


def test_folders_on_the_way_to_a_mount_are_readable_by_all():
    arguments = view_arguments([Mount(Path("/a"), Path("/opt/deep/a"))])
    for folder in ("/opt", "/opt/deep"):
        at = arguments.index(folder)
        assert arguments[at - 3 : at] == ["--perms", "0755", "--dir"]
    assert arguments[-3:] == ["--ro-bind", "/a", "/opt/deep/a"]


def test_a_folder_on_the_way_is_made_once_and_never_inside_a_mount():
    arguments = view_arguments([Mount(Path("/u"), Path("/usr")), Mount(Path("/b"), Path("/usr/x/b"))])
    assert "/usr/x" not in directories(arguments)
    arguments = view_arguments([Mount(Path("/a"), Path("/srv/a")), Mount(Path("/b"), Path("/srv/b"))])
    assert directories(arguments).count("/srv") == 1


def test_only_what_is_said_to_be_writable_is():
    arguments = view_arguments([Mount(Path("/h"), Path("/home/h"), writable=True), Mount(Path("/d"), Path("/data"))])
    assert arguments[arguments.index("/h") - 1] == "--bind"
    assert arguments[arguments.index("/d") - 1] == "--ro-bind"


def test_the_size_of_the_temporary_folder_is_bounded():
    arguments = view_arguments([], temporary_size=1000)
    at = arguments.index("--tmpfs")
    assert arguments[at - 2 : at + 2] == ["--size", "1000", "--tmpfs", "/tmp"]

"""Verification finds every file that changed, went, or came; a glance finds what keeps sessions from starting."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from mantidhub.environments import Difference, Environment, find_fault, looks_whole, verify
from mantidhub.environments.environment import HASHES, MANIFEST
from mantidhub.environments.verification import hash_tree, write_hashes
from mantidhub.errors import EnvironmentFailed

SIX = Path("lib/python3.11/site-packages/six.py")


def test_an_untouched_environment_has_no_differences(environment: Environment) -> None:
    assert verify(environment) == []
    assert looks_whole(environment)


def test_a_changed_file_is_found_even_at_the_same_size_and_time(environment: Environment) -> None:
    file = environment.prefix / SIX
    file.write_text(file.read_text().replace("sys", "sos"))
    assert verify(environment) == [Difference(SIX, "changed")]


def test_a_missing_file_is_found(environment: Environment) -> None:
    (environment.prefix / SIX).unlink()
    assert verify(environment) == [Difference(SIX, "missing")]


def test_an_added_file_is_found(environment: Environment) -> None:
    (environment.prefix / "bin" / "extra").touch()
    assert verify(environment) == [Difference(Path("bin/extra"), "added")]


def test_changed_permissions_are_found(environment: Environment) -> None:
    file = environment.prefix / SIX
    for mode in (0o666, 0o4444, 0o755):
        file.chmod(mode)
        assert verify(environment) == [Difference(SIX, "mode")]


def test_a_changed_manifest_is_found(environment: Environment) -> None:
    manifest = environment.prefix / MANIFEST
    manifest.write_text(manifest.read_text().replace("OMP_NUM_THREADS", "LD_PRELOAD"))
    assert verify(environment) == [Difference(Path(MANIFEST), "changed")]


def test_what_is_no_file_is_found_and_not_waited_for(environment: Environment) -> None:
    (environment.prefix / SIX).unlink()
    os.mkfifo(environment.prefix / SIX)
    with socket.socket(socket.AF_UNIX) as listener:
        # A path of a socket is short, that of the prefix need not be.
        before = Path.cwd()
        os.chdir(environment.prefix)
        try:
            listener.bind("socket")
        finally:
            os.chdir(before)
        assert verify(environment) == [Difference(SIX, "changed"), Difference(Path("socket"), "added")]


@pytest.mark.parametrize("name", ["a\u2028b", "a -> b", "# mode 444", os.fsdecode(b"a\xff")])
def test_files_have_any_name(environment: Environment, name: str) -> None:
    (environment.prefix / name).write_text("")
    write_hashes(environment.prefix, hash_tree(environment.prefix))
    assert verify(environment) == []
    (environment.prefix / name).write_text("changed")
    assert verify(environment) == [Difference(Path(name), "changed")]


def test_a_list_of_an_earlier_version_is_read(environment: Environment) -> None:
    hashes = environment.prefix / HASHES
    lines = [line for line in hashes.read_text().splitlines() if "# mode" not in line and MANIFEST not in line]
    hashes.write_text("".join(f"{line}\n" for line in lines))
    (environment.prefix / SIX).chmod(0o640)
    assert verify(environment) == []


def test_a_redirected_symlink_is_found(environment: Environment) -> None:
    environment.python.unlink()
    environment.python.symlink_to("/bin/true")
    assert verify(environment) == [Difference(Path("bin/python"), "changed")]


def test_a_file_replaced_by_a_symlink_to_the_same_content_is_found(environment: Environment, tmp_path: Path) -> None:
    file = environment.prefix / SIX
    file.rename(tmp_path / "elsewhere.py")
    file.symlink_to(tmp_path / "elsewhere.py")
    assert verify(environment) == [Difference(SIX, "changed")]


def test_the_hashes_can_be_checked_without_mantidhub(environment: Environment) -> None:
    check = ["sha256sum", "--check", "--quiet", "--strict", HASHES]
    assert subprocess.run(check, cwd=environment.prefix, check=False).returncode == 0
    (environment.prefix / SIX).write_text("changed")
    assert subprocess.run(check, cwd=environment.prefix, check=False, capture_output=True).returncode != 0


@pytest.mark.parametrize("content", [None, "no list of hashes\n", "# bin/python without a target\n"])
def test_without_its_list_nothing_can_be_said(environment: Environment, content: str | None) -> None:
    hashes = environment.prefix / HASHES
    hashes.unlink() if content is None else hashes.write_text(content)
    with pytest.raises(EnvironmentFailed, match="remove it and build it again"):
        verify(environment)


def test_a_glance_misses_a_vanished_interpreter_never(environment: Environment) -> None:
    (environment.interpreter / "bin" / "python3").unlink()
    fault = find_fault(environment)
    assert fault == f"its interpreter {environment.interpreter / 'bin' / 'python3'} is gone"


def test_a_glance_finds_a_missing_package(environment: Environment) -> None:
    folder = environment.prefix / SIX.parent / "six-1.17.0.dist-info"
    folder.rename(folder.with_name("removed"))
    assert find_fault(environment) == "packages are missing: six"


def test_a_glance_finds_a_missing_list_of_hashes(environment: Environment) -> None:
    (environment.prefix / HASHES).unlink()
    assert find_fault(environment) == f"{environment.prefix / HASHES} is missing"


def test_the_manifest_comes_back_as_it_was_written(environment: Environment) -> None:
    assert Environment.read(environment.prefix) == environment


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"name": 1}'])
def test_a_damaged_manifest_is_named(environment: Environment, content: str) -> None:
    (environment.prefix / MANIFEST).write_text(content)
    with pytest.raises(EnvironmentFailed, match=rf"{MANIFEST} is damaged"):
        Environment.read(environment.prefix)


def test_a_folder_without_manifest_is_no_environment(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"is no environment: .* cannot be read"):
        Environment.read(tmp_path)

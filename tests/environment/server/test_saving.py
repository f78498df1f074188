"""A save is done or not done: also when the server is killed within it, or the disk is full."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from jupyter_server.services.contents.filemanager import AsyncFileContentsManager

from mantidlab.server.saving import WholeSaves

KILLED_WITHIN_A_SAVE = """
import os, sys
from mantidlab.server.saving import WholeSaves
with WholeSaves(root_dir=sys.argv[1]).atomic_writing(sys.argv[2]) as file:
    file.write("the new version, of which")
    file.flush()
    os._exit(9)
"""


@pytest.fixture
def manager(tmp_path: Path) -> WholeSaves:
    return WholeSaves(root_dir=str(tmp_path))


def save(manager: AsyncFileContentsManager, file: Path, text: str) -> None:
    with manager.atomic_writing(str(file), encoding="utf-8") as opened:
        opened.write(text)


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_server_that_is_killed_within_a_save_leaves_the_former_version(tmp_path: Path):
    file = tmp_path / "work.ipynb"
    file.write_text("the former version")
    done = subprocess.run([sys.executable, "-c", KILLED_WITHIN_A_SAVE, tmp_path, file], check=False)
    assert done.returncode == 9
    assert file.read_text() == "the former version"


def test_the_next_save_removes_what_a_killed_one_left_long_ago(manager: WholeSaves, tmp_path: Path):
    file = tmp_path / "work.ipynb"
    long_ago, just_now, other = (tmp_path / f".~{name}" for name in ("work.ipynb.01234567", "work.ipynb.89abcdef", "x"))
    for left in (long_ago, just_now, other):
        left.write_text("the new version, of which")
    for old in (long_ago, other):
        os.utime(old, (1, 1))
    save(manager, file, "whole")
    assert names(tmp_path) == {"work.ipynb", just_now.name, other.name}


def test_a_folder_is_listed_while_files_in_it_are_renamed(manager: WholeSaves, tmp_path: Path):
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text("")
    ended = threading.Event()

    def rename() -> None:
        names = ("one.py", "two.py")
        (tmp_path / names[0]).write_text("")
        while not ended.wait(0.0002):
            (tmp_path / names[0]).rename(tmp_path / names[1])
            names = names[::-1]

    renaming = threading.Thread(target=rename)
    renaming.start()
    try:
        listings = [asyncio.run(manager.get("", content=True)) for _ in range(300)]
    finally:
        ended.set()
        renaming.join()
    assert all(len(listing["content"]) >= 40 for listing in listings)


def test_a_running_server_saves_so(session):
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    inodes = set()
    for version in range(2):
        content = {**notebook, "metadata": {"version": version}}
        answer = session.ask("PUT", "api/contents/whole.ipynb", body={"type": "notebook", "content": content})
        assert answer.status in {200, 201}, answer.body
        file = session.home / "whole.ipynb"
        assert json.loads(file.read_text())["metadata"] == {"version": version}
        inodes.add(file.stat().st_ino)
    assert len(inodes) == 2, "a new file took the place of the former one"
    assert not [name for name in names(session.home) if "whole" in name and name != "whole.ipynb"]


def test_a_save_that_fails_leaves_the_former_version_and_nothing_else(manager: WholeSaves, tmp_path: Path):
    file = tmp_path / "work.ipynb"
    save(manager, file, "the former version")
    with pytest.raises(OSError, match="full"), manager.atomic_writing(str(file)) as opened:
        opened.write("part")
        raise OSError("full")
    assert file.read_text() == "the former version"
    assert names(tmp_path) == {"work.ipynb"}


def test_text_and_bytes_are_as_jupyter_writes_them(manager: WholeSaves, tmp_path: Path):
    save(manager, tmp_path / "text", "Ångström\nline\n")
    assert (tmp_path / "text").read_bytes() == "Ångström\nline\n".encode()
    with manager.atomic_writing(str(tmp_path / "bytes"), text=False) as opened:
        opened.write(b"\0\r\n")
    assert (tmp_path / "bytes").read_bytes() == b"\0\r\n"


def test_permissions_stay(manager: WholeSaves, tmp_path: Path):
    file = tmp_path / "script.sh"
    save(manager, file, "1")
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask
    file.chmod(0o750)
    save(manager, file, "2")
    assert file.stat().st_mode & 0o777 == 0o750


def test_a_link_stays_a_link(manager: WholeSaves, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "work.txt", tmp_path / "work.txt"
    file.write_text("1")
    link.symlink_to(file)
    save(manager, link, "2")
    assert link.is_symlink()
    assert file.read_text() == "2"


def test_a_file_of_two_names_stays_one_file(manager: WholeSaves, tmp_path: Path):
    file, other = tmp_path / "work.txt", tmp_path / "other.txt"
    file.write_text("1")
    other.hardlink_to(file)
    save(manager, file, "2")
    assert other.read_text() == "2"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_a_file_of_somebody_else_stays_theirs(manager: WholeSaves, tmp_path: Path):
    file = tmp_path / "shared.txt"
    file.write_text("1")
    os.chown(file, 1234, 1234)
    save(manager, file, "2")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 1234)


def test_a_name_as_long_as_names_may_be_can_be_saved(manager: WholeSaves, tmp_path: Path):
    file = tmp_path / ("ж" * 127)
    save(manager, file, "1")
    save(manager, file, "2")
    assert file.read_text() == "2"

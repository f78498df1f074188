"""The walk through homes finds what notebooks say, and whatever else people put there neither stops nor misleads it."""

import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mantidhub.environments import notebooks
from mantidhub.environments.notebooks import Mark, Survey, Tally, survey_homes

HASH, LOCK = "a" * 64, "b" * 64
MARK = {"environment": "scipp", "title": "scipp", "hash": HASH, "lock": LOCK}


def notebook(mark: object = MARK, *, cells: object = (), indent: int | None = 1, **more: object) -> str:
    """A notebook as JupyterLab writes it: keys sorted, one space of indentation."""
    metadata = {"kernelspec": {"name": "python3"}, **({} if mark is None else {"mantidhub": mark})}
    content = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(content, indent=indent, sort_keys=True) + "\n"


def put(path: Path, text: str, *, modified: float | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if modified is not None:
        os.utime(path, (modified, modified))
    return path


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    homes = tmp_path / "homes"
    homes.mkdir()
    return homes


def survey(homes: Path) -> Survey:
    return survey_homes(homes, {HASH, LOCK})


def found(homes: Path) -> int:
    return survey(homes).tallies.get(Mark(HASH, LOCK), Tally()).notebooks


# --- what notebooks say --------------------------------------------------------------------------------------------


def test_notebooks_are_counted_by_people_and_the_latest_is_named(homes: Path) -> None:
    put(homes / "alice" / "a.ipynb", notebook(), modified=1000)
    put(homes / "alice" / "deep" / "er" / "b.ipynb", notebook(), modified=3000)
    put(homes / "bob" / "c.ipynb", notebook(), modified=2000)
    put(homes / "bob" / "never-run.ipynb", notebook(None))
    result = survey(homes)
    assert result.tallies == {Mark(HASH, LOCK): Tally(3, {"alice", "bob"}, "alice/deep/er/b.ipynb", 3000)}
    assert (result.notebooks, result.homes, result.unknown) == (4, 2, [])


def test_no_folder_of_homes_holds_no_notebook(tmp_path: Path) -> None:
    assert survey(tmp_path / "missing") == Survey()


def test_the_folder_of_homes_may_be_a_link_of_the_administrator(homes: Path, tmp_path: Path) -> None:
    put(homes / "alice" / "a.ipynb", notebook())
    (tmp_path / "link").symlink_to(homes)
    assert found(tmp_path / "link") == 1


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("size", [10, notebooks.TAIL, notebooks.CHUNK])
def test_the_mark_is_found_however_the_file_is_laid_out(homes: Path, indent: int | None, size: int) -> None:
    cell = {"metadata": {}, "source": "x" * size}
    first = {"metadata": {"mantidhub": MARK}, "cells": [cell], "nbformat": 4, "nbformat_minor": 5}
    put(homes / "alice" / "first.ipynb", json.dumps(first, indent=indent))
    put(homes / "alice" / "widgets.ipynb", notebook({**MARK}, indent=indent, cells=["x" * size], zzz="y" * size))
    assert found(homes) == 2


def test_a_mark_on_the_border_of_two_pieces_is_found_once(homes: Path) -> None:
    start = notebooks.CHUNK - 20
    head = '{"metadata": {"x": "'
    text = head + "x" * (start - len(head) - 3) + '", ' + json.dumps({"mantidhub": MARK})[1:]
    text += ', "cells": ["' + "y" * notebooks.TAIL + '"]}'
    put(homes / "alice" / "a.ipynb", text)
    assert text.index('"mantidhub"') < notebooks.CHUNK < text.index(LOCK)
    assert found(homes) == 1


def test_words_in_a_cell_are_no_mark(homes: Path) -> None:
    code = f'meta = {{"mantidhub": {json.dumps(MARK)}}}'
    put(homes / "alice" / "a.ipynb", notebook(None, cells=[{"metadata": {}, "source": [code]}]))
    put(homes / "alice" / "b.ipynb", notebook(None, cells=[{"source": [code]}, "x" * notebooks.TAIL], zzz=code))
    result = survey(homes)
    assert result.tallies == {}
    assert result.unknown == []


def test_a_cell_s_mark_does_not_count_where_the_notebook_s_own_is_seen(homes: Path) -> None:
    cell = {"metadata": {"mantidhub": {"hash": "c" * 64, "lock": LOCK}}}
    put(homes / "alice" / "a.ipynb", notebook(cells=[cell]))
    assert survey(homes).tallies.keys() == {Mark(HASH, LOCK)}


def test_a_torn_notebook_still_counts(homes: Path) -> None:
    whole = notebook()
    put(homes / "alice" / "a.ipynb", whole[: whole.rindex("nbformat_minor")])
    assert found(homes) == 1


def test_only_what_is_asked_for_is_kept(homes: Path) -> None:
    put(homes / "alice" / "gone.ipynb", notebook({**MARK, "hash": "d" * 64}))
    put(homes / "alice" / "other.ipynb", notebook({**MARK, "hash": "d" * 64, "lock": "e" * 64}))
    assert survey(homes).tallies.keys() == {Mark("", LOCK)}


@pytest.mark.parametrize("hidden", [".ipynb_checkpoints/a-checkpoint.ipynb", ".local/share/Trash/a.ipynb", ".a.ipynb"])
def test_what_jupyter_does_not_serve_is_passed_over(homes: Path, hidden: str) -> None:
    put(homes / "alice" / hidden, notebook())
    assert survey(homes).notebooks == 0


# --- what else there may be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["scipp", {}, {"hash": 5, "lock": LOCK}, {"hash": "", "lock": ""}, ["x"], False])
def test_a_damaged_mark_is_unknown_and_the_rest_is_read(homes: Path, mark: object) -> None:
    put(homes / "alice" / "a.ipynb", notebook(mark))
    put(homes / "alice" / "b.ipynb", notebook())
    result = survey(homes)
    assert [str(one) for one in result.unknown] == [f"alice/a.ipynb: {notebooks.DAMAGED}"]
    assert result.tallies[Mark(HASH, LOCK)].notebooks == 1


@pytest.mark.parametrize("text", ["", "{", "null", "[" * 100_000, "\xff\x00" * 50, '{"metadata": ' * 20_000])
def test_text_that_is_no_notebook_says_nothing(homes: Path, text: str) -> None:
    put(homes / "alice" / "a.ipynb", text)
    put(homes / "bob" / "b.ipynb", notebook())
    result = survey(homes)
    assert (result.unknown, result.tallies[Mark(HASH, LOCK)].notebooks) == ([], 1)


def test_links_lead_nowhere(homes: Path, tmp_path: Path) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "secret.ipynb", notebook())
    (homes / "alice").mkdir()
    (homes / "alice" / "file.ipynb").symlink_to(elsewhere)
    (homes / "alice" / "folder").symlink_to(elsewhere.parent)
    (homes / "bob").symlink_to(elsewhere.parent)
    result = survey(homes)
    assert (result.notebooks, result.unknown) == (0, [])


def test_a_folder_that_becomes_a_link_while_it_is_walked_is_not_followed(
    homes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "secret.ipynb", notebook())
    put(homes / "alice" / "folder" / "a.ipynb", notebook())
    put(homes / "alice" / "notebook.ipynb", notebook(None))
    really_open = os.open

    def swap_and_open(name, flags, mode=0o777, *, dir_fd=None):
        if name == "folder":
            (homes / "alice" / "folder").rename(tmp_path / "aside")
            (homes / "alice" / "folder").symlink_to(elsewhere.parent)
        return really_open(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap_and_open)
    result = survey(homes)
    assert (homes / "alice" / "folder").is_symlink(), "it was swapped"
    assert (result.notebooks, result.tallies) == (1, {})


@pytest.fixture
def leased(homes: Path) -> Iterator[Path]:
    """A notebook whose owner makes everybody wait who opens it (``fcntl(2)``, leases)."""
    path = put(homes / "alice" / "leased.ipynb", notebook())
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    with path.open("r+") as holder:
        fcntl.fcntl(holder, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield path
        fcntl.fcntl(holder, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    signal.signal(signal.SIGIO, before)


def test_pipes_and_leases_keep_nobody_waiting(homes: Path, leased: Path) -> None:
    os.mkfifo(homes / "alice" / "pipe.ipynb")
    results: list[Survey] = []
    walker = threading.Thread(target=lambda: results.append(survey(homes)), daemon=True)
    walker.start()
    walker.join(10)
    assert results, "it still waits"
    assert [one.place for one in results[0].unknown] == [f"alice/{leased.name}"]


@pytest.fixture
def deep(homes: Path) -> Iterator[Path]:
    """A home with 3 000 folders inside one another."""
    home = homes / "alice"
    home.mkdir()
    folder = os.open(home, os.O_DIRECTORY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_DIRECTORY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    yield home
    subprocess.run(["rm", "-rf", home], check=True)  # deeper than Python's own removal, and so pytest's, goes


def test_a_tree_that_is_too_deep_is_unknown_and_the_next_home_is_read(homes: Path, deep: Path) -> None:
    put(homes / "bob" / "b.ipynb", notebook())
    result = survey(homes)
    assert result.unknown_places == 1
    assert "folders inside one another" in result.unknown[0].reason
    assert result.tallies[Mark(HASH, LOCK)].notebooks == 1


def test_a_home_of_too_many_files_is_unknown(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MOST_ENTRIES", 50)
    for number in range(60):
        put(homes / "alice" / f"{number}.ipynb", notebook())
    put(homes / "bob" / "b.ipynb", notebook())
    result = survey(homes)
    assert [one.reason for one in result.unknown] == ["it holds more than 50 files and folders"]
    assert result.tallies[Mark(HASH, LOCK)].people >= {"bob"}


def test_more_bytes_than_anybody_reads_are_unknown(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MOST_BYTES", 2**30)
    for number in range(20):
        with put(homes / "alice" / f"{number}.ipynb", "").open("wb") as sparse:
            sparse.truncate(notebooks.LARGEST)
    with put(homes / "bob" / "huge.ipynb", "").open("wb") as sparse:
        sparse.truncate(2**40)
    began = time.monotonic()
    reasons = [one.reason for one in survey(homes).unknown]
    assert reasons == ["its notebooks hold more than 1 GiB", "a notebook of more than 256 MiB"]
    assert time.monotonic() - began < 30


def test_a_notebook_with_endless_marks_is_unknown(homes: Path) -> None:
    put(homes / "alice" / "a.ipynb", "[" + json.dumps({"mantidhub": MARK}) * 10_000)
    assert "more than 100 places" in survey(homes).unknown[0].reason


def test_many_bad_places_of_one_home_are_counted_and_a_few_named(homes: Path) -> None:
    for number in range(30):
        put(homes / "alice" / f"{number}.ipynb", notebook("damaged"))
    result = survey(homes)
    assert (result.unknown_places, len(result.unknown)) == (30, notebooks.MOST_NOTES)


def test_names_cannot_steer_the_terminal(homes: Path) -> None:
    evil = os.fsdecode(b"a\x1b[2J\n\xff.ipynb")
    put(homes / "alice" / evil, notebook("damaged"))
    (unknown,) = survey(homes).unknown
    assert unknown.place == "alice/a\N{REPLACEMENT CHARACTER}[2J" + "\N{REPLACEMENT CHARACTER}" * 2 + ".ipynb"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_unknown(homes: Path) -> None:
    put(homes / "alice" / "closed" / "a.ipynb", notebook()).parent.chmod(0)
    assert survey(homes).unknown[0].reason == "Permission denied"


def test_a_folder_that_is_mounted_into_itself_is_walked_once(homes: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount")
    put(homes / "alice" / "a.ipynb", notebook())
    again = homes / "alice" / "again"
    again.mkdir()
    subprocess.run(["mount", "--bind", homes / "alice", again], check=True)
    try:
        assert found(homes) == 1
    finally:
        subprocess.run(["umount", again], check=True)

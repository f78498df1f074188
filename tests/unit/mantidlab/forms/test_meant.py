"""Which files a field means while somebody types: the same that the call finds, in bounded time."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mantidlab import archive as archives
from mantidlab.archive import VARIABLE
from mantidlab.docs.catalogue import Facility, Instrument
from mantidlab.forms import meant, walks
from mantidlab.forms.meant import files_meant
from mantidlab.forms.spec import Call, Field, FormSpec, Widget
from mantidlab.forms.walks import Walks
from mantidlab.interfaces import RunFile, ValuesRefused, interface

MAPS = Instrument("MAPS", "MAP", (), "MAP", 5, "")
ISIS = Facility("ISIS", (".nxs", ".raw"), ".nxs", 5, (MAPS,))


@interface(title="T", instruments=["LOQ", "SANS2D"])
def reduced(runs: list[RunFile], beam: RunFile | None = None) -> list[Path]:
    return runs


def a_form(framework: str) -> FormSpec:
    field = Field("Filename", "Filename", "", Widget.FILES, "list of str lists")
    return FormSpec("algorithm/Load-v1", "Load", "", framework, Call("Load", "", "ws"), (), (field,))


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        *("LOQ/cycle_1/LOQ00074024.nxs", "LOQ/cycle_1/LOQ00074025.nxs", "LOQ/cycle_2/LOQ74024.h5"),
        *("SANS2D/SANS2D00022048.nxs", "SANS2D/SANS2D00074025.nxs", "MAPS/MAP00007.nxs"),
    ):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "own, and mine.nxs").write_text("x")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "archive"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MANTIDHUB_INSTRUMENT", raising=False)
    return tmp_path / "archive"


def of(value: Any, spec: FormSpec | None = None, name: str = "runs") -> dict[str, Any]:
    return dict(files_meant(spec or reduced.form(), name, value, Path.home() / "notes", (ISIS,), Walks()))


def test_a_field_of_runs_says_which_files_are_meant(archive: Path) -> None:
    said = of(["LOQ74024", "22048", "own, and mine.nxs"])
    assert (said["asked"], said["found"], said["lacking"], said["looking"]) == (3, 3, 0, "")
    assert [one["name"] for one in said["files"]] == ["LOQ00074024.nxs", "SANS2D00022048.nxs", "own, and mine.nxs"]
    first = said["files"][0]
    assert first["path"] == str(archive / "LOQ" / "cycle_1" / "LOQ00074024.nxs")
    assert first["size"] == len("LOQ/cycle_1/LOQ00074024.nxs")
    assert first["modified"].endswith("+00:00")


def test_of_several_files_of_a_run_the_others_are_said_too(archive: Path) -> None:
    assert of("LOQ74024")["files"][0]["others"] == (str(archive / "LOQ" / "cycle_2" / "LOQ74024.h5"),)


@pytest.mark.parametrize("given", ["LOQ74024-74026", ["74023", "22048"], "74025", "nowhere.nxs", "22048-22040"])
def test_what_is_not_there_is_said_as_the_call_says_it(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said = of(given)
    monkeypatch.chdir(Path.home() / "notes")
    with pytest.raises(ValuesRefused) as refused:
        reduced.resolved({"runs": given})
    sentences = [one["sentence"] for one in said["missing"]] or [said["problem"]]
    assert refused.value.problems == {"runs": " ".join(sentences)}


def test_a_run_of_two_instruments_names_both_files(archive: Path) -> None:
    (only,) = of("74025")["missing"]
    assert only["candidates"] == (
        str(archive / "LOQ" / "cycle_1" / "LOQ00074025.nxs"),
        str(archive / "SANS2D" / "SANS2D00074025.nxs"),
    )


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("MAP7", ["MAP00007.nxs"]),
        ("LOQ74024:74025,22048", ["LOQ00074024.nxs", "LOQ00074025.nxs", None]),
        ("LOQ74024+LOQ74025.nxs", ["LOQ00074024.nxs", "LOQ00074025.nxs"]),
        ("SANS2D22048.nxs", ["SANS2D00022048.nxs"]),
        ("../archive/MAPS/MAP00007.nxs", ["MAP00007.nxs"]),
    ],
)
def test_runs_of_mantid_are_read_in_its_syntax(given: str, names: list[str | None]) -> None:
    said = of(given, a_form("mantid"), "Filename")
    assert [one["name"] for one in said["files"]] == [name for name in names if name]
    assert said["lacking"] == names.count(None)


def test_bare_numbers_of_mantid_are_of_the_instrument_in_its_settings(tmp_path: Path) -> None:
    (tmp_path / ".mantid").mkdir()
    (tmp_path / ".mantid" / "Mantid.user.properties").write_text("default.facility=ISIS\ndefault.instrument = LOQ\n")
    assert of("74025", a_form("mantid"), "Filename")["found"] == 1


def test_where_no_runs_are_taken_a_number_is_a_name(tmp_path: Path) -> None:
    said = of(["own, and mine.nxs", "74024"], a_form("scipp"), "Filename")
    assert [one["name"] for one in said["files"]] == ["own, and mine.nxs"]
    assert [one["sentence"] for one in said["missing"]] == [f"There is no file {tmp_path}/notes/74024."]


@pytest.mark.parametrize("value", [None, "", [], {"expression": "my_runs"}])
def test_of_nothing_and_of_variables_nothing_is_said(value: Any) -> None:
    assert of(value)["asked"] == 0


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An archive that goes on only when it is let to."""
    go_on = threading.Event()
    files = archives._files

    def slowly(folder: Path) -> Iterator[Path]:
        for path in files(folder):
            yield path
            go_on.wait(10)

    monkeypatch.setattr(archives, "_files", slowly)
    monkeypatch.setattr(meant, "PATIENCE", 0.1)
    yield go_on
    go_on.set()


@pytest.mark.parametrize("given", ["LOQ74025", "74024"])
def test_a_large_archive_is_answered_in_bounded_time_and_known_in_the_end(slow: threading.Event, given: str) -> None:
    kept = Walks()
    asked = lambda: files_meant(reduced.form(), "runs", given, Path.home(), (), kept)  # noqa: E731
    begun = time.monotonic()
    assert "is being looked through" in asked()["looking"]
    assert time.monotonic() - begun < 1.0
    slow.set()
    deadline = time.monotonic() + 10
    while (said := asked())["looking"]:
        assert time.monotonic() < deadline
    assert said["found"] == 1


def test_a_walk_that_nobody_waits_for_ends(slow: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Walks()
    monkeypatch.setattr(walks, "WAITED_FOR", 0.0)
    files_meant(reduced.form(), "runs", "LOQ74025", Path.home(), (), kept)
    (walk,) = kept._walks.values()
    time.sleep(0.01)
    slow.set()
    assert walk.ended.wait(10)
    assert walk.files == {}


def test_a_run_that_has_just_been_written_is_found(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Walks()
    asked = lambda: files_meant(reduced.form(), "runs", "LOQ74031", Path.home(), (), kept)["found"]  # noqa: E731
    assert asked() == 0
    (archive / "LOQ" / "LOQ00074031.nxs").touch()
    assert asked() == 0  # looked through a moment ago
    monkeypatch.setattr(walks, "ASKED_AGAIN_AFTER", 0.0)
    assert asked() == 1

"""``Load`` gets the options of the loader that its file needs, and a call with them is read and written back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mantidlab.docs.catalogue import Catalogue
from mantidlab.forms import loaders, serving
from mantidlab.forms.book import FormBook
from mantidlab.forms.loaders import GROUP, LOAD, Guess, guessed, with_options
from mantidlab.forms.serving import answer
from mantidlab.frameworks.mantid_loaders import chosen_loader, loader_by


@pytest.fixture(scope="module")
def book(catalogue: Catalogue) -> FormBook:
    return FormBook(catalogue, Path("/environment"))


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANTIDHUB_DATA", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def ask(book: FormBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(serving, "form_book", lambda prefix: book)
    return lambda kind, **asked: answer(kind, asked, Path("/environment"), tmp_path)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, Mapping[str, str]]:
    """What files are, by their names, as a process of the environment would say it."""
    known: dict[str, Mapping[str, str]] = {}
    monkeypatch.setattr(loaders, "_told", lambda path, *_: known.get(path.name, {}))
    return known


@pytest.mark.parametrize(
    ("dialect", "instrument", "loader"),
    [
        ("ISIS raw", "SANS2D", "LoadISISNexus"),
        ("SNS events", "EQSANS", "LoadEventNexus"),
        ("Mantid processed", "IRIS", "LoadNexusProcessed"),
        ("muon", "GPS", "LoadMuonNexus"),
        ("NXSPE", "CNCS", "LoadNXSPE"),
        ("ILL", "IN4", "LoadILLTOF"),
        ("ILL", "D33", "LoadILLSANS"),
        ("Mantid multi-dimensional histogram", "", "LoadMD"),
    ],
)
def test_a_loader_is_guessed_by_what_is_in_the_file(
    book: FormBook, tmp_path: Path, written: dict[str, Any], dialect: str, instrument: str, loader: str
) -> None:
    (tmp_path / "x.nxs").touch()
    written["x.nxs"] = {"dialect": dialect, "instrument": instrument}
    assert guessed(tmp_path / "x.nxs", book.prefix) == Guess(loader, f"what is in it ({dialect})")
    assert with_options(book.form(LOAD), book, loader) is not None


def test_what_is_no_nexus_is_known_by_its_ending(tmp_path: Path, written: dict[str, Any]) -> None:
    for name in ("x.raw", "x.TXT", "x.nothing"):
        (tmp_path / name).touch()
    assert guessed(tmp_path / "x.raw", tmp_path) == Guess("LoadRaw", "its ending .raw")
    assert guessed(tmp_path / "x.TXT", tmp_path) == Guess("LoadAscii", "its ending .txt")
    assert guessed(tmp_path / "x.nothing", tmp_path) is None
    assert guessed(tmp_path / "not-there.raw", tmp_path) is None


def test_options_are_a_group_and_nothing_that_load_has_itself(book: FormBook) -> None:
    made = with_options(book.form(LOAD), book, "LoadEventNexus")
    assert made is not None
    assert (made.of, made.groups[-1].label) == (LOAD, "Options of LoadEventNexus")
    names = [field.name for field in made.fields]
    assert len(names) == len(set(names))
    options = {field.name: field for field in made.fields if field.group == GROUP}
    assert {"FilterByTofMin", "BankName", "SpectrumMin", "LoadMonitors"} <= set(options)
    assert not any(field.required or field.direction != "input" for field in options.values())
    assert with_options(book.form(LOAD), book, "LoadNothing") is None


def test_the_form_says_which_loader_and_why(ask: Any, tmp_path: Path, written: dict[str, Any]) -> None:
    (tmp_path / "x.nxs").touch()
    written["x.nxs"] = {"dialect": "SNS events", "instrument": "EQSANS"}
    guess = ask("loader", of=LOAD, value="x.nxs")
    assert (guess["loader"], guess["guessed_by"]) == ("LoadEventNexus", "what is in it (SNS events)")
    assert guess["path"] == str(tmp_path / "x.nxs")
    said = ask("loader", of=LOAD, value="x.nxs", loader="LoadISISNexus", version=2)
    assert (said["loader"], said["guessed_by"]) == ("LoadISISNexus", "")
    assert "EntryNumber" in {field["name"] for field in said["form"]["fields"]}
    unknown = ask("loader", of=LOAD, value="nowhere.nxs")
    assert (unknown["path"], unknown["loader"]) == (None, None)
    assert unknown["form"]["of"] == LOAD


def test_a_call_with_options_is_read_changed_and_written_back(
    ask: Any, tmp_path: Path, written: dict[str, Any]
) -> None:
    (tmp_path / "x.nxs").touch()
    written["x.nxs"] = {"dialect": "SNS events", "instrument": "EQSANS"}
    source = 'from mantid.simpleapi import Load\nws = Load("x.nxs", SpectrumMin=3, BankName="bank1")  # mine\n'
    read = ask("read", source=source, offset=source.index("Load("))
    assert read["kept"] == []
    assert read["values"] == {"Filename": "x.nxs", "SpectrumMin": 3, "BankName": "bank1"}
    again = ask(
        "write",
        of=LOAD,
        form=read["form"],
        values={**read["values"], "SpectrumMin": 4, "FilterByTofMax": 9.5},
        targets=read["targets"],
        source=source,
        span=read["span"],
    )
    assert again["source"].splitlines()[1] == (
        'ws = Load("x.nxs", SpectrumMin=4, BankName="bank1", FilterByTofMax=9.5)  # mine'
    )
    assert ask("check", of=LOAD, form=read["form"], values={"Filename": "x.nxs", "SpectrumMin": "x"})["problems"]


def test_options_of_a_file_that_is_not_here_are_known_where_one_loader_has_them_all(ask: Any) -> None:
    source = 'ws = Load("far/away.nxs", Precount=True, CompressTolerance=0.1)'
    read = ask("read", source=source, offset=6)
    assert read["form"]["groups"][-1]["label"] == "Options of LoadEventNexus"
    assert read["values"]["CompressTolerance"] == 0.1
    several = ask("read", source='ws = Load("far/away.nxs", SpectrumMin=1)', offset=6)
    assert several["kept"] == ["SpectrumMin=1"]


class Chosen:
    def name(self) -> str:
        return "LoadEventNexus"

    def version(self) -> int:
        return 1


class Registry:
    def chooseLoader(self, file_path: str) -> Chosen:  # noqa: N802 - Mantid's
        if file_path.endswith(".nxs"):
            return Chosen()
        raise RuntimeError("Unable to find loader")


def test_mantid_is_asked_where_it_is_loaded() -> None:
    assert loader_by(Registry(), "/x.nxs") == ("LoadEventNexus", 1)
    assert loader_by(Registry(), "/x.nothing") is None
    assert chosen_loader("/x.nxs") is None

"""The file `search.sqlite`: what can be found, by name, by word and by what resembles a name.

Three ways in: exact names and their beginnings (a B-tree), words (FTS5), and names that are spelt wrongly (FTS5's
trigrams for long ones; for short ones, which a single mistake leaves without a common trigram, all that remains of them
without one letter). Nothing writes to the file after it was made.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.search.entries import DETAILS, Entry, entries_of
from mantidlab.docs.search.words import SAME, compact, one_less, words_of

FORMAT = 1

SHORT = 14
"""Longest name, in letters, that is also indexed without each of its letters."""

_LONGEST_TEXT = 20_000  # characters of a page that are searched; the longest of Mantid's concepts has some 15,000

_SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, kind TEXT, name TEXT, title TEXT, text TEXT, leads_to TEXT, behind INTEGER, detail INTEGER,
    words TEXT
);
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT UNIQUE, uses INTEGER, is_name INTEGER);
CREATE TABLE named (term INTEGER, entry INTEGER, place INTEGER, PRIMARY KEY (term, entry)) WITHOUT ROWID;
CREATE TABLE remains (rest TEXT, term INTEGER, PRIMARY KEY (rest, term)) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (name, also, text, content='', prefix='2 3', tokenize='unicode61');
CREATE VIRTUAL TABLE pieces USING fts5 (text, content='', tokenize='trigram');
"""


class SearchUnavailable(Exception):
    """The index cannot be made or read here."""


def require_sqlite() -> None:
    """Check that Python's SQLite can do what the index needs.

    Raises
    ------
    SearchUnavailable
        It cannot.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE probe USING fts5 (text, tokenize='trigram')")
        except sqlite3.OperationalError as error:
            raise SearchUnavailable(
                f"The search index needs SQLite 3.34 or later with FTS5; this Python has {sqlite3.sqlite_version} "
                f"({error}). Choose another Python for the environment."
            ) from error


def write_index(catalogue: Catalogue, file: Path) -> None:
    """Write the search index of a catalogue; what was there before stays until the new one is whole.

    Raises
    ------
    SearchUnavailable
        Python's SQLite lacks FTS5 or its trigrams.
    OSError, sqlite3.Error
        The file cannot be written.
    """
    require_sqlite()
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(aside)) as database:
            # No journal: a file that is not whole is thrown away.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            _fill(database, list(entries_of(catalogue)), catalogue.packages)
            database.executescript("PRAGMA optimize; VACUUM;")
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def index_in_memory(entries: list[Entry]) -> sqlite3.Connection:
    """Return an index of a few entries that belong to a person and not to an environment."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(_SCHEMA)
    _fill(database, entries, {})
    return database


def _fill(database: sqlite3.Connection, entries: list[Entry], packages: Mapping[str, str]) -> None:
    terms = _Terms()
    with database:
        database.executemany("INSERT INTO about VALUES (?, ?)", _about(packages, len(entries)))
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(entries, terms))
        database.executemany("INSERT INTO texts (rowid, name, also, text) VALUES (?, ?, ?, ?)", _texts(entries))
        database.executemany("INSERT INTO term VALUES (?, ?, ?, ?)", terms.rows())
        database.executemany("INSERT OR IGNORE INTO named VALUES (?, ?, ?)", terms.named)
        database.executemany("INSERT INTO remains VALUES (?, ?)", terms.remains())
        database.executemany("INSERT INTO pieces (rowid, text) VALUES (?, ?)", terms.texts())
        database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        database.execute("INSERT INTO pieces (pieces) VALUES ('optimize')")


class _Terms:
    """All names as one word, and all words of names and summaries: what a misspelt one may have meant."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.uses: dict[int, int] = {}
        self.as_name: set[int] = set()
        self.named: list[tuple[int, int, int]] = []

    def add_name(self, name: str, entry: int, place: int) -> None:
        text = compact(name)
        if text:
            number = self._number(text)
            self.as_name.add(number)
            self.named.append((number, entry, place))

    def add_words(self, words: Iterable[str]) -> None:
        for word in words:
            if len(word) > 2 and not word.isdigit():
                number = self._number(word)
                self.uses[number] = self.uses.get(number, 0) + 1

    def rows(self) -> Iterator[tuple[int, str, int, bool]]:
        for text, number in self.known.items():
            yield number, text, self.uses.get(number, 0), number in self.as_name

    def texts(self) -> Iterator[tuple[int, str]]:
        return ((number, text) for text, number in self.known.items())

    def remains(self) -> Iterator[tuple[str, int]]:
        for text, number in self.known.items():
            if len(text) <= SHORT:
                yield from ((rest, number) for rest in sorted(one_less(text)))

    def _number(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known) + 1)


def _about(packages: Mapping[str, str], entries: int) -> Iterator[tuple[str, str]]:
    yield "format", str(FORMAT)
    yield "entries", str(entries)
    for package, version in sorted(packages.items()):
        yield f"package {package}", version


def _rows(entries: list[Entry], terms: _Terms) -> Iterator[tuple[Any, ...]]:
    for number, entry in enumerate(entries, 1):
        words = words_of(" ".join(entry.names[:1]))
        for place, name in enumerate(entry.names):
            terms.add_name(name, number, place)
        terms.add_words(words)
        terms.add_words(words_of(entry.text[:400]))
        text = entry.text[:_LONGEST_TEXT]
        row = (entry.kind.value, entry.name, entry.title, text, entry.leads_to, entry.behind, entry.kind in DETAILS)
        yield number, *row, " ".join(words)


def _texts(entries: list[Entry]) -> Iterator[tuple[int, str, str, str]]:
    for number, entry in enumerate(entries, 1):
        name = [word for one in entry.names for word in (*words_of(one), compact(one))]
        also, text = words_of(entry.also), words_of(entry.text[:_LONGEST_TEXT])
        extra = [SAME[word] for word in (*name, *also) if word in SAME]
        yield number, " ".join(dict.fromkeys(name)), " ".join(dict.fromkeys(also + extra)), " ".join(text)

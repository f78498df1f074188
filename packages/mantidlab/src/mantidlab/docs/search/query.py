"""Find things in `search.sqlite` by what a person types, best first, whatever it is.

Each way of matching has its score, and what is found in several ways has the best of them: the very name, its
beginning, its words, what lies within it, what resembles it, and at last the words of the text. Within one way, things
come before their details, new versions before old ones, deprecated ones last, and short names before long ones.
"""

# ruff: noqa: S608 (what is put together here are names of columns and question marks; every value is bound)

import re
import sqlite3
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mantidlab.docs.search.entries import Entry, Kind
from mantidlab.docs.search.index import FORMAT, SHORT, SearchUnavailable, index_in_memory
from mantidlab.docs.search.words import (
    LONGEST,
    SAME,
    STOP_WORDS,
    compact,
    distances,
    one_less,
    plain,
    trigrams,
    words_of,
)

EXACT, OTHER_NAME, BEGINNING, WORDS_IN_ORDER, WORDS, WITHIN, RESEMBLING, TEXT = 1000, 960, 850, 750, 710, 600, 760, 200
SOME_WORDS, _MORE_OF_THEM, _REST_IN_TEXT, _RARE = 180, 300, 100, 40
_DETAIL, _BEHIND, _MISTAKE, _UNFINISHED, _IN_PIECES, _PAGE = 180, 25, 60, 45, 350, 15

_SPELLING = re.compile(r"i[sz](?=(?:e|es|ed|er|ing|ation|ations)?$)")
"""What Americans write otherwise: normalise, normalisation."""

_TO_READ = frozenset({Kind.PAGE, Kind.EXAMPLE})  # they stand behind what they are about
_MANY = 120  # candidates of one way that are looked at
_ENOUGH = 10  # texts with all words, so that those with some of them need not be shown
_MOST_WORDS = 8  # of a query; the rest would only make it slower
_LONGEST_NAME = 48  # letters of a query that are compared with names; the longest of Mantid's has 47


@dataclass(frozen=True)
class Hit:
    """Something found.

    Attributes
    ----------
    name, title
        What it is called, and what a list shows.
    snippet
        Where its text speaks of what was looked for, or how it begins.
    score
        The greater the better; comparable between indexes for one text.
    leads_to
        What to open: see `entries.Entry`.
    """

    kind: Kind
    name: str
    title: str
    snippet: str
    score: float
    leads_to: str


class SearchIndex:
    """A search index that is open for reading; any thread may ask it."""

    def __init__(self, file: Path) -> None:
        """Open an index.

        Raises
        ------
        SearchUnavailable
            There is none, or it is of another format.
        """
        try:
            self._database = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            found = dict(self._database.execute("SELECT key, value FROM about"))
        except sqlite3.Error as error:
            raise SearchUnavailable(
                f"The search index {file} cannot be read ({error}). It is made when an environment is built."
            ) from error
        if found.get("format") != str(FORMAT):
            raise SearchUnavailable(
                f"The search index {file} has format {found.get('format')}, and {FORMAT} is read here. "
                "Build the environment anew."
            )
        self._database.execute("PRAGMA cache_size = -16000")
        self._lock = threading.Lock()

    @classmethod
    def in_memory(cls, entries: list[Entry]) -> Self:
        """Make an index of a few entries that no environment holds."""
        index = cls.__new__(cls)
        index._database = index_in_memory(entries)
        index._lock = threading.Lock()
        return index

    def search(self, text: str, *, limit: int = 20, kinds: Iterable[Kind | str] | None = None) -> list[Hit]:
        """Return what is meant by a text, best first; nothing for a text without letters or digits."""
        typed = text[:LONGEST]
        wanted = _Wanted(typed, None if kinds is None else frozenset(Kind(kind) for kind in kinds))
        if not wanted.name or limit < 1:
            return []
        with self._lock:
            finding = _Finding(self._database, wanted)
            return finding.hits(limit)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class _Wanted:
    """What a person typed, in the forms in which it is looked for."""

    def __init__(self, typed: str, kinds: Collection[Kind] | None) -> None:
        self.kinds = kinds
        self.name = compact(typed)[:_LONGEST_NAME]
        spoken = words_of(typed)
        self.words = [word for word in spoken if word not in STOP_WORDS] or spoken or [self.name]

    def filter(self) -> tuple[str, list[str]]:
        """Return what a query says of the kinds, and the values for it."""
        if self.kinds is None:
            return "", []
        return f" AND entry.kind IN ({', '.join('?' * len(self.kinds))})", sorted(self.kinds)


class _Finding:
    """One search."""

    def __init__(self, database: sqlite3.Connection, wanted: _Wanted) -> None:
        self.database = database
        self.wanted = wanted
        self.kinds, self.kinds_values = wanted.filter()
        self.scores: dict[int, float] = {}
        self.alternatives = [self._meant(word) for word in wanted.words[:_MOST_WORDS]]
        self.corrected = _MISTAKE * sum(wrong for _, wrong in self.alternatives)
        self.together = " AND ".join(f"({_any_of(words)})" for words, _ in self.alternatives)
        # One or two letters begin so many words that looking for them alone takes long and says nothing.
        self.telling = [words for words, _ in self.alternatives if max(map(len, words)) > 2]

    def hits(self, limit: int) -> list[Hit]:
        self._by_name()
        self._by_words()
        self._by_resemblance()
        if len(self.scores) < 3 * limit:
            self._by_text()
        return self._shown(limit)

    def _note(self, entry: int, score: float) -> None:
        if score > self.scores.get(entry, 0):
            self.scores[entry] = score

    def _by_name(self) -> None:
        """Look for the name itself and for names that begin with it."""
        name = self.wanted.name
        for text, entry, place, worse in self._named("term.text >= ? AND term.text < ?", [name, name + "\U0010ffff"]):
            if text == name:
                self._note(entry, (EXACT if place == 0 else OTHER_NAME) - worse)
            else:
                self._note(entry, BEGINNING - worse - _surplus(text, name) - 2 * min(place, 3))
        if name in SAME:
            for _, entry, _, worse in self._named("term.text = ?", [SAME[name]]):
                self._note(entry, OTHER_NAME - worse)

    def _by_words(self) -> None:
        """Look for names that have the words, each perhaps not typed to its end or spelt wrongly."""
        ways = [(self.together, "")]
        if len(self.alternatives) > 1 and self.telling:
            ways.append((" OR ".join(map(_any_of, self.telling)), " AND entry.detail = 0"))
        for match, which in ways:
            rows = self._rows(
                "SELECT entry.id, entry.words, entry.detail, entry.behind, entry.kind FROM texts "
                f"JOIN entry ON entry.id = texts.rowid WHERE texts MATCH ?{self.kinds}{which} "
                "ORDER BY entry.detail, entry.behind, length(entry.words) LIMIT ?",
                [f"name : ({match})", *self.kinds_values, _MANY],
            )
            self._note_words(rows)
            if len(rows) >= _ENOUGH:
                break

    def _note_words(self, rows: list[tuple[Any, ...]]) -> None:
        meant = [words for words, _ in self.alternatives]
        whole = self._with_all_words([entry for entry, *_ in rows]) if len(self.telling) > 1 else set()
        # Of a dotted name the words are those of its last part; where it lies is no more than a text is.
        found = [[any(word.startswith(tuple(one)) for word in words.split()) for one in meant] for _, words, *_ in rows]
        rarity = [1 - sum(one) / len(rows) for one in zip(*found, strict=True)]
        for (entry, words, detail, behind, kind), has in zip(rows, found, strict=True):
            if all(has) or len(meant) == 1:
                score: float = WORDS_IN_ORDER if _in_order(meant, words.split()) else WORDS
            else:
                more = (sum(has) - 1) / (len(meant) - 1)  # one word of two says little, two of three say much
                rarest = max(rare for rare, there in zip([0, *rarity], [True, *has], strict=True) if there)
                # Where the text has the rest, it does not matter which of the words the name has.
                score = SOME_WORDS + _MORE_OF_THEM * more + (_REST_IN_TEXT if entry in whole else _RARE * rarest)
            surplus = min(20, max(0, len(words) - len(self.wanted.name)) / 4)
            self._note(entry, score - _worse(detail, behind, kind) - self.corrected - surplus)

    def _with_all_words(self, entries: list[int]) -> set[int]:
        """Return which of some entries have all the words that tell something, in the name or in the text."""
        match = " AND ".join(f"({_any_of(words)})" for words in self.telling)
        marks = ", ".join("?" * len(entries))
        query = f"SELECT rowid FROM texts WHERE texts MATCH ? AND rowid IN ({marks})"
        return {entry for (entry,) in self._rows(query, [match, *entries])}

    def _by_resemblance(self) -> None:
        """Look for names that contain the text, or that it becomes by a few mistakes."""
        name = self.wanted.name
        if len(name) < 2:
            return
        close: list[tuple[int, float]] = []
        allowed = 1 if len(name) < 6 else 2 if len(name) < 12 else 3
        for number, text in self._similar(name, "is_name"):
            whole, begun = distances(name, text)
            if whole <= allowed:
                close.append((number, RESEMBLING - _MISTAKE * whole - (text[0] != name[0])))
            elif name in text:
                close.append((number, WITHIN - _surplus(text, name)))
            elif begun <= min(allowed, len(name) // 4):
                unfinished = _UNFINISHED + _IN_PIECES * (len(self.alternatives) > 1)
                close.append((number, RESEMBLING - unfinished - _MISTAKE * begun - _surplus(text, name)))
        best = dict(sorted(close, key=lambda one: -one[1])[:40])
        marks = ", ".join("?" * len(best))
        query = f"term.id IN ({marks})"
        for number, entry, place, worse in self._named(query, list(best), column="term.id"):
            self._note(entry, best[number] - worse - 2 * min(place, 3))

    def _by_text(self) -> None:
        """Look for texts that have all the words, and then for those that have some."""
        query = (
            "SELECT entry.id, bm25(texts, 8, 3, 1), entry.detail, entry.behind, entry.kind FROM texts "
            f"JOIN entry ON entry.id = texts.rowid WHERE texts MATCH ?{self.kinds} ORDER BY rank LIMIT ?"
        )
        ways: list[tuple[str, float]] = [(self.together, TEXT)]
        if len(self.alternatives) > 1:
            ways.append((self.together.replace(" AND ", " OR "), TEXT / 2))
        for match, score in ways:
            rows = self._rows(query, [match, *self.kinds_values, _MANY])
            for entry, rank, detail, behind, kind in rows:
                self._note(entry, score + min(90, -4 * rank) - _worse(detail, behind, kind) / 3 - self.corrected)
            if len(rows) >= _ENOUGH:
                break

    def _meant(self, word: str) -> tuple[list[str], bool]:
        """Return the words that one may mean: itself if any begins so, else the nearest; and whether it is wrong."""
        begins = self._rows(
            "SELECT 1 FROM term WHERE text >= ? AND text < ? AND uses > 0 LIMIT 1", [word, word + "\U0010ffff"]
        )
        if begins or len(word) < 3 or word.isdigit():
            return [word, *_also_meant(word)], False
        found = []
        for number, text in self._similar(word, "uses > 0"):
            whole, begun = distances(word, text)
            if begun <= (1 if len(word) < 8 else 2):
                found.append((begun + (whole > begun) / 4, number, text))
        if not found:
            return [word], False
        nearest = min(found)[0]
        best = {number: text for far, number, text in sorted(found) if far <= nearest + 1.25}
        marks = ", ".join("?" * len(best))
        used = self._rows(f"SELECT id FROM term WHERE id IN ({marks}) ORDER BY uses DESC LIMIT 8", list(best))
        likely = [best[number] for (number,) in used]
        return [*likely, *(other for one in likely for other in _also_meant(one) if other not in likely)], True

    def _similar(self, text: str, which: str) -> list[tuple[int, str]]:
        """Return names or words that may be meant: those that share trigrams, or remain the same without a letter."""
        found: dict[int, str] = {}
        if len(text) <= SHORT + 1:
            rests = sorted(one_less(text))
            marks = ", ".join("?" * len(rests))
            query = f"SELECT DISTINCT term.id, text FROM remains JOIN term ON term.id = term WHERE rest IN ({marks})"
            found.update(self._rows(f"{query} AND {which} LIMIT ?", [*rests, 4 * _MANY]))
        pieces = " OR ".join(f'"{piece}"' for piece in trigrams(text))
        if pieces:
            query = "SELECT term.id, term.text FROM pieces JOIN term ON term.id = pieces.rowid WHERE pieces MATCH ?"
            found.update(self._rows(f"{query} AND {which} ORDER BY rank LIMIT ?", [pieces, _MANY]))
        return list(found.items())

    def _named(self, condition: str, values: list[Any], column: str = "term.text") -> list[tuple[Any, int, int, float]]:
        """Return term, entry, place of the name among the entry's names, and how much worse it is than its like."""
        query = (
            f"SELECT {column}, entry.id, named.place, entry.detail, entry.behind, entry.kind FROM term "
            "JOIN named ON named.term = term.id JOIN entry ON entry.id = named.entry "
            f"WHERE {condition}{self.kinds} "
            "ORDER BY entry.detail, length(term.text) + 8 * entry.behind, entry.name LIMIT ?"
        )
        rows = self._rows(query, [*values, *self.kinds_values, 2 * _MANY])
        return [(term, entry, place, _worse(*about)) for term, entry, place, *about in rows]

    def _rows(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return self.database.execute(query, values).fetchall()

    def _shown(self, limit: int) -> list[Hit]:
        best = sorted(self.scores, key=lambda entry: -self.scores[entry])[: 3 * limit]
        marks = ", ".join("?" * len(best))
        rows = self._rows(
            f"SELECT id, kind, name, title, text, leads_to FROM entry WHERE id IN ({marks})",
            best,
        )
        hits = [
            Hit(Kind(kind), name, title, _snippet(text, self.wanted.words), round(self.scores[entry], 1), leads_to)
            for entry, kind, name, title, text, leads_to in rows
        ]
        return best_first(hits)[:limit]


def best_first(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits in the order in which a list shows them."""
    return sorted(hits, key=lambda hit: (-hit.score, len(hit.name), hit.name, hit.leads_to))


def _worse(detail: int, behind: int, kind: str) -> float:
    return _DETAIL * detail + _BEHIND * behind + _PAGE * (kind in _TO_READ)


def _surplus(text: str, name: str) -> float:
    """Return what longer names lose, less than any other difference counts."""
    return min(20.0, (len(text) - len(name)) / 2)


def _any_of(words: list[str]) -> str:
    # words are letters and digits alone, so nothing of FTS5's language can be among them
    return " OR ".join(f'"{word}"*' for word in words)


def _also_meant(word: str) -> list[str]:
    """Return what else a word may be in a text: the one of many, the other spelling, another name of the quantity."""
    singular = [word[:-1]] if len(word) > 3 and word.endswith("s") else []
    swapped = _SPELLING.sub(lambda found: "iz" if found[0] == "is" else "is", word) if len(word) > 5 else word
    return [*singular, *([swapped] if swapped != word else ()), *([SAME[word]] if word in SAME else ())]


def _in_order(wanted: list[list[str]], words: list[str]) -> bool:
    rest = iter(words)
    return all(any(word.startswith(tuple(one)) for word in rest) for one in wanted)


def _snippet(text: str, words: list[str]) -> str:
    """Return some 200 characters of a text, around the first of some words."""
    line = " ".join(text.split())
    lower = plain(line) if line.isascii() else line.casefold()
    places = [place for word in words if (place := lower.find(word)) >= 0]
    start = max(0, min(places, default=0) - 80)
    if start:
        start = line.find(" ", start) + 1
    shown = line[start : start + 200]
    if start + 200 < len(line):
        shown = shown.rpartition(" ")[0] + " …"
    return f"… {shown}" if start else shown

"""How quick and how forgiving search is, over the recorded Mantid and what the scipp environment knows.

Types a thousand queries letter by letter: names of algorithms, names with a mistake, and several words with a mistake
in one; asks the index itself, and a session's server as a page does. Counts how often the right one is among the first
three after one mistake. Needs the recorded Mantid (see `tests/support/recordings.py`) and
``MANTIDHUB_TEST_ENVIRONMENT``.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from support.misspelling import MISTAKES
from support.recorded_mantid import RecordedMantid
from support.recordings import FOLDER

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.reading import read_catalogue
from mantidlab.docs.search import SearchIndex, write_index
from mantidlab.docs.search.words import words_of

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
PACKAGES = ("scipp", "scippneutron", "ess")


def main() -> int:
    """Measure, print and write the results."""
    options = parse_options()
    prefix = os.environ.get("MANTIDHUB_TEST_ENVIRONMENT")
    if not prefix or not (FOLDER / "catalogue.json").is_file():
        print(f"Needs MANTIDHUB_TEST_ENVIRONMENT, and the recorded Mantid in {FOLDER}.", file=sys.stderr)
        return 1
    with TemporaryDirectory() as scratch:
        record = measure(Path(prefix), Path(scratch), random.Random(options.seed), options.queries)  # noqa: S311
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=int, default=1000, help="queries that are typed letter by letter")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--output", type=Path, default=BUILD / "search.json")
    return parser.parse_args()


def measure(prefix: Path, scratch: Path, chance: random.Random, many: int) -> dict[str, Any]:
    """Build the index and ask it."""
    command = [prefix / "bin" / "python", "-I", "-B", "-m", "mantidlab.docs.extract", "--out", scratch, *PACKAGES]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    python = read_catalogue(scratch / "catalogue.json")
    sizes = {name: (scratch / name).stat().st_size for name in ("catalogue.json", "search.sqlite")}
    mantid = recorded_mantid()
    began = time.perf_counter()
    known = scratch / "both" / "share" / "mantidhub"
    known.mkdir(parents=True)
    both = replace(mantid, objects=python.objects)
    write_index(both, known / "search.sqlite")
    building = time.perf_counter() - began
    both.write(known / "catalogue.json")
    index = SearchIndex(known / "search.sqlite")
    names = sorted({algorithm.name for algorithm in mantid.algorithms})
    queries = queries_of(names, many, chance)
    typed = [query[:end] for query in queries for end in range(1, len(query) + 1)]
    with server(prefix, scratch / "both", scratch / "s") as ask:
        through_http = timed(ask, typed, of_this_process=False)
    return {
        "extracting the scipp environment": {"seconds": round(seconds, 2), "bytes": sizes},
        "index of Mantid and scipp": {
            "seconds": round(building, 2),
            "bytes": (known / "search.sqlite").stat().st_size,
        },
        "queries typed letter by letter": len(queries),
        "asking the index": timed(index.search, typed),
        "asking the server, as a page does": through_http,
        "right one among the first three after one mistake": {
            mistake.__name__: round(recall(index, names, mistake, chance), 4) for mistake in MISTAKES
        },
    }


def recorded_mantid() -> Catalogue:
    """Return the catalogue of the recorded Mantid."""
    read = [json.loads((FOLDER / name).read_text("utf-8")) for name in ("catalogue.json", "functions_facilities.json")]
    return extract_mantid(RecordedMantid(*read), lambda line: None)


def queries_of(names: list[str], many: int, chance: random.Random) -> list[str]:
    """Return what people type: half of it names, a quarter misspelt names, a quarter words with a mistake in one."""

    def mistaken(text: str) -> str:
        mistake: Any = chance.choice(MISTAKES)
        return str(mistake(text, chance)) if len(text) > 3 else text

    queries = []
    for number in range(many):
        name = chance.choice(names)
        words = words_of(name)
        if number % 4 == 3:
            wrong = chance.randrange(len(words))
            queries.append(" ".join(mistaken(word) if place == wrong else word for place, word in enumerate(words)))
        else:
            queries.append(mistaken(name) if number % 4 == 2 else name)
    return queries


def timed(ask: Callable[[str], Any], texts: list[str], *, of_this_process: bool = True) -> dict[str, float]:
    """Return how long one search takes, in milliseconds, by the clock and of the processor, which others slow less."""
    clock, processor = [], []
    for text in texts:
        began, began_processor = time.perf_counter(), time.process_time()
        ask(text)
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - began_processor))
    figures: dict[str, float] = {"searches": len(texts)}
    for name, took in (("ms", clock), ("processor ms", processor))[: 1 + of_this_process]:
        figures[f"median {name}"] = round(statistics.median(took), 2)
        figures[f"p95 {name}"] = round(statistics.quantiles(took, n=20)[-1], 2)
        figures[f"max {name}"] = round(max(took), 2)
    return figures


class UnixConnection(http.client.HTTPConnection):
    """A connection to a server's Unix socket, kept open as browsers keep theirs."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))

    def search(self, text: str) -> Any:
        """Ask as a page does."""
        self.request("GET", f"/mantidlab/docs/search?{urlencode({'q': text, 'limit': '40'})}")
        answer = self.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return json.loads(content)["hits"]


@contextmanager
def server(prefix: Path, known: Path, path: Path) -> Iterator[Callable[[str], Any]]:
    """Start a session's server that answers from a catalogue; give what asks it."""
    command = [prefix / "bin" / "python", Path(__file__).with_name("search_server.py"), known, path]
    with TemporaryDirectory() as home:
        process = subprocess.Popen(command, env={**os.environ, "HOME": home}, stdout=subprocess.DEVNULL)
        try:
            yield wait_for(path, process).search
        finally:
            process.terminate()
            process.wait()


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> UnixConnection:
    """Return a connection when the server listens; the first question imports what search needs."""
    for _ in range(300):
        connection = UnixConnection(path)
        try:
            connection.search("rebin")
        except (FileNotFoundError, ConnectionRefusedError):
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError("The server did not listen within 30 s.")


def recall(index: SearchIndex, names: list[str], mistake: Any, chance: random.Random) -> float:
    """Return the share of names that are among the first three hits after one mistake."""
    return sum(name in [hit.name for hit in index.search(mistake(name, chance))[:3]] for name in names) / len(names)


if __name__ == "__main__":
    sys.exit(main())

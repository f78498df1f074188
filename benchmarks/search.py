"""How quick and how forgiving search is, over the recorded Mantid and what the scipp environment knows.

Types names letter by letter, right and misspelt, and counts how often the right one is among the first three after one
mistake. Needs the recorded Mantid (see `tests/support/recordings.py`) and ``MANTIDHUB_TEST_ENVIRONMENT``.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.misspelling import MISTAKES
from support.recorded_mantid import RecordedMantid
from support.recordings import FOLDER

from mantidlab.docs.catalogue import Catalogue
from mantidlab.docs.extract.mantid import extract_mantid
from mantidlab.docs.reading import read_catalogue
from mantidlab.docs.search import SearchIndex, write_index

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
        record = measure(Path(prefix), Path(scratch), random.Random(options.seed), options.names)  # noqa: S311
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--names", type=int, default=100, help="names that are typed letter by letter")
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
    write_index(replace(mantid, objects=python.objects), scratch / "both.sqlite")
    building = time.perf_counter() - began
    index = SearchIndex(scratch / "both.sqlite")
    names = sorted({algorithm.name for algorithm in mantid.algorithms})
    typed = sorted(chance.sample(names, many))
    return {
        "extracting the scipp environment": {"seconds": round(seconds, 2), "bytes": sizes},
        "index of Mantid and scipp": {
            "seconds": round(building, 2),
            "bytes": (scratch / "both.sqlite").stat().st_size,
        },
        "typing names": timed(index, [name[:end] for name in typed for end in range(1, len(name) + 1)]),
        "typing misspelt names": timed(
            index,
            [
                wrong[:end]
                for name in typed
                for wrong in [chance.choice(MISTAKES)(name, chance)]
                for end in range(1, len(wrong) + 1)
            ],
        ),
        "right one among the first three after one mistake": {
            mistake.__name__: round(recall(index, names, mistake, chance), 4) for mistake in MISTAKES
        },
    }


def recorded_mantid() -> Catalogue:
    """Return the catalogue of the recorded Mantid."""
    read = [json.loads((FOLDER / name).read_text("utf-8")) for name in ("catalogue.json", "functions_facilities.json")]
    return extract_mantid(RecordedMantid(*read), lambda line: None)


def timed(index: SearchIndex, texts: list[str]) -> dict[str, float]:
    """Return how long one search takes, in milliseconds, by the clock and of the processor, which others slow less."""
    clock, processor = [], []
    for text in texts:
        began, began_processor = time.perf_counter(), time.process_time()
        index.search(text)
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - began_processor))
    figures: dict[str, float] = {"searches": len(texts)}
    for name, took in (("ms", clock), ("processor ms", processor)):
        figures[f"median {name}"] = round(statistics.median(took), 2)
        figures[f"p95 {name}"] = round(statistics.quantiles(took, n=20)[-1], 2)
        figures[f"max {name}"] = round(max(took), 2)
    return figures


def recall(index: SearchIndex, names: list[str], mistake: Any, chance: random.Random) -> float:
    """Return the share of names that are among the first three hits after one mistake."""
    return sum(name in [hit.name for hit in index.search(mistake(name, chance))[:3]] for name in names) / len(names)


if __name__ == "__main__":
    sys.exit(main())

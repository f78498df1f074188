"""Plots of large data in Chromium on a real MantidHub, beside ipympl, plopp and plotly on the same data.

Each subject gets notebooks of its own, one after the other, in one session; all take turns, so that whatever else the
machine does falls on all. Everything ends by itself: each cell has a time limit.
"""

import argparse
import json
import os
import platform as machine
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from delaying_relay import DelayingRelay
from platforms import BenchmarkFailed
from plots_figures import Figure, table
from plots_instrument import measure_instrument
from plots_measuring import Stage, measure_curve, measure_hot, measure_map
from support.chromium import chromium
from support.person import Person
from support.platform import ROOT, Platform

HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build" / "bench"
PERSON = "plotter"
PARTS = ("curve", "map", "hot", "instrument")
UV = Path(sys.executable).parent / "uv"


def main() -> int:
    """Measure, print and write the results."""
    options = parse_options()
    figures: list[Figure] = []
    options.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        for part in measure(options):
            figures += part
            # After each part, so that what was measured stays if something ends the benchmark.
            options.output.write_text(json.dumps(as_record(figures, options), indent=1, ensure_ascii=False) + "\n")
    except (BenchmarkFailed, TimeoutError) as problem:
        print(f"The benchmark stopped: {problem}", file=sys.stderr)
        return 1
    finally:
        print(table(figures))
    print(f"All samples: {options.output}")
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="notebooks of each subject; very slow ones get one")
    parser.add_argument("--only", nargs="*", default=[*PARTS], help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--subjects", nargs="*", default=[], help="of ours, ipympl, plopp, plotly; all if none is named"
    )
    parser.add_argument("--bins", type=int, default=10_000_000, help="of the curve")
    parser.add_argument("--shape", type=int, nargs=2, default=(150_000, 5_000), help="of the map: spectra and bins")
    parser.add_argument("--pixels", type=int, default=1_000_000, help="of the instrument")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that a cell may take")
    parser.add_argument("--most", type=float, default=12.0, help="GB of addresses that a kernel with a map may have")
    parser.add_argument("--output", type=Path, default=BUILD / "plots.json")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> Iterator[list[Figure]]:
    """Start the platform, a session and a browser, and measure what was asked for, part by part."""
    state = BUILD / "plots-state"
    shutil.rmtree(state, ignore_errors=True)
    with ExitStack() as stack:
        running = Platform(state, ("--config", str(HERE / "plots.toml"))).start()
        stack.callback(running.stop)
        person = Person.from_link(running.invite(PERSON), PERSON)
        person.start_session(limit=120)
        home = state / "homes" / PERSON
        install_rivals(home / "rivals")
        browser = stack.enter_context(chromium())
        relay = stack.enter_context(DelayingRelay(running.port))
        plotly = person.kernel().run("import os; print(os.path.expanduser('~/rivals'))").text.strip()
        stage = Stage(
            browser, person, relay, options.rounds, options.limit, plotly, options.subjects, BUILD / "plots-failures"
        )
        wanted: dict[str, Callable[[], list[Figure]]] = {
            "curve": lambda: measure_curve(stage, options.bins),
            "map": lambda: measure_map(stage, tuple(options.shape), int(options.most * 1e9)),
            "hot": lambda: measure_hot(stage),
            "instrument": lambda: measure_instrument(stage, options.pixels),
        }
        for key, each in wanted.items():
            if key in options.only:
                yield each()


def install_rivals(folder: Path) -> None:
    """Put what the environment does not have on a path of its own, where the session can read it."""
    command = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "--target",
        folder,
        "-r",
        HERE / "plots.txt",
    ]
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkFailed(f"plotly could not be installed: {done.stderr[-500:]}")


def as_record(figures: list[Figure], options: argparse.Namespace) -> dict[str, object]:
    """Collect everything that somebody needs to judge the figures."""
    return {
        "command": sys.argv,
        "options": {key: str(value) for key, value in vars(options).items()},
        "machine": {
            "cores": os.cpu_count(),
            "system": machine.platform(),
            "load": os.getloadavg(),
            "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        },
        "figures": [figure.as_record() for figure in figures],
    }


if __name__ == "__main__":
    sys.exit(main())

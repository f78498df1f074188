"""Ten people who start their sessions in the same moment, beside ten who come one after the other, on each engine.

The tests' own Docker daemon is started for it, which takes root and Debian's packages; without them the sandbox is
measured alone. The first start of each platform is not counted.
"""

import argparse
import asyncio
import json
import os
import platform as machine
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mantid_hub import MantidHub, mantid_hub
from platforms import BenchmarkFailed, Start
from support.daemons import NoDaemon, daemon_for_tests

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
ENGINES = ("sandbox", "docker")


@dataclass(frozen=True)
class Round:
    """The same number of starts twice: one after the other, and at once."""

    engine: str
    alone: list[Start]
    together: list[Start]


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=10, help="how many start at once")
    parser.add_argument("--rounds", type=int, default=3, help="times that each engine is measured")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="measure this engine alone")
    parser.add_argument("--output", type=Path, default=BUILD / "start-together.json")
    options = parser.parse_args()
    try:
        rounds = asyncio.run(measure(options.engine or ENGINES, options.people, options.rounds))
    except (BenchmarkFailed, TimeoutError) as problem:
        print(f"The benchmark stopped: {problem or 'a session took too long'}", file=sys.stderr)
        return 1
    print(report(rounds))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(as_record(rounds), indent=1) + "\n")
    print(f"All samples: {options.output}")
    return 0


async def measure(engines: Sequence[str], people: int, times: int) -> list[Round]:
    """Measure each engine on a MantidHub of its own."""
    rounds = []
    for engine in engines:
        try:
            async with _platform(engine) as ours:
                await _one_by_one(ours, ["warm-up"])
                for number in range(times):
                    first = [f"{engine}{number}-first{person}" for person in range(people)]
                    second = [f"{engine}{number}-second{person}" for person in range(people)]
                    rounds.append(Round(engine, await _one_by_one(ours, first), await _at_once(ours, second)))
                    print(report(rounds[-1:]), flush=True)
        except NoDaemon as reason:
            print(f"Docker is NOT measured. {reason}", file=sys.stderr)
    return rounds


@asynccontextmanager
async def _platform(engine: str) -> AsyncIterator[MantidHub]:
    with TemporaryDirectory(prefix="mantidhub-bench-") as temporary:
        folder = Path(temporary)
        if engine == "sandbox":
            async with mantid_hub(folder / "state") as ours:
                yield ours
            return
        with daemon_for_tests() as daemon:
            file = folder / "mantidhub.toml"
            lines = ["[environments]", 'offered = ["scipp"]', "[sessions]", 'engine = "docker"', "[docker]"]
            file.write_text("\n".join([*lines, f'socket = "{daemon.socket}"']) + "\n")
            async with mantid_hub(folder / "state", "--config", str(file)) as ours:
                yield ours


async def _one_by_one(ours: MantidHub, users: list[str]) -> list[Start]:
    """Start each when the one before can be used, and let all run on until the last."""
    for user in users:
        await ours.prepare(user)
    starts = [await ours.request_start(user) for user in users]
    await asyncio.gather(*(ours.stop(user) for user in users))
    return starts


async def _at_once(ours: MantidHub, users: list[str]) -> list[Start]:
    for user in users:
        await ours.prepare(user)
    starts = await asyncio.gather(*(ours.request_start(user) for user in users))
    await asyncio.gather(*(ours.stop(user) for user in users))
    return starts


def report(rounds: list[Round]) -> str:
    """Write a line for each engine: seconds from the request until the session is reachable."""
    lines = [f"{'engine':10}{'one alone':>12}{'their sum':>12}{'at once: median':>18}{'last':>8}{'first':>8}"]
    for engine in dict.fromkeys(found.engine for found in rounds):
        mine = [found for found in rounds if found.engine == engine]
        alone = statistics.median(start.reachable for found in mine for start in found.alone)
        total = statistics.median(sum(start.reachable for start in found.alone) for found in mine)
        middle = statistics.median(start.reachable for found in mine for start in found.together)
        last = statistics.median(max(start.reachable for start in found.together) for found in mine)
        first = statistics.median(min(start.reachable for start in found.together) for found in mine)
        lines.append(f"{engine:10}{alone:12.2f}{total:12.2f}{middle:18.2f}{last:8.2f}{first:8.2f}")
    return "\n".join(lines)


def as_record(rounds: list[Round]) -> dict[str, object]:
    """Collect everything that somebody needs to judge the figures."""
    return {
        "command": sys.argv,
        "machine": {"cores": os.cpu_count(), "system": machine.platform(), "load": os.getloadavg()},
        "rounds": [
            {
                "engine": found.engine,
                "one by one": [start.reachable for start in found.alone],
                "at once": [start.reachable for start in found.together],
            }
            for found in rounds
        ],
    }


if __name__ == "__main__":
    sys.exit(main())

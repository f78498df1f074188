"""`make test-reliability`: kills everything at random moments while people work; prints and writes the kill table."""

import argparse
import asyncio
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from random import Random

from support.platform import ROOT

from reliability.events import EVENTS, Event
from reliability.load import NOT_ANSWERED, NoKernel
from reliability.rounds import Outcome, run_round
from reliability.stage import Stage, Stuck
from reliability.table import Row, Table

ENGINES = ("sandbox", "docker")
OUTPUT = ROOT / "build" / "reliability.json"


def main() -> int:
    """Run, print and write; 1 if anything was lost or left, 2 if it could not be tried."""
    options = parse_options()
    if os.getuid() != 0:
        print("The kill table needs root: it mounts a file system of its own. Run `sudo make test-reliability`.")
        return 2
    wanted = options.event.split(",")
    chosen = [event for event in EVENTS if any(words.strip() in event.name for words in wanted)]
    if not chosen:
        print(f"No event has {options.event!r} in its name. There are: {', '.join(event.name for event in EVENTS)}.")
        return 2
    table = Table(options.output)
    print(f"SEED={options.seed} TIMES={options.times} PEOPLE={options.people}", flush=True)
    try:
        asyncio.run(run_all(options, chosen, table))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Interrupted.")
    names = [event.name for event in EVENTS]
    table.rows.sort(key=lambda row: (ENGINES.index(row.engine), names.index(row.event)))
    print(f"\n{table.text()}\n\nAll of it: {options.output}")
    return 0 if table.rows and all(row.passed for row in table.rows) else 1


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make test-reliability", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=20, help="rounds of each event")
    parser.add_argument("--people", type=int, default=10, help="people who work")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31), help="of all random moments")
    parser.add_argument("--engine", choices=ENGINES, help="one engine alone")
    parser.add_argument("--event", default="", help="only events with these words in their name; several with commas")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    return parser.parse_args()


async def run_all(options: argparse.Namespace, chosen: list[Event], table: Table) -> None:
    """Run all events with one engine after the other."""
    running = asyncio.current_task()
    assert running is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    for engine in [options.engine] if options.engine else ENGINES:
        mine = [event for event in chosen if engine in event.engines]
        with_restore = [event for event in mine if event.live_restore is not False]
        without = [event for event in mine if event.live_restore is False]
        for events, live_restore in ((with_restore, True), (without, False)):
            if events:
                await run_events(options, engine, events, table, live_restore=live_restore)


async def run_events(
    options: argparse.Namespace, engine: str, events: list[Event], table: Table, *, live_restore: bool
) -> None:
    """Let all events happen once, then once more, each time in another order, on one stage.

    In turns, since a service that dies again within seconds is started again more slowly, and since a run that is
    interrupted then has something of each. The stage is made anew after a round in which people got stuck.
    """
    random = Random(f"{options.seed} {engine} {live_restore}")  # noqa: S311 - of moments, not of secrets
    rows = {event: Row(event.name, engine, options.seed, options.people) for event in events}
    stage: Stage | None = None
    try:
        for number in range(options.times):
            for event in random.sample(events, len(events)):
                try:
                    if stage is None:
                        stage = Stage(engine, options.people)
                        await stage.open(live_restore=live_restore)
                    outcome = await run_round(stage, event, random)
                except (Stuck, NoKernel, AssertionError, *NOT_ANSWERED) as problem:
                    outcome = Outcome(unsettled=1, failures=[f"{type(problem).__name__}: {problem}"])
                rows[event].add(outcome)
                table.write(rows[event])
                if outcome.failures:
                    stage = await report(stage, event, outcome)
            print(f"{engine}: {len(events)} events, {number + 1} of {options.times} times", flush=True)
    finally:
        if stage is not None:
            await stage.close()


async def report(stage: Stage | None, event: Event, outcome: Outcome) -> Stage | None:
    """Say what failed, keep the logs, and end the stage if people cannot go on with it."""
    for failure in outcome.failures:
        print(f"  {event.name}: {failure}", flush=True)
    if stage is None or not outcome.unsettled:
        return stage
    logs = OUTPUT.with_name(f"reliability-{int(time.time())}.log")
    logs.write_text(f"{event.name}\n{outcome.failures}\n{stage.logs()}")
    print(f"  logs: {logs}", flush=True)
    await stage.close()
    return None


if __name__ == "__main__":
    sys.exit(main())

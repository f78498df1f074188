"""What the live list of workspaces costs a script that changes a hundred of them a second.

One kernel runs one cell of many short pieces, in pairs: in one piece of a pair the list looks and tells, in the other
it does neither; which comes first is drawn by lot. What both pieces of a pair meet (other programs, the processor's
clock, memory) cancels out in their difference, and resampling the pairs says how sure the mean is. A panel asks for
the list and reads what it is told throughout. Needs ``MANTIDHUB_TEST_ENVIRONMENT``, whose Python has scipp, and Linux.

Four costs are compared. *By the clock* has all that other programs do. *As if alone* leaves out the time in which the
script could have run and another program had its processor, and keeps the time in which it waited for Python's lock.
*Processor, script* and *processor, all* are the time that the script's thread, and all threads of the kernel, computed.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
RESAMPLED = 4000
SCRIPTS = {
    "a hundred data arrays, each computed anew once a second": 0,
    "the same beside two thousand that stay": 2000,
}
PREPARE = """
import json, random, threading, time
from pathlib import Path
import numpy as np, scipp as sc
from mantidlab.kernel.inventory import live

source = sc.DataArray(
    sc.arange("x", 200_000.0, unit="counts").fold("x", sizes={{"y": 100, "tof": 2000}}),
    coords={{"tof": sc.linspace("tof", 0.0, 1e4, 2001, unit="us"), "y": sc.arange("y", 100.0)}},
)
for number in range({still}):
    globals()[f"still_{{number}}"] = source["y", number % 100].copy()

class Watch:
    '''Lets the list look, or not, and knows whether it does. While it may not, its rest does not pass either.'''
    def __init__(self, list_):
        self.on, self.looks, self._look = True, False, list_._look
        self.time, self.had, self.until = live.time_of_cells, live.time_of_cells(), live.time_of_cells()
        list_._look, live.time_of_cells = self.look, self.time_of_cells

    def time_of_cells(self):
        return self.had + (self.time() - self.until if self.on else 0.0)

    def turn(self, on):
        self.had, self.until = self.time_of_cells(), self.time()
        self.on = on

    def look(self, running):
        self.looks = self.on
        complete = self._look(running) if self.on else True
        self.looks = False
        return complete

def python():
    return sum(number * number for number in range(90_000))

def costs():
    '''Seconds: by the clock, of it without a processor, and of the processor for this thread and for all.'''
    waited = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return time.perf_counter(), waited, time.thread_time(), time.process_time()

def piece(steps):
    '''What one step costs; a look that begins in a piece ends in it.'''
    before, step = costs(), 0
    while step < steps or watch.looks:
        globals()[f"changing_{{step % 100}}"] = source * float(step)
        python()
        step += 1
    return [(after - begun) / step for after, begun in zip(costs(), before)]

def pairs(many, steps, seed):
    chance, found = random.Random(seed), []
    for _ in range(many):
        pair = {{}}
        for on in chance.sample([True, False], 2):
            watch.turn(on)
            pair["with" if on else "without"] = piece(steps)
        found.append(pair)
    watch.turn(True)
    return json.dumps(found)
"""
WATCH = "watch = Watch(live.live_inventory())"


def main() -> int:
    """Measure, print and write the results."""
    options = parse_options()
    if options.inside:
        print(json.dumps({script: measured(still, options) for script, still in SCRIPTS.items()}))
        return 0
    prefix = os.environ.get("MANTIDHUB_TEST_ENVIRONMENT")
    if not prefix:
        print("Needs MANTIDHUB_TEST_ENVIRONMENT.", file=sys.stderr)
        return 1
    again = [f"{prefix}/bin/python", __file__, "--inside", f"--pairs={options.pairs}", f"--steps={options.steps}"]
    done = subprocess.run(again, check=True, stdout=subprocess.PIPE, text=True)
    record = json.loads(done.stdout.splitlines()[-1])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--steps", type=int, default=60, help="changes in each piece")
    parser.add_argument("--output", type=Path, default=BUILD / "workspaces.json")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


class Kernel:
    """A kernel, and a panel that asks for its list and reads what it is told."""

    def __init__(self) -> None:
        from jupyter_client.manager import KernelManager

        self.manager = KernelManager(kernel_name="python3")
        extension = "--IPKernelApp.extra_extensions=mantidlab.kernel"
        self.manager.kernel_spec.argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            extension,
        ]
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.told = self.items = 0

    def run(self, code: str) -> str:
        """Run a cell and return what it prints; count what the panel is told meanwhile."""
        cell, printed = self.client.execute(code), ""
        while True:
            message = self.client.get_iopub_msg(timeout=1800)
            content = message["content"]
            if message["msg_type"] == "mantidlab_push" and content.get("kind") == "changed":
                self.told += 1
                self.items += len(content["content"]["changed"])
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            printed += content.get("text", "") if message["msg_type"] == "stream" else ""
            if content.get("execution_state") == "idle":
                return printed

    def ask_for_the_list(self) -> None:
        """Let a panel ask, so that the kernel begins to look, and wait until it has answered and tells no more."""
        content = {"id": uuid.uuid4().hex, "room": "workspaces", "kind": "list"}
        self.client.control_channel.send(self.client.session.msg("mantidlab_request", content))
        while self.client.get_iopub_msg(timeout=60)["content"].get("answer_to") != content["id"]:
            pass
        try:
            while True:
                self.client.get_iopub_msg(timeout=1.5)
        except Empty:
            return

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def measured(still: int, options: argparse.Namespace) -> dict[str, Any]:
    """Return what the list costs one script."""
    kernel = Kernel()
    kernel.run(PREPARE.format(still=still))
    kernel.ask_for_the_list()
    kernel.run(WATCH)
    kernel.run(f"pairs(2, {options.steps}, 0)")
    kernel.told = kernel.items = 0
    pairs = json.loads(kernel.run(f"print(pairs({options.pairs}, {options.steps}, 1))"))
    kernel.close()
    seconds = {which: sum(pair[which][0] for pair in pairs) for which in ("with", "without")}
    return {
        "more, part of the script's time, with 95 % interval": {
            "by the clock": more(pairs, lambda clock, waited, thread, process: clock),
            "as if alone": more(pairs, lambda clock, waited, thread, process: clock - waited),
            "processor, script": more(pairs, lambda clock, waited, thread, process: thread),
            "processor, all": more(pairs, lambda clock, waited, thread, process: process),
        },
        "changes a second": options.pairs / seconds["with"],
        "messages a second": kernel.told / (options.steps * seconds["with"]),
        "items told": kernel.items,
        "pairs": options.pairs,
        "steps of a piece": options.steps,
        "seconds of a step": statistics.median(pair["without"][0] for pair in pairs),
        "part of the time without a processor": sum(pair["without"][1] for pair in pairs) / seconds["without"],
    }


def more(pairs: list[dict[str, list[float]]], cost: Any) -> dict[str, float]:
    """Return by which part a piece costs more with the list, and between what that lies in 95 of 100 resamplings.

    It is the ratio of the trimmed means: the tenth of the pairs that differs most either way, in which something else
    began or ended between the pieces, says nothing of the list.
    """
    found = sorted(((cost(*pair["with"]), cost(*pair["without"])) for pair in pairs), key=lambda one: one[0] - one[1])
    cut = len(found) // 20
    kept = found[cut : len(found) - cut]

    def ratio(some: list[tuple[float, float]]) -> float:
        return sum(one for one, _ in some) / sum(other for _, other in some) - 1

    chance = random.Random(2)  # noqa: S311 - no secret
    resampled = sorted(ratio(chance.choices(kept, k=len(kept))) for _ in range(RESAMPLED))
    return {
        "mean": round(ratio(kept), 5),
        "from": round(resampled[RESAMPLED // 40], 5),
        "to": round(resampled[-RESAMPLED // 40], 5),
    }


if __name__ == "__main__":
    sys.exit(main())

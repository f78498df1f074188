"""What the live list of workspaces costs a script that changes a hundred of them a second.

The same script runs in two kernels in turn, each time in the other order: one whose list a panel has asked for, so that
it is told every change, and one that nobody asks. Needs ``MANTIDHUB_TEST_ENVIRONMENT``, whose Python has scipp.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
SCRIPTS = {
    "a hundred data arrays, each computed anew once a second": 0,
    "the same beside two thousand that stay": 2000,
}
PREPARE = """
import time
import numpy as np, scipp as sc
source = sc.DataArray(
    sc.arange("x", 200_000.0, unit="counts").fold("x", sizes={{"y": 100, "tof": 2000}}),
    coords={{"tof": sc.linspace("tof", 0.0, 1e4, 2001, unit="us"), "y": sc.arange("y", 100.0)}},
)
for number in range({still}):
    globals()[f"still_{{number}}"] = source["y", number % 100].copy()
import threading
def looking():
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("mantidlab")]
    return sum(time.clock_gettime(time.pthread_getcpuclockid(thread.ident)) for thread in threads)
def python():
    return sum(number * number for number in range(90_000))
"""
WORK = """
begun, cpu, looked = time.perf_counter(), time.thread_time(), looking()
for step in range({steps}):
    globals()[f"changing_{{step % 100}}"] = source * float(step)
    python()
print(time.perf_counter() - begun, time.thread_time() - cpu, looking() - looked)
"""


def main() -> int:
    """Measure, print and write the results."""
    options = parse_options()
    if options.inside:
        print(json.dumps(measure(options.rounds, options.steps)))
        return 0
    prefix = os.environ.get("MANTIDHUB_TEST_ENVIRONMENT")
    if not prefix:
        print("Needs MANTIDHUB_TEST_ENVIRONMENT.", file=sys.stderr)
        return 1
    again = [f"{prefix}/bin/python", __file__, "--inside", f"--rounds={options.rounds}", f"--steps={options.steps}"]
    done = subprocess.run(again, check=True, stdout=subprocess.PIPE, text=True)
    record = json.loads(done.stdout.splitlines()[-1])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--steps", type=int, default=1000, help="changes in each run of the script")
    parser.add_argument("--output", type=Path, default=BUILD / "workspaces.json")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


class Kernel:
    """A kernel, and a panel that asks for its list and reads what it is told, or that does neither."""

    def __init__(self, *, live: bool) -> None:
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
        self.live, self.told, self.items = live, 0, 0

    def run(self, code: str) -> str:
        """Run a cell and return what it prints; count what the panel is told meanwhile."""
        cell, printed = self.client.execute(code), ""
        while True:
            message = self.client.get_iopub_msg(timeout=300)
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

    def prepare(self, still: int) -> None:
        """Make what the script works on, and let a panel ask for it."""
        self.run(PREPARE.format(still=still))
        if self.live:
            content = {"id": uuid.uuid4().hex, "room": "workspaces", "kind": "list"}
            self.client.control_channel.send(self.client.session.msg("mantidlab_request", content))
            self.client.get_control_msg(timeout=10)
        self.settle()

    def settle(self) -> None:
        """Wait until the kernel tells no more."""
        try:
            while True:
                self.client.get_iopub_msg(timeout=1.5)
        except Empty:
            return

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def measure(rounds: int, steps: int) -> dict[str, Any]:
    """Run every script in both kernels in turn."""
    return {script: compared(still, rounds, steps) for script, still in SCRIPTS.items()}


def compared(still: int, rounds: int, steps: int) -> dict[str, Any]:
    """Return the times of one script without and with a panel."""
    kernels = {"without": Kernel(live=False), "with": Kernel(live=True)}
    times: dict[str, list[float]] = {name: [] for name in kernels}
    cpu: dict[str, list[float]] = {name: [] for name in kernels}
    looked: list[float] = []
    for kernel in kernels.values():
        kernel.prepare(still)
        kernel.run(WORK.format(steps=50))
    for number in range(rounds):
        for name in sorted(kernels, reverse=bool(number % 2)):
            kernels[name].settle()
            took, worked, looking = map(float, kernels[name].run(WORK.format(steps=steps)).split())
            times[name].append(took)
            cpu[name].append(worked + looking)
            looked += [looking / took] if name == "with" else []
    for kernel in kernels.values():
        kernel.close()
    panel = kernels["with"]
    worked = {name: statistics.median(found) for name, found in cpu.items()}
    medians = {name: statistics.median(found) for name, found in times.items()}
    ratios = [one / other for one, other in zip(times["with"], times["without"], strict=True)]
    return {
        "seconds, median": medians,
        "changes a second": steps / medians["with"],
        "slower, from the medians": medians["with"] / medians["without"] - 1,
        "slower, median of the pairs": statistics.median(ratios) - 1,
        "quartiles of the pairs": [quartile - 1 for quartile in statistics.quantiles(ratios, n=4)],
        "processor time of main thread and list, medians": worked,
        "processor time, more": worked["with"] / worked["without"] - 1,
        "processor time of the threads that look, part of the script's time, median and most": [
            statistics.median(looked),
            max(looked),
        ],
        "messages a second": panel.told / sum(times["with"]),
        "items told": panel.items,
        "rounds": rounds,
    }


if __name__ == "__main__":
    sys.exit(main())

"""Time from the request for a session until it can be used: MantidHub beside a stock JupyterHub.

Both run on this machine at once and take turns, so that whatever else the machine does falls on both. The first start
of each is not counted (files come from the disk, not from memory), but kept in the results.
"""

import argparse
import asyncio
import json
import os
import platform as machine
import shutil
import statistics
import subprocess
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from mantid_hub import mantid_hub
from platforms import BenchmarkFailed, Platform, Start
from stock_hub import install, stock_hub

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
Samples = dict[str, list[Start]]


def main() -> int:
    """Measure, print and write the results."""
    options = parse_options()
    try:
        samples = asyncio.run(measure(options))
    except (BenchmarkFailed, TimeoutError) as problem:
        print(f"The benchmark stopped: {problem or 'a session took too long'}", file=sys.stderr)
        return 1
    print(report(samples))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(as_record(samples, options), indent=1) + "\n")
    print(f"All samples: {options.output}")
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="starts of each platform that count")
    parser.add_argument("--only", choices=["stock", "mantidhub"], help="measure one platform alone")
    parser.add_argument("--python", default=default_python(), help="interpreter of the stock JupyterHub")
    parser.add_argument("--output", type=Path, default=BUILD / "start.json")
    return parser.parse_args()


def default_python() -> str:
    """Return the distribution's Python where it is new enough, since environments stand on it, else ours."""
    system = Path("/usr/bin/python3")
    if system.exists():
        version = "import sys; sys.exit(sys.version_info < (3, 11))"
        if subprocess.run([system, "-c", version], check=False).returncode == 0:
            return str(system)
    return sys.executable


async def measure(options: argparse.Namespace) -> Samples:
    """Start both platforms and let them take turns."""
    async with AsyncExitStack() as stack:
        temporary = stack.enter_context(TemporaryDirectory(prefix="mantidhub-bench-"))
        platforms: list[Platform] = []
        if options.only != "stock":
            ours = await stack.enter_async_context(mantid_hub(Path(temporary) / "state"))
            platforms.append(ours)
        if options.only != "mantidhub":
            install(BUILD / "stock", options.python)
            platforms.append(await stack.enter_async_context(stock_hub(BUILD / "stock")))
        return await take_turns(platforms, options.rounds)


async def take_turns(platforms: list[Platform], rounds: int) -> Samples:
    """Start and stop one session at a time, A B A B; each user is new, so no start finds another's traces."""
    samples: Samples = {platform.name: [] for platform in platforms}
    for number in range(rounds + 1):
        for platform in platforms:
            user = f"bench{os.getpid()}-{number}"
            await platform.prepare(user)
            start = await platform.request_start(user)
            await platform.stop(user)
            samples[platform.name].append(start)
            note = " (not counted)" if number == 0 else ""
            print(f"  {platform.name:18} {start.reachable:6.2f} s{note}", flush=True)
    return samples


def report(samples: Samples) -> str:
    """Write the medians and their ratio for people."""
    lines = [f"{'median of seconds since the request':44}" + "".join(f"{name:>20}" for name in samples)]
    medians = {name: statistics.median(start.reachable for start in starts[1:]) for name, starts in samples.items()}
    for name, starts in samples.items():
        for message in phases(starts):
            cells = [f"{phases(starts)[message]:20.2f}" if name == column else " " * 20 for column in samples]
            lines.append(f"  {message[:42]:42}" + "".join(cells))
    ready = {name: statistics.median(start.ready for start in starts[1:]) for name, starts in samples.items()}
    lines.append(f"{'hub says ready':44}" + "".join(f"{value:20.2f}" for value in ready.values()))
    lines.append(f"{'reachable through the public port':44}" + "".join(f"{value:20.2f}" for value in medians.values()))
    if len(medians) == 2:
        ours, stock = medians.values()
        lines.append(f"MantidHub takes {ours / stock:.0%} of the stock JupyterHub's time.")
    return "\n".join(lines)


def phases(starts: list[Start]) -> dict[str, float]:
    """Return when the hub told each message, as medians over the starts that count."""
    times: dict[str, list[float]] = {}
    for start in starts[1:]:
        for seconds, message in start.messages:
            times.setdefault(message.replace(start.user, "USER"), []).append(seconds)
    return {message: statistics.median(values) for message, values in times.items()}


def as_record(samples: Samples, options: argparse.Namespace) -> dict[str, object]:
    """Collect everything that somebody needs to judge the figures."""
    medians = {name: statistics.median(start.reachable for start in starts[1:]) for name, starts in samples.items()}
    return {
        "command": sys.argv,
        "machine": {
            "cores": os.cpu_count(),
            "system": machine.platform(),
            "load": os.getloadavg(),
            "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        },
        "versions": versions(options.python),
        "not_counted": {name: asdict(starts[0]) for name, starts in samples.items()},
        "samples": {name: [asdict(start) for start in starts[1:]] for name, starts in samples.items()},
        "phases": {name: phases(starts) for name, starts in samples.items()},
        "median": medians,
        "ratio": medians["MantidHub"] / medians["stock JupyterHub"] if len(medians) == 2 else None,
    }


def versions(python: str) -> dict[str, str]:
    """Ask the installed programs and the locks for versions."""

    def said(*command: str) -> str:
        if shutil.which(command[0]) is None:
            return "absent"
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()

    locked = [
        line.split()[0] for line in Path(__file__).with_name("stock.txt").read_text().splitlines() if "==" in line
    ]
    wanted = ("ipykernel==", "jupyter-server==", "jupyterhub==", "jupyterlab==")
    return {
        "python": f"{python} {said(python, '--version')}",
        "node": said("node", "--version"),
        "git": said("git", "-C", str(BUILD.parent.parent), "describe", "--always", "--dirty"),
        **dict(entry.split("==") for entry in locked if entry.startswith(wanted)),
    }


if __name__ == "__main__":
    sys.exit(main())

"""How long *Stop, keeping what there is* takes: until the computation has ended, and until its data are there again.

With the Python of an environment that has scipp and pytest:
``PYTHONPATH=packages/mantidlab/src PREFIX/bin/python benchmarks/keeping.py``
"""

import argparse
import json
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/environment/kernel"))

from conftest import Page, Session, start_session  # noqa: E402

EVENTS = {"42 MB": 600_000, "1 GB": 62_500_000}
PREPARE = """
import numpy as np, scipp as sc
random = np.random.default_rng(1)
matrix = random.random((2000, 2000))
table = sc.DataArray(
    sc.array(dims=["event"], values=random.random({events})),
    coords={{"tof": sc.array(dims=["event"], values=random.random({events}))}},
)
"""
LINES = {"42 MB": "np.linalg.svd(matrix)", "1 GB": "sc.sort(table, 'tof')"}


def main() -> None:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    record = {}
    for size in EVENTS:
        measured = [measure(size) for _ in range(rounds)]
        record[size] = {
            name: {"median": statistics.median(each), "longest": max(each)}
            for name in measured[0]
            if (each := [one[name] for one in measured])
        }
        print(size, record[size], flush=True)
    path = ROOT / "build/bench/keeping.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1))


def measure(size: str) -> dict[str, float]:
    """Stop one computation and return the seconds from the tap."""
    session = start_session()
    try:
        page = session.page()
        page.finish(page.run(PREPARE.format(events=EVENTS[size])), within=120)
        running = page.run(LINES[size])
        page.started(running)
        time.sleep(0.5)
        page.answer(page.ask("running", "stop"), within=20)
        return keep(session, page)
    finally:
        session.close()


def keep(session: Session, page: Page) -> dict[str, float]:
    """Do what the button does."""
    process: Any = session.manager.provisioner.pid
    began, gone = time.monotonic(), [0.0]

    def watch() -> None:
        while is_there(process):
            time.sleep(0.005)
        gone[0] = time.monotonic() - began

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert page.answer(page.ask("running", "keep"), within=20)["content"]["ends"]
    session.manager.restart_kernel(now=False)
    watcher.join()
    page.heard.clear()
    table = page.kernel.execute_interactive("assert table.sizes['event']", timeout=120)
    assert table["content"]["status"] == "ok"
    return {"ended": gone[0], "ready": time.monotonic() - began}


def is_there(process: int) -> bool:
    """Return whether a process still holds a processor."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


main()

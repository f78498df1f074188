"""Events a second: counted a block at a time by mantidlab, and loaded and histogrammed by scippnexus and scipp.

Run it with the Python of the scipp environment: ``python benchmarks/nexus_events.py --events 3e7 [FILE…]``. It writes
a file of random events into a temporary folder, reads it and the named files in both ways, in a process each, and
prints seconds, events a second and the peak of memory beyond what an idle process takes. Both must count the same.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

BINS = 1000
DETECTORS = 100_000
FRAME = 100_000.0  # µs
BLOCK = 2**22


def write_events(path: Path, count: int) -> None:
    """Write one detector with random events, as the NeXus manual has it."""
    rng = np.random.default_rng(1)
    with h5py.File(path, "w") as file:
        entry = _group(file, "entry", "NXentry")
        detector = _group(_group(entry, "instrument", "NXinstrument"), "detector", "NXdetector")
        detector["detector_number"] = np.arange(DETECTORS, dtype=np.int32)
        events = _group(detector, "events", "NXevent_data")
        times = events.create_dataset("event_time_offset", (count,), "f4", chunks=(2**18,))
        times.attrs["units"] = "us"
        numbers = events.create_dataset("event_id", (count,), "i4", chunks=(2**18,))
        for start in range(0, count, BLOCK):
            size = min(BLOCK, count - start)
            times[start : start + size] = rng.uniform(0, 0.999 * FRAME, size)
            numbers[start : start + size] = rng.integers(0, DETECTORS, size)
        events["event_index"] = np.linspace(0, count, 1000, endpoint=False).astype(np.int64)
        events.create_dataset("event_time_zero", data=np.arange(1000) / 10).attrs["units"] = "s"


def _group(parent: h5py.Group, name: str, nexus_class: str) -> h5py.Group:
    group = parent.create_group(name)
    group.attrs["NX_class"] = nexus_class
    return group


def count_in_blocks(path: Path) -> tuple[float, int]:
    """Return the counts in all bins, and the number of events."""
    from mantidlab.frameworks.nexus import open_file

    with open_file(path) as file:
        counted = file.main.count(np.linspace(0, FRAME, BINS + 1))
        return float(counted.values.sum()), counted.events


def count_with_scipp(path: Path) -> tuple[float, int]:
    """Load the times of each bank with scippnexus and histogram them with scipp."""
    import scipp as sc
    import scippnexus as snx

    total, number = 0.0, 0
    with snx.File(path) as file:
        entry = next(iter(file[snx.NXentry].values()))
        for detector in next(iter(entry[snx.NXinstrument].values()))[snx.NXdetector].values():
            group = next(iter(detector[snx.NXevent_data].values()), detector)
            if "event_time_offset" not in group:
                continue
            times = group["event_time_offset"][()]
            if "total_counts" in group and float(np.ravel(group["total_counts"][()])[0]) == 0:
                continue  # SNS writes one zero where a bank counted nothing
            edges = sc.linspace("time", 0, FRAME, BINS + 1, unit=times.unit, dtype=times.dtype)
            ones = sc.ones(sizes=times.sizes, unit="counts")
            events = sc.DataArray(ones, coords={"time": times})
            total += float(events.hist(time=edges).sum().value)
            number += times.size
    return total, number


WAYS = {"mantidlab": count_in_blocks, "scipp": count_with_scipp}


def measure(way: str, path: Path) -> None:
    """Run one way in this process and print what it took."""
    function = WAYS[way]
    __import__({"mantidlab": "mantidlab.frameworks.nexus", "scipp": "scippnexus"}[way])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    counts, events = function(path)
    seconds = time.perf_counter() - start
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"seconds": seconds, "events": events, "counts": counts, "peak_mb": peak}))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=float, default=3e7)
    parser.add_argument("--measure", choices=WAYS)
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.files[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"{chosen.events:.0e}-events.nxs"
        write_events(made, int(chosen.events))
        for path in (made, *chosen.files):
            for way in WAYS:
                done = subprocess.run(
                    [sys.executable, __file__, "--measure", way, path], capture_output=True, text=True, check=False
                )
                if done.returncode:
                    print(f"{path.name:32} {way:10} failed: {done.stderr.strip().splitlines()[-1]}")
                    continue
                found = json.loads(done.stdout)
                speed = found["events"] / found["seconds"] / 1e6
                print(
                    f"{path.name:32} {way:10} {found['seconds']:7.3f} s {speed:7.2f} M events/s, "
                    f"{found['counts']:.0f} of {found['events']} counted, {found['peak_mb']:.0f} MB more"
                )


if __name__ == "__main__":
    main()

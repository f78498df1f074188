"""What keeping the steps of an interface saves and costs, on a simulated run and, where it is there, on a real one.

Run it with the Python of an environment: ``PREFIX/bin/python benchmarks/interfaces.py [FILE…]``. Writes
``build/bench/interfaces.json``.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from mantidlab.interfaces import InputFile, clear_cache, interface, step

ROUNDS = 5


def read(run: Path) -> np.ndarray:
    """Sum each dataset of whole numbers with more than one axis over all but the last one."""
    import h5py

    found: list[np.ndarray] = []

    def add(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.ndim > 1 and item.dtype.kind in "iu":
            found.append(np.asarray(item[()]).sum(axis=tuple(range(item.ndim - 1)), dtype=np.int64))

    with h5py.File(run) as file:
        file.visititems(add)
    return np.concatenate(found) if found else np.zeros(0)


def fill(size: int) -> np.ndarray:
    """Make a large result: what a step costs whose result is as large as this."""
    return np.sqrt(np.arange(size, dtype=np.float64))


@interface(title="Counts")
def counts(run: InputFile, factor: float = 1.0) -> float:
    """Count, and multiply."""
    return float(step(read, run).sum()) * factor


@interface(title="Large")
def large(size: int, factor: float = 1.0) -> float:
    """Make a large array, and take its mean."""
    return float(step(fill, size).mean()) * factor


def measured(call: object, *arguments: object) -> dict[str, float]:
    """Return seconds of a run without the cache, of the first one with it, and the median of those after a change."""
    assert callable(call)
    clear_cache()
    name = next(iter(call.parameters.signature.parameters))  # type: ignore[attr-defined]
    plain = _seconds(lambda: call.run({name: arguments[0]}, cache=False))  # type: ignore[attr-defined]
    first = _seconds(lambda: call(*arguments))
    again = sorted(_seconds(lambda factor=factor: call(*arguments, factor=factor)) for factor in range(2, 2 + ROUNDS))
    return {"without_s": plain, "first_s": first, "last_parameter_changed_s": again[ROUNDS // 2]}


def _seconds(work: object) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 4)


def main() -> int:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MANTIDLAB_CACHE"] = folder
        found = {Path(file).name: measured(counts, Path(file)) for file in sys.argv[1:]}
        found |= {f"result of {size * 8 / 1e6:.0f} MB": measured(large, size) for size in (10**6, 10**7)}
    for name, seconds in found.items():
        print(f"{name:<28} {seconds}")
    target = Path(__file__).parents[1] / "build" / "bench" / "interfaces.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

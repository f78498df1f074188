"""The time of cells is what a script has, not what passes while other programs have the processor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCHEDSTAT = Path("/proc/self/schedstat")
BUSY = "while True: pass"
COMPUTING = """
import json, time
from mantidlab.kernel.time_of_cells import time_of_cells
begun, cells, computed = time.monotonic(), time_of_cells(), time.thread_time()
while time.monotonic() - begun < 1.0:
    pass
print(json.dumps([time.monotonic() - begun, time_of_cells() - cells, time.thread_time() - computed]))
"""


@pytest.mark.skipif(not SCHEDSTAT.exists(), reason="Here nobody counts what a thread waits for a processor.")
def test_beside_another_program_on_the_same_processor_it_goes_half_as_fast_as_the_clock():
    share = ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0))), sys.executable, "-c"]
    other = subprocess.Popen([*share, BUSY])
    try:
        told = subprocess.run([*share, COMPUTING], capture_output=True, text=True, check=True).stdout
    finally:
        other.kill()
        other.wait()
    clock, cells, computed = json.loads(told)
    assert cells == pytest.approx(computed, abs=0.05)
    assert cells < 0.8 * clock

"""A line that nothing can interrupt is ended at once, and the kernel that takes its place has what there was."""

import os
import signal
import time
from pathlib import Path

import pytest

ENDS_WITHIN = 4.0
"""Seconds from the tap until the process that computed is gone: 0.3 s on an idle machine, 5 s if it was killed."""
HELD = """
import dataclasses, enum, functools, threading
from math import pi
import numpy as np
import scipp as sc

class Colour(enum.Enum):
    RED = 1

@dataclasses.dataclass
class Run:
    number: int
    colour: Colour = Colour.RED

@functools.lru_cache
def cached(number):
    return number + len(grid)

def outer(number):
    def inner(depth):
        return number if depth == 0 else inner(depth - 1)
    return inner

grid = np.arange(12.0).reshape(3, 4)
also = grid
binned = sc.data.binned_x(100, 5)
group = sc.DataGroup(sample=binned, title="a title")
run = Run(74044)
inner = outer(5)
twice = lambda number, by=2: number * by + pi
_private = {"a": [1, (2, 3)], "grid": grid[1]}
generator = (number for number in range(3))
lock = threading.Lock()
"""
CHECK = """
assert (np.__name__, sc.__name__, round(pi, 2)) == ("numpy", "scipp", 3.14)
assert grid.sum() == 66 and also is grid and grid.flags.writeable
grid += 1
assert sc.identical(binned, group["sample"]) and group["title"] == "a title" and binned.bins is not None
assert run == Run(74044, Colour.RED) and run.colour is Colour.RED
assert cached(1) == 4 and inner(3) == 5 and twice(1) == 2 + pi
assert _private["a"] == [1, (2, 3)] and list(_private["grid"]) == [4, 5, 6, 7]
def len(things): return 100   # functions go on working with the notebook's names
assert cached(2) == 102
del len
print("generator" in globals(), "lock" in globals())
"""
OUTSIDE = """
import ctypes
def outside(*things):
    libc, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(64)
    libc.pthread_mutex_lock(mutex)
    libc.pthread_mutex_lock(mutex)
"""


@pytest.fixture
def kept_in(tmp_path, monkeypatch):
    monkeypatch.setenv("MANTIDLAB_CACHE", str(tmp_path))
    return tmp_path / "kept"


@pytest.fixture
def begun(another_session, kept_in):
    session = another_session()
    return session, session.page()


def keep(session, page, running):
    """Do what the panel's button does, and return what the new kernel has and how long the old one went on."""
    process = session.manager.provisioner.pid
    stopped = page.answer(page.ask("running", "stop"), within=10)["content"]
    assert not stopped["ended"]
    assert stopped["keeps"]
    began = time.monotonic()
    assert page.answer(page.ask("running", "keep"), within=10)["content"] == {"ends": True}
    error = page.wait_for(lambda said: said["msg_type"] == "error" and said["parent_header"]["msg_id"] == running)
    assert "the kernel was started anew with it" in error["content"]["evalue"]
    session.manager.restart_kernel(now=False)
    took = time.monotonic() - began
    assert session.manager.provisioner.pid != process
    page.kernel.wait_for_ready(timeout=60)
    page.heard.clear()
    page.listen()
    return page.answer(page.ask("running", "kept"), within=10)["content"]["report"], took


def test_everything_that_can_be_kept_is_there_again(begun, kept_in):
    session, page = begun
    page.finish(page.run(HELD))
    page.finish(page.run(OUTSIDE))
    running = page.run("outside(grid); result = 1")
    page.started(running)
    time.sleep(0.3)
    report, took = keep(session, page, running)
    assert took < ENDS_WITHIN
    assert page.printed(CHECK).strip() == "False False"
    assert [each.partition(":")[0] for each in report["left"]] == ["generator", "lock"]
    assert "cell [1] made it: lock = threading.Lock()" in report["left"][1]
    assert report["doubtful"] == ["grid"]
    assert "It has 21 of 23 variables again. Not: generator, lock. The line worked with grid" in report["sentence"]
    assert not list(kept_in.iterdir())
    # Counting goes on, and the code of functions is known.
    page.finish(page.run("import inspect; assert 'pthread' in inspect.getsource(outside)"))
    assert int(page.printed("print(get_ipython().execution_count)")) >= 6


LONG = {
    "scipp sorts": "sc.sort(table, 'x')",
    "NumPy multiplies": "matrix @ matrix",
}


@pytest.mark.parametrize("line", LONG)
def test_a_computation_of_a_library_ends_at_once(begun, line):
    session, page = begun
    page.finish(
        page.run(
            "import numpy as np, scipp as sc\nrandom = np.random.default_rng(1)\nmatrix = random.random((6000, 6000))\n"
            "table = sc.DataArray(sc.ones(dims=['x'], shape=[12_000_000]),"
            " coords={'x': sc.array(dims=['x'], values=random.random(12_000_000))})"
        )
    )
    running = page.run(LONG[line])
    page.started(running)
    time.sleep(0.3)
    report, took = keep(session, page, running)
    assert took < ENDS_WITHIN
    assert report["left"] == []
    assert page.printed("print(matrix.shape, table.sizes['x'])").strip() == "(6000, 6000) 12000000"


def test_a_kernel_that_cannot_be_kept_goes_on(begun, kept_in):
    _session, page = begun
    page.finish(page.run(OUTSIDE + "kept = 5"))
    kept_in.parent.joinpath("kept").write_text("no folder")
    running = page.run("outside()")
    page.started(running)
    answer = page.answer(page.ask("running", "keep"), within=10)
    assert "could not be kept" in answer["error"]
    assert "It goes on as before." in answer["error"]
    assert page.answer(page.ask("running", "now"))["content"] == {"runs": []}


def test_what_was_not_written_to_its_end_is_said_and_the_rest_is_there(begun, kept_in):
    session, page = begun
    page.finish(page.run(OUTSIDE))
    # Writing it takes for ever.
    page.finish(
        page.run(
            "import time\nclass Slow:\n    def __reduce__(self): time.sleep(600)\nfirst = 1\nslow = Slow()\nlast = 2"
        )
    )
    running = page.run("outside(slow)")
    page.started(running)
    page.answer(page.ask("running", "keep"), within=10)
    [folder] = kept_in.iterdir()
    writer = int((folder / "writer").read_text())
    while '"name": "last"' not in (folder / "journal.jsonl").read_text():
        time.sleep(0.05)
    os.kill(writer, signal.SIGKILL)  # as when memory is used up
    session.manager.restart_kernel(now=False)
    page.kernel.wait_for_ready(timeout=60)
    page.heard.clear()
    page.listen()
    report = page.answer(page.ask("running", "kept"), within=10)["content"]["report"]
    assert report["left"] == ["slow: writing it did not end"]
    assert page.printed("print(first + last)").strip() == "3"
    assert not list(kept_in.iterdir())


def test_what_the_disk_has_no_room_for_is_said_before_and_left(begun, monkeypatch):
    session, page = begun
    page.finish(page.run(OUTSIDE + "import numpy as np\nsmall = np.ones(10)\nlarge = np.ones(10_000_000)"))
    page.finish(page.run("from mantidlab.kernel.keeping import places; places.room_for_bytes = lambda: 10_000_000"))
    running = page.run("outside()")
    page.started(running)
    time.sleep(0.3)
    stopped = page.answer(page.ask("running", "stop"), within=10)["content"]
    assert "without large, for which the disk has no room" in stopped["reason"]
    report, _ = keep(session, page, running)
    assert report["left"] == ["large: the disk has no room for it; cell [1] made it: large = np.ones(10_000_000)"]
    assert page.printed("print(small.sum())").strip() == "10.0"


def test_a_kernel_that_nobody_restarts_does_not_find_what_was_kept_twice(begun, kept_in):
    session, page = begun
    page.finish(page.run(OUTSIDE + "held = 1"))
    running = page.run("outside()")
    page.started(running)
    time.sleep(0.3)
    keep(session, page, running)
    session.restart()
    assert page.printed("print('held' in globals())").strip() == "False"
    assert not Path(kept_in).exists() or not list(kept_in.iterdir())

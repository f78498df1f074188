"""Mantid in a real kernel: progress, stop within a second, and its list of workspaces, while its algorithms run.

The stand-in computes outside of Python, where no interrupt reaches the waiting thread, as a real Mantid 3.13 did.
"""

import sys
import time
from pathlib import Path

import pytest
from support.pace import Stopwatch, slowness

sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture
def mantid_page(another_session, tmp_path, request):
    from support import recorded_workspaces
    from support.recorded_package import write_package

    if not recorded_workspaces.FOLDER.exists():
        pytest.skip(f"no {recorded_workspaces.FOLDER}; name the folder with MANTIDHUB_SHARED_MANTID")
    session = another_session(**write_package(tmp_path), MANTIDHUB_STAND_IN=getattr(request, "param", "6"))
    page = session.page()
    page.session = session
    return page


IMPORT = "from mantid.api import ALGORITHMS, AnalysisDataService as mtd\nimport mantid.simpleapi, time\n"


@pytest.mark.parametrize("mantid_page", ["6", "3"], indirect=True)
def test_progress_has_the_time_left_and_an_end(mantid_page):
    page = mantid_page
    running = page.run(IMPORT + "ALGORITHMS.run('ConvertUnits', steps=100, each=0.03)")
    seen = [page.told("running", "progress") for _ in range(10)]
    assert {told["name"] for told in seen} == {"ConvertUnits"}
    fractions = [told["fraction"] for told in seen]
    assert fractions == sorted(fractions) and 0 < fractions[0] < fractions[-1] < 1
    assert seen[-1]["message"] == "Convert to dSpacing"
    last = seen[-1]
    assert last["left"] == pytest.approx(3.0 - last["seconds"], abs=2.0)
    assert page.told("running", "ended") == {"id": seen[0]["id"], "how": "done", "message": ""}
    page.finish(running)


def test_a_failure_is_told_with_its_words_and_a_short_algorithm_not_at_all(mantid_page):
    page = mantid_page
    running = page.run(
        IMPORT + "for _ in range(300): ALGORITHMS.run('Short', steps=2, each=0.0)\n"
        "ALGORITHMS.run('Load', steps=50, each=0.02, error='no such file')"
    )
    told = page.told("running", "progress", within=20)
    assert told["name"] == "Load"
    assert page.told("running", "ended")["message"] == "no such file"
    assert page.end(running)["ename"] == "RuntimeError"
    kept = "from mantidlab.kernel.running import stopping\nprint(len(stopping.the_stopping().cancels))"
    assert page.printed(kept).strip() == "2"


@pytest.mark.parametrize("way", ["panel", "button"])
def test_an_algorithm_ends_within_a_second(mantid_page, way):
    page = mantid_page
    page.finish(page.run(IMPORT))
    for _ in range(5):
        running = page.run("ALGORITHMS.run('ConvertUnits', steps=1000, each=0.02)")
        page.told("running", "progress", within=20)
        watch = Stopwatch()
        if way == "panel":
            asked = page.ask("running", "stop")
        else:
            page.session.manager.interrupt_kernel()
        error = page.end(running)
        assert watch.within(2.0), watch
        assert error["ename"] == "KeyboardInterrupt"
        assert any("ALGORITHMS.run" in line for line in error["traceback"])
        if way == "panel":
            answer = page.answer(asked)["content"]
            assert answer["stopped"] == ["ConvertUnits"]
            assert answer["seconds"] < slowness()
        assert page.told("running", "ended")["how"] == "stopped"


def test_a_loop_of_algorithms_that_catches_every_error_ends(mantid_page):
    page = mantid_page
    running = page.run(
        IMPORT + "while True:\n    try: ALGORITHMS.run('Rebin', steps=20, each=0.02)\n    except BaseException: pass"
    )
    page.told("running", "progress", within=20)
    watch = Stopwatch()
    page.ask("running", "stop")
    assert page.end(running)["ename"] == "KeyboardInterrupt"
    assert watch.within(2.0), watch


def test_an_interrupt_within_what_mantid_calls_is_owed_and_comes_afterwards(mantid_page):
    page = mantid_page
    page.finish(page.run(IMPORT))
    # Mantid reports serial work in the thread that asked for it: here nearly all of the time is spent in the handler.
    running = page.run(
        """
from support.recorded_running import RunningAlgorithm
algorithm = RunningAlgorithm("Serial")
ALGORITHMS._starts[0].startingHandle(algorithm)
(_, observer), *_ = algorithm._observers
raised = 0
while True:
    try: observer.progressHandle(0.5, "still")
    except BaseException: raised += 1
"""
    )
    page.started(running)
    time.sleep(0.5)
    page.ask("running", "stop")
    assert page.end(running)["ename"] == "KeyboardInterrupt"


def test_a_line_of_the_log_is_told_and_still_printed(mantid_page):
    page = mantid_page
    page.finish(page.run(IMPORT))
    cell = page.run("import os\nos.write(2, b'Rebin-[Notice] Rebin started\\n'); time.sleep(0.5)")
    told = page.told("running", "log")
    assert told == {"id": None, "level": "notice", "line": "Rebin started"}
    page.finish(cell)


def listed(page):
    return {item["name"]: item for item in page.answer(page.ask("workspaces", "list"))["content"]["items"]}


def described(page, count):
    """Return the list once it has so many items that are all known: a busy machine answers before Mantid does."""
    deadline = time.monotonic() + 60
    while len(items := listed(page)) < count or not all(item["known"] for item in items.values()):
        assert time.monotonic() < deadline, items
        time.sleep(0.2)
    return items


def test_workspaces_are_named_while_a_cell_runs_and_described_after_it(mantid_page, hold):
    page = mantid_page
    assert listed(page) == {}
    running = page.run(f"{IMPORT}ws = mtd.put('hist', 'ws')\n{hold.sleeps}")
    news = page.told("workspaces", "changed")["changed"]
    assert [(item["name"], item["framework"], item["known"]) for item in news] == [("ws", "mantid", False)]
    hold.release()
    page.finish(running)
    item = page.told("workspaces", "changed")["changed"][0]
    assert (item["known"], item["kind"], item["shape"], item["variable"]) == (True, "spectra", [200, 100], "ws")
    assert item["axes_units"] == ["", "µs"]
    assert len(item["sparkline"]) == 48
    assert item["memory"] > 100_000
    page.finish(page.run("mtd.rename('ws', 'other')"))
    assert page.told("workspaces", "changed")["renamed"] == [["ws", "other"]]
    page.finish(page.run("mtd.remove('other')"))
    assert page.told("workspaces", "changed")["removed"] == ["other"]


def test_groups_know_their_members_and_a_thousand_workspaces_are_all_described(mantid_page):
    page = mantid_page
    page.finish(
        page.run(IMPORT + "for key in ('hist', 'powder', 'group', 'event', 'table_all_types'): mtd.put(key, key)")
    )
    items = described(page, 5)
    assert {name: item["kind"] for name, item in items.items()} == {
        "hist": "spectra", "powder": "spectra", "group": "group", "event": "events", "table_all_types": "table",
    }  # fmt: skip
    assert items["group"]["members"]
    page.finish(page.run("for number in range(300): mtd.put('single_value', f'many_{number}')"))
    assert len(described(page, 305)) == 305


def test_find_gives_the_handle_and_refuses_what_is_gone(mantid_page):
    page = mantid_page
    page.finish(page.run(IMPORT + "mtd.put('hist', 'ws')\nlater = 1"))
    listed(page)
    said = page.printed(
        "from mantidlab.kernel.inventory import find\nprint(find('ws').name())\n"
        "try: find('gone')\nexcept Exception as error: print(error)"
    ).splitlines()
    assert said == ["ws", "There is no workspace 'gone'; the ones there are: ws."]

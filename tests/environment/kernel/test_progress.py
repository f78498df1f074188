"""How far a loop of Python is, told to the panels of a real kernel."""

import pytest

FROM = """
import time, threading
from mantidlab.kernel.running import Stopped, log, progress
from mantidlab.kernel.running.progress import each
"""


def test_a_loop_says_how_far_it_is_and_when_it_ends(page):
    cell = page.run(
        FROM + "with progress('Reducing') as report:\n    for step in range(100):\n"
        "        report(step / 100, f'bank {step}'); time.sleep(0.03)"
    )
    seen = [page.told("running", "progress") for _ in range(8)]
    assert {told["name"] for told in seen} == {"Reducing"}
    assert [told["fraction"] for told in seen] == sorted(told["fraction"] for told in seen)
    assert seen[-1]["message"].startswith("bank ")
    assert seen[-1]["left"] == pytest.approx(3.2 - seen[-1]["seconds"], abs=2.0)
    assert page.told("running", "ended") == {"id": seen[0]["id"], "how": "done", "message": ""}
    page.finish(cell)


def test_how_it_ended_is_told(page):
    failing = page.run(FROM + "with progress('Failing') as report:\n    time.sleep(0.8); raise ValueError('no peak')")
    page.told("running", "progress")
    assert page.told("running", "ended")["message"] == "ValueError: no peak"
    page.end(failing)
    page.heard.clear()
    left = page.run("for run in each(range(100), 'Runs'):\n    time.sleep(0.1)\n    if run == 8: break")
    told = page.told("running", "progress")
    assert "of 100" in told["message"]
    assert page.told("running", "ended")["how"] == "done"
    page.finish(left)
    page.heard.clear()
    stopped = page.run("with progress('Endless') as report:\n    while True: report(None, 'on'); time.sleep(0.01)")
    assert page.told("running", "progress")["fraction"] is None
    runs = page.answer(page.ask("running", "now"))["content"]["runs"]
    assert [run["name"] for run in runs] == ["Endless"]
    assert page.answer(page.ask("running", "stop"))["content"]["stopped"] == ["Endless"]
    assert page.told("running", "ended")["how"] == "stopped"
    page.end(stopped)


def test_short_ones_are_not_told_and_reports_are_cheap(page):
    said = page.printed(
        FROM + "for _ in range(1000):\n    with progress('Short') as report: report(0.5)\n"
        "with progress('Counted') as report:\n    begun = time.thread_time()\n"
        "    for step in range(100_000): report(step / 100_000, 'on')\n"
        "    print((time.thread_time() - begun) / 100_000 < 2e-5)"
    )
    assert said.strip() == "True"
    assert not [m for m in page.heard if m["content"].get("room") == "running" and "Short" in str(m["content"])]


def test_a_thread_is_stopped_at_its_next_report(page):
    page.finish(
        page.run(
            FROM
            + """
def work():
    try:
        with progress("Aside") as report:
            while True: report(0.5); time.sleep(0.02)
    except Stopped as error:
        ended.append(str(error))
ended = []
thread = threading.Thread(target=work); thread.start()
"""
        )
    )
    page.told("running", "progress")
    page.answer(page.ask("running", "stop"))
    assert page.printed("thread.join(2); print(ended)").strip() == "['Aside was stopped.']"
    page.finish(page.run("ended.clear(); thread = threading.Thread(target=work); thread.start(); time.sleep(0.5)"))
    said = page.printed("import mantidlab; print(mantidlab.stop()); thread.join(2); print(ended)").splitlines()
    assert said[0].startswith("Stopped within 0.")
    assert said[1] == "['Aside was stopped.']"


def test_lines_of_a_log_are_told_and_too_many_are_counted(page):
    page.finish(page.run(FROM + "log('one peak', 'warning')"))
    assert page.told("running", "log") == {"id": None, "level": "warning", "line": "one peak"}
    page.finish(page.run("for number in range(5000): log(f'line {number}')\ntime.sleep(0.8)"))
    lines = [m for m in page.heard if m["content"].get("kind") == "log"]
    assert 100 <= len(lines) <= 500
    assert any("more lines are left out here" in str(line["content"]) for line in lines)

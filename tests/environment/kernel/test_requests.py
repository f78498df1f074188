"""What panels ask a kernel is answered beside the running cell, and what it tells them reaches every page."""

import time
from collections.abc import Callable
from queue import Empty

import pytest
from support.pace import Stopwatch
from support.platform import wait_until

HANDLERS = """
import pathlib, threading, time
from mantidlab.kernel import KernelError, answers, between_cells, push

@answers("trial", "echo")
def echo(params):
    return {"said": params["say"], "main": threading.current_thread() is threading.main_thread()}

@answers("trial", "refuse")
def refuse(params):
    raise KernelError("There is no workspace 'a'; the ones there are: b.")

@answers("trial", "break")
def break_(params):
    return {"never": 1 / 0}

@answers("trial", "unsendable")
def unsendable(params):
    return {"what": object()}

@answers("trial", "held")
def held(params):
    pathlib.Path(params["until"]).with_suffix(".begun").touch()
    while not pathlib.Path(params["until"]).exists():
        time.sleep(0.01)
    return {"number": params["number"]}

@answers("trial", "between")
def between(params):
    return between_cells(lambda: {"main": threading.current_thread() is threading.main_thread(), "ran": ran()})

def ran():
    return globals().get("cell")
"""


@pytest.fixture(autouse=True)
def handlers(page):
    page.finish(page.run(HANDLERS))


@pytest.mark.parametrize("work", ["sleeps", "computes"])
def test_a_request_is_answered_while_a_cell(page, hold, work):
    running = page.run(getattr(hold, work))
    page.started(running)
    asked = page.ask("trial", "echo", say="list")
    assert page.receipt() == "known"
    assert page.answer(asked)["content"] == {"said": "list", "main": False}
    assert page.runs(running)
    hold.release()
    assert page.end(running) is None


def test_a_request_says_nothing_of_busy_and_idle(page, hold):
    running = page.run(hold.sleeps)
    page.started(running)
    page.heard.clear()
    for number in range(5):
        page.answer(page.ask("trial", "echo", say=number))
    assert not [said for said in page.heard if said["msg_type"] == "status"]
    hold.release()
    page.finish(running)


def test_an_error_of_ours_comes_as_its_sentence_and_another_one_with_its_name(page):
    refused = page.answer(page.ask("trial", "refuse"))
    assert refused["error"] == "There is no workspace 'a'; the ones there are: b."
    broken = page.answer(page.ask("trial", "break"))
    assert "ZeroDivisionError: division by zero" in broken["error"]
    assert "JSON" in page.answer(page.ask("trial", "unsendable"))["error"]
    assert page.answer(page.ask("trial", "echo", say="still there"))["content"]["said"] == "still there"


def test_a_room_that_nobody_knows_is_told_at_once_and_a_kind_that_nobody_knows_as_a_sentence(page):
    page.ask("cellar", "echo")
    assert page.receipt() == "unknown"
    asked = page.ask("trial", "sing")
    assert page.receipt() == "known"
    assert "does not know the request trial/sing" in page.answer(asked)["error"]


def test_a_slow_answer_of_one_room_holds_up_no_other(page, hold):
    page.finish(page.run("answers('other', 'echo')(echo)"))
    slow = page.ask("trial", "held", until=str(hold.file), number=1)
    page.answer(page.ask("other", "echo", say="quick"))
    hold.release()
    assert page.answer(slow)["content"] == {"number": 1}


def test_of_requests_that_replace_each_other_the_newest_is_answered(page, hold):
    first = page.ask("trial", "held", until=str(hold.file), number=0, latest="row")
    page.receipt()
    wait_until(hold.file.with_suffix(".begun").exists, limit=30, what="the first is worked on")
    others = [page.ask("trial", "held", until=str(hold.file), number=number, latest="row") for number in (1, 2, 3)]
    assert [page.receipt() for _ in others] == ["known"] * 3
    hold.release()
    assert page.answer(first)["content"] == {"number": 0}
    assert [page.answer(asked) for asked in others[:2]] == [
        {"answer_to": asked, "superseded": True} for asked in others[:2]
    ]
    assert page.answer(others[2])["content"] == {"number": 3}


def test_two_pages_get_each_its_own_answers_and_both_what_is_pushed(session, page):
    other = session.page()
    mine, theirs = page.ask("trial", "echo", say="mine"), other.ask("trial", "echo", say="theirs")
    assert page.answer(mine)["content"]["said"] == "mine"
    assert other.answer(theirs)["content"]["said"] == "theirs"
    page.finish(page.run("push('trial', 'news', {'number': 1})"))
    assert page.told("trial", "news") == other.told("trial", "news") == {"number": 1}


def test_pushes_from_many_threads_all_arrive(page):
    cell = """
def tell(thread):
    for number in range(20):
        push("trial", "news", {"thread": thread, "number": number})
threads = [threading.Thread(target=tell, args=[thread]) for thread in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    page.finish(page.run(cell))
    got = [page.told("trial", "news") for _ in range(200)]
    for thread in range(10):
        assert [news["number"] for news in got if news["thread"] == thread] == list(range(20))


def test_news_that_replace_each_other_come_four_times_a_second_and_the_last_always(page):
    cell = "began = time.monotonic()\nfor number in range(200):\n    push('trial', 'state', {'number': number}, latest=True); time.sleep(0.005)"  # noqa: E501
    page.finish(page.run(f"{cell}\nlasted = time.monotonic() - began"))
    numbers = [page.told("trial", "state")["number"]]
    while numbers[-1] != 199:
        numbers.append(page.told("trial", "state")["number"])
    lasted = float(page.printed("print(lasted)"))
    assert numbers == sorted(set(numbers))
    assert 2 <= len(numbers) <= 4 * (lasted + 0.25) + 2


def test_work_for_the_main_thread_waits_for_the_end_of_the_cell_and_comes_before_the_next_one(page, hold):
    first = page.run(f"cell = 1\n{hold.sleeps}\ncell = 'first has ended'")
    page.started(first)
    page.run("cell = 2\ntime.sleep(1)")
    asked = page.ask("trial", "between")
    assert page.receipt() == "known"
    hold.release()
    assert page.answer(asked)["content"] == {"main": True, "ran": "first has ended"}


def test_work_for_the_main_thread_does_not_come_while_a_cell_awaits(page, hold):
    page.finish(page.run("cell = None"))
    awaits = f"while not pathlib.Path({str(hold.file)!r}).exists(): await asyncio.sleep(0.02)"
    running = page.run(f"import asyncio\n{awaits}\ncell = 'awaited'")
    page.started(running)
    asked = page.ask("trial", "between")
    assert page.receipt() == "known"
    hold.release()
    assert page.answer(asked)["content"]["ran"] == "awaited"


def test_work_for_the_main_thread_comes_at_once_when_no_cell_runs(page):
    page.finish(page.run("cell = 'idle'"))
    time.sleep(0.2)
    watch = Stopwatch()
    assert page.answer(page.ask("trial", "between"))["content"] == {"main": True, "ran": "idle"}
    assert watch.within(1.0), watch


def test_much_work_for_the_main_thread_lets_a_cell_in_between(page):
    page.finish(page.run("work = [between_cells(lambda: time.sleep(0.03)) for _ in range(100)]"))
    watch = Stopwatch()
    done = int(page.printed("print(sum(future.done() for future in work))"))
    assert watch.within(1.0), watch
    assert done < 100
    all_done = "print(all(future.done() for future in work))"
    wait_until(lambda: page.printed(all_done).strip() == "True", limit=30, what="all is done")


def test_a_kernel_that_was_restarted_answers_again(another_session: Callable):
    session = another_session()
    page = session.page()
    page.finish(page.run(HANDLERS))
    assert page.answer(page.ask("trial", "echo", say="before"))["content"]["said"] == "before"
    assert page.receipt() == "known"
    session.restart()
    page.ask("trial", "echo", say="gone")
    assert page.receipt() == "unknown"
    page.finish(page.run(HANDLERS))
    assert page.answer(page.ask("trial", "echo", say="after"))["content"]["said"] == "after"


def test_a_kernel_of_another_specification_answers_once_it_is_told_to(another_session: Callable):
    page = another_session(extension=False).page()
    page.ask("kernel", "hello")
    with pytest.raises(Empty):
        page.kernel.get_control_msg(timeout=1)
    page.finish(
        page.kernel.execute("import mantidlab.kernel; mantidlab.kernel.start()", silent=True, store_history=False)
    )
    asked = page.ask("kernel", "hello")
    assert page.receipt() == "known"
    assert page.answer(asked)["content"]["rooms"] == ["forms", "interfaces", "running", "workspaces"]
    assert page.printed("import mantidlab.kernel as k; print(k.start(), k.start())").strip() == "True True"


def test_outside_of_a_kernel_pushes_go_nowhere_and_work_is_done_at_once():
    from mantidlab.kernel import between_cells, push, start

    assert start() is False
    push("trial", "news", {})
    assert between_cells(lambda: 3).result(timeout=0) == 3


def test_a_kernel_starts_without_numpy_and_frameworks(another_session: Callable):
    page = another_session().page()
    said = page.printed(
        "import sys; print([name for name in ('numpy', 'scipp', 'mantidlab.frameworks') if name in sys.modules])"
    )
    assert said.strip() == "[]"


@pytest.mark.parametrize("later", [0.0, 0.1, 0.25, 0.4])
def test_rooms_that_open_while_a_cell_imports_harm_neither(another_session: Callable, later: float):
    page = another_session().page()
    cell = page.run("from mantidlab.techniques.sans_iq import sans_iq\nimport scipp, mantidlab.plots.lines")
    page.started(cell)
    time.sleep(later)
    asked = [page.ask(*kind) for kind in (("workspaces", "list"), ("forms", "form"), ("interfaces", "list"))]
    said = [str(page.answer(name, within=40).get("error", "")) for name in asked]
    assert not [error for error in said if "mport" in error], said
    page.finish(cell, within=60)
    page.finish(page.run("import mantidlab.interfaces, mantidlab.forms, mantidlab.workspaces"), within=60)


def test_no_line_of_ours_is_logged_into_a_cell(page):
    page.heard.clear()
    cell = page.run("import logging\nlogging.basicConfig(force=True)\ntime.sleep(1)")
    page.started(cell)
    assert "ZeroDivisionError" in page.answer(page.ask("trial", "break"))["error"]
    page.finish(cell)
    assert not [said["content"] for said in page.heard if said["msg_type"] == "stream"]

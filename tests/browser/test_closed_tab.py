"""Nobody has to keep a tab open for what a cell prints: closed, reloaded or cut off, the outputs are kept.

A cell that waits here does so for a file, so that a test knows what has happened and takes no longer than it must.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from support.desk import Desk, close, outputs, prompt, ready, run_all, save
from support.notebooks import record_in
from support.platform import Platform, wait_until

NAME = "olivia"
WAIT = "import pathlib, time\nwhile not pathlib.Path({go!r}).exists(): time.sleep(0.02)\n"
STEPS = "import time\nfor step in range(8): print('step', step, flush=True); time.sleep(1)\n6 * 7"
PLOT = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])"
FAILS = "print('before')\n1 / 0"


def held(go: str) -> str:
    """Return a cell that prints, waits until it may go on, prints more, and has a result."""
    return f"print('begun', flush=True)\n{WAIT.format(go=go)}print('ended')\n6 * 7"


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, NAME)


@pytest.fixture(scope="module")
def signed_in(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


def text_of(cell: dict[str, Any]) -> str:
    """Return what a cell on disk shows: what it printed, its result, its error."""
    shown = ""
    for output in cell["outputs"]:
        text = output.get("text") or output.get("data", {}).get("text/plain") or output.get("traceback", "")
        shown += "".join(text) + "\n"
    return shown


def test_what_a_cell_prints_over_seconds_and_its_result_are_there(desk: Desk, signed_in: BrowserContext):
    desk.write("steps.ipynb", STEPS)
    page = desk.open(signed_in, "steps.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("step 1")
    close(page)
    wait_until(lambda: "execute_result" in str(desk.cells("steps.ipynb")), limit=60, what="the result is in the file")
    [cell] = desk.cells("steps.ipynb")
    assert [f"step {n}" for n in range(8)] == re.findall(r"step \d", text_of(cell))
    assert cell["execution_count"] == 1
    assert cell["outputs"][-1]["output_type"] == "execute_result"
    page = desk.open(signed_in, "steps.ipynb")
    expect(outputs(page).first).to_contain_text("step 7")
    expect(outputs(page).last).to_have_text("42")
    expect(prompt(page)).to_have_text("[1]:")
    save(page)
    close(page)


def test_the_cells_that_waited_for_their_turn_have_theirs_too(desk: Desk, signed_in: BrowserContext):
    desk.write("queue.ipynb", held("queue"), PLOT, FAILS)
    page = desk.open(signed_in, "queue.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    close(page)
    desk.go("queue")
    # A kernel is idle for a moment between two cells, too.
    wait_until(
        lambda: "ZeroDivisionError" in str(desk.cells("queue.ipynb")[-1]), limit=60, what="the error is in the file"
    )
    first, plot, failed = desk.cells("queue.ipynb")
    assert [cell["execution_count"] for cell in (first, plot, failed)] == [1, 2, 3]
    assert re.findall("begun|ended|42", text_of(first)) == ["begun", "ended", "42"]
    assert "image/png" in plot["outputs"][-1]["data"]
    assert "before" in text_of(failed)
    assert failed["outputs"][-1]["ename"] == "ZeroDivisionError"
    record = record_in(desk.home / "queue.ipynb")
    assert record is not None, "outputs and the record of where they were made go together"
    assert record["environment"] == "scipp"
    page = desk.open(signed_in, "queue.ipynb")
    expect(outputs(page, 1).locator("img")).to_be_visible()
    expect(outputs(page, 2).last).to_contain_text("ZeroDivisionError")
    expect(prompt(page, 2)).to_have_text("[3]:")
    close(page)


def test_a_page_that_is_loaded_again_goes_on_showing_what_comes(desk: Desk, signed_in: BrowserContext):
    desk.write("reload.ipynb", held("reload"), "'second'")
    page = desk.open(signed_in, "reload.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    page.reload()
    ready(page)
    expect(outputs(page)).to_contain_text("begun")
    expect(prompt(page)).to_have_text("[*]:")
    desk.go("reload")
    expect(outputs(page).first).to_contain_text("ended")
    expect(outputs(page).last).to_have_text("42")
    expect(prompt(page)).to_have_text("[1]:")
    expect(outputs(page, 1)).to_have_text("'second'")
    expect(prompt(page, 1)).to_have_text("[2]:")
    save(page)
    first, second = desk.cells("reload.ipynb")
    assert re.findall("begun|ended|42|second", text_of(first) + text_of(second)) == ["begun", "ended", "42", "second"]
    close(page)


def test_a_notebook_that_is_closed_within_the_page_and_opened_again_goes_on_too(desk: Desk, signed_in: BrowserContext):
    desk.write("again.ipynb", held("again"))
    page = desk.open(signed_in, "again.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    page.locator(".lm-TabBar-tab", has_text="again.ipynb").locator(".lm-TabBar-tabCloseIcon").click()
    page.locator(".jp-Dialog button", has_text="Discard").click()
    expect(page.locator(".jp-Notebook")).to_have_count(0)
    page.locator(".jp-DirListing-item", has_text="again.ipynb").dblclick()
    expect(outputs(page)).to_contain_text("begun")
    expect(prompt(page)).to_have_text("[*]:")
    desk.go("again")
    expect(outputs(page).first).to_contain_text("ended")
    expect(prompt(page)).to_have_text("[1]:")
    save(page)
    close(page)


def test_another_tab_on_the_notebook_goes_on_when_the_one_that_ran_it_closes(desk: Desk, signed_in: BrowserContext):
    desk.write("two.ipynb", held("two"))
    page, other = desk.open(signed_in, "two.ipynb"), desk.open(signed_in, "two.ipynb")
    page.bring_to_front()
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    close(page)
    desk.go("two")
    desk.wait_until_done()
    other.bring_to_front()
    expect(outputs(other).first).to_contain_text("ended")
    expect(prompt(other)).to_have_text("[1]:")
    save(other)
    close(other)
    [cell] = desk.cells("two.ipynb")
    assert re.findall("begun|ended|42", text_of(cell)) == ["begun", "ended", "42"]


def test_a_page_that_was_cut_off_gets_what_it_missed_and_can_save(desk: Desk, signed_in: BrowserContext):
    desk.write("cut.ipynb", held("cut"))
    page = desk.open(signed_in, "cut.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    desk.platform.kill_service("edge")
    desk.go("cut")
    expect(outputs(page).first).to_contain_text("ended", timeout=60_000)
    expect(outputs(page).last).to_have_text("42")
    expect(prompt(page)).to_have_text("[1]:")
    save(page)
    close(page)
    [cell] = desk.cells("cut.ipynb")
    assert re.findall("begun|ended|42", text_of(cell)) == ["begun", "ended", "42"]


def test_a_cell_that_was_changed_meanwhile_is_left_alone(desk: Desk, signed_in: BrowserContext):
    desk.write("changed.ipynb", held("changed"))
    page = desk.open(signed_in, "changed.ipynb")
    run_all(page)
    expect(outputs(page)).to_contain_text("begun")
    close(page)
    content = json.loads((desk.home / "changed.ipynb").read_text())
    content["cells"][0].update(source="'another'", outputs=[])
    (desk.home / "changed.ipynb").write_text(json.dumps(content))
    desk.go("changed")
    desk.wait_until_done()
    [cell] = desk.cells("changed.ipynb")
    assert "".join(cell["source"]) == "'another'"
    assert cell["outputs"] == []

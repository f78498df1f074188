"""A notebook records where its cells really ran, as soon as they run, and keeps it whatever else is done to it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from real_sessions import Session
from support.notebooks import metadata_of, record_in, write_notebook

RAN_IN_MANTID = {"environment": "mantid", "title": "Mantid 6.15", "hash": "cc" * 32, "lock": "cc"}
SCIPP = {"environment": "scipp", "title": "scipp", "hash": "aa" * 32, "lock": "aa"}
MANTID = {"environment": "mantid", "title": "Mantid 6.16", "hash": "bb" * 32, "lock": "bb"}


@pytest.fixture
def session(here) -> Session:
    """A session with two kernels, scipp being its own."""
    return here.start(
        "ann", [here.environment("scipp", "scipp", "aa"), here.environment("mantid", "Mantid 6.16", "bb")]
    )


@pytest.fixture
def home(session: Session) -> Path:
    return session.home


def run_cell(page: Page, number: int = 0, answer: str | None = "[1]:") -> None:
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    if answer:
        expect(cell.locator(".jp-InputPrompt")).to_have_text(answer, timeout=30_000)


def save(page: Page) -> None:
    page.locator(".jp-Notebook .cm-content").first.click()
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def test_running_a_cell_records_the_environment_of_its_kernel(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7")
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_the_kernel_that_ran_counts_and_not_the_sessions_own(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", kernel="mantidhub-mantid", mantidhub=RAN_IN_MANTID)
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    save(page)
    assert record_in(home / "a.ipynb") == MANTID


def test_a_cell_that_fails_has_run(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "1 / 0")
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_opening_editing_and_saving_records_nothing(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=RAN_IN_MANTID)
    write_notebook(home / "b.ipynb", "6 * 7")
    for name, expected in (("a.ipynb", RAN_IN_MANTID), ("b.ipynb", None)):
        page = here.open(desktop, "ann", name)
        page.locator(".jp-Notebook .cm-content").first.click()
        page.keyboard.type("# edited ")
        save(page)
        assert "edited" in (home / name).read_text()
        assert record_in(home / name) == expected
        page.close()


WAIT = "import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)"


def test_a_cell_that_runs_is_recorded_before_it_ends(here, home, desktop: BrowserContext):
    """What it prints from now on comes from this kernel, and a page that is lost cannot write it later."""
    write_notebook(home / "a.ipynb", WAIT, mantidhub=RAN_IN_MANTID)
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page, answer="[*]:")
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Busy").first).to_be_attached()
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_a_cell_that_waits_for_its_turn_is_not_recorded(here, session, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=RAN_IN_MANTID)
    page = here.open(desktop, "ann", "a.ipynb")
    [started] = session.ask("GET", "api/sessions").json
    connection, _ = session.send_cell(WAIT, started["kernel"]["id"])  # held, since it closes when it is let go
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Busy").first).to_be_attached()
    run_cell(page, answer="[*]:")
    page.wait_for_timeout(500)
    save(page)
    assert record_in(home / "a.ipynb") == RAN_IN_MANTID
    (home / "go").touch()
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[1]:")
    connection.close()
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_undo_takes_back_the_text_and_not_the_record(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7")
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator(".jp-CodeCell")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator(".jp-CodeCell")).to_have_count(1)
    page.keyboard.press("z")  # one more, should the record have made a step of its own
    page.wait_for_timeout(300)
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_clearing_outputs_keeps_the_record(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7")
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_role("menuitem", name="Clear Outputs of All Cells").click()
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0)
    save(page)
    assert record_in(home / "a.ipynb") == SCIPP


def test_a_kernel_of_the_users_own_leaves_no_record(here, home, desktop: BrowserContext):
    mine = home / ".local/share/jupyter/kernels/mine/kernel.json"
    mine.parent.mkdir(parents=True)
    argv = [str(here.prefix / "bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    mine.write_text(json.dumps({"argv": argv, "display_name": "mine", "language": "python"}))
    write_notebook(home / "a.ipynb", "6 * 7", kernel="mine", mantidhub=RAN_IN_MANTID)
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    save(page)
    assert record_in(home / "a.ipynb") is None


@pytest.mark.parametrize(
    ("asked_for", "opened_with"),
    [("python2", "python3"), ("mantidhub-scipp", "python3"), ("mantidhub-mantid-0123456789ab", "mantidhub-mantid")],
)
def test_a_notebook_for_an_unknown_kernel_opens_without_a_question(here, home, desktop, asked_for, opened_with):
    write_notebook(home / "a.ipynb", "6 * 7", kernel=asked_for)
    page = here.open(desktop, "ann", "a.ipynb")
    run_cell(page)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    save(page)
    assert metadata_of(home / "a.ipynb")["kernelspec"]["name"] == opened_with


def test_a_notebook_in_another_language_is_asked_about(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", kernel="ir", language_info={"name": "R"})
    content = json.loads((home / "a.ipynb").read_text())
    content["metadata"]["kernelspec"]["language"] = "R"
    (home / "a.ipynb").write_text(json.dumps(content))
    page = here.open(desktop, "ann", "a.ipynb", wait_for_kernel=False)
    expect(page.locator(".jp-Dialog", has_text="Select Kernel")).to_be_visible()

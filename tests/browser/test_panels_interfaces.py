"""Interfaces on the real platform: a table of runs in the panel, and a page of one's own for a tablet."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, save
from support.everybody import complaints, small_controls
from support.person import PASSWORD
from support.platform import SCREENSHOTS, Platform, wait_until

REDUCED_WITHIN = 120_000  # ms


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, "quentin")


@pytest.fixture
def tablet_of_a_beamline(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, device_scale_factor=2)
    yield context
    context.close()


def panel(page: Page) -> Locator:
    return page.locator("#mantidlab-interfaces")


def state(page: Page, row: int) -> Locator:
    return page.locator(f"tr[data-row='{row}'] .mli-state")


def cell(page: Page, row: int) -> Locator:
    return page.locator(f"tr[data-row='{row}'] > td[data-column=sample]")


def run_all(page: Page, end: str) -> None:
    """Run the table until it says how it ended; what may not fit is said first, and runs when it is asked for again."""
    press = panel(page).get_by_role("button", name="Run all", exact=True)
    press.click()
    ended = panel(page).get_by_text(end)
    expect(ended.or_(panel(page).get_by_text("Press Run again")).first).to_be_visible(timeout=REDUCED_WITHIN)
    if not ended.is_visible():
        press.click()
    expect(ended).to_be_visible(timeout=REDUCED_WITHIN)


def open_table(page: Page) -> None:
    page.keyboard.press("Alt+m")
    page.keyboard.press("i")
    panel(page).get_by_role("button", name=re.compile("^I\\(Q\\)")).click(timeout=REDUCED_WITHIN)
    panel(page).get_by_role("tab", name="Many runs").click()


def test_a_table_of_runs_goes_on_after_a_failure_and_after_the_page_was_loaded_again(
    desk: Desk, desktop: BrowserContext
) -> None:
    desk.write("batch.ipynb", "")
    page = desk.open(desktop, "batch.ipynb")
    page.locator(".jp-CodeCell .cm-content").click()
    open_table(page)
    panel(page).get_by_label("Runs to add").fill("1001-1002, 9999")
    panel(page).get_by_role("button", name="Add runs").click()
    assert complaints(page, "#mantidlab-interfaces") == []
    run_all(page, "2 done · 1 failed")
    # What failed is kept apart, with its sentence.
    expect(panel(page).locator(".mli-failed [data-row='3']")).to_be_visible()
    expect(panel(page).locator(".mli-failed .mlf-problem")).to_contain_text("9999")
    expect(page.locator(".jp-CodeCell").first).to_contain_text('batch(sans_iq, "sans_iq.csv", to="sans_iq-results")')
    page.screenshot(path=SCREENSHOTS / "panels-interfaces-table.png")
    save(page)

    page.reload()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=REDUCED_WITHIN)
    page.locator(".jp-CodeCell .cm-content").first.click()
    open_table(page)
    expect(state(page, 1)).to_have_text("done")
    expect(state(page, 3)).to_have_text("does not fit")
    expect(panel(page).locator(".mli-failed [data-row='3']")).to_be_visible()
    cell(page, 3).click()
    page.keyboard.type("1003")  # into the form's field, which comes with the first letter
    page.keyboard.press("Enter")
    expect(state(page, 3)).to_have_text("to do")
    run_all(page, "3 done · 0 to do")

    panel(page).get_by_role("button", name="Open row 1 as a notebook").click()
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")).to_contain_text("Repeats the run of", timeout=60_000)
    # The table stays where it was begun, though another notebook is the current one.
    expect(state(page, 1)).to_have_text("done")
    expect(cell(page, 3)).to_have_text("1003")


def test_a_page_of_its_own_is_worked_with_by_fingers(desk: Desk, tablet_of_a_beamline: BrowserContext) -> None:
    page = tablet_of_a_beamline.new_page()
    notebook = desk.home / "runs" / "sans_iq.ipynb"
    address = f"{desk.platform.address}/user/{desk.person.name}/mantidlab/interfaces/sans_iq"
    page.goto(address)
    page.get_by_label(re.compile("user", re.IGNORECASE)).first.fill(desk.person.name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="I(Q) from small-angle scattering")).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-Toolbar:visible, .jp-SideBar:visible, .jp-Notebook:visible")).to_have_count(0)

    sample = page.locator("[data-field=sample] input")
    expect(sample).to_be_visible(timeout=60_000)
    sample.tap()
    page.keyboard.type("1001")
    assert small_controls(page, ".mli-page") == []
    assert complaints(page, ".mli-page") == []
    page.get_by_role("button", name="Run", exact=True).tap()
    results = page.get_by_role("region", name="Results")
    expect(results.locator("[data-plot=lines][data-refined=true]")).to_be_visible(timeout=REDUCED_WITHIN)
    results.locator("[data-plot]").scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / "panels-interfaces-page.png")
    assert page.url == address  # so it can be linked to
    # What was done lies in a notebook, saved without anybody's doing.
    wait_until(lambda: "sans_iq(" in notebook.read_text(), limit=30, what="the notebook holds the call")

    page.reload()
    expect(results.locator("[data-plot]")).to_be_visible(timeout=60_000)

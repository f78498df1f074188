"""The documentation panel on the real platform: with the keyboard at a desk, with fingers on a tablet."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.desk import Desk, outputs, run_all
from support.everybody import complaints, small_controls
from support.platform import SCREENSHOTS, Platform

PANEL = "#mantidlab-documentation"
CELL = "import scipp as sc\nx = sc.linspace('x', 0.0, 1.0, num=3)"


@pytest.fixture(scope="module")
def reader(platform: Platform) -> Desk:
    desk = Desk.of(platform, "ragna")
    desk.write("reading.ipynb", CELL, "x")
    desk.write("tablet.ipynb", "import time\ntime.sleep(600)")
    return desk


def panel_of(page: Page) -> Locator:
    return page.locator("#mantidlab-documentation")


def title(page: Page) -> Locator:
    return panel_of(page).locator(".mantidlab-DocTitle")


def last_cell(page: Page) -> Locator:
    return page.locator(".jp-CodeCell.jp-mod-active .cm-content")


def test_with_the_keyboard(reader: Desk, desktop: BrowserContext) -> None:
    """Search, read, insert a call and type over what it leaves open; then the page follows the caret."""
    page = reader.open(desktop, "reading.ipynb")
    run_all(page)
    expect(outputs(page, 1)).to_contain_text("float64")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+m")
    page.keyboard.press("d")
    box = panel_of(page).get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("rebn")
    options = panel_of(page).get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("scipp.rebin")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("scipp.rebin")
    page.screenshot(path=SCREENSHOTS / "panel-documentation.png")

    insert = panel_of(page).get_by_role("button", name="Insert call")
    insert.focus()
    page.keyboard.press("Enter")
    expect(last_cell(page)).to_have_text(re.compile(r"^result = sc\.rebin\(\s*\.\.\.,"))  # the import stands above
    page.keyboard.type("x * 2")  # over the three dots
    expect(last_cell(page)).to_contain_text("x * 2,")

    page.locator(".jp-CodeCell").first.get_by_text("num").click()
    expect(title(page)).to_have_text("scipp.linspace")
    expect(panel_of(page).locator("tr[aria-current=true]")).to_contain_text("num")
    back = panel_of(page).get_by_role("button", name="Back")
    back.focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(title(page)).to_have_text("scipp.rebin")

    box.fill("PseudoVoigtModel")
    box.press("Enter")
    expect(title(page)).to_contain_text("PseudoVoigtModel")
    expect(panel_of(page).locator("mjx-container").first).to_be_visible()
    link = panel_of(page).locator(".mantidlab-DocText a", has_text="Lorentzian").first
    link.focus()
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("LorentzianModel")
    assert complaints(page, PANEL) == []
    page.close()


def test_with_fingers_while_the_kernel_is_busy(reader: Desk, tablet: BrowserContext) -> None:
    page = reader.open(tablet, "tablet.ipynb")
    run_all(page)
    page.locator(".jp-SideBar [data-id=mantidlab-documentation]").tap()
    box = panel_of(page).get_by_role("searchbox")
    box.tap()
    box.fill("spheres")  # an example in the home
    found = panel_of(page).get_by_role("listbox").get_by_role("option").filter(has_text="example").first
    expect(found).to_be_visible()
    box.fill("linspce")
    panel_of(page).get_by_role("listbox").get_by_role("option").filter(
        has_text=re.compile("^scipp.linspace")
    ).first.tap()
    expect(title(page)).to_have_text("scipp.linspace")
    assert small_controls(page, PANEL) == []
    page.screenshot(path=SCREENSHOTS / "panel-documentation-tablet.png")
    panel_of(page).get_by_role("button", name="scipp.geomspace", exact=True).tap()
    expect(title(page)).to_have_text("scipp.geomspace")
    panel_of(page).get_by_role("button", name="Back").tap()
    expect(title(page)).to_have_text("scipp.linspace")
    reader.person.session("POST", f"/api/kernels/{kernel_of(reader)}/restart")
    panel_of(page).get_by_role("button", name=re.compile("^Run the example")).first.tap()
    expect(last_cell(page)).to_contain_text("import scipp as sc")
    shown = page.locator(".jp-CodeCell.jp-mod-active .jp-OutputArea-output")
    expect(shown).to_have_count(3, timeout=60_000)  # each example of the block, not the last alone
    expect(shown.last).to_contain_text("float64")
    page.close()


def kernel_of(desk: Desk) -> str:
    sessions = desk.person.session("GET", "/api/sessions").json()
    return str(next(one for one in sessions if one["path"] == "tablet.ipynb")["kernel"]["id"])

"""Forms on the real platform: with keys at a desk from a search to a cell and back, and on a telephone by fingers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, save
from support.everybody import complaints, small_controls
from support.platform import SCREENSHOTS, Platform

COMPUTES_WITHIN = 60_000  # ms
BEGIN = """from typing import Literal
import scipp as sc
counts = sc.DataArray(
    sc.arange("x", 10.0, unit="counts"), coords={"x": sc.linspace("x", 0.0, 1.0, 11, unit="m")}
)
def scaled(data: sc.DataArray, factor: float = 2.0, how: Literal["all", "none"] = "all") -> sc.DataArray:
    '''Scale counts.

    Parameters
    ----------
    factor
        By which all is multiplied.
    '''
    return data * factor if how == "all" else data.copy()"""
CALL = """twice = scaled(  # what for
    counts,
    factor=2.0,  # by experience
)"""


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, "philippa")


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2, color_scheme="dark"
    )
    yield context
    context.close()


def forms(page: Page) -> Locator:
    return page.locator("#mantidlab-forms")


def entry(page: Page, field: str) -> Locator:
    return forms(page).locator(f"[data-field={field}]").locator("input, select, textarea").first


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def source(page: Page, cell: int) -> str:
    lines = page.locator(".jp-CodeCell").nth(cell).locator(".cm-line").all_inner_texts()
    return "\n".join(line.rstrip("\n") for line in lines)


def test_with_keys_from_a_search_to_a_cell_that_ran(desk: Desk, desktop: BrowserContext) -> None:
    desk.write("forms.ipynb", BEGIN, "")
    page = desk.open(desktop, "forms.ipynb")
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    press(page, "Shift+Enter", "Alt+m", "o")
    page.keyboard.type("scipp.sum")
    expect(forms(page).locator(".mlf-thing").first).to_contain_text("scipp.sum")
    press(page, "Enter")
    expect(forms(page).get_by_role("heading", name="scipp.sum")).to_be_visible()

    # What is missing is said once somebody wants to run it, and the keys are where it is to be mended.
    press(page, "Tab")
    forms(page).get_by_role("button", name="Run", exact=True).press("Enter")
    expect(forms(page).locator(".mlf-problem").first).to_have_text("Choose a workspace.")
    expect(entry(page, "x")).to_be_focused()
    assert complaints(page, "#mantidlab-forms") == []

    press(page, "ArrowDown", "ArrowDown")
    expect(page.get_by_role("option", name=re.compile("^counts"))).to_have_attribute("aria-selected", "true")
    press(page, "Enter")
    entry(page, "dim").fill("x")
    forms(page).get_by_label("Keep the result as").fill("total")
    expect(forms(page).locator(".mlf-preview code")).to_have_text('total = sc.sum(counts, dim=["x"])')
    page.screenshot(path=SCREENSHOTS / "panels-forms.png")
    press(page, "Enter")
    expect(forms(page).get_by_text("It ran to its end.")).to_be_visible(timeout=COMPUTES_WITHIN)
    assert source(page, 1) == 'total = sc.sum(counts, dim=["x"])'
    expect(forms(page).get_by_role("button", name=re.compile("^Show total"))).to_be_visible()
    save(page)


def test_a_call_of_ones_own_function_becomes_a_form_and_is_written_back_with_its_comments(
    desk: Desk, desktop: BrowserContext
) -> None:
    desk.write("own.ipynb", BEGIN, CALL)
    page = desk.open(desktop, "own.ipynb")
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    press(page, "Shift+Enter")
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.locator(".jp-CodeCell").nth(1).locator("[data-command='mantidlab:form-of-cell']").click()
    expect(forms(page).get_by_role("heading", name="scaled")).to_be_visible(timeout=COMPUTES_WITHIN)
    expect(entry(page, "data")).to_have_value("counts")
    forms(page).get_by_role("button", name="About factor").click()
    expect(forms(page).get_by_text("By which all is multiplied.")).to_be_visible()

    entry(page, "factor").fill("three")
    expect(forms(page).locator("[data-field=factor] .mlf-problem")).to_contain_text("“three” is not a number")
    entry(page, "factor").fill("3.5")
    forms(page).get_by_role("button", name="Write back and run").click()
    expect(forms(page).get_by_text("It ran to its end.")).to_be_visible(timeout=COMPUTES_WITHIN)
    assert source(page, 1) == CALL.replace("2.0", "3.5")

    # It can be changed again from there.
    entry(page, "how").select_option(label="none")
    forms(page).get_by_role("button", name="Write back", exact=True).click()
    expect(forms(page).get_by_text("Written back into the cell.")).to_be_visible()
    assert 'how="none"' in source(page, 1)
    assert "# by experience" in source(page, 1)

    # Each time is one step of undo.
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    press(page, "Control+z")
    assert source(page, 1) == CALL.replace("2.0", "3.5")
    press(page, "Control+z")
    assert source(page, 1) == CALL
    save(page)


def test_on_a_telephone_by_fingers(desk: Desk, telephone: BrowserContext) -> None:
    desk.write("pocket.ipynb", BEGIN)
    page = desk.open(telephone, "pocket.ipynb")
    page.locator(".jp-SideBar [data-id=mantidlab-forms]").tap()
    forms(page).get_by_role("searchbox").fill("scipp.rebin")
    forms(page).locator(".mlf-thing", has_text="scipp.rebin").first.tap()
    expect(forms(page).get_by_role("heading", name="scipp.rebin")).to_be_visible()
    forms(page).get_by_role("button", name=re.compile("^About")).first.tap()
    assert small_controls(page, "#mantidlab-forms form") == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert complaints(page, "#mantidlab-forms") == []
    page.screenshot(path=SCREENSHOTS / "panels-forms-telephone.png")

"""The way of a person through all panels on the real platform: with fingers on a tablet, and with keys at a desk.

Search with a misspelling, read, insert the call, fill in its form, run it, find the workspace, plot it, stop what takes
long, write out how the workspace was made, and get the same numbers from that script.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, prompt, save
from support.pace import Stopwatch
from support.platform import SCREENSHOTS, Platform, wait_until

BEGIN = """import scipp as sc
path = sc.DataArray(
    sc.array(dims=["bank"], values=[4.25, 4.5, 5.0], unit="m"),
    coords={"bank": sc.arange("bank", 3, unit=None)},
)"""
WITHOUT_END = """while True:
    sc.sort(sc.linspace("x", 1.0, 0.0, 400_000), "x")"""
COMPARE = """import runpy
from pathlib import Path
(script,) = Path().glob("history-of-in_mm-*.py")
print("the same numbers:", sc.identical(runpy.run_path(str(script))["in_mm"], in_mm))"""
NOT_TO_BE_INTERRUPTED = """import ctypes
libc, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(64)
libc.pthread_mutex_lock(mutex)
libc.pthread_mutex_lock(mutex)"""
AGAIN = 'print("again:", in_cm.unit)'
STOPS_WITHIN = 2.0  # s: one for the kernel, and one for a page on a machine that does more
COMPUTES_WITHIN = 60_000  # ms


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, "ulrike")


@pytest.fixture
def with_fingers(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, device_scale_factor=2)
    yield context
    context.close()


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"#mantidlab-{name}")


def tap_tab(page: Page, name: str) -> Locator:
    page.locator(f".jp-SideBar [data-id=mantidlab-{name}]").tap()
    expect(panel(page, name)).to_be_visible()
    return panel(page, name)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def active_cell(page: Page) -> Locator:
    return page.locator(".jp-Notebook .jp-Cell.jp-mod-active")


def tap_run(page: Page) -> None:
    page.locator("jp-button[data-command='notebook:run-cell-and-select-next']").first.tap()


def workspace(page: Page, name: str) -> Locator:
    return panel(page, "workspaces").get_by_role("treeitem", name=re.compile(f"^{name},"))


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"panels-{name}.png")


def time_to_stop(page: Page, cell: int, stop: Locator) -> Stopwatch:
    """Press Stop once a cell runs, and return how long it went on."""
    expect(stop).to_be_visible(timeout=COMPUTES_WITHIN)
    watch = Stopwatch()
    stop.tap()
    prompt(page, cell).filter(has_text=re.compile(r"\[\d+\]")).wait_for()
    return watch


def end_what_nothing_can_interrupt(page: Page, form: Locator) -> None:
    """Stop a cell that no interrupt reaches, and use a variable in the kernel that takes the place of its kernel."""
    stuck = page.locator(".jp-CodeCell", has_text="pthread_mutex_lock")
    stuck.locator(".cm-content").click()
    press(page, "Control+Enter")
    expect(stuck.locator(".jp-InputPrompt")).to_contain_text("[*]")
    expect(form.get_by_role("region", name="What runs")).to_be_visible()
    press(page, "Alt+m", "s")
    form.get_by_role("button", name="Stop, keeping what there is").press("Enter", timeout=COMPUTES_WITHIN)
    expect(form.get_by_role("status").filter(has_text="was started anew")).to_be_visible(timeout=COMPUTES_WITHIN)
    shoot(page, "kept")
    expect(stuck).to_contain_text("its process was ended")
    page.locator(".jp-CodeCell", has_text="again:").locator(".cm-content").click()
    press(page, "Control+Enter")
    expect(page.get_by_text("again: cm")).to_be_visible(timeout=COMPUTES_WITHIN)


def test_with_fingers_from_a_misspelt_search_to_a_script_with_the_same_numbers(
    desk: Desk, with_fingers: BrowserContext, times_slower: float
) -> None:
    desk.write("journey.ipynb", BEGIN, WITHOUT_END, COMPARE)
    page = desk.open(with_fingers, "journey.ipynb")
    expect(page.locator("#filebrowser")).to_be_hidden()  # there is no room for it
    tap_run(page)

    documentation = tap_tab(page, "documentation")
    documentation.get_by_label("Search the documentation").fill("conver units")
    hit = documentation.get_by_role("listbox").get_by_role("option").first
    expect(hit).to_contain_text("scipp.to_unit")
    shoot(page, "search")
    hit.tap()
    expect(documentation.get_by_role("heading", name="scipp.to_unit")).to_be_visible()
    shoot(page, "page")
    documentation.get_by_role("button", name="Insert call").tap()
    expect(active_cell(page)).to_contain_text("result = sc.to_unit(")

    form = tap_tab(page, "forms")
    form.get_by_role("button", name="Open the cell as a form").tap()
    expect(form.locator("form")).to_contain_text("Read from the cell")
    form.locator("[data-field=x] input").tap()
    page.get_by_role("option", name=re.compile("^path")).tap()
    form.locator("[data-field=unit] input").fill("mm")
    form.get_by_label("Keep the result as").fill("in_mm")
    expect(form.locator("figure")).to_contain_text('unit="mm"')
    shoot(page, "form")
    form.get_by_role("button", name="Write back and run").tap()
    expect(form.get_by_text("It ran to its end.")).to_be_visible(timeout=COMPUTES_WITHIN)
    expect(active_cell(page)).to_contain_text("in_mm = sc.to_unit(")

    workspaces = tap_tab(page, "workspaces")
    workspace(page, "in_mm").tap()
    workspaces.get_by_role("button", name="Plot", exact=True).tap()
    expect(page.locator(".jp-Notebook [data-plot=lines][data-drawn]")).to_be_visible(timeout=COMPUTES_WITHIN)
    shoot(page, "workspaces")

    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").tap()
    tap_run(page)
    stop = workspaces.get_by_role("region", name="What runs").get_by_role("button", name="Stop")
    watch = time_to_stop(page, 1, stop)
    assert watch.within(STOPS_WITHIN * times_slower), watch
    expect(page.locator(".jp-CodeCell").nth(1)).to_contain_text("KeyboardInterrupt")

    workspace(page, "in_mm").tap()
    workspaces.get_by_role("button", name="History").tap()
    workspaces.get_by_role("button", name="As a script").tap()
    wait_until(lambda: list(desk.home.glob("history-of-in_mm-*.py")), limit=30, what="the script is written")
    shoot(page, "history")
    page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="journey.ipynb").tap()
    page.locator(".jp-CodeCell", has_text="runpy").locator(".cm-content").tap()
    tap_run(page)
    expect(page.get_by_text("the same numbers: True")).to_be_visible(timeout=COMPUTES_WITHIN)
    save(page)


def test_with_keys_from_a_search_to_a_stop(desk: Desk, desktop: BrowserContext) -> None:
    desk.write("keys.ipynb", BEGIN, 'in_cm = sc.to_unit(path, unt="cm")', WITHOUT_END, NOT_TO_BE_INTERRUPTED, AGAIN)
    page = desk.open(desktop, "keys.ipynb")
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.mouse.move(0, 0)  # where it explains nothing
    press(page, "Shift+Enter", "Enter", "End", *["ArrowLeft"] * 8)
    # The wrong name of the second cell is said before the cell runs, and a key mends it.
    expect(page.locator(".mantidlab-Offers")).to_contain_text("unit")
    shoot(page, "offers")
    press(page, "Control+.")
    expect(active_cell(page)).to_contain_text('unit="cm"')
    press(page, "Alt+h")
    expect(page.locator(".mantidlab-Help")).to_contain_text("scipp.to_unit")
    press(page, "Escape", "Shift+Enter")

    press(page, "Alt+m", "w")
    expect(workspace(page, "in_cm")).to_be_visible(timeout=COMPUTES_WITHIN)
    press(page, "Alt+m", "d")
    page.keyboard.type("wavelenght from tof")
    documentation = panel(page, "documentation")
    expect(documentation.get_by_role("listbox").get_by_role("option").first).to_contain_text("wavelength_from_tof")
    press(page, "Enter")
    expect(documentation.get_by_role("heading", name=re.compile("wavelength_from_tof"))).to_be_visible()
    documentation.get_by_role("button", name="Insert call").press("Enter")
    made = page.locator(".jp-CodeCell", has_text="wavelength_from_tof(")
    expect(made).to_have_class(re.compile("jp-mod-active"))
    # The page follows the caret, to the call of another cell and back.
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    press(page, "End", "ArrowLeft")
    expect(documentation.get_by_role("heading", name="scipp.to_unit")).to_be_visible()
    made.locator(".cm-content").click()
    press(page, "Control+End", "ArrowUp")
    expect(documentation.get_by_role("heading", name=re.compile("wavelength_from_tof"))).to_be_visible()
    press(page, "Alt+m", "f")
    form = panel(page, "forms")
    expect(form.locator("form")).to_contain_text("Read from the cell")
    shoot(page, "form-by-keys")

    page.locator(".jp-CodeCell", has_text="while True").locator(".cm-content").click()
    press(page, "Control+Enter")
    running = page.locator(".jp-CodeCell", has_text="while True").locator(".jp-InputPrompt")
    expect(running).to_contain_text("[*]")
    expect(form.get_by_role("region", name="What runs")).to_be_visible()
    press(page, "Alt+m", "s")
    expect(page.locator(".jp-CodeCell", has_text="while True")).to_contain_text("KeyboardInterrupt")
    end_what_nothing_can_interrupt(page, form)
    save(page)

"""The panel of workspaces on the real platform: by fingers on a tablet, and by keys alone."""

from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.everybody import complaints, small_controls
from support.fingers import Fingers
from support.platform import SCREENSHOTS, Platform, wait_until
from support.plot_page import RUN_LIMIT, open_notebook, run, sign_in

PANEL = "#mantidlab-workspaces"
CELL = """
import numpy as np
import scipp as sc
edges = sc.linspace("tof", 0.0, 20_000.0, 201, unit="us")
times = sc.datetimes(dims=["time"], values=np.arange(500) * 10**9, unit="ns")
warming = sc.DataArray(sc.linspace("time", 4.0, 9.0, 500, unit="K"), coords={"time": times})
peak = 100 * np.exp(-(((np.arange(200) - 80) / 20) ** 2))
sample = sc.DataArray(
    sc.array(dims=["tof"], values=peak, variances=peak, unit="counts"),
    coords={"tof": edges, "temperature": sc.scalar(warming), "title": sc.scalar("a can of water")},
)
twice = sample * 2.0
"""


def panel_of(page: Page) -> Locator:
    return page.locator("#mantidlab-workspaces")


def row(page: Page, name: str) -> Locator:
    return panel_of(page).get_by_role("treeitem", name=f"{name},")


def sources(page: Page) -> str:
    return "\n".join(page.locator(".jp-Notebook .jp-CodeCell .cm-content").all_inner_texts())


def run_below(page: Page, code: str) -> None:
    """Run a cell of its own below the last one, which a click has filled."""
    page.locator(".jp-Notebook .jp-InputPrompt").last.click()
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    page.keyboard.press("b")
    expect(cells).to_have_count(before + 1)
    run(page, code)


def opened_from_the_menu(page: Page) -> Locator:
    page.locator(".lm-MenuBar-itemLabel", has_text="MantidHub").tap()
    page.get_by_role("menuitem", name="Workspaces").tap()
    return panel_of(page)


def test_fingers_see_what_the_kernel_holds_and_leave_lines_of_python(platform: Platform, tablet: BrowserContext):
    page = sign_in(tablet, platform, "wilma")
    open_notebook(page)
    run(page, CELL)
    panel = opened_from_the_menu(page)
    expect(row(page, "sample")).to_be_visible(timeout=RUN_LIMIT)
    expect(row(page, "sample").locator(".mantidlab-Sparkline")).to_be_visible()
    row(page, "sample").tap()
    assert small_controls(page, PANEL) == []
    assert complaints(page, PANEL) == []
    page.screenshot(path=SCREENSHOTS / "panel-workspaces.png")

    panel.get_by_role("button", name="Logs").tap()
    expect(panel.get_by_text("500 entries")).to_be_visible()
    panel.get_by_role("button", name="Back to the list").tap()
    panel.get_by_role("button", name="Table").tap()
    expect(panel.get_by_text("0 to 49 of 200")).to_be_visible()
    panel.get_by_role("button", name="Back to the list").tap()

    # A long press opens the menu; what is chosen there leaves a cell.
    box = row(page, "twice").bounding_box()
    assert box is not None
    fingers = Fingers(page)
    fingers.press((box["x"] + 80, box["y"] + box["height"] / 2))
    expect(page.get_by_role("menuitem", name="Plot")).to_be_visible()
    fingers.touch("touchEnd")
    page.get_by_role("menuitem", name="Plot").tap()
    expect(page.locator("[data-plot=lines][data-refined=true]")).to_be_visible(timeout=RUN_LIMIT)
    assert "plot(twice)" in sources(page)

    panel.get_by_role("button", name="Several").tap()
    row(page, "sample").tap()
    panel.get_by_role("button", name="Group…").tap()
    panel.get_by_role("textbox", name="Name of the group").fill("both")
    panel.get_by_role("button", name="Group", exact=True).tap()
    expect(row(page, "both")).to_be_visible(timeout=RUN_LIMIT)

    panel.get_by_role("button", name="Several").tap()
    row(page, "sample").tap()
    panel.get_by_role("button", name="Save…").tap()
    panel.get_by_role("button", name="Save", exact=True).tap()
    file = platform.state / "homes" / "wilma" / "sample.nxs"
    wait_until(file.exists, limit=30, what="the file is written")
    panel.get_by_role("button", name="Delete…").tap()
    panel.get_by_role("button", name="Delete", exact=True).tap()
    expect(row(page, "sample")).to_have_count(0, timeout=RUN_LIMIT)
    assert "del sample" in sources(page)
    panel.get_by_role("button", name="Undo").tap()
    expect(row(page, "sample")).to_be_visible(timeout=RUN_LIMIT)
    assert "del sample" not in sources(page)

    run_below(page, "import time\nfor second in range(300):\n    time.sleep(1)")
    stop = panel.get_by_role("region", name="What runs").get_by_role("button", name="Stop")
    stop.tap()
    expect(page.locator(".jp-Notebook .jp-OutputArea-output", has_text="KeyboardInterrupt")).to_be_visible()
    expect(stop).to_have_count(0)


def test_keys_alone_rename_and_write_a_script_that_gives_the_same_numbers(platform: Platform, desktop: BrowserContext):
    page = sign_in(desktop, platform, "viktor")
    open_notebook(page)
    run(page, CELL)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+m")
    page.keyboard.press("w")
    expect(row(page, "sample")).to_be_visible(timeout=RUN_LIMIT)
    # The field to filter has the focus.
    page.keyboard.type("water 200")
    expect(panel_of(page).get_by_role("treeitem")).to_have_count(0)
    for _ in range(4):
        page.keyboard.press("Backspace")
    expect(panel_of(page).get_by_role("treeitem")).to_have_count(2)
    panel_of(page).get_by_role("tree").focus()
    page.keyboard.press("End")
    page.keyboard.press("F2")
    page.keyboard.type("double")
    page.keyboard.press("Enter")
    expect(row(page, "double")).to_have_attribute("aria-selected", "true", timeout=RUN_LIMIT)
    assert "double = twice" in sources(page)
    page.keyboard.press("Escape")
    panel_of(page).get_by_role("button", name="History").press("Enter")
    panel_of(page).get_by_role("button", name="As a script").press("Enter")
    home = platform.state / "homes" / "viktor"
    wait_until(lambda: bool(list(home.glob("history-of-double-*.py"))), limit=30, what="the script is written")
    (script,) = home.glob("history-of-double-*.py")
    wait_until(lambda: "del twice" not in script.read_text() and "twice" in script.read_text(), limit=10, what="…")
    page.locator(".lm-TabBar-tab", has_text=".ipynb").click()
    run_below(page, f"held = double.copy()\n%run {script.name}\nprint('the same:', sc.identical(held, double))")
    expect(page.get_by_text("the same: True")).to_be_visible(timeout=RUN_LIMIT)

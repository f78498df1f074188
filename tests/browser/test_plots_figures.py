"""Figure, in each kind of plot: its cell runs, and the file says where it came from; and their last views."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, close, run_all, save
from support.platform import SCREENSHOTS, Platform, wait_until

NAME = "zelda"
CELLS = (
    """%matplotlib inline
import numpy as np
from mantidlab import instrument, plot, slices
from mantidlab.archive import find_run
from mantidlab.plots import provenance_of
path = find_run("SIMSANS", 1001)
cube = np.random.default_rng(1).poisson(5, (20, 300, 400)).astype(float)""",
    "plot(path, spectra=slice(300, 303))",
    'slices(cube, scale="log")',
    "instrument(path)",
)
KINDS = ("lines", "slices", "instrument")


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, NAME)


@pytest.fixture(scope="module")
def signed_in(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


def drawn(page: Page, kind: str) -> Locator:
    return page.locator(f".jp-Notebook [data-plot={kind}][data-drawn]")


def press_figure(page: Page, kind: str) -> None:
    """Press Figure in a plot's tools, or in what does not fit there, and say yes if it asks."""
    plot = drawn(page, kind)
    plot.scroll_into_view_if_needed()
    tool = plot.get_by_role("button", name=re.compile("^Figure"))
    if not tool.is_visible():
        plot.get_by_role("button", name="More", exact=True).click()
        tool = page.get_by_role("menuitem", name=re.compile("^Figure"))
    cells = page.locator(".jp-Notebook .jp-CodeCell", has_text="def draw(")
    before = cells.count()
    tool.click()
    write = page.get_by_role("button", name="Write the cell")
    expect(write.or_(cells.nth(before)).first).to_be_visible()
    if write.is_visible():
        write.click()


def run_the_new_cell(page: Page) -> None:
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active .jp-InputPrompt").click()
    page.keyboard.press("Control+Enter")


@pytest.mark.timeout(600)  # two dozen cells, pages and figures
def test_each_kind_of_plot_writes_a_figure_that_knows_its_origin(desk: Desk, signed_in: BrowserContext):
    desk.write("figures.ipynb", *CELLS, "'the end'")
    page = desk.open(signed_in, "figures.ipynb")
    run_all(page)
    for kind in KINDS:
        expect(drawn(page, kind)).to_be_visible(timeout=90_000)
    for count, kind in enumerate(KINDS):
        press_figure(page, kind)
        expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(len(CELLS) + 2 + count)
        active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
        expect(active).to_contain_text("def draw(")
        (desk.home / "figure.pdf").unlink(missing_ok=True)
        run_the_new_cell(page)
        wait_until((desk.home / "figure.pdf").exists, limit=90, what=f"the figure of {kind} is saved")
        expect(active.locator(".jp-OutputArea-output img")).to_be_visible()
        page.wait_for_timeout(500)
        active.scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"figure-of-{kind}.png")
        content = (desk.home / "figure.pdf").read_bytes()
        assert b"/Keywords" in content
        assert b"/Type3" not in content
    save(page)
    sources = ["".join(cell["source"]) for cell in desk.cells("figures.ipynb")]
    assert [source for source in sources if "def draw(" not in source] == [*CELLS, "'the end'"]
    assert ["def draw(" in source for source in sources] == [False, False, True, False, True, False, True, False]
    close(page)


@pytest.mark.timeout(600)
def test_each_kind_of_plot_has_its_last_view_without_a_kernel(desk: Desk, signed_in: BrowserContext):
    desk.write("views.ipynb", *CELLS)
    page = desk.open(signed_in, "views.ipynb")
    run_all(page)
    for kind in KINDS:
        expect(drawn(page, kind)).to_be_visible(timeout=90_000)
        drawn(page, kind).scroll_into_view_if_needed()
        page.wait_for_timeout(2000)

    def saved() -> bool:
        save(page)
        return all("image/png" in str(cell["outputs"]) for cell in desk.cells("views.ipynb")[1:])

    wait_until(saved, limit=60, what="all pictures are in the file")
    pictures = ["".join(cell["outputs"][-1]["data"]["image/png"]) for cell in desk.cells("views.ipynb")[1:]]
    print("bytes of pictures:", dict(zip(KINDS, map(len, pictures), strict=True)))
    print("bytes of the notebook:", (desk.home / "views.ipynb").stat().st_size)
    assert (desk.home / "views.ipynb").stat().st_size < 2_000_000
    close(page)
    for session in desk.person.session("GET", "/api/sessions").json():
        desk.person.session("DELETE", f"/api/sessions/{session['id']}")
    page = desk.open(signed_in, "views.ipynb")
    views = page.locator(".jp-Notebook .mantidlab-LastView img")
    expect(views).to_have_count(3)
    page.wait_for_timeout(3000)  # until JupyterLab has asked the kernel for the plots in vain
    for count, kind in enumerate(KINDS):
        views.nth(count).scroll_into_view_if_needed()
        page.wait_for_timeout(2000)
        page.screenshot(path=SCREENSHOTS / f"last-view-of-{kind}.png")
        # More than one colour: a canvas that was asked too late gives an empty picture.
        colours = views.nth(count).evaluate(
            """async (image) => {
                const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 100 });
                const pen = canvas.getContext("2d");
                pen.drawImage(image, 0, 0, 200, 100);
                const { data } = pen.getImageData(0, 0, 200, 100);
                return new Set(Array.from({ length: 20000 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
            }"""
        )
        assert colours > 20, kind
    close(page)

"""Plots of four libraries in one notebook: matplotlib as an image, ipympl, plopp and ours, also by scipp's `plot`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, close, run_all, save
from support.platform import SCREENSHOTS, Platform

NAME = "yannick"
CELLS = (
    """import matplotlib.pyplot as plt, numpy as np, plopp, scipp as sc
from mantidlab import plot
from mantidlab.plots import register, unregister
spectrum = sc.DataArray(
    sc.array(dims=["tof"], values=[4.0, 9.0, 1.0], variances=[4.0, 9.0, 1.0], unit="counts"),
    coords={"tof": sc.linspace("tof", 0.0, 30.0, 4, unit="us")},
)""",
    "%matplotlib inline\nfig, ax = plt.subplots(figsize=(4, 2))\n_ = ax.plot([1, 3, 2])",
    "%matplotlib widget\nfig, ax = plt.subplots(figsize=(4, 2))\n_ = ax.plot([1, 3, 2])",
    "plopp.plot(spectrum, figsize=(4, 2))",
    "plot(spectrum)",
    "register()\nspectrum.plot()",
    "unregister()\nspectrum.plot(figsize=(4, 2))",
)
IMAGE, IPYMPL, PLOPP, OURS, REGISTERED, TAKEN_BACK = range(1, 7)


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, NAME)


@pytest.fixture(scope="module")
def signed_in(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 2600})
    yield context
    context.close()


def cell(page: Page, number: int) -> Locator:
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".jp-OutputArea")


def test_four_libraries_draw_in_one_notebook(desk: Desk, signed_in: BrowserContext):
    desk.write("four.ipynb", *CELLS)
    page = desk.open(signed_in, "four.ipynb")
    run_all(page)
    drawn = "[data-plot=lines][data-drawn]"
    expect(cell(page, IMAGE).locator("img")).to_be_visible(timeout=90_000)
    for number in (IPYMPL, PLOPP, TAKEN_BACK):
        expect(cell(page, number).locator(".jupyter-matplotlib-canvas-div canvas").first).to_be_visible()
    for number in (OURS, REGISTERED):
        expect(cell(page, number).locator(drawn)).to_be_visible()
    expect(page.locator(drawn)).to_have_count(2)
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    expect(page.get_by_text("Error displaying widget")).to_have_count(0)
    page.wait_for_timeout(1500)
    page.screenshot(path=SCREENSHOTS / "plots-of-four-libraries.png")
    save(page)
    outputs = [cell["outputs"] for cell in desk.cells("four.ipynb")]
    for number in (IMAGE, IPYMPL, OURS, REGISTERED):  # plopp's figures with tools bring no picture
        assert any("image/png" in output.get("data", {}) for output in outputs[number]), CELLS[number]
    close(page)

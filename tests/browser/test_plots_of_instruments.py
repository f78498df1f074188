"""Each kind of plot of simulated instruments and, where their files are, of real ones: drawn, and looked at."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.desk import Desk, run_all
from support.platform import SCREENSHOTS, Platform

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
FIRST = """
import scipp as sc
from mantidlab import instrument, plot, slices
from mantidlab.archive import find_run
"""
SIMULATED = {
    "instrument-sans": "instrument(find_run('SIMSANS', 1001), scale='log')",
    "slices-powder": "slices(find_run('SIMPOW', 3001), bins=400, scale='log')",
    "plot-monitor": "plot(find_run('SIMSANS', 1001), part='monitor_incident')",
}
REAL = {
    "SANS2D": ("SANS2D00022048.nxs", "slices('SANS2D00022048.nxs', scale='log')"),
    "LOQ": ("LOQ74044.nxs", "plot('LOQ74044.nxs', spectra=[1, 2])"),
    "TOPAZ": ("TOPAZ_3007_bank_37_20_sec.nxs", "instrument('TOPAZ_3007_bank_37_20_sec.nxs')"),
    "EQSANS": ("EQSANS_1466_event.nxs", "instrument('EQSANS_1466_event.nxs')"),
    "INTER": ("INTER00013460.nxs", "plot('INTER00013460.nxs')"),
    "IRIS": ("irs26176_graphite002_red.nxs", "plot('irs26176_graphite002_red.nxs')"),
    "OSIRIS": ("osi97935_graphite002_sqw.nxs", "slices('osi97935_graphite002_sqw.nxs', scale='log')"),
}
# More than the sixteen WebGL contexts that browsers leave to a page.
MANY = """
import numpy as np
u, v = (part.ravel() for part in np.meshgrid(np.linspace(-0.5, 0.5, 30), np.linspace(-0.5, 0.5, 30)))
values = np.random.default_rng(1).poisson(5.0, (900, 4)).astype(float)
counts = sc.DataArray(
    sc.array(dims=["pixel", "tof"], values=values, unit="counts"),
    coords={
        "tof": sc.linspace("tof", 0.0, 1e4, 5, unit="us"),
        "position": sc.vectors(dims=["pixel"], values=np.stack([u, v, np.full(900, 2.0)], axis=1), unit="m"),
    },
)
for _ in range(20):
    display(instrument(counts))
"""
COLOURS_SEEN = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}
"""


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, "walter")


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    yield context.new_page()
    context.close()


def draw_all(desk: Desk, page: Page, notebook: str, calls: dict[str, str]) -> None:
    """Draw each in a cell of its own, and take its picture."""
    desk.write(notebook, FIRST, *calls.values())
    opened = desk.open(page.context, notebook)
    opened.keyboard.press("Control+b")  # the notebook has the width of the page
    run_all(opened)
    for place, name in enumerate(calls, start=1):
        cell = opened.locator(".jp-CodeCell").nth(place)
        cell.scroll_into_view_if_needed()
        plot = cell.locator("[data-plot][data-refined=true]")
        expect(plot).to_be_visible(timeout=60_000)
        plot.scroll_into_view_if_needed()
        opened.wait_for_timeout(300)
        plot.screenshot(path=SCREENSHOTS / f"{name}.png")
        expect(cell.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)


def test_simulated_instruments(desk: Desk, page: Page) -> None:
    draw_all(desk, page, "simulated.ipynb", SIMULATED)


def test_files_of_real_instruments(desk: Desk, page: Page) -> None:
    files = {name: (SHARED / file, call) for name, (file, call) in REAL.items() if (SHARED / file).exists()}
    if not files:
        pytest.skip(f"no files of real instruments in {SHARED}; name their folder with MANTIDHUB_SHARED_DATA")
    for file, _ in files.values():
        shutil.copy(file, desk.home)
        (desk.home / file.name).chmod(0o644)
    draw_all(desk, page, "real.ipynb", {f"real-{name}": call for name, (_, call) in files.items()})


def test_twenty_instruments_on_one_page_keep_their_pictures(desk: Desk, page: Page) -> None:
    desk.write("many.ipynb", FIRST, MANY)
    opened = desk.open(page.context, "many.ipynb")
    run_all(opened)
    expect(opened.locator("[data-plot][data-refined=true]")).to_have_count(20, timeout=90_000)
    for plot in (opened.locator("[data-plot]").first, opened.locator("[data-plot]").last):
        plot.scroll_into_view_if_needed()
        opened.wait_for_timeout(500)
        assert plot.locator("canvas.mlp-canvas").first.evaluate(COLOURS_SEEN) > 10

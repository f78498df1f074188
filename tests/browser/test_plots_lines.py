"""A plot of a simulated instrument's curves in a page: what its panels do, and the pictures of the documents."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from support.platform import SCREENSHOTS, Platform
from support.plot_page import Plot, draw, sign_in

# The simulated powder diffractometer's silicon, by scattering angle: eight curves with error bars.
CELL = """
import scipp as sc, scippnexus as snx
from scippneutron.conversion.graph import beamline, tof
from mantidlab import plot
from mantidlab.archive import find_run
entry = snx.compute_positions(snx.load(find_run("SIMPOW", 3001), root="entry"))
ends = {"source_position": entry["instrument"]["source"]["position"], "sample_position": entry["sample"]["position"]}
graph = {**beamline.beamline(scatter=True), **tof.elastic("tof"), "tof": "event_time_offset"}
events = entry["instrument"]["detector"]["events"].assign_coords(ends)
events = events.transform_coords(["dspacing", "two_theta"], graph=graph)
bins = sc.geomspace("dspacing", 0.745, 3.3, 1101, unit="angstrom")
silicon = events.hist(two_theta=8, dspacing=bins, dim=events.dims).to(dtype="float64")
silicon.variances = silicon.values
angles = sc.midpoints(silicon.coords["two_theta"]).to(unit="deg").values
p = plot({f"2θ = {angle:.0f}°": silicon["two_theta", i] for i, angle in enumerate(angles)}, title="Silicon, run 3001")
p
"""


@pytest.fixture(scope="module")
def silicon(platform: Platform, browser: Browser) -> Iterator[Plot]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield draw(sign_in(context, platform, "ursula"), CELL)
    context.close()


def picture(plot: Plot, name: str) -> None:
    plot.wait()
    plot.page.locator("[data-plot]").screenshot(path=SCREENSHOTS / f"{name}.png")


def test_a_waterfall_lets_each_curve_be_seen(silicon: Plot) -> None:
    page = silicon.page
    before = silicon.ranges()["y"]
    page.locator("[data-plot] [data-tool=display]").click()
    page.get_by_role("slider", name="Offset up").fill("0.1")
    after = silicon.ranges()["y"]
    assert after[1] > 1.5 * before[1]
    picture(silicon, "plot-waterfall")
    page.locator("[data-plot] [data-tool=undo]").click()
    assert silicon.ranges()["y"] == before
    page.locator("[data-plot] [data-tool=display]").click()


def test_a_peak_is_fitted_where_the_handles_stand(silicon: Plot) -> None:
    page = silicon.page
    page.locator(".mlp-legend-name", has_text="2θ").last.dblclick()
    expect(page.locator(".mlp-legend-hidden")).to_have_count(7)
    page.locator("[data-plot] [data-tool=fit]").click()
    panel = page.locator("[data-panel=fit]")
    panel.get_by_label("Model").select_option(label="Gaussian")
    for handle, value in (("Start of the range", 1.88), ("End of the range", 1.96)):
        move(silicon, handle, value)
    panel.get_by_role("button", name="Fit", exact=True).click()
    centre = panel.get_by_role("row").filter(has_text="Centre")
    expect(centre).to_be_visible()
    value, error = re.findall(r"([\d.]+) ± ([\d.]+)", centre.inner_text())[0]
    # The 220 reflection of silicon, whose lattice constant is 5.431 Å, seen through an asymmetric pulse.
    assert float(value) == pytest.approx(5.431 / 8**0.5, abs=0.01)
    assert 0 < float(error) < 0.005
    silicon.wait()
    page.locator("[data-plot] [data-pad=x]").hover()
    picture(silicon, "plot-fit-residuals")


def test_the_range_says_what_lies_between_its_handles(silicon: Plot) -> None:
    page = silicon.page
    page.locator("[data-plot] [data-tool=range]").click()
    panel = page.locator("[data-panel=range]")
    panel.get_by_label("From").fill("1.5")
    panel.get_by_label("To").fill("3.3")
    panel.get_by_label("To").press("Tab")
    row = panel.get_by_role("row").filter(has_text="2θ").first
    expect(row).to_contain_text("±")
    page.locator("[data-plot] [data-tool=range]").click()
    expect(page.locator("[data-plot] .mlp-handle").first).to_be_hidden()


def move(plot: Plot, handle: str, value: float) -> None:
    """Drag a handle of the range to a value of x."""
    low, high = plot.ranges()["x"]
    to, _ = plot.at("inside", (value - low) / (high - low), 0.5)
    box = plot.page.get_by_role("slider", name=handle).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    plot.page.mouse.move(*middle)
    plot.page.mouse.down()
    plot.page.mouse.move(to, middle[1], steps=5)
    plot.page.mouse.up()
    plot.wait()

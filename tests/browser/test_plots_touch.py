"""A plot of lines under fingers, keys and a mouse wheel, on the real platform; and that everybody can use it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from support.everybody import complaints, small_controls
from support.platform import SCREENSHOTS, Platform, wait_until
from support.plot_page import Plot, draw, run, sign_in

BINS = 1000
# Two spectra of 1000 bins of 20 µs from 0 to 20 ms; the first has bin number n at n counts, the second 500 everywhere.
CELL = f"""
import numpy as np
from mantidlab import plot
x = np.linspace(0, 20000, {BINS + 1})
plot({{"ramp": (x, np.arange({BINS}.0)), "level": (x, np.full({BINS}, 500.0))}})
"""


@pytest.fixture(scope="module")
def on_a_tablet(platform: Platform, browser: Browser) -> Iterator[Plot]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, device_scale_factor=2)
    yield draw(sign_in(context, platform, "sylvie"), CELL)
    context.close()


@pytest.fixture(scope="module")
def on_a_desk(platform: Platform, browser: Browser) -> Iterator[Plot]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield draw(sign_in(context, platform, "tomas"), CELL)
    context.close()


@pytest.fixture
def tablet_plot(on_a_tablet: Plot) -> Plot:
    return as_at_first(on_a_tablet)


@pytest.fixture
def desk_plot(on_a_desk: Plot) -> Plot:
    return as_at_first(on_a_desk)


def as_at_first(plot: Plot) -> Plot:
    plot.page.locator("[data-plot]").scroll_into_view_if_needed()
    plot.page.locator("[data-plot] [data-pad=inside]").focus()
    for key in ("Escape", "0"):
        plot.page.keyboard.press(key)
    plot.wait()
    return plot


def test_one_finger_pans_by_as_far_as_it_moves(tablet_plot: Plot) -> None:
    tablet_plot.fingers.drag((tablet_plot.at("inside", 0.75, 0.5), tablet_plot.at("inside", 0.25, 0.5)))
    low, high = tablet_plot.ranges()["x"]
    assert (low, high) == pytest.approx((10000, 30000), abs=300)


def test_two_fingers_side_by_side_zoom_x_alone(tablet_plot: Plot) -> None:
    before = tablet_plot.ranges()
    left, right = tablet_plot.at("inside", 0.4, 0.5), tablet_plot.at("inside", 0.6, 0.5)
    tablet_plot.fingers.drag((left, tablet_plot.at("inside", 0.3, 0.5)), (right, tablet_plot.at("inside", 0.7, 0.5)))
    after = tablet_plot.ranges()
    assert after["x"] == pytest.approx((5000, 15000), abs=300)
    assert after["y"][0] == pytest.approx(before["y"][0], abs=300)


def test_two_fingers_on_an_axis_zoom_that_axis(tablet_plot: Plot) -> None:
    before = tablet_plot.ranges()
    begin = tablet_plot.at("y", 0.5, 0.4), tablet_plot.at("y", 0.5, 0.6)
    end = tablet_plot.at("y", 0.5, 0.3), tablet_plot.at("y", 0.5, 0.7)
    tablet_plot.fingers.drag((begin[0], end[0]), (begin[1], end[1]))
    after = tablet_plot.ranges()
    assert after["x"] == before["x"]
    assert after["y"][1] - after["y"][0] == pytest.approx((before["y"][1] - before["y"][0]) / 2, rel=0.05)


def test_a_long_press_reads_out_the_nearest_bin_exactly(tablet_plot: Plot) -> None:
    point = tablet_plot.at("inside", 0.4, 0.6)
    tablet_plot.fingers.touch("touchStart", point)
    readout = tablet_plot.page.locator("[data-plot] .mlp-readout")
    expect(readout).to_be_visible()
    expect(readout).to_contain_text("to")  # the very bin, which Python knows
    words = readout.inner_text()
    tablet_plot.page.screenshot(path=SCREENSHOTS / "plot-long-press.png")
    tablet_plot.fingers.touch("touchEnd")
    match = re.search(r"ramp\s+(\d+) to (\d+)\D*\s(\d+)", words)
    assert match, words
    low, high, counts = (int(group) for group in match.groups())
    assert high - low == 20
    assert counts == low // 20


def test_a_double_tap_shows_everything_again(tablet_plot: Plot) -> None:
    before = tablet_plot.ranges()
    tablet_plot.fingers.drag((tablet_plot.at("inside", 0.7, 0.7), tablet_plot.at("inside", 0.2, 0.3)))
    assert tablet_plot.ranges() != before
    tablet_plot.fingers.double_tap(tablet_plot.at("inside", 0.5, 0.1))
    assert tablet_plot.ranges() == before


def test_the_page_scrolls_below_a_finger_outside_of_the_axes_and_not_inside(tablet_plot: Plot) -> None:
    page = tablet_plot.page
    run(page, "print('line\\n' * 80)")
    expect(page.locator(".jp-RenderedText", has_text="line")).to_be_attached()
    page.locator("[data-plot]").scroll_into_view_if_needed()
    top = tablet_plot.scrolled()
    tablet_plot.fingers.drag((tablet_plot.at("inside", 0.5, 0.8), tablet_plot.at("inside", 0.5, 0.2)))
    assert tablet_plot.scrolled() == top
    box = page.locator("[data-plot] .mlp-foot").bounding_box()
    assert box is not None
    below = (box["x"] + box["width"] / 2, box["y"] + 8)
    tablet_plot.fingers.drag((below, (below[0], below[1] - 200)))
    wait_until(lambda: tablet_plot.scrolled() < top - 50, limit=30, what="the page scrolls")


def test_every_control_is_large_enough_for_a_finger(tablet_plot: Plot) -> None:
    page = tablet_plot.page
    assert small_controls(page, "[data-plot]") == []
    for key in ("f", "d"):
        page.keyboard.press(key)
        page.wait_for_timeout(600)
        assert small_controls(page, "[data-plot]") == []
        page.screenshot(path=SCREENSHOTS / f"plot-tablet-{key}.png")
        page.locator("[data-plot] [data-pad=inside]").focus()
        page.keyboard.press(key)


def test_zooming_refines_while_a_cell_runs(platform: Platform, tablet_plot: Plot) -> None:
    page = tablet_plot.page
    run(page, "import pathlib, time\nwhile not pathlib.Path('zoomed.go').exists(): time.sleep(0.02)")
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Busy")).to_be_visible()
    page.locator("[data-plot]").scroll_into_view_if_needed()
    left, right = tablet_plot.at("inside", 0.45, 0.5), tablet_plot.at("inside", 0.55, 0.5)
    tablet_plot.fingers.drag((left, tablet_plot.at("inside", 0.2, 0.5)), (right, tablet_plot.at("inside", 0.8, 0.5)))
    tablet_plot.wait()
    assert page.locator(".jp-StatusBar-TextItem", has_text="| Busy").count() > 0
    (platform.state / "homes" / "sylvie" / "zoomed.go").touch()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible()


def test_keys_do_what_fingers_do_and_the_notebook_does_not_hear_them(desk_plot: Plot) -> None:
    page = desk_plot.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    before = desk_plot.ranges()
    for key, changes in (("ArrowRight", "x"), ("ArrowUp", "y"), ("Shift+ArrowRight", "x"), ("-", "y")):
        then = desk_plot.ranges()
        page.keyboard.press(key)
        assert desk_plot.ranges()[changes] != then[changes], key
    page.keyboard.press("z")
    page.keyboard.press("y")
    for key in ("b", "Escape", "g", "g", "0"):
        page.keyboard.press(key)
    assert desk_plot.ranges() == before
    # JupyterLab's b adds a cell, and d d deletes one.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_undo_goes_back_view_by_view(desk_plot: Plot) -> None:
    first = desk_plot.ranges()
    desk_plot.page.keyboard.press("Shift+ArrowRight")
    second = desk_plot.ranges()
    desk_plot.page.keyboard.press("ArrowRight")
    desk_plot.page.keyboard.press("z")
    assert desk_plot.ranges() == second
    desk_plot.page.keyboard.press("z")
    assert desk_plot.ranges() == first
    desk_plot.page.keyboard.press("y")
    assert desk_plot.ranges() == second


def test_the_wheel_zooms_about_the_cursor_and_leaves_a_scroll_that_passes_to_the_page(desk_plot: Plot) -> None:
    page = desk_plot.page
    x, y = desk_plot.at("x", 0.25, 0.5)
    before = desk_plot.ranges()
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    wait_until(lambda: desk_plot.ranges() != before, limit=30, what="the picture is magnified")
    low, high = desk_plot.ranges()["x"]
    assert high - low < 15000
    assert (5000 - low) / (high - low) == pytest.approx(0.25, abs=0.02)
    page.keyboard.press("0")
    assert desk_plot.ranges() == before
    # Begun above the plot, the scroll goes on although the plot comes below the cursor.
    toolbar = page.locator(".jp-NotebookPanel-toolbar").bounding_box()
    assert toolbar is not None
    above = toolbar["x"] + toolbar["width"] / 2, toolbar["y"] + toolbar["height"] / 2
    desk_plot.fingers.turn_wheel(above, desk_plot.at("inside", 0.5, 0.5), by=40)
    assert desk_plot.ranges() == before


def test_the_axis_dialog_takes_limits_by_hand_and_another_scale(desk_plot: Plot) -> None:
    page = desk_plot.page
    page.locator("[data-plot] [data-pad=y]").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Vertical axis")
    dialog.get_by_label("From").fill("100")
    dialog.get_by_label("To").fill("1e3")
    dialog.get_by_label("To").press("Tab")
    dialog.get_by_role("radio", name="Log", exact=True).click()
    dialog.get_by_role("button", name="Done").click()
    assert desk_plot.ranges()["y"] == (100, 1000)
    expect(page.locator("[data-plot] .mlp-unseen p")).to_contain_text("logarithmic")
    page.locator("[data-plot] [data-pad=y]").focus()
    page.keyboard.press("Enter")
    dialog.get_by_role("radio", name="Linear").click()
    dialog.get_by_role("button", name="Fit what is visible").click()
    page.keyboard.press("Escape")


def test_nothing_keeps_anybody_out(desk_plot: Plot) -> None:
    page = desk_plot.page
    states: list[tuple[str, list[str]]] = [("at first", []), ("range", ["r"]), ("fit", ["f"]), ("display", ["d"])]
    states += [("help", ["?"]), ("table", ["t"])]
    for name, keys in states:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(700)
        page.screenshot(path=SCREENSHOTS / f"plot-{name.replace(' ', '-')}.png")
        assert complaints(page, "[data-plot]") == [], name
        page.keyboard.press("Escape")
        page.locator("[data-plot] [data-pad=inside]").focus()
        if name in ("range", "fit", "display"):
            page.keyboard.press(keys[0])


def test_it_follows_the_dark_theme_and_stays_readable(desk_plot: Plot) -> None:
    page = desk_plot.page
    paper = "getComputedStyle(document.querySelector('[data-plot]')).getPropertyValue('--mlp-paper')"
    light = page.evaluate(paper)
    choose_theme(page, "JupyterLab Dark")
    page.wait_for_function(f"(light) => {paper} !== light", arg=light)
    desk_plot.wait()
    page.screenshot(path=SCREENSHOTS / "plot-dark.png")
    assert complaints(page, "[data-plot]") == []
    choose_theme(page, "JupyterLab Light")
    page.wait_for_function(f"(light) => {paper} === light", arg=light)


def choose_theme(page: Page, name: str) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text="Settings").click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$")).click()

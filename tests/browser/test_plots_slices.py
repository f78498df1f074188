"""A colour map of slices under fingers, keys and a mouse, on the real platform; and that everybody can use it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.everybody import complaints, small_controls
from support.fingers import Fingers, Point
from support.platform import SCREENSHOTS, Platform, wait_until
from support.plot_page import open_notebook, run, sign_in

RUN_LIMIT = 60_000
NAMES = iter(("desmond", "delphine", "dorothea", "dennis"))  # of who sits at a desk: nobody twice

# Three planes of 80 rows and 100 columns of 1 mm: plane k has k + 1 in each bin, and one bin of the second is hot.
CELL = """
import numpy as np
from mantidlab import slices
from mantidlab.frameworks.model import Axis, Image
values = np.ones((3, 80, 100)) * np.arange(1.0, 4.0)[:, None, None]
values[1, 20, 30] = 500.0
axes = tuple(
    Axis(name, name, unit, np.arange(count + 1.0), edges=True)
    for name, unit, count in (("energy", "meV", 3), ("height", "mm", 80), ("width", "mm", 100))
)
s = slices(Image(axes, values, np.sqrt(values), label="Counts", unit="counts"))
s
"""
BIG = """
big = np.ones((100_000, 1000), dtype="float32")
big[41_777, 777] = 1e4
hot = slices(big)
hot
"""
# Axes at 120 degrees, with a mask, what is not a number and what is infinite.
ODD = """
import numpy as np
from mantidlab import slices
from mantidlab.frameworks.model import Axis, Image
h, k = np.linspace(-2, 2, 81), np.linspace(-3, 3, 121)
odd = np.exp(-10 * ((h[:, None] % 1 - 0.5) ** 2 + (k % 1 - 0.5) ** 2))
odd[:9, :9], odd[20:25, :9], odd[30:35, :9] = np.nan, np.inf, -np.inf
hidden = np.zeros(odd.shape, bool)
hidden[40:60, 50:90] = True
axes = tuple(Axis(name, name, "r.l.u.", at, edges=False) for name, at in (("H", h), ("K", k)))
slices(Image(axes, odd, mask=hidden, directions=np.array([[1, 0], [-0.5, 0.75**0.5]])), x="H", y="K", scale="{scale}")
"""
PIXELS = """
(plot) => {
  const canvas = plot.querySelector("canvas");
  return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}
"""
NO_WEBGL = """
() => {
  const own = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...options) {
    return kind === "webgl2" ? null : own.call(this, kind, ...options);
  };
}
"""
RANGES = re.compile(r"over width from (\S+) to (\S+) mm and height from (\S+) to (\S+) mm\.")
# How many pixels of the picture are as bright as the upper end of the colour map (viridis: yellow).
BRIGHT = """
(plot) => {
  const canvas = plot.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let bright = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 240 && data[i + 1] > 220 && data[i + 2] < 60) bright += 1;
  return bright;
}
"""


@dataclass
class Plot:
    """The last plot of slices in a notebook of a page."""

    page: Page
    fingers: Fingers

    @property
    def root(self) -> Locator:
        return self.page.locator("[data-plot=slices]").last

    def wait(self) -> None:
        """Wait until the picture is made from data for what it shows, and nothing moves any more."""
        self.page.wait_for_function(
            """() => new Promise((resolve) => {
              const plot = [...document.querySelectorAll("[data-plot=slices]")].at(-1);
              const now = plot.dataset.drawn;
              setTimeout(() => resolve(plot.dataset.refined === "true" && plot.dataset.drawn === now), 400);
            })"""
        )

    def ranges(self) -> tuple[float, float, float, float]:
        """Return what of width and height is in sight, as the plot tells those who do not see it."""
        self.wait()
        text = self.root.locator(".mlp-unseen p").inner_text()
        found = RANGES.search(text)
        assert found is not None, text
        return tuple(float(one.replace("−", "-")) for one in found.groups())  # type: ignore[return-value]

    def place(self, pad: str, x: float, y: float) -> Point:
        """Return the point of the page at these shares of a pad's width and height."""
        box = self.root.locator(f"[data-pad={pad}]").first.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def at(self, width: float, height: float) -> Point:
        """Return the point of the page at a position of the data."""
        left, right, low, high = self.ranges()
        return self.place("inside", (width - left) / (right - left), 1 - (height - low) / (high - low))

    def tool(self, name: str) -> None:
        """Use a tool, from the menu of those that have no room if it is there."""
        button = self.root.locator(f"[data-tool={name}]")
        if button.is_visible():
            button.click()
            return
        label = button.get_attribute("aria-label")
        self.root.get_by_role("button", name="More", exact=True).click()
        self.root.get_by_role("menuitem", name=label).or_(self.root.get_by_role("menuitemcheckbox", name=label)).click()

    def total(self) -> Locator:
        return self.root.locator(".mlp-region-numbers tr", has_text="Sum").locator("td")


def in_a_notebook(context: BrowserContext, platform: Platform, name: str) -> Page:
    page = sign_in(context, platform, name)
    open_notebook(page)
    return page


def draw(page: Page, code: str) -> Plot:
    """Run a cell and wait for its plot."""
    count = page.locator("[data-plot=slices]").count()
    run(page, code)
    expect(page.locator("[data-plot=slices][data-refined=true]")).to_have_count(count + 1, timeout=RUN_LIMIT)
    plot = Plot(page, Fingers(page))
    plot.root.scroll_into_view_if_needed()
    plot.wait()
    return plot


def asked(page: Page, code: str) -> str:
    """Run a cell and return what it printed."""
    run(page, f"print('said', {code})")
    said = page.locator(".jp-OutputArea-output", has_text=re.compile(r"^\s*said ")).last
    expect(said).to_be_visible(timeout=RUN_LIMIT)
    return said.inner_text().strip().removeprefix("said ")


@pytest.fixture
def on_a_tablet(platform: Platform, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, device_scale_factor=2)
    yield in_a_notebook(context, platform, "tamsin")
    context.close()


@pytest.fixture
def at_a_desk(platform: Platform, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield in_a_notebook(context, platform, next(NAMES))
    context.close()


def test_with_fingers(on_a_tablet: Page) -> None:
    plot = draw(on_a_tablet, CELL)
    one_finger_moves_the_picture_and_two_magnify_it(plot)
    a_long_press_reads_out_the_exact_value(plot)
    a_slider_goes_to_other_planes(plot)
    a_region_is_drawn_moved_and_changed(plot)
    assert small_controls(plot.page, "[data-plot=slices]") == []
    plot.page.screenshot(path=SCREENSHOTS / "plots-slices-tablet.png")


def one_finger_moves_the_picture_and_two_magnify_it(plot: Plot) -> None:
    left, right, low, high = plot.ranges()
    top = plot.root.bounding_box()
    plot.fingers.drag((plot.place("inside", 0.6, 0.5), plot.place("inside", 0.4, 0.5)))
    moved = plot.ranges()
    assert moved[0] - left == pytest.approx(0.2 * (right - left), rel=0.1)
    assert moved[3] - moved[2] == pytest.approx(high - low, rel=1e-3)
    assert plot.root.bounding_box() == top, "the page stays where it is"
    plot.fingers.drag(
        (plot.place("inside", 0.45, 0.45), plot.place("inside", 0.3, 0.3)),
        (plot.place("inside", 0.55, 0.55), plot.place("inside", 0.7, 0.7)),
    )
    near = plot.ranges()
    assert near[1] - near[0] < 0.5 * (right - left)
    assert near[3] - near[2] < 0.5 * (high - low)
    plot.fingers.double_tap(plot.place("inside", 0.5, 0.5))
    assert plot.ranges() == (left, right, low, high)


def a_long_press_reads_out_the_exact_value(plot: Plot) -> None:
    plot.fingers.press(plot.at(30.5, 20.5))
    readout = plot.root.locator(".mlp-readout")
    expect(readout).to_contain_text("500")
    expect(readout).to_contain_text("height 20.5 mm")
    plot.fingers.touch("touchEnd")


def a_slider_goes_to_other_planes(plot: Plot) -> None:
    row = plot.root.locator(".mlp-slider")
    go_to = row.get_by_role("textbox", name="energy: go to")
    expect(go_to).to_have_value("1.5")
    row.get_by_role("button", name="energy: one further").tap()
    expect(go_to).to_have_value("2.5")
    slider = row.get_by_role("slider")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    plot.fingers.drag(((box["x"] + 0.95 * box["width"], middle), (box["x"] + 0.05 * box["width"], middle)))
    expect(go_to).to_have_value("0.5")
    go_to.fill("0 to 2")
    go_to.press("Enter")
    expect(row.locator("output")).to_have_text("0 to 2 meV, 2 bins added up")
    go_to.fill("9")
    go_to.press("Enter")
    expect(row.locator("output")).to_contain_text("energy goes from 0 to 3 meV")


def a_region_is_drawn_moved_and_changed(plot: Plot) -> None:
    # Of the two planes added up each bin holds 3, and the hot one 501.
    plot.tool("rectangle")
    plot.fingers.drag((plot.at(10.0, 10.0), plot.at(20.0, 30.0)))
    expect(plot.total()).to_have_text(re.compile(r"^600(\.0)? ± "))
    plot.root.scroll_into_view_if_needed()
    plot.fingers.drag((plot.at(20.0, 20.0), plot.at(40.0, 20.0)))  # the handle at the right side
    expect(plot.total()).to_have_text(re.compile(r"^2298(\.0)? ± "))
    plot.fingers.drag((plot.at(25.0, 20.0), plot.at(65.0, 40.0)))  # from within: all of it
    expect(plot.total()).to_have_text(re.compile(r"^1800(\.0)? ± "))
    assert asked(plot.page, "float(s.region.sum()), s.region.shape.x").startswith("1800.0 (")
    plot.root.scroll_into_view_if_needed()
    plot.tool("undo")
    expect(plot.total()).to_have_text(re.compile(r"^2298(\.0)? ± "))


def test_with_keys_and_a_mouse(at_a_desk: Page) -> None:
    plot = draw(at_a_desk, CELL)
    keys_move_magnify_and_go_through_planes(plot)
    the_mouse_reads_out_and_the_wheel_magnifies(plot)
    cuts_through_the_cursor_follow_it(plot)
    python_and_the_page_have_one_view(plot)
    plot.page.screenshot(path=SCREENSHOTS / "plots-slices-desktop.png")


def keys_move_magnify_and_go_through_planes(plot: Plot) -> None:
    left, right, *_ = plot.ranges()
    plot.root.locator("[data-pad=inside]").first.focus()
    plot.page.keyboard.press("ArrowRight")
    assert plot.ranges()[0] > left
    plot.page.keyboard.press("+")
    near = plot.ranges()
    assert near[1] - near[0] == pytest.approx((right - left) / 1.25, rel=1e-3)
    plot.page.keyboard.press("z")
    plot.page.keyboard.press("z")
    assert plot.ranges()[:2] == (left, right)
    plot.page.keyboard.press("]")
    go_to = plot.root.get_by_role("textbox", name="energy: go to")
    expect(go_to).to_have_value("2.5")
    plot.page.keyboard.press("[")
    expect(go_to).to_have_value("1.5")


def the_mouse_reads_out_and_the_wheel_magnifies(plot: Plot) -> None:
    plot.page.mouse.move(*plot.at(30.5, 20.5))
    expect(plot.root.locator(".mlp-readout")).to_contain_text(re.compile("^500"))
    left, right, *_ = plot.ranges()
    plot.page.mouse.wheel(0, -300)
    wait_until(lambda: plot.ranges()[:2] != (left, right), limit=30, what="the picture is magnified")
    near = plot.ranges()
    assert near[1] - near[0] < right - left
    # What was below the mouse stays there.
    assert (30.5 - near[0]) / (near[1] - near[0]) == pytest.approx((30.5 - left) / (right - left), abs=0.01)
    plot.page.keyboard.press("0")


def cuts_through_the_cursor_follow_it(plot: Plot) -> None:
    plot.root.locator("[data-pad=inside]").first.focus()
    plot.page.keyboard.press("p")
    plot.page.mouse.move(*plot.at(30.5, 20.5))
    plot.wait()
    plot.page.mouse.click(*plot.at(30.5, 20.5))
    assert asked(plot.page, "s.cut(y=s.view['cursor'][1]).values.max()") == "500.0"


def python_and_the_page_have_one_view(plot: Plot) -> None:
    asked(plot.page, "s.zoom(x=(25, 35), y=(15, 25)).rectangle(x=(26, 34), y=(16, 24), name='peak').name")
    plot.root.scroll_into_view_if_needed()
    left, right, *_ = plot.ranges()
    assert left <= 25 and right >= 35
    # 64 bins of 2, and one of them is the hot one.
    expect(plot.total()).to_have_text(re.compile(r"^626(\.0)? ± "))
    plot.root.get_by_role("button", name="Cell: sum").click()
    expect(
        plot.page.locator(".jp-Notebook .cm-content", has_text="region.sum()").or_(
            plot.root.locator("dialog pre", has_text="region.sum()")
        )
    ).to_be_visible()


def test_without_a_graphics_card_the_picture_is_the_same(at_a_desk: Page) -> None:
    """The shader and the program that stands in for it give the same pixels: masked, missing, infinite, sheared."""
    page = at_a_desk
    code = ODD.format(scale="log")
    with_card = draw(page, code).root.evaluate(PIXELS)
    page.add_init_script(f"({NO_WEBGL})()")
    page.keyboard.press("Control+s")
    name = page.locator(".jp-Dialog button.jp-mod-accept")
    if name.count():
        name.click()
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-plot=slices][data-refined=true]")).to_be_visible(timeout=RUN_LIMIT)
    without = draw(page, code).root.evaluate(PIXELS)
    assert len(without) == len(with_card)
    different = sum(abs(a - b) > 8 for a, b in zip(with_card, without, strict=True))
    # Single precision may choose the neighbouring colour, and the neighbouring bin at an edge.
    assert different < 0.005 * len(with_card)


def test_nothing_keeps_anybody_out(at_a_desk: Page) -> None:
    plot = draw(at_a_desk, CELL)
    plot.tool("colours")
    assert complaints(plot.page, "[data-plot=slices]") == []


def test_a_hot_pixel_among_a_hundred_million_is_in_sight(at_a_desk: Page) -> None:
    draw(at_a_desk, CELL)
    plot = draw(at_a_desk, BIG)
    for zoom in (1.0, 0.3, 0.02, 0.003):
        x, y = (777 - 800 * zoom, 777 + 300 * zoom), (41777 - 4e4 * zoom, 41777 + 6e4 * zoom)
        asked(at_a_desk, f"hot.zoom(x={x}, y={y}).view['range']")
        plot.root.scroll_into_view_if_needed()
        plot.wait()
        assert plot.root.evaluate(BRIGHT) > 0, f"at {zoom}"
    expect(plot.root.locator(".mlp-foot-truth")).to_have_text("every bin is drawn")

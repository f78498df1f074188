"""An instrument under fingers and keys, on the real platform, drawn by WebGL in software; and usable by everybody."""

import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.everybody import complaints, small_controls
from support.fingers import Fingers, Point
from support.platform import SCREENSHOTS, Platform
from support.plot_page import open_notebook, run, sign_in

RUN_LIMIT = 90_000

# A detector of 320 × 320 pixels two metres behind the sample; each counts 1 in each of ten bins, one pixel 10⁶ more.
SIDE, HOT = 320, 123 * 320 + 200
CELL = f"""
import json
import numpy as np
import scipp as sc
from mantidlab import instrument
side, hot = {SIDE}, {HOT}
u, v = np.meshgrid(np.linspace(-0.5, 0.5, side), np.linspace(-0.5, 0.5, side))
values = np.ones((side * side, 10))
values[hot, 7] += 1e6
data = sc.DataArray(
    sc.array(dims=["y", "x", "tof"], values=values.reshape(side, side, 10), unit="counts"),
    coords={{
        "tof": sc.linspace("tof", 0.0, 10000.0, 11, unit="us"),
        "position": sc.vectors(dims=["y", "x"], values=np.stack([u, v, np.full_like(u, 2.0)], axis=-1), unit="m"),
        "source_position": sc.vector([0, 0, -8.0], unit="m"),
        "sample_position": sc.vector([0, 0, 0.0], unit="m"),
    }},
)
view = instrument(data, scale="linear")
first = dict(view.view)
view
"""
# The picture as it stands on the screen, asked for as the notebook asks: pixels and their colours, on the way a PNG.
YELLOW = """
async () => {
  const plot = document.querySelector("[data-plot=instrument]");
  const png = await new Promise((resolve) => plot.dispatchEvent(
    new CustomEvent("mantidlab:snapshot", { detail: { answer: (picture) => picture.then(resolve) } })));
  const bitmap = await createImageBitmap(png);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const stage = plot.querySelector(".mlp-stage");
  const ratio = bitmap.height / stage.clientHeight;
  const { data } = context.getImageData(0, 0, Math.round(stage.clientWidth * ratio), bitmap.height);
  const found = [];
  const width = Math.round(stage.clientWidth * ratio);
  for (let i = 0; i < data.length; i += 4) {
    const yellow = data[i] > 240 && data[i + 1] > 220 && data[i + 2] < 80;
    if (yellow) found.push([(i / 4) % width, Math.floor(i / 4 / width)]);
  }
  const box = stage.getBoundingClientRect();
  const sum = found.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  const middle = sum.map((part) => part / found.length / ratio);
  return [found.length / ratio ** 2, box.left + middle[0], box.top + middle[1]];
}
"""


@dataclass
class Instrument:
    """An instrument in a notebook of a page."""

    page: Page
    fingers: Fingers

    def wait(self) -> None:
        """Wait until the picture is made from data for what it shows, and nothing moves any more."""
        self.page.wait_for_function(
            """() => new Promise((resolve) => {
              const plot = document.querySelector("[data-plot=instrument]");
              const now = plot.dataset.drawn;
              setTimeout(() => resolve(plot.dataset.refined === "true" && plot.dataset.drawn === now), 500);
            })""",
            timeout=RUN_LIMIT,
        )

    def at(self, x: float, y: float) -> Point:
        """Return the point of the page at these shares of the axes' width and height."""
        box = self.page.locator("[data-plot] .mlp-stage [data-pad=inside]").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def hot(self) -> tuple[float, Point]:
        """Return how many CSS pixels have the colour of the hot detector, and the middle of them on the page."""
        self.wait()
        count, x, y = self.page.evaluate(YELLOW)
        return count, (x, y)

    def python(self, expression: str) -> Any:
        """Evaluate an expression in the notebook, after what the browser told last."""
        self.wait()
        self.page.wait_for_timeout(400)
        number = self.page.evaluate("window.asked = (window.asked ?? 0) + 1")
        run(self.page, f"print('answer {number}', json.dumps({expression}))")
        output = self.page.locator(".jp-OutputArea-output", has_text=re.compile(f"^answer {number} .")).last
        expect(output).to_be_attached(timeout=RUN_LIMIT)
        self.page.locator("[data-plot]").scroll_into_view_if_needed()
        # Not the inner text: JupyterLab draws no cell that is out of sight, and such a one has none.
        return json.loads((output.text_content() or "").split(" ", 2)[2])

    def menu(self, tool: str, item: str) -> None:
        self.page.locator("[data-plot]").get_by_role("button", name=tool, exact=True).click()
        self.page.locator("[data-plot] [role=menu]").get_by_text(item, exact=True).click()

    def show(self, item: str) -> None:
        self.menu("View", item)
        self.wait()


def draw(page: Page) -> Instrument:
    open_notebook(page)
    run(page, CELL)
    expect(page.locator("[data-plot=instrument][data-refined=true]")).to_be_visible(timeout=RUN_LIMIT)
    return Instrument(page, Fingers(page))


@pytest.fixture(scope="module")
def on_a_tablet(platform: Platform, browser: Browser) -> Iterator[Instrument]:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True)
    yield draw(sign_in(context, platform, "ingrid"))
    context.close()


@pytest.fixture
def tablet(on_a_tablet: Instrument) -> Instrument:
    on_a_tablet.python("setattr(view, 'view', first)")
    on_a_tablet.page.locator("[data-plot]").scroll_into_view_if_needed()
    on_a_tablet.wait()
    return on_a_tablet


def test_one_hot_detector_in_a_hundred_thousand_is_seen_at_every_zoom_and_from_every_side(tablet: Instrument) -> None:
    tablet.page.locator("[data-plot] .mlp-stage [data-pad=inside]").focus()
    for keys in ("", "------------", "Home", "3", "+++", "Home", "1"):
        for key in [keys] if keys in ("Home", "3", "1") else keys:
            tablet.page.keyboard.press(key)
        count, _ = tablet.hot()
        assert count >= 9, keys
    for view in ("Cylinder y", "Sphere z", "Side by side"):
        tablet.show(view)
        assert tablet.hot()[0] >= 9, view
    tablet.page.screenshot(path=SCREENSHOTS / "instrument-hot-detector.png")


def test_one_finger_turns_and_two_come_nearer_and_move(tablet: Instrument) -> None:
    before = tablet.python("view.view['camera']")
    tablet.fingers.drag((tablet.at(0.7, 0.5), tablet.at(0.4, 0.5)))
    turned = tablet.python("view.view['camera']")
    assert turned["target"] == before["target"]
    assert distance(turned) == pytest.approx(distance(before))
    assert turned["position"] != before["position"]
    tablet.fingers.drag((tablet.at(0.45, 0.5), tablet.at(0.35, 0.5)), (tablet.at(0.55, 0.5), tablet.at(0.65, 0.5)))
    nearer = tablet.python("view.view['camera']")
    assert distance(nearer) == pytest.approx(distance(before) / 3, rel=0.15)
    tablet.fingers.drag((tablet.at(0.45, 0.5), tablet.at(0.45, 0.7)), (tablet.at(0.55, 0.5), tablet.at(0.55, 0.7)))
    moved = tablet.python("view.view['camera']")
    assert moved["target"] != nearer["target"]
    assert distance(moved) == pytest.approx(distance(nearer), rel=0.05)


def test_a_tap_chooses_the_very_detector_in_space_and_on_a_flat_view(tablet: Instrument) -> None:
    for view in ("3-D", "Cylinder y"):
        tablet.show(view)
        _, place = tablet.hot()
        tablet.fingers.touch("touchStart", place)
        tablet.fingers.touch("touchEnd")
        panel = tablet.page.locator("[data-plot] [data-panel=chosen]")
        expect(panel).to_contain_text(f"detector {HOT}")
        expect(panel).to_contain_text("1 000 010".replace(" ", ""))
        assert tablet.python("view.detectors().tolist()") == [HOT]
        assert tablet.python("view.spectrum().values.tolist()")[7] == 1_000_001
        panel.get_by_role("button", name="Clear").click()
        assert tablet.python("view.detectors().tolist()") == []


def test_a_long_press_tells_what_is_there(tablet: Instrument) -> None:
    _, place = tablet.hot()
    tablet.fingers.touch("touchStart", place)
    readout = tablet.page.locator("[data-plot] .mlp-readout")
    expect(readout).to_contain_text(f"Detector {HOT}")
    expect(readout).to_contain_text("2θ")
    tablet.page.screenshot(path=SCREENSHOTS / "instrument-long-press.png")
    tablet.fingers.touch("touchEnd")


def test_a_region_drawn_with_a_finger_gives_its_detectors_and_a_mask(tablet: Instrument) -> None:
    tablet.show("Cylinder y")
    tablet.menu("Draw a region", "Rectangle")
    tablet.fingers.drag((tablet.at(0.40, 0.40), tablet.at(0.55, 0.60)))
    expect(tablet.page.locator("[data-plot] [data-panel=chosen]")).to_contain_text("rectangle 1")
    (region,) = tablet.python("view.view['selection']")
    (u0, v0), (u1, v1) = region["points"]
    inside = f"(angle > {min(u0, u1)}) & (angle < {max(u0, u1)}) & (v > {min(v0, v1)}) & (v < {max(v0, v1)})"
    expected = tablet.python(f"(lambda angle: np.flatnonzero({inside}).tolist())(np.degrees(np.arctan2(-u, 2.0)))")
    assert len(expected) > 1000
    assert tablet.python("view.detectors().tolist()") == expected
    assert tablet.python("int(view.mask().scipp().values.sum())") == len(expected)
    tablet.page.screenshot(path=SCREENSHOTS / "instrument-region.png")


def test_a_region_on_the_screen_goes_through_the_instrument(tablet: Instrument) -> None:
    _, (x, y) = tablet.hot()
    tablet.menu("Draw a region", "Drawn freely")
    corners = [(x - 25, y - 25), (x + 25, y - 25), (x + 25, y + 25), (x - 25, y + 25), (x - 25, y - 15)]
    tablet.fingers.touch("touchStart", corners[0])
    for begin, end in itertools.pairwise(corners):
        for step in range(1, 9):
            tablet.fingers.touch(
                "touchMove", (begin[0] + step / 8 * (end[0] - begin[0]), begin[1] + step / 8 * (end[1] - begin[1]))
            )
    tablet.fingers.touch("touchEnd")
    expect(tablet.page.locator("[data-plot] [data-panel=chosen]")).to_contain_text("polygon 1")
    assert tablet.python("hot in view.detectors()") is True
    assert 50 < tablet.python("len(view.detectors())") < 20_000


def test_a_range_dragged_on_the_strip_is_counted(tablet: Instrument) -> None:
    box = tablet.page.locator("[data-plot] [data-strip=range]").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.3
    tablet.fingers.drag(((box["x"] + box["width"] * 0.25, y), (box["x"] + box["width"] * 0.55, y)))
    tablet.wait()
    low, high = tablet.python("view.view['range']")
    bins = sum(low <= 500 + 1000 * i < high for i in range(10))
    assert 2 <= bins <= 4
    assert tablet.python("np.unique(view.counts()).tolist()") == [bins]
    assert tablet.hot()[0] == 0 or bins > 0


def test_every_control_is_large_enough_for_a_finger_and_nothing_keeps_anybody_out(tablet: Instrument) -> None:
    run(tablet.page, "view.select(100, [200, 300])")
    expect(tablet.page.locator("[data-plot] [data-panel=chosen]")).to_be_visible()
    assert small_controls(tablet.page, "[data-plot]") == []
    assert complaints(tablet.page, "[data-plot]") == []


def test_keys_turn_choose_and_go_back(tablet: Instrument) -> None:
    tablet.page.locator("[data-plot] .mlp-stage [data-pad=inside]").focus()
    before = tablet.python("view.view['camera']")
    tablet.page.locator("[data-plot] .mlp-stage [data-pad=inside]").focus()
    tablet.page.keyboard.press("ArrowLeft")
    tablet.page.keyboard.press("Enter")
    assert tablet.python("len(view.detectors())") == 1
    assert tablet.python("view.view['camera']") != before
    tablet.page.locator("[data-plot] .mlp-stage [data-pad=inside]").focus()
    tablet.page.keyboard.press("z")
    tablet.page.keyboard.press("z")
    assert tablet.python("view.view['camera']") == before


def test_the_table_and_the_words_say_what_the_picture_shows(tablet: Instrument) -> None:
    expect(tablet.page.locator("[data-plot] .mlp-unseen p")).to_contain_text("102,400 detectors")
    expect(tablet.page.locator("[data-plot] .mlp-unseen p")).to_contain_text(f"the highest is detector {HOT}")
    tablet.page.locator("[data-plot] .mlp-stage [data-pad=inside]").focus()
    tablet.page.keyboard.press("t")
    dialog = tablet.page.get_by_role("dialog", name="Detectors")
    expect(dialog.locator("tbody tr")).to_have_count(100)
    tablet.page.keyboard.press("Escape")


def test_snapshots_are_pictures(tablet: Instrument) -> None:
    size = tablet.page.evaluate(
        """() => new Promise((resolve) => document.querySelector("[data-plot=instrument]").dispatchEvent(
          new CustomEvent("mantidlab:snapshot",
            { detail: { answer: (picture) => picture.then((png) => resolve([png.type, png.size])) } })))"""
    )
    assert size[0] == "image/png"
    assert size[1] > io.DEFAULT_BUFFER_SIZE


def distance(camera: dict[str, Any]) -> float:
    squares = [(a - b) ** 2 for a, b in zip(camera["position"], camera["target"], strict=True)]
    return float(sum(squares) ** 0.5)

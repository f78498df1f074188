"""A plot of lines in a page: touched by fingers, and asked what it shows as one asks who does not see it."""

import re
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

from support.fingers import Fingers, Point
from support.person import PASSWORD
from support.platform import Platform

RUN_LIMIT = 60_000
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
WORDS = re.compile(r"The (x|y) axis shows [^,]*,(?: [^,]*,)? [a-z ]+, from (.+?) to (.+?)\.(?=\s|$)")


@dataclass
class Plot:
    """A plot in a notebook of a page."""

    page: Page
    fingers: Fingers

    def wait(self) -> None:
        """Wait until the picture is made from data for what it shows, and nothing moves any more."""
        self.page.wait_for_function(
            """() => new Promise((resolve) => {
              const plot = document.querySelector("[data-plot=lines]");
              const now = plot.dataset.drawn;
              setTimeout(() => resolve(plot.dataset.refined === "true" && plot.dataset.drawn === now), 400);
            })"""
        )

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Return where the axes begin and end, as the plot tells those who do not see it."""
        self.wait()
        text = self.page.locator("[data-plot] .mlp-unseen p").inner_text()
        found = {axis: (number(low), number(high)) for axis, low, high in WORDS.findall(text)}
        assert set(found) == {"x", "y"}, text
        return found

    def at(self, pad: str, x: float, y: float) -> Point:
        """Return the point of the page at these shares of a pad's width and height."""
        box = self.page.locator(f"[data-plot] [data-pad={pad}]").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def scrolled(self) -> float:
        top: float = self.page.evaluate(
            "() => document.querySelector('[data-plot]').getBoundingClientRect().top",
        )
        return top


def number(words: str) -> float:
    """Return what a number of the plot says: −12.5, 1.2 × 10⁶."""
    mantissa, _, power = words.replace("−", "-").partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPTS) or "0")


def sign_in(context: BrowserContext, platform: Platform, name: str) -> Page:
    page = context.new_page()
    page.goto(platform.invite(name))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.locator(".jp-FileBrowser")).to_be_attached(timeout=RUN_LIMIT)
    return page


def draw(page: Page, code: str) -> Plot:
    """Run a cell in a new notebook and wait for its plot, which fills the width of the page."""
    open_notebook(page)
    run(page, code)
    expect(page.locator("[data-plot=lines][data-refined=true]")).to_be_visible(timeout=RUN_LIMIT)
    return Plot(page, Fingers(page))


def open_notebook(page: Page) -> None:
    """Open a new notebook, which gets the width of the page, and wait for its kernel."""
    page.locator(".jp-LauncherCard").first.click()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=RUN_LIMIT)
    if page.locator(".jp-FileBrowser").is_visible():
        page.keyboard.press("Control+b")


def run(page: Page, code: str) -> None:
    page.locator(".jp-Notebook .jp-Cell .cm-content").last.click()
    page.keyboard.insert_text(code.strip())
    page.keyboard.press("Shift+Enter")

"""A notebook in JupyterLab, in a session of a real MantidHub, driven as a person drives it."""

import base64
import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from delaying_relay import DelayingRelay
from platforms import BenchmarkFailed
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError
from support.notebooks import notebook
from support.person import Person

WATCH = Path(__file__).with_name("plots_watch.js")
DONE = "CELL-DONE"


@dataclass
class Gesture:
    """Milliseconds from an event until the next frame and until the picture is refined; None if that never came."""

    frame: float | None
    refined: float | None


class NotebookPage:
    """One open notebook whose cells are run one after the other."""

    def __init__(self, page: Page, relay: DelayingRelay) -> None:
        self.page = page
        self.relay = relay
        self._ran = 0

    @contextmanager
    def pictured_when_it_fails(self, file: Path) -> Iterator[None]:
        """Keep a picture of the page if something goes wrong."""
        try:
            yield
        except (BenchmarkFailed, BrowserError):
            file.parent.mkdir(parents=True, exist_ok=True)
            with suppress(BrowserError):
                self.page.screenshot(path=file)
            raise

    def run(self, *, limit: float) -> str:
        """Run the next cell and return what it printed.

        Raises
        ------
        BenchmarkFailed
            It raised an error, or took too long.
        """
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").nth(self._ran)
        self._ran += 1
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        done = cell.locator(".jp-OutputArea", has_text=re.compile(f"{DONE}|Traceback"))
        try:
            done.wait_for(timeout=limit * 1000)
        except Exception as problem:
            raise BenchmarkFailed(f"cell {self._ran} was not done after {limit:.0f} s") from problem
        printed = "\n".join(cell.locator(".jp-OutputArea-output pre").all_inner_texts())
        if "Traceback" in printed:
            raise BenchmarkFailed(printed.strip().splitlines()[-1][:300])
        return printed

    def draw(self, kind: str, *, limit: float) -> float:
        """Run the next cell, which prints when it called the plot; return the seconds from there until it is drawn."""
        self.page.evaluate("kind => watchPlots.untilDrawn(kind)", kind)
        printed = self.run(limit=limit)
        called = re.search(r"CALLED (\S+)", printed)
        if called is None:
            raise BenchmarkFailed("a cell did not say when it called the plot")
        end = time.monotonic() + limit
        while (drawn := self.page.evaluate("watchPlots.drawn")) is None:
            if time.monotonic() > end:
                raise BenchmarkFailed(f"nothing was drawn within {limit:.0f} s")
            time.sleep(0.02)
        return drawn / 1000 - float(called[1])

    def pan(self, kind: str, box: dict[str, float], step: float) -> Gesture:
        """Drag what is drawn in a box to the left; the one long movement of the drag is what counts."""
        x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.45
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x - 20, y)  # so that the drag has begun, whatever distance it needs for that
        time.sleep(0.6)
        found = self._measured(kind, "pointermove", lambda: mouse.move(x - step, y))
        mouse.up()
        time.sleep(0.6)
        return found

    def zoom(self, kind: str, box: dict[str, float], wheel: float) -> Gesture:
        """Turn the wheel over what is drawn."""
        self.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45)
        time.sleep(0.3)
        return self._measured(kind, "wheel", lambda: self.page.mouse.wheel(0, wheel))

    def drawings_while_turning(self, box: dict[str, float], seconds: float) -> float:
        """Drag to and fro for some seconds; return how often ours drew in each."""
        x, y = box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        before, began = self.page.evaluate("watchPlots.countDrawings()"), time.monotonic()
        step = 0
        while time.monotonic() - began < seconds:
            step += 1
            mouse.move(x + 150 * math.sin(step / 20), y + 20 * math.cos(step / 20))
        drawings = self.page.evaluate("watchPlots.countDrawings()") - before
        taken = time.monotonic() - began
        mouse.up()
        return drawings / taken

    def _measured(self, kind: str, event: str, act) -> Gesture:
        self.page.evaluate("([kind, type]) => watchPlots.afterGesture(kind, type)", [kind, event])
        act()
        end = time.monotonic() + 6
        while time.monotonic() < end:
            noted = self.page.evaluate("watchPlots.gesture")
            if noted["refined"] is not None:
                break
            time.sleep(0.02)
        return Gesture(noted["frame"], noted["refined"])

    def box(self, selector: str) -> dict[str, float]:
        """Return where an element is, scrolled into view."""
        element = self.page.locator(selector).first
        element.scroll_into_view_if_needed()
        found = element.bounding_box()
        if found is None:
            raise BenchmarkFailed(f"{selector} is not to be seen")
        return dict(found)

    def pixels_of_colour(self, box: dict[str, float], colour: Sequence[int]) -> int:
        """Count the pixels of a colour inside a part of the page."""
        picture = base64.b64encode(self.page.screenshot(clip=box)).decode()
        return int(
            self.page.evaluate(
                "([picture, colour]) => watchPlots.pixelsOfColour(picture, colour)", [picture, [*colour]]
            )
        )


@contextmanager
def opened(
    browser: Browser, person: Person, relay: DelayingRelay, name: str, cells: Sequence[str]
) -> Iterator[NotebookPage]:
    """Put a notebook into a person's session and open it, through the relay, with a kernel of its own."""
    content = notebook(*[f"{cell}\nprint({DONE!r})" for cell in cells])
    answer = person.session("PUT", f"/api/contents/{name}", json={"type": "notebook", "content": content})
    if answer.status_code not in {200, 201}:
        raise BenchmarkFailed(f"the notebook {name} could not be saved: {answer.text[:200]}")
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    address = f"http://127.0.0.1:{relay.port}"
    context.add_cookies(
        [{"name": c.name, "value": c.value or "", "url": f"{address}{c.path}"} for c in person.web.cookies]
    )
    try:
        page = context.new_page()
        page.add_init_script(path=WATCH)
        page.goto(f"{address}/user/{person.name}/lab/tree/{name}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.locator(".jp-StatusBar-TextItem", has_text="| Idle").wait_for(timeout=60_000)
        yield NotebookPage(page, relay)
    finally:
        context.close()
        for kernel in person.session("GET", "/api/kernels").json():
            person.session("DELETE", f"/api/kernels/{kernel['id']}")

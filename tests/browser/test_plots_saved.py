"""What a plot leaves in the notebook: Python in cells below it, and its last view for those who have no kernel.

A small widget stands for a plot, and does what plots do: it says when it has drawn, gives a picture of itself and asks
for cells. What it shows is a bar; a click moves it to the right.
"""

import base64
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.desk import Desk, close, ready, run_all, save
from support.platform import SCREENSHOTS, Platform, wait_until

NAME = "wanda"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PROGRAM = """
function render({ model, el }) {
  const root = document.createElement("div");
  root.dataset.plot = "lines";
  root.style.width = "600px";
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 1200, height: 600 });
  canvas.style.width = "600px";
  const button = document.createElement("button");
  const told = document.createElement("output");
  button.textContent = "Write Python";
  button.onclick = () => {
    const detail = { text: "shift = " + model.get("view").shift, place: "below" };
    const event = new CustomEvent("mantidlab:insert-cell", { bubbles: true, composed: true, cancelable: true, detail });
    told.textContent = root.dispatchEvent(event) ? "nobody took it" : "taken";
  };
  const words = Object.assign(document.createElement("p"), { id: "words-" + Math.random(), textContent: "A blue bar" });
  canvas.setAttribute("aria-describedby", words.id);
  root.append(canvas, button, told, words);
  el.append(root);
  let drawn = 0;
  function draw() {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, 1200, 600);
    pen.fillStyle = "#0072b2";
    pen.fillRect(model.get("view").shift, 100, 200, 400);
    root.dataset.drawn = ++drawn;
  }
  root.addEventListener("mantidlab:snapshot", (event) => {
    window.pictures = (window.pictures ?? 0) + 1;
    draw(); // as those do whose canvas is empty after it was shown
    event.detail.answer(new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
    event.stopPropagation();
  });
  canvas.onclick = () => {
    model.set("view", { shift: model.get("view").shift + 100 });
    model.save_changes();
  };
  model.on("change:view", draw);
  draw();
}
export default { render };
"""
RAW = 4_000_000
BUNDLE = 400_000
DEFINITION = f"""
import anywidget, traitlets
class Bar(anywidget.AnyWidget):
    view = traitlets.Dict({{"shift": 0}}).tag(sync=True)
    data = traitlets.Bytes(bytes({RAW})).tag(sync=True)
    _esm = "/*" + "a bundle" * {BUNDLE // 8} + "*/" + {PROGRAM!r}
"""
PLOT = "bar = Bar()\nbar"


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Desk:
    return Desk.of(platform, NAME)


@pytest.fixture(scope="module")
def signed_in(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


def plots(page: Page) -> Locator:
    return page.locator(".jp-Notebook [data-plot]")


def opened(desk: Desk, context: BrowserContext, name: str, *cells: str) -> Page:
    """Write a notebook, open it and run it."""
    desk.write(name, DEFINITION, *cells)
    page = desk.open(context, name)
    run_all(page)
    expect(plots(page).first).to_be_visible()
    return page


def sources(page: Page) -> list[str]:
    cells = page.locator(".jp-Notebook .jp-CodeCell .jp-InputArea-editor .cm-content")
    return [text.strip() for text in cells.all_inner_texts()][1:]


def picture_in(desk: Desk, name: str, cell: int = 1) -> dict[str, Any]:
    """Return the output of a cell on disk."""
    return desk.cells(name)[cell]["outputs"][0]


def wait_for_a_picture(desk: Desk, page: Page, name: str, cell: int = 1) -> str:
    def saved() -> bool:
        # As a person saves, who does not press the keys while the save before is under way.
        save(page)
        page.wait_for_timeout(1000)
        return "image/png" in picture_in(desk, name, cell)["data"]

    wait_until(saved, limit=30, what="a picture is in the file")
    return picture_in(desk, name, cell)["data"]["image/png"]


def bar_in(page: Page, picture: str) -> int:
    """Return at which of the picture's pixels, 1,200 in a row, the bar begins."""
    return page.evaluate(
        """async (picture) => {
            const image = new Image();
            image.src = "data:image/png;base64," + picture;
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 600 });
            const pen = canvas.getContext("2d");
            pen.drawImage(image, 0, 0, 1200, 600);
            const { data } = pen.getImageData(0, 300, 1200, 1);
            return Array.from({ length: 1200 }, (_, x) => data[4 * x]).findIndex((red) => red < 128);
        }""",
        "".join(picture),
    )


def end_kernels(desk: Desk) -> None:
    for session in desk.person.session("GET", "/api/sessions").json():
        desk.person.session("DELETE", f"/api/sessions/{session['id']}")


def test_the_python_of_a_plot_goes_into_cells_below_it_in_order(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "inserted.ipynb", PLOT, "'last'")
    write = plots(page).get_by_role("button", name="Write Python")
    write.click()
    expect(plots(page).locator("output")).to_have_text("taken")
    plots(page).locator("canvas").click()
    page.wait_for_timeout(600)  # what is done within half a second, JupyterLab's undo takes for one thing
    write.click()
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(5)
    assert sources(page) == [PLOT, "shift = 0", "shift = 100", "'last'"]
    selected = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    expect(selected).to_contain_text("shift = 100")
    expect(selected).to_be_in_viewport()
    page.keyboard.press("z")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(4)
    assert sources(page) == [PLOT, "shift = 0", "'last'"]
    page.keyboard.press("Shift+z")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(5)
    expect(plots(page)).to_have_count(1)
    save(page)
    assert "".join(desk.cells("inserted.ipynb")[2]["source"]) == "shift = 0"
    close(page)


def test_of_two_plots_each_has_its_cells_below_itself(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "two-plots.ipynb", PLOT, "Bar(view={'shift': 7})")
    expect(plots(page)).to_have_count(2)
    for number in (1, 0, 1, 0):
        plots(page).nth(number).get_by_role("button", name="Write Python").click()
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(7)
    assert sources(page) == [PLOT, "shift = 0", "shift = 0", "Bar(view={'shift': 7})", "shift = 7", "shift = 7"]
    save(page)
    close(page)


def test_a_plot_in_a_tab_of_its_own_writes_into_its_notebook(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "detached.ipynb", PLOT)
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-InputPrompt").click(button="right")
    page.get_by_role("menuitem", name=re.compile("Create New View for Cell Output")).click()
    view = page.locator(".jp-LinkedOutputView")
    expect(view.locator("canvas")).to_be_visible()
    view.get_by_role("button", name="Write Python").click()
    expect(view.locator("output")).to_have_text("taken")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(3)
    assert sources(page) == [PLOT, "shift = 0"]
    page.locator(".lm-TabBar-tab", has_text="detached.ipynb").click()  # what is saved is the tab in use
    wait_for_a_picture(desk, page, "detached.ipynb")
    expect(view.locator("canvas")).to_have_count(1)  # a picture that is put into the output draws nothing anew
    close(page)


def test_a_notebook_that_is_saved_before_the_picture_is_there_gets_it_too(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "hasty.ipynb", PLOT)
    page.keyboard.press("Control+s")
    wait_until(
        lambda: "image/png" in str(desk.cells("hasty.ipynb")[1]["outputs"]), limit=30, what="a picture is in the file"
    )
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    close(page)


def test_a_saved_notebook_has_the_last_view_and_neither_data_nor_program(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "grown.ipynb", PLOT)
    first = wait_for_a_picture(desk, page, "grown.ipynb")
    assert bar_in(page, first) == 0
    # At once: between the clicks of a slow machine, the plot would come to rest.
    plots(page).locator("canvas").evaluate("(canvas) => { for (let i = 0; i < 3; i += 1) canvas.click(); }")
    page.wait_for_function("window.pictures >= 2")
    page.wait_for_timeout(2000)
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)  # looking changes nothing that is kept
    assert page.evaluate("window.pictures") == 2, "one when it was new, and one of where it came to rest"
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Save Notebook( Ctrl|$)")).first.click()
    wait_until(
        lambda: picture_in(desk, "grown.ipynb")["data"]["image/png"] != first, limit=20, what="the view is saved"
    )
    output = picture_in(desk, "grown.ipynb")
    assert bar_in(page, output["data"]["image/png"]) == 300
    assert output["metadata"]["image/png"] == {"width": 600, "height": 300, "alt": "A blue bar"}
    expect(plots(page)).to_have_count(1)
    size = (desk.home / "grown.ipynb").stat().st_size
    picture = len("".join(output["data"]["image/png"]))
    assert size < len(DEFINITION) + picture + 6_000, f"{size} bytes, of which the picture is {picture}"
    print(f"{size} bytes with the last view, of which the picture is {picture}")
    save(page)
    close(page)


def test_ten_million_bins_are_saved_as_a_picture(desk: Desk, signed_in: BrowserContext):
    counted = """import numpy as np
from mantidlab import plot
edges = np.arange(10_000_001.0)
p = plot((edges, np.random.default_rng(1).poisson(20, 10_000_000).astype(float)))
p"""
    measured = """import json
from ipywidgets.embed import dependency_state
len(json.dumps(dependency_state([p], drop_defaults=True)))"""
    page = opened(desk, signed_in, "many.ipynb", counted, measured)
    expect(plots(page)).to_have_attribute("data-refined", "true")
    picture = len("".join(wait_for_a_picture(desk, page, "many.ipynb")))
    size = (desk.home / "many.ipynb").stat().st_size
    state = int("".join(desk.cells("many.ipynb")[2]["outputs"][0]["data"]["text/plain"]))
    print(
        f"10 million bins: {size - len(DEFINITION)} bytes; the picture {picture}; the widget's state would be {state}"
    )
    assert size < 600_000
    assert picture < 400_000 * 4 / 3 + 4
    close(page)


def test_without_its_kernel_a_plot_shows_its_last_view_and_what_to_do(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "ended.ipynb", PLOT, "import ipywidgets\nipywidgets.IntSlider()")
    plots(page).locator("canvas").click()
    page.wait_for_timeout(1500)
    assert bar_in(page, wait_for_a_picture(desk, page, "ended.ipynb")) == 100
    close(page)
    end_kernels(desk)
    page = desk.open(signed_in, "ended.ipynb")
    saved = page.locator(".jp-Notebook .mantidlab-LastView")
    expect(saved.locator("img")).to_be_visible()
    expect(saved).to_contain_text("Run the cell to work with it")
    # Of what has no picture, ipywidgets says that it is not there; of the plot it does not.
    expect(page.get_by_text("Error displaying widget: model not found")).to_have_count(1)
    expect(saved).to_have_count(1)
    saved.scroll_into_view_if_needed()
    page.wait_for_timeout(2500)
    page.screenshot(path=SCREENSHOTS / "plot-without-kernel.png")
    run_all(page)
    expect(plots(page)).to_have_count(1)
    expect(saved).to_have_count(0)
    save(page)
    close(page)


def test_with_its_kernel_a_plot_that_is_loaded_again_is_alive(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "again-alive.ipynb", PLOT)
    wait_for_a_picture(desk, page, "again-alive.ipynb")
    page.reload()
    ready(page)
    expect(plots(page)).to_have_count(1)
    expect(page.locator(".mantidlab-LastView")).to_have_count(0)
    page.wait_for_timeout(1500)
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    close(page)


def test_where_no_kernel_can_start_it_shows_it_too(desk: Desk, signed_in: BrowserContext):
    page = opened(desk, signed_in, "reader.ipynb", PLOT)
    wait_for_a_picture(desk, page, "reader.ipynb")
    close(page)
    end_kernels(desk)
    page = signed_in.new_page()
    page.route(re.compile(r"/api/sessions"), lambda route: route.fulfill(status=503, json={"message": "no room"}))
    page.goto(f"{desk.platform.address}/user/{NAME}/lab/tree/reader.ipynb?reset")
    saved = page.locator(".jp-Notebook .mantidlab-LastView")
    expect(saved.locator("img")).to_be_visible()
    expect(saved).to_contain_text("Run the cell to work with it")
    expect(page.get_by_text("Loading widget...")).to_have_count(0)
    close(page)


def test_a_plot_whose_cell_ended_while_no_tab_was_open_has_a_picture_once_it_was_seen(
    desk: Desk, signed_in: BrowserContext
):
    desk.write("unseen.ipynb", DEFINITION, "import time\ntime.sleep(4)\nBar(view={'shift': 500})")
    page = desk.open(signed_in, "unseen.ipynb")
    run_all(page)
    expect(page.locator(".jp-CodeCell").nth(0).locator(".jp-InputPrompt")).to_have_text("[1]:")
    close(page)
    wait_until(lambda: desk.cells("unseen.ipynb")[1]["outputs"] != [], limit=30, what="the output is in the file")
    assert "image/png" not in picture_in(desk, "unseen.ipynb")["data"]
    page = desk.open(signed_in, "unseen.ipynb")
    expect(plots(page)).to_be_visible()
    assert bar_in(page, wait_for_a_picture(desk, page, "unseen.ipynb")) == 500
    expect(plots(page)).to_have_count(1)
    close(page)


def test_a_page_made_of_the_notebook_shows_the_picture(desk: Desk, signed_in: BrowserContext, tmp_path: Path):
    page = opened(desk, signed_in, "published.ipynb", PLOT)
    picture = wait_for_a_picture(desk, page, "published.ipynb")
    close(page)
    html = tmp_path / "published.html"
    python = desk.person.session("GET", "/api/kernelspecs").json()["kernelspecs"]["python3"]["spec"]["argv"]
    prefix = next((Path(part).parents[1] for part in python if part.endswith("/bin/python")), Path(sys.prefix))
    call = [prefix / "bin" / "jupyter-nbconvert", "--to", "html", "--output", html, desk.home / "published.ipynb"]
    subprocess.run([*call, "--template", "classic"], check=True, capture_output=True)
    assert 'alt="A blue bar"' in html.read_text()  # the other template of nbconvert 7.17 leaves it out
    subprocess.run(call, check=True, capture_output=True)
    text = html.read_text()
    assert base64.b64decode("".join(picture)).startswith(b"\x89PNG")
    assert "".join(picture).strip() in text.replace("\n", "")
    assert "model_id" not in text


def test_a_large_picture_is_kept_with_half_its_pixels(desk: Desk, signed_in: BrowserContext):
    noise = PROGRAM.replace(
        "root.dataset.drawn = ++drawn;",
        "const dots = pen.createImageData(1200, 600);"
        "for (let i = 0; i < dots.data.length; i++) dots.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;"
        "pen.putImageData(dots, 0, 0); root.dataset.drawn = ++drawn;",
    )
    page = opened(desk, signed_in, "noise.ipynb", f"class Noise(Bar):\n    _esm = {noise!r}\nNoise()")
    picture = base64.b64decode("".join(wait_for_a_picture(desk, page, "noise.ipynb")))
    assert picture[16:24] == (600).to_bytes(4, "big") + (300).to_bytes(4, "big")
    assert picture_in(desk, "noise.ipynb")["metadata"]["image/png"] == {
        "width": 600,
        "height": 300,
        "alt": "A blue bar",
    }
    assert len(io.BytesIO(picture).getvalue()) < 900_000
    close(page)

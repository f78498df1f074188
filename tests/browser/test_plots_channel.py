"""A plot's program and its channel in a real page: with one address for all, and with an address for each person.

Where the channel itself is looked at, a program of this test stands for a plot: it sends a request when its button is
pressed, and shows the answer and the channel's state. The server does not have it, so it comes from the kernel.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from support.hosts import platform_with_hosts, sign_in
from support.person import PASSWORD
from support.platform import Platform

RUN_LIMIT = 60_000
PROGRAM = """
export default {
  render({ el, channel, model }) {
    const [state, answer] = [document.createElement("output"), document.createElement("output")];
    state.className = "probe-state";
    answer.className = "probe-answer";
    const show = () => { state.textContent = channel.state; };
    channel.onState(show);
    show();
    for (const kind of ["echo", "slow", "wrong"]) {
      const button = document.createElement("button");
      button.textContent = kind;
      button.addEventListener("click", () => {
        answer.textContent = "asked";
        const began = performance.now();
        channel.request(kind, { say: "zoom" }, { latest: kind }).then(
          ({ content, buffers }) => {
            answer.textContent = `${content.said} ${new Float32Array(buffers[0].buffer, buffers[0].byteOffset, 2)[1]}`;
            answer.dataset.milliseconds = performance.now() - began;
          },
          (problem) => { answer.textContent = problem.message; },
        );
      });
      el.append(button);
    }
    el.append(state, answer);
  },
};
"""
PROBE = f"""
import pathlib, time
import numpy as np
from mantidlab.plots.bundles import Bundle, bundles
from mantidlab.plots.errors import PlotError
from mantidlab.plots.widget import Answer, PlotWidget, answers
file = pathlib.Path("probe.js")
file.write_text({PROGRAM!r})
bundles()["probe"] = Bundle("probe", "0123456789abcdef", file)
class Probe(PlotWidget, bundle="probe"):
    @answers("echo")
    def echo(self, params):
        return Answer({{"said": params["say"]}}, [np.array([0, 2.5], dtype="float32")])
    @answers("slow")
    def slow(self, params):
        time.sleep(1.5)
        return self.echo(params)
    @answers("wrong")
    def wrong(self, params):
        raise PlotError("There are two points, a peak needs four.")
Probe()
"""
TRANSFERRED = """
performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/lines.js")).map((one) => one.transferSize)
"""
LINES = """
import pathlib, time
import numpy as np
from mantidlab import plot
wave = np.sin(np.linspace(0, 500, 400_000)) + np.random.default_rng(1).normal(size=400_000)
one, other = plot(wave), plot(wave)
print(one.bundle_hash)
display(one, other)
"""


@dataclass
class Notebook:
    """A notebook in a page, and what its page fetched."""

    page: Page
    home: Path
    fetched: list[Response]

    def run(self, code: str) -> None:
        """Run one more cell, without waiting for it."""
        self.page.locator(".jp-Notebook .jp-Cell .cm-content").last.click()
        self.page.keyboard.insert_text(code.strip())
        self.page.keyboard.press("Shift+Enter")

    @contextmanager
    def running_cell(self, name: str) -> Iterator[None]:
        """Let a cell run meanwhile; it ends with the block, and not before."""
        go = f"{name}.go"
        self.run(f"while not pathlib.Path({go!r}).exists(): time.sleep(0.02)\nprint({name!r}, 'ended')")
        ended = self.page.locator(".jp-OutputArea-output", has_text=f"{name} ended")
        expect(self.page.locator(".jp-StatusBar-TextItem", has_text="| Busy")).to_be_visible()
        yield
        assert self.is_busy(), "what plots ask says nothing of the cell, which still runs"
        expect(ended).to_have_count(0)
        (self.home / go).touch()
        expect(ended).to_be_visible()

    def press(self, kind: str) -> None:
        self.page.locator("button", has_text=re.compile(f"^{kind}$")).click()

    def is_busy(self) -> bool:
        return self.page.locator(".jp-StatusBar-TextItem", has_text="| Busy").count() > 0


def open_notebook(page: Page, home: Path) -> Notebook:
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response) if "/mantidlab/plots/" in response.url else None)
    page.locator(".jp-LauncherCard").first.click()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=RUN_LIMIT)
    return Notebook(page, home, fetched)


@pytest.fixture
def below_one_address(platform: Platform, browser: Browser) -> Iterator[Notebook]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(platform.invite("renate"))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=RUN_LIMIT)
    yield open_notebook(page, platform.state / "homes" / "renate")
    context.close()


def programs_come_from_the_server_once(notebook: Notebook) -> None:
    notebook.run(LINES)
    expect(notebook.page.locator("[data-plot=lines][data-refined=true]")).to_have_count(2, timeout=RUN_LIMIT)
    hash_ = (
        notebook.page.locator(".jp-OutputArea-output", has_text=re.compile(r"^\s*[0-9a-f]{16}\s*$"))
        .first.inner_text()
        .strip()
    )
    (answer,) = notebook.fetched
    assert answer.status == 200
    assert answer.url.endswith(f"/mantidlab/plots/{hash_}/lines.js")
    assert "immutable" in answer.headers["cache-control"]
    expect(notebook.page.locator("[role=alert]", has_text="cannot be drawn")).to_have_count(0)


def zooming_gets_a_picture_of_its_own_while_a_cell_runs(notebook: Notebook) -> None:
    with notebook.running_cell("zoomed"):
        plot = notebook.page.locator("[data-plot=lines]").first
        plot.scroll_into_view_if_needed()
        drawn = plot.get_attribute("data-drawn") or ""
        plot.locator("[data-pad=inside]").hover()
        for _ in range(3):
            notebook.page.mouse.wheel(0, -200)
        expect(plot).not_to_have_attribute("data-drawn", drawn)
        expect(plot).to_have_attribute("data-refined", "true")


def what_the_server_lacks_comes_from_the_kernel_and_is_answered_while_a_cell_runs(notebook: Notebook) -> None:
    notebook.run(PROBE)
    answer, state = notebook.page.locator(".probe-answer"), notebook.page.locator(".probe-state")
    expect(state).to_have_text("idle", timeout=RUN_LIMIT)
    assert [response.status for response in notebook.fetched if "probe.js" in response.url] == [404]
    notebook.press("echo")
    expect(answer).to_have_text("zoom 2.5")
    with notebook.running_cell("asked"):
        notebook.press("slow")
        expect(state).to_have_text("waiting")
        expect(answer).to_have_text("zoom 2.5")
        expect(state).to_have_text("idle")
        notebook.press("wrong")
        expect(answer).to_have_text("There are two points, a peak needs four.")


def test_below_one_address(below_one_address: Notebook) -> None:
    notebook = below_one_address
    programs_come_from_the_server_once(notebook)
    zooming_gets_a_picture_of_its_own_while_a_cell_runs(notebook)
    what_the_server_lacks_comes_from_the_kernel_and_is_answered_while_a_cell_runs(notebook)
    a_reload_keeps_the_program_and_finds_the_kernel(notebook)
    a_restart_says_that_the_kernel_is_gone(notebook)


def a_reload_keeps_the_program_and_finds_the_kernel(notebook: Notebook) -> None:
    notebook.page.keyboard.press("Control+s")
    name = notebook.page.locator(".jp-Dialog button.jp-mod-accept")
    if name.count():
        name.click()
    expect(notebook.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    assert notebook.page.evaluate(TRANSFERRED)[0] > 0
    notebook.page.reload()
    expect(notebook.page.locator(".probe-state")).to_have_text("idle", timeout=RUN_LIMIT)
    expect(notebook.page.locator("[data-plot=lines]")).to_have_count(2, timeout=RUN_LIMIT)
    assert notebook.page.evaluate(TRANSFERRED) == [0], "the browser kept it"
    notebook.press("echo")
    expect(notebook.page.locator(".probe-answer")).to_have_text("zoom 2.5")


def a_restart_says_that_the_kernel_is_gone(notebook: Notebook) -> None:
    notebook.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    notebook.page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(notebook.page.locator(".probe-state")).to_have_text("no-kernel")
    notebook.press("echo")
    expect(notebook.page.locator(".probe-answer")).to_have_text(re.compile("The kernel that drew this plot is gone"))


@pytest.fixture
def at_an_address_of_ones_own(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    with platform_with_hosts(tmp_path_factory.mktemp("hosts")) as platform:
        context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 860}, ignore_https_errors=True)
        yield open_notebook(sign_in(context, platform, "rosa"), platform.state / "homes" / "rosa")
        context.close()


def test_at_an_address_of_ones_own(at_an_address_of_ones_own: Notebook) -> None:
    programs_come_from_the_server_once(at_an_address_of_ones_own)
    what_the_server_lacks_comes_from_the_kernel_and_is_answered_while_a_cell_runs(at_an_address_of_ones_own)

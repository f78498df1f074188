"""JupyterLab works under the edge's policy for pages of sessions; the tests of this folder fail on what it forbids."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from support.chromium import FORBIDDEN
from support.person import PASSWORD
from support.platform import Platform

RUN_LIMIT = 60_000
WIDGET = """
import ipywidgets, IPython.display as d
html = '<b id="made"></b><script>document.getElementById("made").textContent = "by a script"</script>'
d.display(ipywidgets.IntSlider(7, description='wave'), d.HTML(html))
"""
FIGURE = """
%matplotlib widget
import matplotlib.pyplot as plt
plt.plot([1, 2, 3]); plt.show()
"""


@pytest.fixture(scope="module")
def pat(platform: Platform, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(platform.invite("pat"))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=RUN_LIMIT)
    return page


def run(page: Page, code: str) -> None:
    page.locator(".jp-Notebook .jp-Cell .cm-content").last.click()
    page.keyboard.insert_text(code.strip())
    page.keyboard.press("Shift+Enter")


def test_widgets_figures_and_scripts_in_outputs_work(pat: Page):
    pat.locator(".jp-LauncherCard").first.click()
    expect(pat.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=RUN_LIMIT)
    run(pat, WIDGET)
    expect(pat.locator(".widget-slider", has_text="wave")).to_be_visible(timeout=RUN_LIMIT)
    expect(pat.locator("#made")).to_have_text("by a script")
    run(pat, FIGURE)
    expect(pat.locator(".jupyter-matplotlib-canvas-container canvas").first).to_be_visible(timeout=RUN_LIMIT)


def test_terminals_files_and_pages_in_a_frame_work(pat: Page, platform: Platform):
    page = pat.context.new_page()
    page.goto(f"{platform.address}/user/pat/lab?reset")
    page.locator(".jp-LauncherCard", has_text="Terminal").click()
    page.locator(".jp-Terminal .xterm-screen").click(timeout=RUN_LIMIT)
    page.keyboard.type("echo $((6*7)) > terminal.txt; echo '<h1>A page</h1>' > page.html; touch made\n")
    for file in ("made", "terminal.txt", "page.html"):
        expect(page.locator(".jp-DirListing-itemText", has_text=file)).to_be_visible(timeout=RUN_LIMIT)
    page.locator(".jp-DirListing-itemText", has_text="terminal.txt").dblclick()
    expect(page.locator(".jp-FileEditor")).to_contain_text("42", timeout=RUN_LIMIT)
    page.locator(".jp-DirListing-itemText", has_text="page.html").dblclick()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("A page", timeout=RUN_LIMIT)
    page.close()


def test_what_is_forbidden_is_noticed_here(pat: Page):
    """Else the tests of this folder would find nothing, whatever the policy says."""
    before = len(FORBIDDEN)
    ask = "path => fetch(path).then(() => 'answered', () => 'forbidden')"
    assert pat.evaluate(ask, "/user/pat/api/status") == "answered"
    assert FORBIDDEN[before:] == []
    assert pat.evaluate(ask, "/hub/home") == "forbidden"
    for _ in range(100):  # what the page says arrives while Playwright waits
        if len(FORBIDDEN) == before:
            pat.wait_for_timeout(200)
    assert len(FORBIDDEN) > before
    del FORBIDDEN[before:]

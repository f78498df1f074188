"""Where memory is used up, the notebook says in words what happened, to those who look and to those who come later."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.notebooks import write_notebook
from support.person import Kernel, Person
from support.platform import SCREENSHOTS, Platform, wait_until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can set limits here")

BOMB = "a = [bytearray(2**24) for _ in range(200)]"
SignIn = Callable[[BrowserContext], BrowserContext]
SENTENCE = re.compile(
    r"\d.*: The kernel was ended because the session reached its memory limit of 512 MiB\. "
    r"The kernel used \d+ MiB\. Its variables are lost; notebooks and files are not\. "
    r"What helps: load less at once"
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A MantidHub whose sessions may use 512 MiB."""
    folder = tmp_path_factory.mktemp("memory")
    config = folder / "mantidhub.toml"
    config.write_text(
        '[sessions.sizes.small]\ntitle = "Small"\nmemory = "512 MiB"\ncpus = 1\n[environments]\noffered = ["scipp"]\n'
    )
    running = Platform(folder / "state", ("--config", str(config))).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def mia(platform: Platform) -> Person:
    person = Person.from_link(platform.invite("mia"), "mia")
    person.start_session()
    return person


@pytest.fixture
def signed_in(mia: Person) -> Iterator[SignIn]:
    """Sign her in to a browser. Her notebooks are shut down afterwards."""

    def sign_in(browser: BrowserContext) -> BrowserContext:
        browser.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "url": f"{mia.address}{cookie.path}"}
                for cookie in mia.web.cookies
            ]
        )
        return browser

    yield sign_in
    for session in mia.session("GET", "/api/sessions").json():
        mia.session("DELETE", f"/api/sessions/{session['id']}")


@pytest.fixture
def notebook(platform: Platform) -> Iterator[Path]:
    file = platform.state / "homes" / "mia" / "large.ipynb"
    write_notebook(file, BOMB)
    os.chown(file, file.parent.stat().st_uid, file.parent.stat().st_gid)
    yield file
    file.unlink()


def opened(context: BrowserContext, mia: Person, notebook: Path) -> Page:
    page = context.new_page()
    page.goto(f"{mia.address}/user/mia/lab/tree/{notebook.name}?reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle").first).to_be_attached()
    return page


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Memory of this kernel")


def test_who_looks_reads_it_at_once_and_again_until_it_is_understood(
    desktop: BrowserContext, signed_in: SignIn, mia: Person, notebook: Path
):
    page = opened(signed_in(desktop), mia, notebook)
    expect(notice(page)).to_be_hidden()
    run_all(page)
    expect(notice(page).get_by_role("status")).to_have_text(SENTENCE)
    restarting = page.get_by_role("dialog").get_by_role("button", name="Ok")  # JupyterLab's own words
    restarting.click()
    page.screenshot(path=SCREENSHOTS / "out-of-memory.png")
    page.reload()
    expect(notice(page).get_by_role("status")).to_have_text(SENTENCE)
    notice(page).get_by_role("button", name="Understood").click()
    expect(notice(page)).to_be_hidden()
    wait_until(lambda: mia.session("GET", "/mantidlab/losses").json() == [], limit=10, what="the server forgets it")
    page.reload()
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle").first).to_be_attached()
    page.wait_for_timeout(1000)
    expect(notice(page)).to_be_hidden()


def test_who_was_away_reads_it_on_a_tablet_when_the_notebook_is_opened_later(
    tablet: BrowserContext, signed_in: SignIn, mia: Person, notebook: Path
):
    wanted = {"path": notebook.name, "name": notebook.name, "type": "notebook", "kernel": {"name": "python3"}}
    started = mia.session("POST", "/api/sessions", json=wanted).json()
    Kernel(mia, started["kernel"]["id"], "").send(BOMB)
    wait_until(lambda: mia.session("GET", "/mantidlab/losses").json(), limit=60, what="the server knows")
    page = opened(signed_in(tablet), mia, notebook)
    expect(notice(page).get_by_role("status")).to_have_text(SENTENCE)
    understood = notice(page).get_by_role("button", name="Understood")
    page.screenshot(path=SCREENSHOTS / "out-of-memory-tablet.png")
    box = understood.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 768
    understood.tap()
    expect(notice(page)).to_be_hidden()


def test_a_console_says_it_too(desktop: BrowserContext, signed_in: SignIn, mia: Person):
    page = signed_in(desktop).new_page()
    page.goto(f"{mia.address}/user/mia/lab?reset")
    page.locator(".jp-LauncherCard[data-category=Console]").first.click()
    cell = page.locator(".jp-CodeConsole-promptCell .cm-content")
    expect(page.locator(".jp-CodeConsole-banner")).to_contain_text("IPython")
    cell.fill(BOMB)
    cell.press("Shift+Enter")
    expect(notice(page).get_by_role("status")).to_have_text(SENTENCE)

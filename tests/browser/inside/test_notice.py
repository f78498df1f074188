"""Opened with another environment than it last ran in, a notebook says so and offers the right one."""

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.notebooks import record_in, write_notebook
from support.platform import SCREENSHOTS

OLDER = {"environment": "mantid", "title": "Mantid 6.15", "hash": "cc" * 32, "lock": "cc"}
MANTID = {"environment": "mantid", "title": "Mantid 6.16", "hash": "bb" * 32, "lock": "bb"}
SMALLEST_FOR_FINGERS = 44
LAYOUT_FOLLOWED = """() => {
    const [bar, inner, cell] = [".mantidlab-Notice", ".mantidlab-Notice-inner", ".jp-Notebook .jp-Cell"].map(
        (selector) => document.querySelector(selector).getBoundingClientRect(),
    );
    return inner.height <= bar.height + 0.5 && bar.bottom <= cell.top;
}"""


@pytest.fixture
def home(here) -> Path:
    """The home of a session with Mantid 6.16, its own, and scipp."""
    home = here.starter.make_home()
    here.start("ann", [here.environment("mantid", "Mantid 6.16", "bb"), here.environment("scipp", "scipp", "aa")], home)
    return home


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Environment of this notebook")


def kernel_shown(page: Page) -> Locator:
    return page.locator(".jp-KernelName").first


def test_it_offers_a_server_with_the_environment_that_is_not_here(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=OLDER)
    page = here.open(desktop, "ann", "a.ipynb")
    text = "This notebook last ran in Mantid 6.15; this session has Mantid 6.16."
    expect(notice(page).get_by_role("status")).to_have_text(text)
    page.screenshot(path=SCREENSHOTS / "notice-desktop.png")
    link = notice(page).get_by_role("link", name="Start a server with Mantid 6.15")
    address = "/hub/spawn/ann?environment=mantid-cccccccccccc&lock=cc&next=%2Fuser%2Fann%2Flab%2Ftree%2Fa.ipynb"
    assert link.get_attribute("href") == address, "and opens the notebook in it"
    asked_for = f"{here.address}{address}"
    with desktop.expect_event("request", lambda request: request.url == asked_for), desktop.expect_page():
        link.click()
    expect(notice(page)).to_be_visible()  # the notebook is still there to be read


def test_one_tap_switches_to_the_right_kernel_of_this_session(here, home, phone: BrowserContext):
    write_notebook(home / "a.ipynb", "import os; os.environ['MANTIDHUB_ENVIRONMENT']", mantidhub={
        "environment": "scipp", "title": "scipp", "hash": "dd" * 32, "lock": "aa"})  # fmt: skip
    page = here.open(phone, "ann", "a.ipynb")
    expect(notice(page).get_by_role("status")).to_contain_text("last ran in scipp")
    expect(notice(page).get_by_role("link")).to_have_count(0)
    page.screenshot(path=SCREENSHOTS / "notice-phone.png")
    notice(page).get_by_role("button", name="Use scipp").tap()
    expect(notice(page)).to_be_hidden()
    page.get_by_role("menuitem", name="Run", exact=True).tap()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).tap()
    expect(page.locator(".jp-OutputArea-output")).to_have_text("'scipp'", timeout=30_000)


def test_away_from_the_sessions_own_kernel_it_speaks_of_the_kernel(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", kernel="mantidhub-scipp", mantidhub=MANTID)
    page = here.open(desktop, "ann", "a.ipynb")
    text = "This notebook last ran in Mantid 6.16; its kernel is now scipp."
    expect(notice(page).get_by_role("status")).to_have_text(text)
    notice(page).get_by_role("button", name="Use Mantid 6.16").click()
    expect(notice(page)).to_be_hidden()
    expect(kernel_shown(page)).to_contain_text("Mantid 6.16")


def test_staying_is_remembered_until_the_notebook_is_run_elsewhere(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=OLDER)
    before = (home / "a.ipynb").read_bytes()
    page = here.open(desktop, "ann", "a.ipynb")
    notice(page).get_by_role("button", name="Stay with Mantid 6.16").click()
    expect(notice(page)).to_be_hidden()
    page.close()
    page = here.open(desktop, "ann", "a.ipynb")
    page.wait_for_timeout(500)
    expect(notice(page)).to_be_hidden()
    page.close()
    assert record_in(home / "a.ipynb") == OLDER, before
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub={**OLDER, "lock": "ee"})
    expect(notice(here.open(desktop, "ann", "a.ipynb"))).to_be_visible()


def test_running_it_here_ends_the_question(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=OLDER)
    page = here.open(desktop, "ann", "a.ipynb")
    expect(notice(page)).to_be_visible()
    page.locator(".jp-Notebook .cm-content").first.click()
    page.keyboard.press("Control+Enter")
    expect(notice(page)).to_be_hidden()
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    assert record_in(home / "a.ipynb") == MANTID


@pytest.mark.parametrize(
    "record",
    [
        None,
        {**MANTID, "title": "Mantid of another build", "hash": "ff" * 32},  # the same packages
        {**OLDER, "lock": ""},
        {**OLDER, "environment": "", "title": ""},
        {"lock": "cc"},
        "Mantid 6.15",
        [{"lock": "cc"}],
    ],
)
def test_it_is_silent_where_nothing_is_different_or_nothing_known(here, home, desktop: BrowserContext, record):
    write_notebook(home / "a.ipynb", "6 * 7", **({} if record is None else {"mantidhub": record}))
    page = here.open(desktop, "ann", "a.ipynb")
    page.wait_for_timeout(500)
    expect(notice(page)).to_be_hidden()


def test_two_builds_of_one_title_are_told_apart(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub={**OLDER, "title": "Mantid 6.16"})
    page = here.open(desktop, "ann", "a.ipynb")
    text = "This notebook last ran in Mantid 6.16 (cccccccc); this session has Mantid 6.16 (bbbbbbbb)."
    expect(notice(page).get_by_role("status")).to_have_text(text)


def test_a_notebook_cannot_put_markup_or_addresses_into_the_page(here, home, desktop: BrowserContext):
    hostile = {
        "environment": "//evil.example/?",
        "title": "<img src=x onerror=alert(1)>",
        "hash": "&x=1#",
        "lock": "e&environment=x",
    }
    odd = "odd name?next=&#.ipynb"
    write_notebook(home / odd, "6 * 7", mantidhub=hostile)
    page = here.open(desktop, "ann", quote(odd))
    expect(notice(page).get_by_role("status")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(notice(page).locator("img")).to_have_count(0)
    address = notice(page).get_by_role("link").get_attribute("href")
    assert re.fullmatch(
        r"/hub/spawn/ann\?environment=[^&#/?]+&lock=e%26environment%3Dx&next=%2Fuser%2Fann%2Flab%2Ftree%2F[^&#/?]+",
        address,
    )
    followed = parse_qs(urlsplit(address).query)["next"]
    assert followed == ["/user/ann/lab/tree/odd%20name%3Fnext%3D%26%23.ipynb"]


def test_the_keyboard_reaches_it_and_comes_back_to_the_notebook(here, home, desktop: BrowserContext):
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub=OLDER)
    page = here.open(desktop, "ann", "a.ipynb")
    expect(notice(page)).to_be_visible()
    page.get_by_role("button", name="Restart the kernel and run all cells").focus()
    reached = []
    while len(reached) < 20 and "Stay with Mantid 6.16" not in reached:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert reached[-2:] == ["Start a server with Mantid 6.15", "Stay with Mantid 6.16"]
    page.keyboard.press("Enter")
    expect(notice(page)).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('.jp-Notebook') !== null")


@pytest.mark.parametrize("kind", ["phone", "tablet"])
def test_fingers_hit_it_and_it_hides_nothing(here, home, request: pytest.FixtureRequest, kind: str):
    long = "Mantid 6.15 with the reflectometry extensions of the summer school"
    write_notebook(home / "a.ipynb", "6 * 7", mantidhub={**OLDER, "title": long})
    page = here.open(request.getfixturevalue(kind), "ann", "a.ipynb")
    expect(notice(page)).to_be_visible()
    page.wait_for_function(LAYOUT_FOLLOWED)
    page.screenshot(path=SCREENSHOTS / f"notice-{kind}-long.png")
    bar, cell = notice(page).bounding_box(), page.locator(".jp-Cell").first.bounding_box()
    assert bar["y"] + bar["height"] <= cell["y"]
    assert bar["x"] + bar["width"] <= page.viewport_size["width"]
    inside = notice(page).locator(".mantidlab-Notice-inner").bounding_box()
    assert inside["height"] <= bar["height"] + 0.5
    for control in notice(page).locator("a, button").all():
        box = control.bounding_box()
        assert box["height"] >= SMALLEST_FOR_FINGERS
        assert bar["x"] <= box["x"]
        assert box["x"] + box["width"] <= bar["x"] + bar["width"]
        assert box["y"] + box["height"] <= bar["y"] + bar["height"]

"""First light as people see it: an administrator, two users side by side, examples that show their plots."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.person import PASSWORD
from support.platform import SCREENSHOTS, Platform

START_LIMIT = 30_000
RUN_LIMIT = 120_000
MENUS_SHUT_WITHIN = 1000  # milliseconds; the timer of JupyterLab's menus is 300


@pytest.fixture(scope="module")
def administrator(platform: Platform, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    sign_in_by_link(page, platform.administrators_link, screenshot="link.png")
    return page


@pytest.fixture(scope="module")
def pages(platform: Platform, browser: Browser, administrator: Page) -> dict[str, Page]:
    """Two people who have signed in side by side, each in a browser of their own."""
    links = {name: platform.invite(name) for name in ("alice", "bob")}
    opened = {}
    for name, link in links.items():
        opened[name] = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        sign_in_by_link(opened[name], link)
    return opened


def sign_in_by_link(page: Page, link: str, screenshot: str | None = None) -> None:
    page.goto(link)
    if screenshot:
        page.screenshot(path=SCREENSHOTS / screenshot)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=START_LIMIT)


def sign_in_with_fingers(page: Page, name: str) -> None:
    page.get_by_label(re.compile("user", re.IGNORECASE)).first.fill(name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).tap()
    page.wait_for_url(lambda url: "/hub/login" not in url)


def open_example(page: Page, address: str, name: str, notebook: str) -> None:
    """Open an example and wait until its kernel is ready."""
    page.goto(f"{address}/user/{name}/lab/tree/examples/{notebook}?reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=START_LIMIT)
    expect(page.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=START_LIMIT)


def menu_item(page: Page, name: str) -> Locator:
    return page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$"))


def run_example(page: Page, address: str, name: str, notebook: str) -> None:
    """Open an example and run all its cells, by the menu."""
    open_example(page, address, name, notebook)
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


def test_the_administrator_signs_in_by_the_link(administrator: Page, platform: Platform):
    assert "/user/admin/lab" in administrator.url
    administrator.goto(f"{platform.address}/hub/admin")
    expect(administrator.get_by_role("cell", name="admin", exact=True).first).to_be_visible(timeout=START_LIMIT)


@pytest.mark.parametrize(
    ("name", "notebook", "result"),
    [
        ("alice", "sans-spheres.ipynb", r"radius\s*=\s*\d+"),
        ("bob", "powder-silicon.ipynb", r"a\s*=\s*5\.4\d+|lattice parameter.*5\.4\d+"),
        ("alice", "reflectometry-film.ipynb", r"thickness\s*=\s*\d+"),
        ("bob", "first-look.ipynb", r"lattice parameter = 5\.43\d+"),
    ],
)
def test_each_opens_an_example_runs_all_cells_and_sees_the_plot(
    pages: dict[str, Page], platform: Platform, name: str, notebook: str, result: str
):
    page = pages[name]
    run_example(page, platform.address, name, notebook)
    expect(page.locator(".jp-OutputArea-output", has_text=re.compile(result)).last).to_be_visible(timeout=RUN_LIMIT)
    plots = page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg, .jp-OutputArea-output canvas")
    assert plots.count() > 0
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    plots.last.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / f"{notebook.removesuffix('.ipynb')}.png")


def test_one_cannot_open_the_others_server(pages: dict[str, Page], platform: Platform):
    answer = pages["alice"].context.request.get(f"{platform.address}/user/bob/api/contents")
    assert answer.status == 403
    own = pages["bob"].context.request.get(f"{platform.address}/user/bob/api/contents")
    assert own.status == 200
    page = pages["alice"].context.new_page()
    page.goto(f"{platform.address}/user/bob/lab")
    expect(page.locator(".jp-FileBrowser")).to_have_count(0)
    page.close()


def test_a_wrong_password_is_answered_in_words(platform: Platform, pages: dict[str, Page], desktop: BrowserContext):
    page = desktop.new_page()
    page.goto(f"{platform.address}/hub/login")
    page.get_by_label(re.compile("user", re.IGNORECASE)).first.fill("alice")
    page.locator("input[type=password]").fill("something else")
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_text("do not belong together").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "wrong-password.png")


def test_signing_in_with_fingers_on_a_tablet(platform: Platform, pages: dict[str, Page], tablet: BrowserContext):
    page = tablet.new_page()
    page.goto(f"{platform.address}/hub/login?next=/hub/home")
    for control in page.locator("form input:visible, form button:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, "a finger needs 44 px"
    sign_in_with_fingers(page, "bob")
    expect(page.get_by_role("heading").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 768, "nothing lies beyond the edge of the screen"
    page.screenshot(path=SCREENSHOTS / "tablet-home.png")


def test_running_an_example_with_fingers_on_a_tablet(
    platform: Platform, pages: dict[str, Page], tablet: BrowserContext
):
    page = tablet.new_page()
    page.goto(f"{platform.address}/hub/login?next=/hub/home")
    sign_in_with_fingers(page, "bob")
    open_example(page, platform.address, "bob", "sans-spheres.ipynb")
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).tap()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).tap()
    result = page.locator(".jp-OutputArea-output", has_text=re.compile(r"radius\s*=\s*\d+"))
    expect(result.last).to_be_visible(timeout=RUN_LIMIT)
    page.screenshot(path=SCREENSHOTS / "tablet-run.png")


def test_submenus_stay_open_for_fingers_on_a_tablet(platform: Platform, pages: dict[str, Page], tablet: BrowserContext):
    page = tablet.new_page()
    page.set_viewport_size({"width": 1024, "height": 768})  # held across
    page.goto(f"{platform.address}/hub/login?next=/hub/home")
    sign_in_with_fingers(page, "bob")
    open_example(page, platform.address, "bob", "sans-spheres.ipynb")
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Settings$")).tap()
    for submenu, item in [("Theme", "JupyterLab Dark"), ("Language", "English")]:
        menu_item(page, submenu).tap()
        page.wait_for_timeout(MENUS_SHUT_WITHIN)
        expect(menu_item(page, item)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^View$")).tap()
    menu_item(page, "Appearance").tap()
    page.wait_for_timeout(MENUS_SHUT_WITHIN)
    menu_item(page, "Simple Interface").tap()
    expect(page.locator(".jp-LabShell")).to_have_attribute("data-shell-mode", "single-document")
    expect(page.locator(".lm-Menu")).to_have_count(0)


def test_stop_and_start_on_the_home_page(platform: Platform, pages: dict[str, Page]):
    page = pages["bob"].context.new_page()
    page.goto(f"{platform.address}/hub/home")
    page.locator("#stop").click()
    expect(page.locator("#start")).to_have_text(re.compile("Start", re.IGNORECASE), timeout=START_LIMIT)
    page.goto(f"{platform.address}/user/bob/lab")
    page.screenshot(path=SCREENSHOTS / "not-running.png")
    page.goto(f"{platform.address}/hub/home")
    page.get_by_role("button", name="Start my server").click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=START_LIMIT)
    page.close()

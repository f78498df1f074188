"""With an address for each person, over HTTPS: people sign in on the hub's and work on their own."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.hosts import address_of, platform_with_hosts, sign_in
from support.platform import Platform

RUN_LIMIT = 60_000


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with platform_with_hosts(tmp_path_factory.mktemp("hosts")) as platform:
        yield platform


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, ignore_https_errors=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def alice(context: BrowserContext, platform: Platform) -> Page:
    return sign_in(context, platform, "alice")


def test_who_signs_in_at_the_hub_works_at_their_own_address(alice: Page, platform: Platform):
    assert alice.url.startswith(f"{address_of(platform, 'alice')}/lab")
    alice.locator(".jp-LauncherCard").first.click()
    expect(alice.locator(".jp-StatusBar-TextItem", has_text="| Idle")).to_be_visible(timeout=RUN_LIMIT)
    alice.locator(".jp-Notebook .jp-Cell .cm-content").first.click()
    alice.keyboard.type("print(6 * 7)")
    alice.keyboard.press("Shift+Enter")
    expect(alice.locator(".jp-OutputArea-output", has_text="42")).to_be_visible(timeout=RUN_LIMIT)


def test_the_cookies_of_the_hub_and_of_each_server_stay_on_their_host(alice: Page, context: BrowserContext):
    """All but the word by which the hub ends what belongs to one sign-in; it lets nobody in."""
    shared = {cookie["name"] for cookie in context.cookies() if cookie["domain"].startswith(".")}
    assert shared == {"jupyterhub-session-id"}
    own = {cookie["name"]: cookie for cookie in context.cookies() if not cookie["domain"].startswith(".")}
    logins = {name: cookie["domain"] for name, cookie in own.items() if "jupyterhub-" in name}
    assert logins == {"__Host-jupyterhub-hub-login": "hub.example", "__Host-jupyterhub-user-alice": "alice.hub.example"}
    assert all(cookie["secure"] and cookie["httpOnly"] for name, cookie in own.items() if name in logins)


def test_the_home_page_leads_to_the_own_address_and_back(context: BrowserContext, alice: Page, platform: Platform):
    page = context.new_page()
    page.goto(f"{platform.address}/hub/home")
    page.goto(urljoin(page.url, page.locator("#start").get_attribute("href")))
    page.wait_for_url(f"{address_of(platform, 'alice')}/lab*", timeout=RUN_LIMIT)
    page.goto(urljoin(page.url, "/hub/home"))
    assert page.url == f"{platform.address}/hub/home"
    page.close()


def test_who_opens_a_server_that_does_not_run_can_start_it(context: BrowserContext, alice: Page, platform: Platform):
    page = context.new_page()
    page.goto(f"{platform.address}/hub/home")
    page.locator("#stop").click()
    expect(page.locator("#start")).to_have_text(re.compile("Start", re.IGNORECASE))
    page.goto(f"{address_of(platform, 'alice')}/lab")
    assert page.url.startswith(f"{platform.address}/hub/user/alice/lab")
    page.get_by_role("button", name="Start it").click()
    page.wait_for_url(re.compile(r"//alice\.hub\.example.*/lab"), timeout=RUN_LIMIT)
    page.close()


def test_an_administrator_opens_the_server_of_another_at_its_address(browser: Browser, alice: Page, platform: Platform):
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(platform.administrators_link)
    for field in page.locator("input[type=password]").all():
        field.fill("correct horse battery staple")
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    page.wait_for_url(re.compile(r"//admin\.hub\.example.*/lab"), timeout=RUN_LIMIT)
    page.goto(f"{platform.address}/user/alice/lab")
    page.wait_for_url(re.compile("oauth2/authorize|//alice"))
    if "authorize" in page.url:
        page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(re.compile(r"//alice\.hub\.example.*/lab"), timeout=RUN_LIMIT)
    context.close()

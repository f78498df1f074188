"""The home page and the error pages say what is true, on a desktop and on a telephone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.person import Person
from support.platform import SCREENSHOTS, Platform

LIMIT = 30_000
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def erin(platform: Platform) -> Person:
    return Person.from_link(platform.invite("erin"), "erin")


@pytest.fixture(scope="module")
def frida(platform: Platform) -> Person:
    return Person.from_link(platform.invite("frida"), "frida")


@pytest.fixture
def erins_page(browser: Browser, erin: Person) -> Iterator[Page]:
    with page_of(browser, erin) as page:
        yield page


@pytest.fixture
def fridas_page(browser: Browser, frida: Person) -> Iterator[Page]:
    with page_of(browser, frida) as page:
        yield page


@contextmanager
def page_of(browser: Browser, person: Person) -> Iterator[Page]:
    """Open a browser in which the person is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": f"{person.address}{cookie.path}"}
            for cookie in person.web.cookies
        ]
    )
    yield context.new_page()
    context.close()


@contextmanager
def without_environments(platform: Platform) -> Iterator[None]:
    environments = platform.state / "environments"
    shared = environments.readlink()
    environments.unlink()
    environments.mkdir()
    try:
        yield
    finally:
        environments.rmdir()
        environments.symlink_to(shared)


def take_pictures(page: Page, name: str) -> None:
    """Take one on a desktop and one on a telephone, where nothing may lie beyond the edge."""
    desktop = page.viewport_size
    assert desktop is not None
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(TELEPHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    page.screenshot(path=SCREENSHOTS / f"{name}-telephone.png")
    page.set_viewport_size(desktop)


def test_after_a_stop_the_home_page_says_so(platform: Platform, erin: Person, erins_page: Page):
    erin.start_session()
    erins_page.goto(f"{platform.address}/hub/home")
    expect(erins_page.get_by_text("Your server is running.")).to_be_visible()
    expect(erins_page.get_by_role("link", name="Open my server", exact=True)).to_be_visible()
    take_pictures(erins_page, "home-running")
    erins_page.get_by_role("button", name="Stop my server").click()
    expect(erins_page.get_by_text("Your server is not running. Your files are kept.")).to_be_visible(timeout=LIMIT)
    expect(erins_page.get_by_role("button", name="Start my server", exact=True)).to_be_visible()
    expect(erins_page.get_by_role("button", name="Stop my server")).to_have_count(0)
    expect(erins_page.get_by_text("Your server is running.")).to_have_count(0)


def test_after_a_stop_that_failed_the_page_says_that_the_server_runs(
    platform: Platform, erin: Person, erins_page: Page
):
    erin.start_session()
    erins_page.goto(f"{platform.address}/hub/home")
    erins_page.route(
        re.compile("/hub/api/users/erin/server"),
        lambda route: route.fulfill(status=500, json={"status": 500, "message": "the controller is away"}),
    )
    erins_page.get_by_role("button", name="Stop my server").click()
    dialog = erins_page.get_by_role("dialog")
    expect(dialog).to_contain_text("the controller is away")
    while dialog.is_visible():  # it fades in, and cannot be closed meanwhile
        dialog.locator("[data-bs-dismiss=modal]").last.dispatch_event("click")
        erins_page.wait_for_timeout(100)
    expect(erins_page.get_by_text("Your server is running.")).to_be_visible()
    expect(erins_page.get_by_role("button", name="Stop my server")).to_be_visible()


def test_a_server_needs_a_name_to_be_added(platform: Platform, fridas_page: Page):
    fridas_page.goto(f"{platform.address}/hub/home")
    name, add = fridas_page.get_by_label("Name of the new server"), fridas_page.get_by_role("button", name="Add")
    requests: list[str] = []
    fridas_page.on("request", lambda request: requests.append(request.url))
    fridas_page.wait_for_function("window._jupyterhub_page_loaded")
    expect(add).to_be_disabled()
    name.press("Enter")
    name.fill("   ")
    expect(add).to_be_disabled()
    name.press("Enter")
    assert [url for url in requests if "/api/users" in url] == []
    name.fill("x")
    expect(add).to_be_enabled()
    name.fill("")
    expect(add).to_be_disabled()


def test_a_name_becomes_what_the_page_says_and_the_server_is_not_started(
    platform: Platform, frida: Person, fridas_page: Page
):
    fridas_page.goto(f"{platform.address}/hub/home")
    expect(fridas_page.get_by_text("“Big Fit!” becomes big-fit")).to_be_visible()
    expect(fridas_page.get_by_text("Add does not start the server")).to_be_visible()
    add_server(fridas_page, "Big Fit!")
    added = fridas_page.locator("[data-server-name=big-fit]")
    expect(added.get_by_role("button", name="Start")).to_be_visible()
    expect(added.get_by_role("button", name="Stop")).to_be_hidden()
    model = frida.hub("GET", "/users/frida", params={"include_stopped_servers": True}).json()
    assert model["servers"]["big-fit"]["stopped"]


def test_who_has_all_servers_is_told_instead_of_offered_one_more(platform: Platform, fridas_page: Page):
    fridas_page.goto(f"{platform.address}/hub/home")
    rows = fridas_page.locator("[data-server-name]")
    while (count := rows.count()) < 3:
        add_server(fridas_page, f"fit {count}")
        expect(rows).to_have_count(count + 1)
        assert count == 2 or fridas_page.get_by_text("To add another, delete one.").count() == 0
    expect(fridas_page.get_by_text("You have added all of them. To add another, delete one.")).to_be_visible()
    expect(fridas_page.get_by_label("Name of the new server")).to_have_count(0)
    take_pictures(fridas_page, "home-all-servers")
    fridas_page.on("dialog", lambda dialog: dialog.accept())
    rows.first.get_by_role("button", name="Delete").click()
    expect(fridas_page.get_by_label("Name of the new server")).to_be_visible()
    expect(rows).to_have_count(2)
    take_pictures(fridas_page, "home-some-servers")


def add_server(page: Page, name: str) -> None:
    page.wait_for_function("window._jupyterhub_page_loaded")
    page.get_by_label("Name of the new server").fill(name)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("strong", has_text=name)).to_be_visible()


def test_a_start_that_failed_says_why_and_can_be_tried_again(platform: Platform, fridas_page: Page):
    fridas_page.goto(f"{platform.address}/hub/home")
    with without_environments(platform):
        fridas_page.get_by_role("button", name="Start my server").click()
        expect(fridas_page.get_by_role("heading", name="Your server could not start")).to_be_visible()
        expect(fridas_page.get_by_text("The environment scipp is not there or was damaged")).to_be_visible()
        expect(fridas_page.get_by_text("Your files are kept.")).to_be_visible()
        expect(fridas_page.get_by_role("button", name="Try again")).to_be_disabled()
        expect(fridas_page.get_by_text("No software has been prepared yet.")).to_be_visible()
        take_pictures(fridas_page, "start-failed")
    fridas_page.goto(f"{platform.address}/hub/spawn-pending/frida")
    expect(fridas_page.get_by_text("The environment scipp is not there or was damaged")).to_be_visible()
    expect(fridas_page.get_by_role("link", name="Go to your home page")).to_be_visible()
    fridas_page.get_by_role("button", name="Try again").click()
    expect(fridas_page.locator(".jp-FileBrowser")).to_be_visible(timeout=LIMIT)


def test_an_error_page_keeps_the_person_and_a_way_out(platform: Platform, erins_page: Page):
    answer = erins_page.goto(f"{platform.address}/user/nobody-at-all/lab")
    assert answer is not None
    assert answer.status == 404
    expect(erins_page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    expect(erins_page.locator("#login_widget")).to_contain_text("erin")
    expect(erins_page.get_by_text("looks the same")).to_have_count(0)
    take_pictures(erins_page, "not-found")
    erins_page.get_by_role("link", name="Sign out").click()
    erins_page.wait_for_url(re.compile("/hub/login"))


def test_an_error_page_does_not_name_who_is_not_signed_in(platform: Platform, desktop: BrowserContext):
    page = desktop.new_page()
    page.goto(f"{platform.address}/hub/no-such-page")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    expect(page.get_by_role("link", name="Sign out")).to_have_count(0)

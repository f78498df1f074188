"""Choosing what a session runs in, with a mouse, with the keyboard alone, and with fingers on a telephone."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.environments import (
    earlier_build,
    looks_built,
    preparation,
    second_environment,
    shipped_environment,
    use_environments,
)
from support.notebooks import notebook
from support.person import PASSWORD, Person
from support.platform import SCREENSHOTS, Platform

from mantidhub.environments import Environment

LIMIT = 30_000
TELEPHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 360, "height": 640}
FINGER = 44


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return earlier_build(shipped_environment(), tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, earlier: Environment) -> Path:
    state = tmp_path_factory.mktemp("choosing") / "State"
    return use_environments(state, (shipped_environment(), second_environment(), earlier))


@pytest.fixture(scope="module")
def platform(folder: Path) -> Iterator[Platform]:
    running = Platform(folder.parent).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def gwen(platform: Platform) -> Person:
    return Person.from_link(platform.invite("gwen"), "gwen")


@pytest.fixture(autouse=True)
def stopped(gwen: Person) -> Iterator[None]:
    yield
    for server in list(gwen.hub("GET", "/users/gwen").json()["servers"]):
        gwen.stop_session(server)


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=TELEPHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    yield context
    context.close()


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    yield context
    context.close()


def signed_in(context: BrowserContext, person: Person) -> Page:
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": f"{person.address}{cookie.path}"}
            for cookie in person.web.cookies
        ]
    )
    return context.new_page()


def picture(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def environment_of(person: Person) -> str:
    return person.kernel().run("import os; print(os.environ['MANTIDHUB_ENVIRONMENT'])").text.strip()


def test_who_signs_in_for_the_first_time_chooses_and_is_inside(platform: Platform, desktop: BrowserContext):
    page = desktop.new_page()
    page.goto(platform.invite("hugo"))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Start your server")).to_be_visible()
    expect(page.get_by_role("group", name="Software").get_by_role("radio", name="scipp").first).to_be_checked()
    expect(page.get_by_role("radio", name="Most work")).to_be_checked()
    picture(page, "spawn")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=LIMIT)


def test_with_fingers_on_a_telephone_and_again_with_one_tap(
    platform: Platform, gwen: Person, telephone: BrowserContext
):
    page = signed_in(telephone, gwen)
    page.goto(f"{platform.address}/hub/spawn")
    targets = page.locator("#spawn label:visible, #spawn summary:visible, #spawn .btn:visible")
    assert targets.count() > 6
    for target in targets.all():
        box = target.bounding_box()
        assert box is not None and box["height"] >= FINGER, target.inner_text()
    for size in (TELEPHONE, NARROWEST):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        expect(page.get_by_role("button", name="Start")).to_be_in_viewport()
    page.set_viewport_size(TELEPHONE)
    picture(page, "spawn-telephone")
    page.locator("label", has_text="Second software").first.tap()
    page.locator("label", has_text="Looking at data").tap()
    kernels = page.get_by_role("group", name="Further kernels")
    expect(kernels.locator("label", has_text="Second software")).to_be_hidden()
    kernels.locator("label", has_text="scipp").tap()
    page.get_by_role("button", name="Start").tap()
    expect(page.locator(".jp-FileBrowser:visible, .jp-Launcher:visible").first).to_be_visible(timeout=LIMIT)
    assert environment_of(gwen) == "second"
    page.goto(f"{platform.address}/hub/home")
    expect(page.get_by_text(re.compile(r"Runs with Second software · 1 core, 2 GiB"))).to_be_visible()
    gwen.stop_session()
    page.goto(f"{platform.address}/hub/home")
    expect(page.get_by_text(re.compile(r"Starts with Second software \+ scipp \S+ · 1 core, 2 GiB"))).to_be_visible()
    change = page.get_by_role("link", name="Change what my server starts with").bounding_box()
    assert change is not None and change["height"] >= FINGER
    tokens = page.get_by_role("link", name="Tokens for your own programs").bounding_box()
    assert tokens is not None and tokens["height"] >= FINGER
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    picture(page, "home-choice-telephone")
    page.get_by_role("button", name="Start my server").tap()
    expect(page.locator(".jp-FileBrowser:visible, .jp-Launcher:visible").first).to_be_visible(timeout=LIMIT)
    assert environment_of(gwen) == "second"


def test_with_the_keyboard_alone(platform: Platform, gwen: Person, desktop: BrowserContext):
    gwen.start_session(choice={"environment": "scipp", "size": "medium"})
    gwen.stop_session()
    page = signed_in(desktop, gwen)
    page.goto(f"{platform.address}/hub/spawn/gwen")
    page.get_by_role("radio", name=re.compile("scipp")).first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Second software")).to_be_checked()
    page.keyboard.press("Tab")  # the earlier versions
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="scipp 24.2.0")).to_be_visible()
    picture(page, "spawn-keyboard")
    page.get_by_role("radio", name="Most work").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Looking at data")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=LIMIT)
    assert environment_of(gwen) == "second"


def test_a_link_of_a_notebook_opens_the_page_and_restarts_only_after_a_click(
    platform: Platform, gwen: Person, earlier: Environment, desktop: BrowserContext
):
    gwen.start_session(choice={"environment": "second", "size": "small"})
    page = signed_in(desktop, gwen)
    page.goto(f"{platform.address}/hub/spawn/gwen?environment={earlier.id}")
    expect(page.get_by_text("You were sent here to start with scipp 24.2.0")).to_be_visible()
    expect(page.get_by_text("is running with Second software")).to_be_visible()
    expect(page.get_by_role("radio", name="scipp 24.2.0")).to_be_checked()
    expect(page.get_by_role("radio", name="scipp 24.2.0")).to_be_visible()
    picture(page, "spawn-running")
    assert environment_of(gwen) == "second"
    page.get_by_role("button", name="Stop it and start anew").click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible(timeout=LIMIT)
    locked = gwen.kernel().run("import os; print(os.environ['MANTIDHUB_ENVIRONMENT_LOCK'])").text.strip()
    assert locked == earlier.lock_hash


def test_the_link_of_a_notebook_leads_back_to_the_notebook(
    platform: Platform, gwen: Person, earlier: Environment, desktop: BrowserContext
):
    record = {"environment": "scipp", "title": "scipp 24.2.0", "hash": earlier.hash, "lock": earlier.lock_hash}
    gwen.start_session(choice={"environment": "scipp", "size": "small"})
    name = "of two years ago.ipynb"
    content = notebook("6 * 7", mantidhub=record)
    gwen.session("PUT", f"/api/contents/{quote(name)}", json={"type": "notebook", "content": content})
    page = signed_in(desktop, gwen)
    page.goto(f"{platform.address}/user/gwen/lab/tree/{quote(name)}")
    line = page.get_by_role("region", name="Environment of this notebook")
    here = f"scipp {shipped_environment().packages['scipp']}"
    expect(line.get_by_role("status")).to_have_text(
        f"This notebook last ran in scipp 24.2.0; this session has {here}.", timeout=LIMIT
    )
    with desktop.expect_page() as opened:
        line.get_by_role("link", name="Start a server with scipp 24.2.0").click()
    opened.value.get_by_role("button", name="Stop it and start anew").click()
    expect(opened.value.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=LIMIT)
    expect(opened.value.get_by_role("tab", name=name)).to_be_visible()
    expect(opened.value.locator(".jp-KernelName").first).to_have_text("scipp 24.2.0")
    expect(opened.value.get_by_role("region", name="Environment of this notebook")).to_be_hidden()


def test_what_the_keyboard_reaches_is_not_below_the_button(
    platform: Platform, folder: Path, gwen: Person, desktop: BrowserContext
):
    page = signed_in(desktop, gwen)
    page.set_viewport_size({"width": 1280, "height": 700})
    with looks_built(folder, [f"kernel{number}" for number in range(8)]):
        page.goto(f"{platform.address}/hub/spawn/gwen")
        page.add_style_tag(content="html { scroll-behavior: auto !important; }")
        page.get_by_role("radio", name=re.compile("scipp")).first.focus()
        for key in ["ArrowDown"] * 9 + ["Tab"] * 12:
            page.keyboard.press(key)
            reached = page.evaluate(
                "[document.activeElement.id, document.activeElement.getBoundingClientRect().bottom]"
            )
            if reached[0] == "start":
                break
            edge = page.locator(".hub-start").bounding_box()
            assert edge is not None and reached[1] <= edge["y"], reached
        assert reached[0] == "start"


def test_no_more_kernels_can_be_ticked_than_a_server_can_have(
    platform: Platform, folder: Path, gwen: Person, desktop: BrowserContext
):
    page = signed_in(desktop, gwen)
    with looks_built(folder, [f"kernel{number}" for number in range(5)]):
        page.goto(f"{platform.address}/hub/spawn/gwen")
        kernels = page.get_by_role("group", name="Further kernels")
        expect(kernels.get_by_text("You can tick 4 at most.")).to_be_visible()
        for number in range(4):
            kernels.get_by_role("checkbox", name=f"Kernel {number}").check()
        expect(kernels.get_by_role("checkbox", name="Kernel 4")).to_be_disabled()
        kernels.get_by_role("checkbox", name="Kernel 0").uncheck()
        expect(kernels.get_by_role("checkbox", name="Kernel 4")).to_be_enabled()


def test_what_is_being_prepared_is_followed_without_losing_the_choice(
    platform: Platform, gwen: Person, folder: Path, desktop: BrowserContext
):
    link = folder / second_environment().id
    link.unlink()
    preparing = {"title": "Second software", "state": "building", "message": "Downloading packages", "total": 100}
    failed = "No channel could be reached. Name a mirror."
    with ExitStack() as builders:
        builders.callback(lambda: link.is_symlink() or link.symlink_to(second_environment().prefix))
        second = builders.enter_context(preparation(folder, "second"))
        second(**preparing, done=43)
        mantid = builders.enter_context(preparation(folder, "mantid"))
        mantid(title="Mantid 6.16", message=failed, state="failed")
        page = signed_in(desktop, gwen)
        page.goto(f"{platform.address}/hub/spawn/gwen?environment=second")
        expect(page.get_by_text("which is being prepared")).to_be_visible()
        expect(page.get_by_text("Being prepared: 43 %")).to_be_visible()
        expect(page.get_by_text("Not there: it could not be prepared.")).to_be_visible()
        expect(page.get_by_text("please tell your administrator")).to_be_visible()
        expect(page.get_by_text(failed)).to_be_hidden()
        picture(page, "spawn-preparing")
        page.locator("#earlier-versions").evaluate("details => { details.open = true }")
        page.get_by_role("radio", name="scipp 24.2.0").check()
        page.get_by_role("radio", name="Looking at data").check()
        second(**preparing, done=81)
        expect(page.get_by_text("Being prepared: 81 %")).to_be_visible(timeout=LIMIT)
        (folder / "second.state.json").unlink()
        link.symlink_to(second_environment().prefix)
        expect(page.get_by_role("radio", name="Second software")).to_be_visible(timeout=LIMIT)
        expect(page.locator(".hub-preparing")).to_have_count(0)
        expect(page.get_by_text("which is being prepared")).to_be_hidden()
        expect(page.get_by_text("Ready now: Second software")).to_be_visible()
        expect(page.get_by_role("radio", name="scipp 24.2.0")).to_be_checked()
        expect(page.get_by_role("radio", name="Looking at data")).to_be_checked()
        expect(page.get_by_role("group", name="Further kernels")).to_be_visible()


def test_it_works_without_scripts(platform: Platform, gwen: Person, without_scripts: BrowserContext):
    page = signed_in(without_scripts, gwen)
    page.goto(f"{platform.address}/hub/spawn/gwen")
    page.get_by_role("radio", name="Second software").check()
    page.get_by_role("radio", name="Looking at data").check()
    page.get_by_role("button", name="Start").click()
    gwen.wait_for_session()
    assert environment_of(gwen) == "second"


def test_it_looks_right_in_the_dark(platform: Platform, gwen: Person, browser: Browser):
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="dark")
    page = signed_in(context, gwen)
    page.goto(f"{platform.address}/hub/spawn/gwen")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    picture(page, "spawn-dark")
    context.close()

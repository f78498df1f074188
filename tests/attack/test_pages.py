"""Attacks by a page that a hostile session shows to somebody who is signed in, in Chromium.

Once below one address, once with an address for each person. Which engine runs the sessions is nothing to a browser.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from support.attack import Attack, Tried
from support.chromium import HUB_HOST, chromium
from support.hostile_page import SERVER, WAYS, cookies_of, run_in_session, try_from
from support.hosts import platform_with_hosts, sign_in
from support.platform import Platform

SETTINGS = ("one address", "an address for each")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass(frozen=True)
class Scene:
    """Alice is signed in and works; in another tab she has followed a link to a page of mallory's session."""

    platform: Platform
    hosts: bool
    context: BrowserContext
    mallory: BrowserContext
    lab: Page

    def address(self, name: str) -> str:
        host = f"https://{name}.{HUB_HOST}:{self.platform.port}" if self.hosts else self.platform.address
        return f"{host}/user/{name}"

    def page(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(address)
        return page


@pytest.fixture(scope="module", params=SETTINGS)
def scene(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("pages")
    hosts = request.param == SETTINGS[1]
    if hosts:
        with platform_with_hosts(folder) as platform:
            yield from set_up(browser, platform, hosts=True)
        return
    platform = Platform(folder / "State").start()
    try:
        yield from set_up(browser, platform, hosts=False)
    finally:
        platform.stop()


def set_up(browser: Browser, platform: Platform, *, hosts: bool) -> Iterator[Scene]:
    hostile = browser.new_context(ignore_https_errors=True)
    said = run_in_session(sign_in(hostile, platform, "mallory"), "/user/mallory", SERVER)
    assert said == "listening\n", said
    context = browser.new_context(ignore_https_errors=True)
    lab = sign_in(context, platform, "alice")
    run_in_session(lab, "/user/alice", "open('secret.txt', 'w').write('of alice')")
    yield Scene(platform, hosts, context, hostile, lab)
    context.close()
    hostile.close()


TARGETS = {
    "a file of hers": "/user/alice/files/secret.txt",
    "her page of the hub": "/hub/home",
    "a program of the hub": "/hub/static/js/home.js",
}
EVENTS = "/user/alice/api/events/subscribe"
MARKS = ("of alice", 'user: "alice"', "require(")


@pytest.mark.parametrize("way", WAYS)
def test_read_in_anothers_name_by(scene: Scene, attack: Attack, way: str):
    """A page of mallory's session that alice looks at must not read what alice may read."""
    own = scene.address("mallory")
    page = scene.page(f"{own}/page")
    if way == "a window":
        # No page of a session keeps hold of a window that it opens; one of the hub does.
        hub = scene.page(f"{scene.platform.address}/hub/home")
        allowed = try_from(hub, way, f"{scene.platform.address}/hub/home", own)
        hub.close()
    elif way == "a websocket":
        allowed = try_from(scene.lab, way, scene.address("alice").removesuffix("/user/alice") + EVENTS, own)
    else:
        allowed = try_from(page, way, f"{own}/own", own)
        page.goto(f"{own}/page")
    attack.control(Tried(allowed.text[:80], allowed.refused))
    for what, path in ({"her server": EVENTS} if way == "a websocket" else TARGETS).items():
        hers = scene.address("alice").removesuffix("/user/alice")
        host = hers if path.startswith("/user") else scene.platform.address
        got = try_from(page, way, host + path, own)
        gained = got.text if way == "a websocket" else next((mark for mark in MARKS if mark in got.text), "")
        attack.attempt(Tried(f"read {what}: {gained}" if gained else "", got.refused or got.text[:80]))
        page.goto(f"{own}/page")
    page.close()


def test_take_over_what_pages_of_others_ask_for_by_a_worker(scene: Scene, attack: Attack):
    """A service worker answers for every page below its scope: no session may have a scope beyond its own path."""
    if scene.hosts:
        pytest.skip("No worker answers for another host, and none is allowed with a certificate that nobody signed.")
    page = scene.page(f"{scene.address('mallory')}/page")
    register = """([program, scope]) => navigator.serviceWorker.register(program, {scope})
        .then((made) => made.unregister()).then(() => "registered", (error) => `refused: ${error.message}`)"""
    program = "/user/mallory/worker.js"
    own = page.evaluate(register, [program, "/user/mallory/"])
    attack.control(Tried("registered" if own == "registered" else "", own))
    for scope in ("/", "/user/alice/", "/hub/"):
        said = page.evaluate(register, [program, scope])
        attack.attempt(Tried(f"for {scope}" if said == "registered" else "", said))
    page.close()


def test_toss_a_cookie_by_an_answer(scene: Scene, attack: Attack):
    """What mallory's session sets must not reach the hub or another session, nor take the place of what they set."""
    before = cookies_of(scene.context)
    names = ("_xsrf", "jupyterhub-session-id", "jupyterhub-hub-login", "__Host-jupyterhub-hub-login")
    fields = [
        ("Set-Cookie", f"{name}=tossed; Path={path}{domain}{'; Secure' * scene.hosts}")
        for name in names
        for path in ("/", "/hub/", "/user/alice/")
        for domain in ("", f"; Domain={HUB_HOST}", "; Domain=127.0.0.1")
    ]
    own = ("Set-Cookie", "own=1; Path=/user/mallory/")
    page = scene.page(f"{scene.address('mallory')}/page?{quote(json.dumps([own, *fields]))}")
    after = cookies_of(scene.context)
    attack.control(Tried("one for its own path is kept" if "own" in {key[2] for key in after} else "", str(after)))
    host = urlsplit(page.url).hostname
    tossed = [
        key
        for key, value in after.items()
        if value == "tossed" and (key[0] != host if scene.hosts else key[1] != "/user/mallory/")
    ]
    lost = [key for key, value in before.items() if after.get(key) != value]
    attack.attempt(Tried(f"set {tossed}, changed {lost}" if tossed or lost else "", f"kept {len(before)}"))
    page.goto(f"{scene.platform.address}/hub/home")
    attack.attempt(Tried("" if 'user: "alice"' in page.content() else "alice is signed out", "alice is signed in"))
    page.close()
    scene.context.clear_cookies(path="/user/mallory/")


def test_toss_a_cookie_for_the_whole_domain_by_a_script(scene: Scene, attack: Attack):
    """With an address for each, over HTTPS, no page can set what lets people in."""
    if not scene.hosts:
        pytest.skip("There is one host alone, of which test_sign_somebody_in_as_oneself_by_a_script sets the cookies.")
    page = scene.page(f"{scene.address('mallory')}/page")
    toss = f"""(name) => {{
        document.cookie = `${{name}}=tossed; Domain={HUB_HOST}; Path=/; Secure`;
        document.cookie = `${{name}}=tossed; Domain={HUB_HOST}; Path=/hub/; Secure`;
        document.cookie = `${{name}}=tossed; Path=/; Secure`;
    }}"""
    page.evaluate(toss, "other")
    reached = [key for key in cookies_of(scene.context) if key[2] == "other" and key[0] == f".{HUB_HOST}"]
    attack.control(Tried("others are set" if reached else "", "none are"))
    for name in ("__Host-jupyterhub-hub-login", "__Host-jupyterhub-user-alice"):
        page.evaluate(toss, name)
        tossed = [key for key, value in cookies_of(scene.context).items() if key[2] == name and value == "tossed"]
        elsewhere = [key for key in tossed if key[0] != f"mallory.{HUB_HOST}"]
        attack.attempt(Tried(f"set {elsewhere}" if elsewhere else "", "set none for others"))
    page.goto(f"{scene.platform.address}/hub/home")
    attack.attempt(Tried("" if 'user: "alice"' in page.content() else "alice is not alice", "alice is signed in"))
    page.close()
    scene.context.clear_cookies(name="other")


def test_sign_somebody_in_as_oneself_by_a_script(scene: Scene, attack: Attack):
    """A page sets the cookie that signs mallory in, so that alice, at the hub, would work in mallory's name."""
    name = "jupyterhub-hub-login" if not scene.hosts else "__Host-jupyterhub-hub-login"
    mallorys = next(one["value"] for one in scene.mallory.cookies() if one["name"] == name)
    home = f"{scene.platform.address}/hub/home"
    own = next(page for page in scene.mallory.pages)
    own.goto(home)
    attack.control(Tried("it signs mallory in" if 'user: "mallory"' in own.content() else "", own.content()[:200]))
    kept = scene.context.cookies()
    for path in ("/", "/hub/", "/hub/home"):
        page = scene.page(f"{scene.address('mallory')}/page")
        for domain in ("", f"; Domain={HUB_HOST}"):
            page.evaluate("cookie => { document.cookie = cookie; }", f"{name}={mallorys}; Path={path}{domain}")
        page.goto(home)
        taken = 'user: "mallory"' in page.content()
        attack.attempt(Tried(f"by the path {path}" if taken else "", page.locator("body").inner_text()[:60]))
        page.close()
        scene.context.clear_cookies()
        scene.context.add_cookies(kept)

"""People sign in to a real JupyterHub: links, passwords, waits, removal, all as a browser would do it."""

import re
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mantidhub.accounts.store import AccountStore, Link
from mantidhub.accounts.throttle import Throttle

EDGE_SECRET = "what only the edge knows"
WAIT = 30
PASSWORD = "seven grey mantids"

CONFIG = """
    import asyncio
    from pathlib import Path
    from jupyterhub.proxy import Proxy
    from jupyterhub.spawner import Spawner
    from mantidhub import portal
    from mantidhub.accounts.authenticator import AccountAuthenticator

    class NoProxy(Proxy):
        should_start = False
        async def get_all_routes(self): return {{}}
        async def add_route(self, routespec, target, data): pass
        async def delete_route(self, routespec): pass

    class TestSpawner(Spawner):
        '''Takes its time, then says why it failed; or stands on the hub itself and tells its token.'''
        async def start(self):
            if self.user.name == "runner":
                Path("token-of-server").write_text(self.api_token)
                return "http://127.0.0.1:{port}"
            await asyncio.sleep(2)
            error = RuntimeError("exit 1")
            error.jupyterhub_message = "The disk of the server is full."
            raise error
        async def stop(self, now=False): pass
        async def poll(self): return None if self.user.name == "runner" else 0
        async def progress(self):
            yield {{"progress": 40, "message": "Preparing your home"}}

    c = get_config()
    c.JupyterHub.hub_bind_url = "http://127.0.0.1:{port}"
    c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
    c.JupyterHub.proxy_class = NoProxy
    c.JupyterHub.spawner_class = TestSpawner
    c.JupyterHub.authenticator_class = AccountAuthenticator
    c.AccountAuthenticator.database = "{folder}/accounts.sqlite"
    c.AccountAuthenticator.edge_secret_file = "{folder}/edge-secret"
    c.JupyterHub.template_paths = [str(portal.TEMPLATES)]
    c.JupyterHub.logo_file = str(portal.LOGO)
    c.JupyterHub.allow_named_servers = True
    c.JupyterHub.db_url = "sqlite:///{folder}/jupyterhub.sqlite"
    c.JupyterHub.cookie_secret_file = "{folder}/cookie-secret"
    c.ConfigurableHTTPProxy.auth_token = "unused"
    c.JupyterHub.services = [{{"name": "operator", "api_token": "operators-token-of-the-test", "admin": True}}]
    c.JupyterHub.load_roles = [
        {{"name": "operator", "scopes": ["admin:users", "admin:servers"], "services": ["operator"]}}
    ]
"""


class Hub:
    """A JupyterHub of its own, without proxy, and what its tests need to speak to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.store = AccountStore(folder / "accounts.sqlite")
        (folder / "edge-secret").write_text(EDGE_SECRET + "\n")
        (folder / "config.py").write_text(
            textwrap.dedent(CONFIG).format(port=self.url.rsplit(":", 1)[1], folder=folder)
        )
        self.log = folder / "hub.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", "config.py"], cwd=self.folder, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                requests.get(f"{self.url}/hub/health", timeout=1).raise_for_status()
                return
            except requests.RequestException:
                assert self._process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)


class Browser(requests.Session):
    """A person's browser, reaching the hub through the edge from an address of its own."""

    def __init__(self, hub: Hub, address: str) -> None:
        super().__init__()
        self.hub = hub
        self.trust_env = False
        self.headers["X-Forwarded-For"] = address
        self.headers["X-MantidHub-Edge"] = EDGE_SECRET

    def page(self, path: str) -> requests.Response:
        answer = self.get(self.hub.url + path, timeout=WAIT)
        answer.encoding = "utf-8"
        return answer

    def submit(self, path: str, form_page: requests.Response, **fields: str) -> requests.Response:
        token = re.search(r'name="_xsrf" value="([^"]+)"', form_page.text)
        assert token is not None, form_page.text
        return self.post(self.hub.url + path, data={**fields, "_xsrf": token[1]}, allow_redirects=False, timeout=WAIT)

    def sign_in(self, name: str, password: str) -> requests.Response:
        return self.submit("/hub/login", self.page("/hub/login"), username=name, password=password)

    def choose_password(self, link: Link, password: str = PASSWORD, repeated: str | None = None) -> requests.Response:
        form = self.get(link.url(self.hub.url), timeout=WAIT)
        return self.submit(
            "/hub/link", form, token=link.token, password=password, repeated=password if repeated is None else repeated
        )

    @property
    def signed_in_as(self) -> str | None:
        found = re.search(r'class="hub-person"[^>]*>([^<]+)<', self.page("/hub/home").text)
        return found[1] if found else None


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("hub"))
    hub.start()
    yield hub
    hub.stop()


_addresses = iter(f"192.0.2.{last}" for last in range(1, 255))


@pytest.fixture
def browser(hub: Hub) -> Browser:
    return Browser(hub, next(_addresses))


@pytest.fixture
def second_browser(hub: Hub) -> Browser:
    return Browser(hub, next(_addresses))


def person(browser: Browser, name: str, *, admin: bool = False) -> str:
    """Add a person, let them choose a password and sign them in."""
    answer = browser.choose_password(browser.hub.store.add(name, admin=admin))
    assert answer.status_code == 302, answer.text
    assert browser.signed_in_as == name
    return name


def after_a_night_of_guessing(hub: Hub, name: str) -> Throttle:
    """Count so many wrong passwords in the past that the next one brings the longest wait."""
    for quarter in range(14, 0, -1):
        earlier = time.time() - quarter * 901
        Throttle(hub.store.database, clock=lambda then=earlier: then).admit(name, f"where {name} is guessed")
    return Throttle(hub.store.database)


def complaint(answer: requests.Response) -> str:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    assert found is not None, answer.text
    return found[1]


class TestALink:
    def test_says_whose_it_is_and_signs_that_person_in_with_the_password_they_choose(
        self, hub: Hub, browser: Browser, second_browser: Browser
    ) -> None:
        link = hub.store.add("ada")
        assert "<strong>ada</strong>" in browser.get(link.url(hub.url)).text

        answer = browser.choose_password(link)

        assert (answer.status_code, answer.headers["Location"]) == (302, "/hub/spawn")
        assert browser.signed_in_as == "ada"
        assert second_browser.sign_in("ada", PASSWORD).status_code == 302
        assert second_browser.signed_in_as == "ada"

    def test_works_once(self, hub: Hub, browser: Browser, second_browser: Browser) -> None:
        link = hub.store.add("once")
        form = second_browser.get(link.url(hub.url))
        assert browser.choose_password(link).status_code == 302

        answer = second_browser.submit(
            "/hub/link", form, token=link.token, password="another password", repeated="another password"
        )

        assert answer.status_code == 410
        assert "used already" in complaint(answer)
        assert second_browser.signed_in_as is None
        assert "used already" in complaint(second_browser.get(link.url(hub.url)))

    def test_is_not_used_up_by_a_preview_or_a_mistake(self, hub: Hub, browser: Browser) -> None:
        link = hub.store.add("careful")
        for _ in range(3):
            browser.get(link.url(hub.url))
        assert "differ" in complaint(browser.choose_password(link, PASSWORD, "something else"))
        assert "at least 10" in complaint(browser.choose_password(link, "short"))
        assert browser.choose_password(link).status_code == 302

    def test_that_has_expired_says_when_and_what_to_do(self, hub: Hub, browser: Browser) -> None:
        long_ago = AccountStore(hub.folder / "accounts.sqlite", clock=lambda: time.time() - 8 * 86400)
        answer = browser.get(long_ago.add("late").url(hub.url))
        assert answer.status_code == 410
        assert re.search(r"expired on .* UTC. Ask your administrator", complaint(answer))

    def test_nobody_else_can_send_its_form(self, hub: Hub, browser: Browser, second_browser: Browser) -> None:
        link = hub.store.add("forged")
        browser.get(link.url(hub.url))
        foreign_form = second_browser.get(link.url(hub.url))
        answer = browser.submit("/hub/link", foreign_form, token=link.token, password=PASSWORD, repeated=PASSWORD)
        assert answer.status_code == 403
        assert browser.choose_password(link).status_code == 302

    def test_is_kept_out_of_logs_caches_and_referrers(self, hub: Hub, browser: Browser) -> None:
        link = hub.store.add("secretive")
        page = browser.get(link.url(hub.url))
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        browser.choose_password(link)
        log = hub.log.read_text()
        assert "/hub/link?token=[secret]" in log
        assert link.token not in log
        assert PASSWORD not in log

    def test_for_another_person_than_who_is_signed_in_changes_the_login(self, hub: Hub, browser: Browser) -> None:
        person(browser, "first")
        session = browser.cookies["jupyterhub-session-id"]
        link = hub.store.add("second")
        assert "You are signed in as first" in browser.get(link.url(hub.url)).text
        assert browser.choose_password(link).status_code == 302
        assert browser.signed_in_as == "second"
        assert browser.cookies["jupyterhub-session-id"] != session


class TestAWrongPassword:
    def test_is_refused_in_words_that_do_not_tell_which_accounts_exist(self, browser: Browser, hub: Hub) -> None:
        person(browser, "exists")
        browser.cookies.clear()
        wrong, unknown = browser.sign_in("exists", "wrong password"), browser.sign_in("nobody", "wrong password")
        assert wrong.status_code == unknown.status_code == 403
        assert complaint(wrong) == complaint(unknown)
        assert "do not belong together" in complaint(wrong)

    def test_is_slowed_down_and_the_right_one_is_not_tested_either(
        self, hub: Hub, browser: Browser, second_browser: Browser
    ) -> None:
        name = person(second_browser, "attacked")
        throttle = after_a_night_of_guessing(hub, name)
        assert browser.sign_in(name, "wrong password").status_code == 403

        answer = browser.sign_in(name, PASSWORD)

        assert answer.status_code == 429
        assert 800 < int(answer.headers["Retry-After"]) <= 900
        assert re.fullmatch(r"Too many wrong passwords. Try again in 1[45] minutes.", complaint(answer))
        throttle.forget(name)
        assert browser.sign_in(name, PASSWORD).status_code == 302

    def test_is_counted_for_its_address_over_all_names(self, browser: Browser) -> None:
        answers = [browser.sign_in(f"guess{number}", "wrong password").status_code for number in range(24)]
        assert answers[:20] == [403] * 20
        assert 429 in answers[20:]

    def test_sent_past_the_edge_cannot_pretend_to_come_from_elsewhere(self, hub: Hub) -> None:
        answers = []
        for number in range(24):
            session = Browser(hub, f"198.51.100.{number}")
            session.headers["X-MantidHub-Edge"] = "a guess"
            answers.append(session.sign_in(f"inside{number}", "wrong password").status_code)
        assert answers[:20] == [403] * 20
        assert 429 in answers[20:]

    def test_is_remembered_when_the_hub_restarts(self, hub: Hub, browser: Browser) -> None:
        after_a_night_of_guessing(hub, "remembered")
        assert browser.sign_in("remembered", "wrong password").status_code == 403
        hub.stop()
        hub.start()
        assert browser.sign_in("remembered", "wrong password").status_code == 429


class TestAnAccount:
    def test_that_is_removed_ends_its_logins_for_good(self, hub: Hub, browser: Browser) -> None:
        person(browser, "leaver")
        hub.store.remove("leaver")
        time.sleep(1.1)
        assert browser.signed_in_as is None
        hub.store.add("leaver")
        assert browser.signed_in_as is None

    def test_that_is_reset_loses_its_password_and_its_logins(self, hub: Hub, browser: Browser) -> None:
        person(browser, "forgetful")
        cookies = browser.cookies.copy()
        link = hub.store.reset("forgetful")
        time.sleep(1.1)
        assert browser.signed_in_as is None
        assert browser.sign_in("forgetful", PASSWORD).status_code == 403
        assert browser.choose_password(link, "another good password").status_code == 302
        time.sleep(1.1)
        assert browser.signed_in_as == "forgetful"
        browser.cookies = cookies
        assert browser.signed_in_as is None

    def test_that_is_reset_loses_its_own_tokens(self, hub: Hub, browser: Browser) -> None:
        person(browser, "scripter")
        page = browser.page("/hub/token")
        xsrf = re.search(r'xsrf_token: "([^"]+)"', page.text)
        assert xsrf is not None
        made = browser.post(f"{hub.url}/hub/api/users/scripter/tokens", params={"_xsrf": xsrf[1]}, json={})
        bearer = {"Authorization": f"token {made.json()['token']}"}
        assert requests.get(f"{hub.url}/hub/api/user", headers=bearer, timeout=WAIT).json()["name"] == "scripter"
        hub.store.reset("scripter")
        time.sleep(1.1)
        answers = [requests.get(f"{hub.url}/hub/api/user", headers=bearer, timeout=WAIT).status_code for _ in range(2)]
        assert answers == [403, 403]

    def test_that_is_reset_keeps_its_running_server(self, hub: Hub, browser: Browser) -> None:
        person(browser, "runner")
        browser.get(f"{hub.url}/hub/spawn", allow_redirects=False)
        bearer = {"Authorization": f"token {(hub.folder / 'token-of-server').read_text()}"}
        hub.store.reset("runner")
        time.sleep(1.1)
        for _ in range(2):
            answer = requests.get(f"{hub.url}/hub/api/user", headers=bearer, timeout=WAIT)
            assert answer.json()["name"] == "runner"
        assert browser.signed_in_as is None
        hub.store.remove("runner")
        time.sleep(1.1)
        assert requests.get(f"{hub.url}/hub/api/user", headers=bearer, timeout=WAIT).status_code == 403

    def test_that_becomes_an_administrators_shows_administration_and_loses_it_again(
        self, hub: Hub, browser: Browser
    ) -> None:
        person(browser, "rising")
        assert "/hub/admin" not in browser.page("/hub/home").text
        hub.store.set_admin("rising", admin=True)
        time.sleep(1.1)
        assert "/hub/admin" in browser.page("/hub/home").text
        hub.store.set_admin("rising", admin=False)
        time.sleep(1.1)
        assert browser.page("/hub/admin").status_code == 403

    def test_has_one_name_however_it_is_typed(self, browser: Browser, second_browser: Browser) -> None:
        person(browser, "mia.k")
        assert second_browser.sign_in("  MIA.K ", PASSWORD).status_code == 302
        assert second_browser.signed_in_as == "mia.k"

    def test_cannot_be_added_behind_the_back_of_the_accounts(self, hub: Hub) -> None:
        operator = {"Authorization": "token operators-token-of-the-test"}
        answer = requests.post(f"{hub.url}/hub/api/users/ghost", headers=operator, timeout=WAIT)
        assert answer.status_code == 400
        assert "Use `mantidhub user add ghost`" in hub.log.read_text()
        assert requests.get(f"{hub.url}/hub/api/users/ghost", headers=operator, timeout=WAIT).status_code == 404

    def test_goes_when_an_administrator_deletes_the_user_on_the_page(self, hub: Hub, browser: Browser) -> None:
        person(browser, "deleted")
        operator = {"Authorization": "token operators-token-of-the-test"}
        assert requests.delete(f"{hub.url}/hub/api/users/deleted", headers=operator, timeout=WAIT).status_code == 204
        assert hub.store.find("deleted") is None


class TestThePages:
    def test_have_our_look(self, hub: Hub, browser: Browser) -> None:
        page = browser.page("/hub/login").text
        assert "<title>Sign in – MantidHub</title>" in page
        for path in re.findall(r'(?:href|src)="(/hub/(?:portal|logo)[^"]*)"', page):
            assert browser.page(path).status_code == 200, path
        assert browser.page("/hub/logo").headers["Content-Type"] == "image/svg+xml"

    def test_that_do_not_exist_say_so(self, browser: Browser) -> None:
        person(browser, "lost")
        page = browser.page("/hub/nowhere")
        assert page.status_code == 404
        assert "There is nothing at this address" in page.text

    def test_say_why_a_server_could_not_start(self, browser: Browser) -> None:
        person(browser, "unlucky")
        waiting = browser.page("/hub/spawn")
        progress = re.search(r'data-progress-url="([^"]+)"', waiting.text)
        assert progress is not None, waiting.text
        events = browser.page(progress[1].replace("&amp;", "&")).text
        assert "Preparing your home" in events
        assert "The disk of the server is full." in events
        failed = browser.page("/hub/spawn-pending/unlucky")
        assert "could not start" in failed.text
        assert "The disk of the server is full." in failed.text

    def test_keep_the_named_servers_of_the_home_page(self, hub: Hub, browser: Browser) -> None:
        person(browser, "busy")
        home = browser.page("/hub/home").text
        for needed in ("new-server-name", "new-server-btn", "home-server-row", 'id="start"'):
            assert needed in home

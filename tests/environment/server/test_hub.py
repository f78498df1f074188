"""The session and the hub: who gets in, and what the hub learns."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from real_sessions import Answer, Session, ask, wait_for


class Browser:
    """Follows redirects between hub and session by their paths, with cookies, as behind one address."""

    def __init__(self, hub, session: Session) -> None:
        self.hub, self.session = hub, session
        self.cookies: dict[str, str] = {}

    def go(self, url: str, method: str = "GET", form: dict[str, str] | None = None) -> tuple[str, Answer]:
        """Return the last address and what it answered."""
        for _ in range(15):
            socket = self.session.socket if url.startswith(self.session.prefix) else self.hub.socket
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Site": "same-origin",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            answer = ask(socket, method, url, headers=headers, body=urlencode(form) if form else None)
            for line in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            if answer.status not in {301, 302, 303}:
                return url, answer
            url, method, form = answer.headers["Location"], "GET", None
        raise AssertionError(f"redirected for ever, last to {url}")

    def sign_in(self, name: str) -> tuple[str, Answer]:
        _, page = self.go("/hub/login?next=" + f"{self.session.prefix}lab".replace("/", "%2F"))
        xsrf = re.search(rb'name="_xsrf" value="([^"]+)"', page.body)[1].decode()
        form = {"username": name, "password": "neutrons", "_xsrf": xsrf}
        return self.go(f"/hub/login?next={self.session.prefix}lab".replace("next=/", "next=%2F"), "POST", form)


def test_nobody_gets_in_without_signing_in(session):
    assert session.ask("GET", "api/contents", token="").status == 403
    assert session.ask("GET", "api/contents", token="made-up").status == 403
    at_door = session.ask("GET", "lab", token="")
    assert at_door.status == 302
    assert at_door.headers["Location"].startswith("/hub/api/oauth2/authorize?")


def test_the_user_signs_in_at_the_hub_and_comes_back_to_jupyterlab(hub, session):
    address, page = Browser(hub, session).sign_in("ann")
    assert (address.partition("?")[0], page.status) == (f"{session.prefix}lab", 200)
    assert b"jupyter-config-data" in page.body


def test_another_user_is_refused(hub, session):
    _, page = Browser(hub, session).sign_in("eve")
    assert page.status == 403
    assert session.ask("GET", "api/contents", token=hub.user_token("eve")).status == 403


def test_a_user_with_whom_the_server_is_shared_gets_in(hub, session):
    hub.ask("POST", "/users/bob")
    shared = hub.ask("POST", "/shares/ann/", body={"user": "bob", "scopes": ["access:servers!server=ann/"]})
    assert shared.status == 200, shared.body
    assert session.ask("GET", "api/contents", token=hub.user_token("bob")).status == 200


def test_signing_out_of_the_session_signs_out_of_the_hub(hub, session):
    browser = Browser(hub, session)
    browser.sign_in("ann")
    address, _ = browser.go(f"{session.prefix}logout")
    assert address.startswith("/hub/login")
    again, _ = browser.go(f"{session.prefix}lab")
    assert again.startswith("/hub/login")


def test_the_hub_hears_of_activity(hub, sessions):
    def seen() -> str | None:
        return hub.ask("GET", "/users/cyd").json["servers"].get("", {}).get("last_activity")

    hub.session_variables("cyd")
    before = seen()
    sessions.start("cyd", JUPYTERHUB_ACTIVITY_INTERVAL="1")
    wait_for(lambda: seen() not in {None, before}, what="the hub to hear of activity")


def test_the_hub_finds_the_server_ready(hub, session):
    wait_for(lambda: hub.ask("GET", "/users/ann").json["servers"].get("", {}).get("ready"), what="the hub")

"""Attacks over the web: with one's own login, with another's browser, and without any."""

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
import requests
import websocket
from support.attack import Attack, Attacker, Ground, Tried
from support.person import PASSWORD, Person
from support.platform import wait_until

ELSEWHERE = "evil.example"


def ask_as_written(ground: Ground, path: str, *, token: str = "") -> tuple[int, str]:
    """Send a path as it stands, which no well-behaved client does; return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", ground.platform.port, timeout=60)
    with contextlib.closing(connection):
        connection.putrequest("GET", path, skip_accept_encoding=True)
        if token:
            connection.putheader("Authorization", f"token {token}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


REDIRECTS = [
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\evil.example/",
    "https:evil.example", "/%2f/evil.example/", "http://127.0.0.1@evil.example/", "\t//evil.example/",
    "/\t/evil.example/", "javascript:alert(1)", "https:///evil.example", "/hub/../..//evil.example/",
    "http://evil.example\\@127.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("target", REDIRECTS)
def test_be_led_elsewhere_after_signing_in(ground: Ground, attack: Attack, target: str):
    """A link to our own page of sign-in must not end on another's."""
    login = f"{ground.platform.address}/hub/login"
    own = ground.alice.person.web.get(login, params={"next": "/hub/home"}, allow_redirects=False)
    attack.control(
        Tried("led to /hub/home" if own.headers.get("Location") == "/hub/home" else "", str(own.status_code))
    )
    answer = ground.alice.person.web.get(login, params={"next": target}, allow_redirects=False)
    location = answer.headers.get("Location", "")
    # Browsers take a backslash for a slash, and leave out tabs.
    there = urlsplit(urljoin(login, location.replace("\\", "/").replace("\t", "")))
    elsewhere = there.netloc != urlsplit(login).netloc or there.scheme not in {"http", "https"}
    attack.attempt(Tried(f"led to {location}" if elsewhere else "", f"led to {location or 'nowhere'}"))


PATHS = [
    "/user/alice/api/contents", "/user/eve/../alice/api/contents", "/user/eve/..%2falice/api/contents",
    "/user/eve%2f..%2falice/api/contents", "//user/alice/api/contents", "/user//alice/api/contents",
    "/user/ALICE/api/contents", "/User/alice/api/contents", "/user/eve/%2e%2e/alice/api/contents",
    "/user/alice%00/api/contents", "/user/alice;/api/contents", "/user/eve/proxy/..;/alice/api/contents",
    "/user/./alice/api/contents", "/user/alice~/api/contents", "/user/%61lice/api/contents",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_list_anothers_files_with_ones_own_token(ground: Ground, attack: Attack, path: str):
    ground.alice.run("open('secret.txt', 'w').write('of alice')")
    _, own = ask_as_written(ground, PATHS[0], token=ground.alice.person.token)
    attack.control(Tried("listed" if "secret.txt" in own else "", own[:200]))
    status, text = ask_as_written(ground, path, token=ground.eve.person.token)
    attack.attempt(Tried("listed the files of alice" if "secret.txt" in text else "", f"status {status}"))


def test_open_anothers_server_with_ones_own_cookies(ground: Ground, attack: Attack):
    address = f"{ground.platform.address}/user/alice/lab"
    own = ground.alice.person.web.get(address)
    attack.control(Tried("JupyterLab opened" if own.status_code == 200 and "jupyter-config-data" in own.text else ""))
    answer = ground.eve.person.web.get(address)
    attack.attempt(Tried("it opened" if "jupyter-config-data" in answer.text else "", f"status {answer.status_code}"))


@pytest.fixture
def browser_of_alice(ground: Ground) -> requests.Session:
    """The victim's browser, signed in to the hub and to their server, which a page of the attacker makes use of."""
    ground.alice.person.web.get(f"{ground.platform.address}/user/alice/lab")
    return ground.alice.person.web


FROM_ELSEWHERE = {
    "Origin": f"https://{ELSEWHERE}",
    "Referer": f"https://{ELSEWHERE}/page.html",
    "Sec-Fetch-Site": "cross-site",
}


def test_make_a_token_from_another_site(ground: Ground, attack: Attack, browser_of_alice: requests.Session):
    ground.alice.person.make_token()
    attack.control(Tried("made with the word of the page"))
    answer = browser_of_alice.post(
        f"{ground.platform.address}/hub/api/users/alice/tokens", json={"note": "evil"}, headers=FROM_ELSEWHERE
    )
    attack.attempt(Tried("it made a token" if answer.ok else "", f"status {answer.status_code}"))


def test_run_code_from_another_site(ground: Ground, attack: Attack, browser_of_alice: requests.Session):
    started = ground.alice.person.session("POST", "/api/kernels", json={"name": "python3"})
    attack.control(Tried("a kernel was started" if started.status_code == 201 else "", started.text))
    ground.alice.person.session("DELETE", f"/api/kernels/{started.json()['id']}")
    for kind in ("application/json", "text/plain"):
        answer = browser_of_alice.post(
            f"{ground.platform.address}/user/alice/api/kernels",
            data='{"name": "python3"}',
            headers={**FROM_ELSEWHERE, "Content-Type": kind},
        )
        attack.attempt(Tried("it started a kernel" if answer.ok else "", f"status {answer.status_code}"))


def test_stop_a_server_from_another_site(ground: Ground, attack: Attack, browser_of_alice: requests.Session):
    attack.control(Tried("it runs" if ground.alice.person.hub("GET", "/users/alice").json()["servers"] else ""))
    answer = browser_of_alice.delete(f"{ground.platform.address}/hub/api/users/alice/server", headers=FROM_ELSEWHERE)
    attack.attempt(Tried("it was stopped" if answer.ok else "", f"status {answer.status_code}"))
    ground.still_answers()


@pytest.mark.parametrize("origin", [f"https://{ELSEWHERE}", "null", "http://127.0.0.1:1"])
def test_listen_to_a_kernel_from_another_site(
    ground: Ground, attack: Attack, browser_of_alice: requests.Session, origin: str
):
    address = (
        f"{ground.platform.address.replace('http', 'ws', 1)}/user/alice/api/kernels/{ground.alice.kernel.id}/channels"
    )
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser_of_alice.cookies)
    own = websocket.create_connection(address, cookie=cookies, origin=ground.platform.address, timeout=60)
    own.close()
    attack.control(Tried("a page of one's own may"))
    try:
        websocket.create_connection(address, cookie=cookies, origin=origin, timeout=60).close()
    except websocket.WebSocketBadStatusException as refused:
        attack.attempt(Tried("", str(refused)))
    else:
        attack.attempt(Tried("connected"))


def sign_in(address: str, name: str, *, with_word: bool = True) -> requests.Response:
    person = Person(address, name)
    page = person.web.get(f"{address}/hub/login")
    form = {"username": name, "password": PASSWORD}
    if with_word:
        form["_xsrf"] = person._xsrf(page.text)
    return person.web.post(f"{address}/hub/login", data=form, allow_redirects=False)


def test_sign_somebody_in_from_another_site(ground: Ground, attack: Attack):
    """So that they work in the attacker's account without noticing."""
    own = sign_in(ground.platform.address, "alice")
    attack.control(Tried("signed in" if own.status_code == 302 else "", f"status {own.status_code}"))
    answer = sign_in(ground.platform.address, "eve", with_word=False)
    attack.attempt(Tried("signed in" if answer.status_code == 302 else "", f"status {answer.status_code}"))


NAMES = {
    "a dot": ".",
    "two dots": "..",
    "a path": "../alice",
    "a Cyrillic letter": "\N{CYRILLIC SMALL LETTER A}lice",
    "an invisible character": "alice\N{ZERO WIDTH SPACE}",
    "a dotless i": "al\N{LATIN SMALL LETTER DOTLESS I}ce",
    "a tilde": "alice~",
    "300 characters": "a" * 300,
    "nothing": "",
}


@pytest.mark.parametrize("kind", NAMES, ids=str)
def test_have_a_name_with(ground: Ground, attack: Attack, kind: str):
    """To be taken for alice, or to have a home elsewhere: neither by signing in nor by being added."""
    name = NAMES[kind]
    own = sign_in(ground.platform.address, "alice")
    attack.control(Tried("alice signed in" if own.status_code == 302 else "", f"status {own.status_code}"))
    answer = sign_in(ground.platform.address, name)
    attack.attempt(Tried("signed in" if answer.status_code == 302 else "", f"status {answer.status_code}"))
    added = ground.platform.command("user", "add", name, check=False)
    attack.attempt(Tried("added" if added.returncode == 0 else "", added.stderr))


def test_lead_the_hub_by_the_name_of_the_host(ground: Ground, attack: Attack):
    """Links and redirects must not take an address that a request made up."""
    pages = ["/", "/hub/", "/hub/login", "/user/alice/lab", "/hub/api/oauth2/authorize"]
    own = requests.get(f"{ground.platform.address}/hub/login", timeout=60)
    attack.control(Tried("the page is shown" if own.status_code == 200 else "", f"status {own.status_code}"))
    for path in pages:
        for headers in ({"Host": ELSEWHERE}, {"X-Forwarded-Host": ELSEWHERE}, {"Forwarded": f"host={ELSEWHERE}"}):
            answer = requests.get(ground.platform.address + path, headers=headers, timeout=60, allow_redirects=False)
            said = ELSEWHERE in answer.text or ELSEWHERE in answer.headers.get("Location", "")
            attack.attempt(Tried(f"{path} names it" if said else "", f"status {answer.status_code}"))


def test_come_back_after_being_removed(ground: Ground, attack: Attack):
    """Neither cookies nor tokens of a removed person work, also when somebody gets the same name."""
    gone = Person.from_link(ground.platform.invite("gone"), "gone")
    attack.control(Tried("signed in" if gone.hub("GET", "/user").status_code == 200 else ""))
    ground.platform.command("user", "remove", "gone")

    def may() -> Tried:
        by_token = gone.hub("GET", "/user").status_code == 200
        page = gone.web.get(f"{ground.platform.address}/hub/home", allow_redirects=False)
        return Tried("still signed in" if by_token or page.status_code == 200 else "", f"status {page.status_code}")

    wait_until(lambda: not may().gained, limit=10, what="the removal is noticed, which takes a second")
    attack.attempt(may())
    Person.from_link(ground.platform.invite("gone"), "gone")
    attack.attempt(may())
    ground.platform.command("user", "remove", "gone")


def test_send_a_header_of_ten_megabytes(ground: Ground, attack: Attack):
    address = f"{ground.platform.address}/hub/login"
    small = requests.get(address, headers={"X-Filling": "x" * 4096}, timeout=60)
    attack.control(Tried("4 kB pass" if small.status_code == 200 else "", f"status {small.status_code}"))
    try:
        large = requests.get(address, headers={"X-Filling": "x" * 10 * 2**20}, timeout=60)
        attack.attempt(Tried("it was taken" if large.status_code == 200 else "", f"status {large.status_code}"))
    except requests.ConnectionError as refused:
        attack.attempt(Tried("", str(refused)))
    ground.still_answers()


@pytest.fixture
def crowd(ground: Ground) -> Iterator[list[socket.socket]]:
    """Three hundred connections that begin a request and never end it."""
    with contextlib.ExitStack() as stack:
        connections = []
        for number in range(300):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", ground.platform.port), 10))
            path = "/hub/login" if number % 2 else "/user/eve/api/contents/filled"
            connection.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".encode())
            connections.append(connection)
        yield connections


def test_hold_the_edge_by_never_ending_requests(ground: Ground, attack: Attack, crowd: list[socket.socket]):
    slowest = 0.0
    for _ in range(5):
        for connection in crowd:
            with contextlib.suppress(OSError):
                connection.sendall(b"x")
        began = time.monotonic()
        assert ground.alice.person.session("GET", "/api/status").status_code == 200
        assert requests.get(f"{ground.platform.address}/hub/login", timeout=60).status_code == 200
        slowest = max(slowest, time.monotonic() - began)
    attack.control(Tried(f"{len(crowd)} connections were taken"))
    attack.attempt(Tried(f"others waited {slowest:.1f} s" if slowest > 5 else "", f"at most {slowest:.2f} s"))


def test_keep_a_request_open_for_ever(ground: Ground, attack: Attack):
    """A header that does not end is cut off by the edge."""
    with socket.create_connection(("127.0.0.1", ground.platform.port), 90) as connection:
        connection.sendall(b"GET /hub/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        began = time.monotonic()
        rest = b"-"
        with contextlib.suppress(ConnectionError):
            rest = connection.recv(4096)
        seconds = time.monotonic() - began
    attack.control(Tried("a whole header is answered" if ask_as_written(ground, "/hub/login")[0] == 200 else ""))
    ended = rest == b"" or b"408" in rest or b"400" in rest
    attack.attempt(Tried("" if ended and seconds < 60 else "it stays", f"ended after {seconds:.0f} s"))


def test_read_a_file_past_its_server(ground: Ground, attack: Attack):
    """The routes are folders: no path leads out of them."""
    for path in ("/user/alice/../../../../hub/edge-secret", "/..%2f..%2fhub%2fedge-secret", "/user/%2e%2e/socket"):
        status, text = ask_as_written(ground, path)
        secret = (ground.platform.state / "hub" / "edge-secret").read_text()
        attack.control(Tried("the file holds it" if secret else ""))
        attack.attempt(Tried("read it" if secret in text else "", f"status {status}"))


def test_take_over_a_named_server_of_another(ground: Ground, attack: Attack):
    """`alice~second` is alice's; nobody else's name or server can be spelt so that it is the same session."""
    eve: Attacker = ground.eve
    own = eve.person.hub("POST", f"/users/eve/servers/{quote('..', safe='')}")
    attack.attempt(Tried("started" if own.status_code in {201, 202} else "", f"status {own.status_code}"))
    attack.control(Tried("one's own user is told" if eve.person.hub("GET", "/users/eve").ok else ""))
    for name in ("~second", "a~b", "../alice", "A", "%2e%2e"):
        answer = eve.person.hub("POST", f"/users/eve/servers/{quote(name, safe='')}")
        attack.attempt(Tried("started" if answer.status_code in {201, 202} else "", f"status {answer.status_code}"))


SCOPES = [
    "admin:users",
    "admin:servers",
    "access:servers",
    "read:users",
    "tokens!user=alice",
    "access:servers!user=alice",
]


@pytest.mark.parametrize("scope", SCOPES)
def test_have_a_token_for_more_than_ones_own(ground: Ground, attack: Attack, scope: str):
    """Neither by asking for it, nor by a token that was given less, nor by OAuth."""
    eve = ground.eve.person
    made = eve.hub("POST", "/users/eve/tokens", json={"scopes": ["read:users!user=eve"]})
    attack.control(Tried("a token for less" if made.status_code == 201 else "", made.text))
    less = {"Authorization": f"token {made.json()['token']}"}
    tokens = f"{ground.platform.address}/hub/api/users/eve/tokens"
    for headers in ({"Authorization": f"token {eve.token}"}, less):
        answer = requests.post(tokens, headers=headers, json={"scopes": [scope]}, timeout=60)
        attack.attempt(Tried(answer.text if answer.ok else "", f"status {answer.status_code}"))
    for wanted in ("inherit", "self", "tokens!user=eve"):
        answer = requests.post(tokens, headers=less, json={"scopes": [wanted]}, timeout=60)
        attack.attempt(Tried(answer.text if answer.ok else "", f"status {answer.status_code}"))
    asked = authorize(ground, eve, "eve", f"access:servers!server=eve/ {scope}")
    given = "code=" in asked.headers.get("Location", "")
    attack.attempt(Tried(asked.headers["Location"] if given else "", f"status {asked.status_code}"))


def authorize(ground: Ground, visitor: Person, client: str, scope: str, callback: str = "") -> requests.Response:
    """Ask the hub, as a server does of whoever visits it, for a word that becomes a token of the visitor."""
    asked = {
        "client_id": f"jupyterhub-user-{client}",
        "redirect_uri": callback or f"/user/{client}/oauth_callback",
        "response_type": "code",
        "state": "x",
        "scope": scope,
    }
    address = f"{ground.platform.address}/hub/api/oauth2/authorize"
    return visitor.web.get(address, params=asked, allow_redirects=False, timeout=60)


def test_get_a_visitors_token(ground: Ground, attack: Attack):
    """A server that its person replaced asks visitors to sign in, and gets a token of theirs if the hub gives one."""
    alice = ground.alice.person
    own = authorize(ground, alice, "alice", "access:servers!server=alice/")
    attack.control(Tried("her own server gets one" if "code=" in own.headers.get("Location", "") else "", own.text))
    for client, scope, callback in (
        ("eve", "access:servers!server=eve/", ""),
        ("eve", "access:servers!server=alice/", ""),
        ("alice", "access:servers!server=alice/", "/user/eve/oauth_callback"),
        ("alice", "access:servers!server=alice/", f"https://{ELSEWHERE}/user/alice/oauth_callback"),
        ("alice", "access:servers!server=alice/", "/user/alice/../eve/oauth_callback"),
    ):
        answer = authorize(ground, alice, client, scope, callback)
        location = answer.headers.get("Location", "")
        attack.attempt(Tried(location if "code=" in location else "", f"status {answer.status_code}"))


def test_come_back_under_another_name(ground: Ground, attack: Attack):
    """Who is renamed on the hub's interface has no account of the new name, and is not whoever has it."""
    admin = Person.from_link(ground.platform.administrators_link, "admin")
    moved = Person.from_link(ground.platform.invite("moved"), "moved")
    ground.platform.invite("heir")
    attack.control(Tried("signed in" if moved.hub("GET", "/user").status_code == 200 else ""))
    for name in ("nobody", "heir"):
        moved_by_themselves = moved.hub("PATCH", "/users/moved", json={"name": name})
        attack.attempt(Tried("renamed" if moved_by_themselves.ok else "", f"status {moved_by_themselves.status_code}"))
    former = "moved"
    for name in ("nobody", "heir"):
        assert admin.hub("PATCH", f"/users/{former}", json={"name": name}).status_code == 200
        former = name
        time.sleep(1.1)  # the hub looks at an account once a second
        by_token = moved.hub("GET", "/user")
        page = moved.web.get(f"{ground.platform.address}/hub/home", allow_redirects=False)
        known = by_token.status_code == 200 or page.status_code == 200
        attack.attempt(Tried(f"is {name}: {by_token.text[:200]}" if known else "", f"status {by_token.status_code}"))
    for name in ("moved", "heir"):
        ground.platform.command("user", "remove", name)

"""A session's own server in a browser: a real hub and Caddy in front of it, and no other part of the platform."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.environment import environment_prefix

from mantidhub.edge.command import find_caddy

SERVER_TESTS = Path(__file__).parents[2] / "environment" / "server"
sys.path.insert(0, str(SERVER_TESTS))

from real_sessions import Hub, Session, Starter, wait_for  # noqa: E402

CADDYFILE = """
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    @session path_regexp user ^/user/([^/]+)/
    reverse_proxy @session unix/{folder}/sessions/{{re.user.1}}/server.sock
    reverse_proxy unix/{folder}/hub.sock
}}
"""


@dataclass
class Here:
    """Starts sessions and opens their pages."""

    address: str
    starter: Starter
    prefix: Path

    def start(self, user: str, environments: list[dict[str, Any]], home: Path | None = None) -> Session:
        """Start a session of *user* with these entries of ``MANTIDHUB_KERNELS``, the first of them its own."""
        own = environments[0]
        return self.starter.start(
            user,
            home=home,
            command=[str(self.prefix / "bin" / "python"), "-I", "-m", "mantidlab.server"],
            MANTIDHUB_KERNELS=json.dumps(environments),
            MANTIDHUB_ENVIRONMENT=own["name"],
            MANTIDHUB_ENVIRONMENT_HASH=own["hash"],
            MANTIDHUB_ENVIRONMENT_LOCK=own["lock"],
            MANTIDHUB_ENVIRONMENT_TITLE=own["title"],
            MANTIDHUB_SPAWN_URL=f"/hub/spawn/{user}",
        )

    def environment(self, name: str, title: str, lock: str) -> dict[str, Any]:
        """Return an entry of ``MANTIDHUB_KERNELS`` that says it is another environment, and is the same prefix."""
        hash_ = (lock * 64)[:64]
        python = str(self.prefix / "bin" / "python")
        paths = {"id": f"{name}-{hash_[:12]}", "python": python, "prefix": str(self.prefix)}
        return {"name": name, "title": title, "hash": hash_, "lock": lock, "variables": {}, **paths}

    def open(self, context: BrowserContext, user: str, notebook: str, *, wait_for_kernel: bool = True) -> Page:
        """Open a notebook the way a person does, signing in first if need be."""
        page = context.new_page()
        page.goto(f"{self.address}/user/{user}/lab/tree/{notebook}?reset")
        if page.locator("input[name=username]").count():
            page.locator("input[name=username]").fill(user)
            page.locator("input[type=password]").fill("neutrons")
            page.locator("#login_submit").click()
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=30_000)
        if wait_for_kernel:
            # The status bar may be out of sight; the notebook's own indicator shows "idle" before it is connected.
            kernel = page.locator(".jp-StatusBar-TextItem", has_text="| Idle")
            expect(kernel.first).to_be_attached(timeout=30_000)
        return page


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    folder = Path(tempfile.mkdtemp(prefix="hub-", dir="/tmp"))  # short, since a socket's path has 107 bytes
    hub = Hub(folder, secrets.token_hex(16))
    variables = {"TEST_HUB_FOLDER": str(folder), "TEST_HUB_TOKEN": hub.token, "CONFIGPROXY_AUTH_TOKEN": "unused"}
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(SERVER_TESTS / "hub_config.py")],
            env={**os.environ, **variables},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(hub.answers, what=f"the hub; see {folder}/hub.log")
        yield hub
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def address(hub: Hub) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = hub.folder / "Caddyfile"
    configuration.write_text(CADDYFILE.format(port=port, folder=hub.folder))
    with (hub.folder / "caddy.log").open("w") as log:
        command = [str(find_caddy()), "run", "--adapter", "caddyfile", "--config", str(configuration)]
        caddy = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(hub.folder)})
    try:
        wait_for(lambda: answers(port), what=f"Caddy; see {hub.folder}/caddy.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        caddy.terminate()
        caddy.wait(20)


@pytest.fixture
def here(hub: Hub, address: str) -> Iterator[Here]:
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir="/tmp"))
    starter = Starter(hub, folder)
    yield Here(address, starter, environment_prefix())
    starter.end_all()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone held upright."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield context
    context.close()


def answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0

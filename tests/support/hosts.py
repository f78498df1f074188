"""A MantidHub with a host for each person, over HTTPS: ``https://hub.example:PORT`` and ``https://NAME.hub.example:PORT``.

Chromium takes these names for this machine (`support.chromium`); nothing else here does.
"""

import contextlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from support.certificates import make_certificate
from support.chromium import HUB_HOST
from support.person import PASSWORD
from support.platform import Platform


@contextlib.contextmanager
def platform_with_hosts(folder: Path) -> Iterator[Platform]:
    """Start it; its certificate is one that nobody signed, so contexts of the browser must ignore that."""
    certificate = make_certificate(folder, HUB_HOST, f"*.{HUB_HOST}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "mantidhub.toml"
    config.write_text(
        f'[server]\npublic_address = "https://{HUB_HOST}:{port}"\nsubdomains = true\n'
        f'certificate = "{certificate.chain}"\nprivate_key = "{certificate.key}"\n'
        '[environments]\noffered = ["scipp"]\n'
    )
    platform = Platform(folder / "state", ("--config", str(config))).start(port=port)
    try:
        yield platform
    finally:
        platform.stop()


def address_of(platform: Platform, name: str) -> str:
    """Return the address of a person's session."""
    return f"https://{name}.{HUB_HOST}:{platform.port}/user/{name}"


def sign_in(context: BrowserContext, platform: Platform, name: str) -> Page:
    """Open the one-time link of a newcomer, choose a password, and wait for JupyterLab."""
    page = context.new_page()
    page.goto(platform.invite(name))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    page.wait_for_url(re.compile(f"/user/{name}/lab"), timeout=60_000)
    page.locator(".jp-FileBrowser").wait_for(timeout=60_000)
    return page

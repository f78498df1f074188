"""A browser as people have it: Debian's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from support.platform import SCREENSHOTS

CHROMIUM = Path(os.environ.get("MANTIDHUB_CHROMIUM", "/usr/bin/chromium"))

expect.set_options(timeout=30_000)  # not 5 s: what is waited for may be slow, on a machine that does more

FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is not there; `make test-browser` installs it as root, or set MANTIDHUB_CHROMIUM."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    # Chromium's own sandbox cannot be used by root.
    flags = [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield started
        started.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    """A tablet held upright, used with fingers."""
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True)
    yield context
    context.close()

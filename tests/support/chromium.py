"""Chromium as people have it: Debian's, driven by Playwright."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from support.platform import SCREENSHOTS

CHROMIUM = Path(os.environ.get("MANTIDHUB_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
HUB_HOST = "hub.example"
"""This name and all below it are this machine, for the browser alone; no other name is known to it."""

expect.set_options(timeout=30_000)  # not 5 s: what is waited for may be slow, on a machine that does more

FORBIDDEN: list[str] = []
"""What Chromium says of each thing that a Content Security Policy forbade, in any page since it was started."""


@contextlib.contextmanager
def chromium(*, slower: float = 1) -> Iterator[Browser]:
    """Start it; skip, or in CI fail, where there is none.

    Parameters
    ----------
    slower
        How many times slower its pages compute than this machine could, to find what depends on its speed.
    """
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is not there; `make test-browser` installs it as root, or set MANTIDHUB_CHROMIUM."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    known = f"MAP {HUB_HOST} 127.0.0.1, MAP *.{HUB_HOST} 127.0.0.1"
    flags = [*FLAGS, f"--host-resolver-rules={known}"]
    # Chromium's own sandbox cannot be used by root.
    flags += ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        _note_what_policies_forbid(started)
        if slower > 1:
            _slow_down(started, slower)
        yield started
        started.close()


def _note_what_policies_forbid(browser: Browser) -> None:
    new_context = browser.new_context

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("console", note)
        return context

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            FORBIDDEN.append(f"{message.text} ({message.location['url']})")

    browser.new_context = watched  # type: ignore[method-assign]


def _slow_down(browser: Browser, times: float) -> None:
    new_context = browser.new_context

    def slow_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("page", slow_page)
        return context

    def slow_page(page: Page) -> None:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})

    browser.new_context = slow_context  # type: ignore[method-assign]

"""A person who leaves a page open is told before their server is stopped, on a tablet, with a finger."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from support.person import PASSWORD
from support.platform import SCREENSHOTS, Platform

IDLE_AFTER = 40
LIMIT = 90_000
NOT_SAVED = "what nobody saved"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    config = tmp_path / "mantidhub.toml"
    config.write_text(f'[sessions]\nidle_after = "{IDLE_AFTER} s"\n')
    platform = Platform(tmp_path / "state", ("--config", str(config))).start()
    yield platform
    platform.stop()


def an_empty_file(home: Path) -> Path:
    """Make a file of the person whose home it is."""
    file = home / "typed.txt"
    file.touch()
    owner = home.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
    return file


def test_who_leaves_the_page_open_is_told_keeps_it_and_later_reads_that_it_was_stopped(
    platform: Platform, tablet: BrowserContext
):
    page = tablet.new_page()
    page.goto(platform.invite("alice"))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).tap()
    page.wait_for_url(re.compile("/user/alice/lab"))
    typed = an_empty_file(platform.state / "homes" / "alice")
    page.goto(f"{page.url.partition('/lab')[0]}/lab/tree/{typed.name}")
    page.locator(".jp-FileEditor .cm-content").tap()
    page.keyboard.type(NOT_SAVED)
    notice = page.get_by_role("alertdialog", name="Are you still there?")
    keep = notice.get_by_role("button", name="Keep it")
    expect(keep).to_be_visible(timeout=LIMIT)
    expect(notice).to_contain_text(re.compile(r"It ends in \d+ s"))
    expect(keep).to_be_focused()
    page.screenshot(path=SCREENSHOTS / "idle.png")
    box = keep.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 768
    keep.tap()
    kept = time.monotonic()
    expect(notice).to_be_hidden()

    expect(keep).to_be_visible(timeout=LIMIT)
    assert time.monotonic() - kept > IDLE_AFTER / 2 - 5
    over = page.get_by_role("alertdialog", name="This server was stopped")
    expect(over).to_be_visible(timeout=LIMIT)
    page.screenshot(path=SCREENSHOTS / "idle-over.png")
    assert typed.read_text() == NOT_SAVED
    # What JupyterLab says of a server that does not answer must not lie over the way back.
    page.locator(".jp-FileEditor .cm-content").tap()
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_timeout(2000)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    over.get_by_role("link", name="Start it again").tap()
    expect(page.locator("body")).to_contain_text(f"It was stopped because it had not been used for {IDLE_AFTER} s.")

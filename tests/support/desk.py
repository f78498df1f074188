"""A person's notebooks in JupyterLab, as a browser shows them, and in their files."""

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, expect

from support.notebooks import notebook
from support.person import PASSWORD, Person
from support.platform import Platform, wait_until


@dataclass
class Desk:
    """A person's notebooks, in the browser, in their session and on disk."""

    platform: Platform
    person: Person

    @property
    def home(self) -> Path:
        return self.platform.state / "homes" / self.person.name

    @classmethod
    def of(cls, platform: Platform, name: str) -> Self:
        """Invite a person and start their session."""
        person = Person.from_link(platform.invite(name), name)
        person.start_session()
        return cls(platform, person)

    def write(self, name: str, *sources: str) -> None:
        body = {"type": "notebook", "format": "json", "content": notebook(*sources)}
        assert self.person.session("PUT", f"/api/contents/{name}", json=body).status_code == 201

    def open(self, context: BrowserContext, name: str) -> Page:
        """Open a notebook and wait until its kernel is connected."""
        page = context.new_page()
        page.goto(f"{self.platform.address}/user/{self.person.name}/lab/tree/{name}?reset")
        if page.locator("input[type=password]").count():
            page.get_by_label(re.compile("user", re.IGNORECASE)).first.fill(self.person.name)
            page.locator("input[type=password]").fill(PASSWORD)
            page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        ready(page)
        return page

    def cells(self, name: str) -> list[dict[str, Any]]:
        """Return the cells of the notebook on disk."""
        return json.loads((self.home / name).read_text())["cells"]

    def go(self, name: str) -> None:
        (self.home / name).touch()

    def wait_until_done(self) -> None:
        """Wait until no kernel is busy, and a moment more."""

        def idle() -> bool:
            kernels = self.person.session("GET", "/api/kernels").json()
            return all(kernel["execution_state"] == "idle" for kernel in kernels)

        wait_until(idle, limit=30, what="the kernels are idle")
        time.sleep(1)


def ready(page: Page) -> None:
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=30_000)
    kernel = page.locator(".jp-StatusBar-TextItem", has_text=re.compile(r"\| (Idle|Busy|Unknown)"))
    expect(kernel.first).to_be_attached(timeout=30_000)


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def outputs(page: Page, cell: int = 0) -> Locator:
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output")


def prompt(page: Page, cell: int = 0) -> Locator:
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputPrompt")


def close(page: Page) -> None:
    """Close a tab as a person does who does not save."""
    page.close(run_before_unload=False)


def save(page: Page) -> None:
    """Save, and see that the page finds its file as it left it."""
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)

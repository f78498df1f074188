"""A real kernel, started with the extension as a session's kernels are, and what JupyterLab's page does with it."""

import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

SOON = 30.0
"""Seconds that anything is waited for: no answer here takes a hundredth of it where nothing else runs."""


@dataclass
class Hold:
    """A file for which a cell waits, so that it runs on until a test has seen what happens meanwhile."""

    file: Path

    @property
    def sleeps(self) -> str:
        """The line of a cell that waits, and lets others work."""
        return f"import pathlib, time\nwhile not pathlib.Path({str(self.file)!r}).exists(): time.sleep(0.02)"

    @property
    def computes(self) -> str:
        """The line of a cell that computes until it may end."""
        return f"import pathlib\nwhile not pathlib.Path({str(self.file)!r}).exists(): sum(range(1000))"

    def release(self) -> None:
        """Let what waits go on."""
        self.file.touch()


class Silence(AssertionError):
    """Nothing came in time."""


@dataclass
class Page:
    """A page that listens to a kernel and asks it; each has a connection of its own."""

    kernel: Any
    heard: list[dict[str, Any]] = field(default_factory=list)

    def listen(self) -> None:
        """Wait until what the kernel says reaches this page: a subscription takes effect some time after it is made."""
        for _ in range(100):
            cell = self.run("")
            try:
                self.end(cell, within=0.2)
            except Silence:
                continue
            return
        raise Silence("the kernel was never heard")

    def run(self, code: str) -> str:
        """Start a cell and return its message's id, without waiting."""
        return str(self.kernel.execute(code))

    def ask(self, room: str, kind: str, latest: str | None = None, **params: Any) -> str:
        """Send a request, and return its id."""
        name = uuid.uuid4().hex
        content = {"id": name, "room": room, "kind": kind, "params": params, "latest": latest}
        self.kernel.control_channel.send(self.kernel.session.msg("mantidlab_request", content))
        return name

    def receipt(self) -> str:
        """Return what the kernel replied on the control channel to the next request."""
        reply = self.kernel.get_control_msg(timeout=SOON)
        assert reply["msg_type"] == "mantidlab_reply"
        return str(reply["content"]["receipt"])

    def wait_for(self, what: Callable[[dict[str, Any]], bool], within: float = SOON) -> dict[str, Any]:
        """Return the first message of those heard or to come that is the one; it and those before stay in `heard`."""
        for message in self.heard:
            if what(message):
                return message
        deadline = time.monotonic() + within
        while True:
            try:
                message = self.kernel.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.001))
            except Empty:
                raise Silence(f"heard only {[said['msg_type'] for said in self.heard]}") from None
            self.heard.append(message)
            if what(message):
                return message

    def answer(self, name: str, within: float = SOON) -> dict[str, Any]:
        """Return the answer to a request."""
        return dict(self.wait_for(lambda message: message["content"].get("answer_to") == name, within)["content"])

    def told(self, room: str, kind: str, within: float = SOON) -> dict[str, Any]:
        """Return the first push of a room and kind, and forget what was heard until it."""
        message = self.wait_for(
            lambda said: (said["content"].get("room"), said["content"].get("kind")) == (room, kind), within
        )
        del self.heard[: self.heard.index(message) + 1]
        return dict(message["content"]["content"])

    def runs(self, cell: str) -> bool:
        """Tell whether a cell still ran when the kernel said what was heard last."""
        return not any(self._is_end(said, cell) for said in self.heard)

    @staticmethod
    def _is_end(said: dict[str, Any], cell: str) -> bool:
        return said["parent_header"].get("msg_id") == cell and said["content"].get("execution_state") == "idle"

    def finish(self, cell: str, within: float = SOON) -> None:
        """Wait until a cell has ended; fail if it failed."""
        ended = self.end(cell, within)
        if ended is not None:
            raise AssertionError("\n".join(ended["traceback"]))

    def end(self, cell: str, within: float = SOON) -> dict[str, Any] | None:
        """Wait until a cell has ended, and return its error, if it has one."""
        self.wait_for(lambda said: self._is_end(said, cell), within)
        errors = [
            said["content"]
            for said in self.heard
            if said["msg_type"] == "error" and said["parent_header"].get("msg_id") == cell
        ]
        return errors[0] if errors else None

    def printed(self, code: str) -> str:
        """Run a cell and return what it prints."""
        cell = self.run(code)
        self.finish(cell)
        return "".join(
            said["content"]["text"]
            for said in self.heard
            if said["msg_type"] == "stream" and said["parent_header"].get("msg_id") == cell
        )

    def started(self, cell: str) -> None:
        """Wait until a cell runs."""
        self.wait_for(
            lambda said: said["msg_type"] == "execute_input" and said["parent_header"].get("msg_id") == cell, SOON
        )


@dataclass
class Session:
    """One kernel and the pages that have it open."""

    manager: Any
    pages: list[Page] = field(default_factory=list)

    def page(self) -> Page:
        """Open another page."""
        # Not the manager's client: all of those are one to the kernel.
        client = BlockingKernelClient(parent=self.manager)
        client.load_connection_info(self.manager.get_connection_info())
        client.start_channels()
        client.wait_for_ready(timeout=60)
        page = Page(client)
        self.pages.append(page)
        page.listen()
        return page

    def restart(self) -> None:
        """Restart the kernel, as the page's menu does."""
        self.manager.restart_kernel(now=True)
        for page in self.pages:
            page.kernel.wait_for_ready(timeout=60)
            page.listen()
            page.heard.clear()

    def close(self) -> None:
        """Close the pages and end the kernel."""
        for page in self.pages:
            page.kernel.stop_channels()
        self.manager.shutdown_kernel(now=True)


def start_session(*, extension: bool = True, **environment: str) -> Session:
    """Start a kernel, with the extension as a session's kernel specifications name it or without."""
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    if extension:
        manager.kernel_spec.argv.append("--IPKernelApp.extra_extensions=mantidlab.kernel")
    # Under pytest ipykernel does not read what is written to file descriptors.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    manager.start_kernel(env={**inherited, **environment})
    return Session(manager)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    session = start_session()
    yield session
    session.close()


@pytest.fixture
def page(session: Session) -> Iterator[Page]:
    page = session.page()
    yield page
    session.pages.remove(page)
    page.kernel.stop_channels()


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    held = Hold(tmp_path / "go on")
    yield held
    held.release()


@pytest.fixture
def another_session() -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def start(**options: Any) -> Session:
        made.append(start_session(**options))
        return made[-1]

    yield start
    for session in made:
        session.close()

"""A plot's channel to the browser, with a real kernel: what the browser asks is answered while a cell runs."""

import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from support.platform import wait_until

SOON = 30.0
"""Seconds that anything is waited for: no answer here takes a hundredth of it where nothing else runs."""

PLOT = """
import threading, time
import numpy as np
from mantidlab.plots.errors import PlotError
from mantidlab.plots.widget import Answer, PlotWidget, answers, cancelled

class Trial(PlotWidget, bundle="lines"):
    @answers("echo")
    def echo(self, params):
        every_other = np.arange(8, dtype="float32")[::2]
        return Answer({"said": params["say"]}, [np.arange(4, dtype="float32"), b"bytes", every_other])

    @answers("unsendable")
    def unsendable(self, params):
        return Answer({"what": object()})

    @answers("slow")
    def slow(self, params):
        time.sleep(params["seconds"])
        return Answer({"number": params["number"]})

    @answers("patient")
    def patient(self, params):
        while not cancelled():
            time.sleep(0.01)
        return Answer({"cancelled": True})

    @answers("wrong")
    def wrong(self, params):
        raise PlotError("There are two points, a peak needs four.")

    @answers("broken")
    def broken(self, params):
        return Answer({"never": 1 / 0})

    @answers("where")
    def where(self, params):
        return Answer({"main": threading.current_thread() is threading.main_thread()})
"""


@dataclass
class Browser:
    """What JupyterLab and a plot's TypeScript do, spoken with a real kernel."""

    kernel: Any
    manager: Any
    comms: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0
    ended: set[str] = field(default_factory=set)
    """The cells that have ended when the kernel said what was heard last."""

    def run(self, code: str) -> str:
        """Start a cell and return its message's id, without waiting."""
        return str(self.kernel.execute(code))

    def finish(self, cell: str, within: float = 30.0) -> None:
        """Wait until a cell has ended."""
        deadline = time.monotonic() + within
        while True:
            message = self.kernel.get_iopub_msg(timeout=deadline - time.monotonic())
            self.keep(message)
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(message["content"]["traceback"]))
            if message["parent_header"].get("msg_id") == cell and message["content"].get("execution_state") == "idle":
                return

    def keep(self, message: dict[str, Any]) -> None:
        """Take up the widgets that appear, and which cells end."""
        if message["content"].get("execution_state") == "idle":
            self.ended.add(message["parent_header"].get("msg_id", ""))
        if message["msg_type"] == "comm_open":
            self.comms[message["content"]["comm_id"]] = message

    def make(self, more: str = "") -> tuple[str, dict[str, Any]]:
        """Make a plot, and return the id of its comm and its state."""
        self.comms.clear()
        self.finish(self.run(f"plot = Trial({more})"))
        opened = {
            name: message["content"]["data"]["state"]
            for name, message in self.comms.items()
            if message["content"]["data"]["state"]["_model_name"] == "AnyModel"
        }
        ((comm, state),) = opened.items()
        return comm, state

    def ask(self, state: dict[str, Any], kind: str, latest: str | None = None, **parameters: Any) -> str:
        """Send a request on the control channel, and return its id."""
        self.asked += 1
        request = {"id": str(self.asked), "kind": kind, "latest": latest, "params": parameters}
        content = {"route": state["route"], "request": request}
        self.kernel.control_channel.send(self.kernel.session.msg(state["control"], content))
        return str(self.asked)

    def said(self, within: float = SOON) -> dict[str, Any]:
        """Return the next message of a plot, with its buffers."""
        deadline = time.monotonic() + within
        while True:
            message = self.kernel.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.001))
            self.keep(message)
            if message["msg_type"] == "comm_msg" and message["content"]["data"]["method"] == "custom":
                return {**message["content"]["data"]["content"], "buffers": message["buffers"]}

    def receipt(self) -> dict[str, Any]:
        """Return what the kernel answers on the control channel."""
        return dict(self.kernel.get_control_msg(timeout=SOON)["content"])

    def value(self, expression: str) -> str:
        """Return what an expression is worth in the kernel, as text."""
        cell = self.kernel.execute("", user_expressions={"value": expression})
        reply = self.kernel.get_shell_msg(timeout=10)
        while reply["parent_header"]["msg_id"] != cell:
            reply = self.kernel.get_shell_msg(timeout=10)
        return str(reply["content"]["user_expressions"]["value"]["data"]["text/plain"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    manager, kernel = start_new_kernel(startup_timeout=60)
    browser = Browser(kernel, manager)
    browser.finish(browser.run(PLOT))
    yield browser
    kernel.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("work", ["time.sleep(0.02)", "sum(range(1000))"], ids=["sleeps", "computes"])
def test_requests_are_answered_while_a_cell(browser: Browser, tmp_path: Path, work: str) -> None:
    _, state = browser.make()
    go = tmp_path / "go on"
    running = browser.run(f"import pathlib\nwhile not pathlib.Path({str(go)!r}).exists(): {work}")
    time.sleep(0.3)
    name = browser.ask(state, "echo", say="zoom")
    answer = browser.said()
    assert running not in browser.ended
    go.touch()
    assert browser.receipt() == {"status": "ok", "receipt": "known"}
    assert (answer["id"], answer["content"]) == (name, {"said": "zoom"})
    assert bytes(answer["buffers"][0]) == b"\0\0\0\0\0\0\x80?\0\0\0@\0\0@@"
    assert bytes(answer["buffers"][1]) == b"bytes"
    assert bytes(answer["buffers"][2]) == b"\0\0\0\0\0\0\0@\0\0\x80@\0\0\xc0@"
    browser.finish(running)


def test_a_request_says_nothing_of_whether_the_kernel_is_busy(browser: Browser, tmp_path: Path) -> None:
    _, state = browser.make()
    go = tmp_path / "go on"
    running = browser.run(f"import pathlib\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)")
    while browser.kernel.get_iopub_msg(timeout=SOON)["msg_type"] != "execute_input":
        pass
    browser.ask(state, "echo", say="zoom")
    heard = [browser.kernel.get_iopub_msg(timeout=SOON)]
    go.touch()
    while heard[-1]["msg_type"] != "status":
        heard.append(browser.kernel.get_iopub_msg(timeout=SOON))
    assert [message["msg_type"] for message in heard] == ["comm_msg", "status"]
    assert heard[-1]["parent_header"]["msg_id"] == running, "the only 'idle' is the cell's"


def test_requests_are_answered_beside_the_main_thread(browser: Browser) -> None:
    _, state = browser.make()
    browser.ask(state, "where")
    assert browser.said()["content"] == {"main": False}


def test_of_requests_with_one_key_the_newest_is_answered(browser: Browser) -> None:
    _, state = browser.make()
    names = [browser.ask(state, "slow", latest="zoom", number=number, seconds=0.3) for number in range(10)]
    heard = [browser.said() for _ in names]
    answered = [message["content"]["number"] for message in heard if "content" in message]
    superseded = {message["id"] for message in heard if message.get("superseded")}
    assert answered == [0, 9]
    assert superseded == set(names[1:-1])


def test_work_that_is_no_longer_wanted_learns_so(browser: Browser) -> None:
    _, state = browser.make()
    browser.ask(state, "patient", latest="zoom")
    time.sleep(0.1)
    browser.ask(state, "patient", latest="zoom")
    assert browser.said()["content"] == {"cancelled": True}
    browser.finish(browser.run("plot.close()"))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("wrong", "There are two points, a peak needs four."),
        ("broken", "The plot met a problem that it does not know (ZeroDivisionError: division by zero)."),
        ("unsendable", "The plot met a problem that it does not know (ValueError: Can't clean for JSON"),
        (
            "nothing",
            "The plot met a problem that it does not know (LookupError: nothing answers a request for 'nothing').",
        ),
    ],
)
def test_an_error_becomes_a_sentence_and_the_next_request_is_answered(
    browser: Browser, kind: str, sentence: str
) -> None:
    _, state = browser.make()
    name = browser.ask(state, kind)
    answer = browser.said()
    assert answer["id"] == name
    assert answer["error"].startswith(sentence)
    browser.ask(state, "echo", say="still here")
    assert browser.said()["content"] == {"said": "still here"}


def test_a_plot_that_is_closed_ends_its_thread_and_is_forgotten(browser: Browser) -> None:
    _, state = browser.make()
    browser.ask(state, "echo", say="work")
    browser.said()
    threads = "sum(thread.name == 'mantidlab-plot' for thread in threading.enumerate())"
    before = int(browser.value(threads))
    assert before >= 1
    browser.finish(browser.run("plot.close(); del plot"))
    wait_until(lambda: int(browser.value(threads)) == before - 1, limit=SOON, what="its thread ends")
    while browser.kernel.control_channel.msg_ready():
        browser.receipt()
    browser.ask(state, "echo", say="anybody there?")
    assert browser.receipt() == {"status": "ok", "receipt": "unknown"}


def test_a_plot_greets_at_once_even_while_it_works(browser: Browser) -> None:
    _, state = browser.make()
    browser.ask(state, "slow", number=1, seconds=2)
    name = browser.ask(state, "hello")
    assert browser.said()["id"] == name


def test_the_first_picture_travels_with_the_widget(browser: Browser) -> None:
    _, state = browser.make("spec={'title': 'silicon'}, first={'y': np.arange(3, dtype='float32')}")
    assert state["spec"] == {"title": "silicon"}
    opened = next(iter(message for message in browser.comms.values() if message["buffers"]))
    assert opened["content"]["data"]["buffer_paths"] == [["first", "y"]]
    assert bytes(opened["buffers"][0]) == b"\0\0\0\0\0\0\x80?\0\0\0@"


def test_what_python_pushes_arrives_while_its_cell_runs(browser: Browser) -> None:
    browser.make()
    running = browser.run("plot.push('curves', {'n': 2}, [b'data']); time.sleep(5)")
    pushed = browser.said()
    assert (pushed["push"], pushed["content"], bytes(pushed["buffers"][0])) == ("curves", {"n": 2}, b"data")
    browser.finish(running)


def test_without_a_control_channel_a_request_waits_for_the_cell(browser: Browser) -> None:
    comm, _ = browser.make()
    browser.run("time.sleep(1)")
    request = {"id": "by comm", "kind": "echo", "latest": None, "params": {"say": "late"}}
    content = {"comm_id": comm, "data": {"method": "custom", "content": {"request": request}}}
    browser.kernel.shell_channel.send(browser.kernel.session.msg("comm_msg", content))
    with pytest.raises(queue.Empty):
        browser.said(within=0.5)
    answer = browser.said()
    assert (answer["id"], answer["content"]) == ("by comm", {"said": "late"})


def test_the_view_that_the_browser_sets_reaches_whoever_watches_it(browser: Browser) -> None:
    comm, _ = browser.make("view={'x': None}")
    browser.finish(browser.run("seen = []; plot.changed_view(seen.append)"))
    content = {"comm_id": comm, "data": {"method": "update", "state": {"view": {"x": [1, 2]}}, "buffer_paths": []}}
    browser.kernel.shell_channel.send(browser.kernel.session.msg("comm_msg", content))
    assert browser.value("seen") == "[{'x': [1, 2]}]"


def test_a_restarted_kernel_knows_no_plot_of_before() -> None:
    manager, kernel = start_new_kernel(startup_timeout=60)
    try:
        browser = Browser(kernel, manager)
        browser.finish(browser.run(PLOT))
        _, state = browser.make()
        manager.restart_kernel(now=True)
        kernel.wait_for_ready(timeout=60)
        browser.finish(browser.run(PLOT))
        browser.make()
        browser.ask(state, "echo", say="anybody there?")
        assert browser.receipt() == {"status": "ok", "receipt": "unknown"}
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)

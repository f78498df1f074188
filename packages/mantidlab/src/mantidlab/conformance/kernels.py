"""Does a Jupyter kernel show and stop this Mantid's algorithms, and keep the list of its workspaces?

A kernel of this environment is started as a session starts one; each expectation runs a cell in it and listens as a
panel does. It takes about half a minute, and needs ipykernel.
"""

import importlib
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from mantidlab.conformance.report import Row, short
from mantidlab.conformance.steps import Step, rows_of, step_of

Message = dict[str, Any]

STOPS_WITHIN = 1.0
"""Seconds from the interrupt until the cell has ended."""
PREPARE = """
from mantid.simpleapi import *
from mantid.api import AlgorithmFactory, Progress, PythonAlgorithm
from mantid.simpleapi import mtd
import time

class MantidHubWaits(PythonAlgorithm):
    def PyInit(self): pass
    def PyExec(self):
        progress = Progress(self, 0.0, 1.0, 1000)
        for step in range(1000):
            time.sleep(0.02)
            progress.report("waits")

AlgorithmFactory.subscribe(MantidHubWaits)
from mantid.api import AlgorithmManager
def waits():
    algorithm = AlgorithmManager.create("MantidHubWaits")
    algorithm.setRethrows(True)
    algorithm.execute()

ws = CreateSampleWorkspace(XUnit="Wavelength", XMin=0.5, XMax=5.0, BinWidth=0.05, NumBanks=1, BankPixelWidth=100)
SetSample(ws, Geometry={"Shape": "Cylinder", "Height": 4.0, "Radius": 1.0, "Center": [0.0, 0.0, 0.0]},
          Material={"ChemicalFormula": "V", "SampleNumberDensity": 0.07})
def computes(points=20_000):  # it can be stopped between two of the 10,000 spectra, each some 0.1 s
    MonteCarloAbsorption(InputWorkspace="ws", OutputWorkspace="absorbed", EventsPerPoint=points)
"""


class Panel:
    """A kernel, and what a panel hears of it."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager, self._client = manager, client
        self.heard: list[Message] = []

    def run(self, code: str) -> str:
        """Start a cell, and wait until it runs."""
        cell = str(self._client.execute(code))
        self.wait(lambda said: said["msg_type"] == "execute_input" and _of(said, cell), 60)
        return cell

    def end(self, cell: str, within: float = 120.0) -> str:
        """Wait until a cell has ended, and return the name of its error, or nothing."""
        self.wait(lambda said: _of(said, cell) and said["content"].get("execution_state") == "idle", within)
        errors = [said["content"]["ename"] for said in self.heard if said["msg_type"] == "error" and _of(said, cell)]
        return errors[0] if errors else ""

    def printed(self, code: str) -> str:
        """Run a cell and return what it prints."""
        cell = self.run(code)
        self.end(cell)
        lines = [said["content"]["text"] for said in self.heard if said["msg_type"] == "stream" and _of(said, cell)]
        return "".join(lines).strip()

    def told(self, room: str, kind: str, about: Callable[[Message], bool], within: float = 10.0) -> Message:
        """Return the first push of a room and kind of which something holds."""

        def fits(said: Message) -> bool:
            content = said["content"]
            return (content.get("room"), content.get("kind")) == (room, kind) and about(content["content"])

        return dict(self.wait(fits, within)["content"]["content"])

    def ask(self, room: str, kind: str) -> Message:
        """Ask the kernel, and return its answer."""
        name = uuid.uuid4().hex
        content = {"id": name, "room": room, "kind": kind, "params": {}}
        self._client.control_channel.send(self._client.session.msg("mantidlab_request", content))
        answer = self.wait(lambda said: said["content"].get("answer_to") == name, 30)["content"]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return dict(answer["content"])

    def wait(self, fits: Callable[[Message], bool], within: float) -> Message:
        """Return the first message, heard or to come, of which something holds."""
        until = time.monotonic() + within
        for message in self.heard:
            if fits(message):
                return message
        while (left := until - time.monotonic()) > 0:
            message = self._client.get_iopub_msg(timeout=left)
            self.heard.append(message)
            if fits(message):
                return dict(message)
        raise TimeoutError(f"nothing of the kind within {within:.0f} s")

    def interrupt(self) -> None:
        """Do what JupyterLab's button does."""
        self._manager.interrupt_kernel()

    def seconds_to_stop(self, code: str) -> float:
        """Run a cell, interrupt it after a second, and return how long it then takes to end."""
        self.heard.clear()
        cell = self.run(code)
        time.sleep(1.0)
        began = time.monotonic()
        self.interrupt()
        if not self.end(cell, within=10):
            raise RuntimeError("it had ended before it was stopped")
        return time.monotonic() - began


def _of(said: Message, cell: str) -> bool:
    return bool(said["parent_header"].get("msg_id") == cell)


@contextmanager
def panel() -> Iterator[Panel]:
    """Start a kernel of this environment as a session does."""
    manager = importlib.import_module("jupyter_client.manager").KernelManager(kernel_name="python3")
    extension = "--IPKernelApp.extra_extensions=mantidlab.kernel"
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", extension]
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=120)
        yield Panel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def kernel_steps() -> Iterator[Step]:
    """Give what looks whether Mantid works in a kernel of this environment; the kernel ends with the last step."""
    with panel() as heard:
        prepared = heard.end(heard.run(PREPARE))
        if prepared:
            row = Row("kernel", "prepares", "no error", prepared, "FAILED")
            yield step_of("kernel", lambda: row)
            return
        for expected in EXPECTED:
            yield replace(step_of(f"kernel: {expected[1]}", partial(_row, *expected, heard)), seconds=300.0)


def kernel_rows() -> list[Row]:
    """Return what of Mantid works in a kernel of this environment."""
    return rows_of(kernel_steps())


def _row(about: str, what: str, expected: str, look: Callable[[Panel], tuple[str, bool]], heard: Panel) -> Row:
    heard.heard.clear()
    try:
        found, holds = look(heard)
    except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
        found, holds = f"{type(error).__name__}: {error}", False
    return Row(about, what, expected, short(found), "ok" if holds else "FAILED")


def _progress(heard: Panel) -> tuple[str, bool]:
    cell = heard.run("waits()")
    first = heard.told("running", "progress", lambda told: told["fraction"] is not None)
    later = heard.told("running", "progress", lambda told: (told["fraction"] or 0) > first["fraction"])
    heard.interrupt()
    heard.end(cell)
    ended = heard.told("running", "ended", lambda told: told["id"] == first["id"])
    said = f"{first['name']}: {first['fraction']:.3f}, {later['fraction']:.3f}, {ended['how']}"
    return said, first["name"] == "MantidHubWaits" and later["message"] == "waits"


def _stops(code: str) -> Callable[[Panel], tuple[str, bool]]:
    def look(heard: Panel) -> tuple[str, bool]:
        took = heard.seconds_to_stop(code)
        return f"{took:.2f} s", took < STOPS_WITHIN

    return look


def _item(told: Message, name: str) -> Message | None:
    return next((item for item in told["changed"] if item["name"] == name), None)


def _named(heard: Panel) -> tuple[str, bool]:
    heard.ask("workspaces", "list")
    cell = heard.run("CloneWorkspace(InputWorkspace='ws', OutputWorkspace='cloned')\ntime.sleep(3)")
    told = heard.told("workspaces", "changed", lambda told: _item(told, "cloned") is not None, 2.5)
    found = _item(told, "cloned")
    heard.end(cell)
    known = found is not None and bool(found["known"])
    return f"cloned, known: {known}", not known


def _described(heard: Panel) -> tuple[str, bool]:
    items = {item["name"]: item for item in heard.ask("workspaces", "list")["items"]}
    found = items["cloned"]
    own = heard.printed("cloned = mtd.retrieve('cloned')\nprint([cloned.getNumberHistograms(), cloned.blocksize()])")
    return f"{found['shape']}, known: {found['known']}", found["known"] and str(found["shape"]) == own


def _renamed(heard: Panel) -> tuple[str, bool]:
    heard.end(heard.run("RenameWorkspace(InputWorkspace='cloned', OutputWorkspace='renamed')"))
    told = heard.told("workspaces", "changed", lambda told: bool(told["renamed"]))
    heard.end(heard.run("DeleteWorkspace('renamed')"))
    gone = heard.told("workspaces", "changed", lambda told: bool(told["removed"]))
    said = f"{told['renamed']}, {gone['removed']}"
    return said, told["renamed"] == [["cloned", "renamed"]] and gone["removed"] == ["renamed"]


EXPECTED: tuple[tuple[str, str, str, Callable[[Panel], tuple[str, bool]]], ...] = (
    ("kernel", "progress of an algorithm rises", "MantidHubWaits, rising", _progress),
    ("kernel", "an algorithm of C++ stops", "within 1 s", _stops("computes()")),
    ("kernel", "an algorithm of Python stops", "within 1 s", _stops("waits()")),
    (
        "kernel",
        "a loop of algorithms that catches errors stops",
        "within 1 s",
        _stops("while True:\n    try: computes(2000)\n    except BaseException: pass"),
    ),
    ("kernel", "a workspace is named while a cell runs", "cloned, known: False", _named),
    ("kernel", "a workspace is described after the cell", "Mantid's own shape", _described),
    ("kernel", "renaming and deleting are told", "[['cloned', 'renamed']], ['renamed']", _renamed),
)

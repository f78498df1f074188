"""An instrument of very many pixels: until it is seen, and while it is turned; beside plain three.js."""

import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from platforms import BenchmarkFailed
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError
from plots_figures import Figure
from plots_measuring import Measured, Stage, take_turns
from plots_notebook import NotebookPage
from plots_subjects import Subject, instruments
from support.platform import ROOT

PAGE = Path(__file__).with_name("plots_three.html")
THREE = ROOT / "packages" / "mantidlab" / "ui" / "node_modules" / "three" / "build"
TURNING = 3.0
"""Seconds."""


def measure_instrument(stage: Stage, pixels: int) -> list[Figure]:
    """Show and turn an instrument."""
    measured = Measured()

    def measure(page: NotebookPage, subject: Subject) -> None:
        measured.add("instrument", subject.name, page.draw(subject.kind, limit=stage.limit))
        if subject.name == "ours":
            measured.add("turning", "ours", page.drawings_while_turning(page.box(subject.root), TURNING))

    take_turns(stage, instruments(pixels), measured, "instrument", measure)
    for _ in range(stage.rounds):
        try:
            first, turning = plain_three(stage.browser, pixels, stage.limit)
        except (BenchmarkFailed, BrowserError) as problem:
            measured.failures["instrument"]["three.js"] = str(problem).splitlines()[0][:160]
            break
        measured.add("instrument", "three.js", first)
        measured.add("turning", "three.js", turning)
    print("  instrument   three.js done", flush=True)
    return [
        measured.figure("instrument", f"instrument of {pixels:,} pixels: call to drawn", "s", 1.0),
        measured.figure("turning", "… turning (software GL)", "frames/s", more_is_better=True),
    ]


def plain_three(browser: Browser, pixels: int, limit: float) -> tuple[float, float]:
    """Return the seconds until three.js has drawn a million points, and the frames of each second while they turn."""
    with served_page() as address:
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        try:
            page.goto(f"{address}/index.html?count={pixels}")
            page.wait_for_function("window.ready", timeout=limit * 1000)
            page.evaluate("begin()")
            drawn = page.evaluate("three.drawn") / 1000
            before, began = page.evaluate("three.frames"), time.monotonic()
            time.sleep(TURNING)
            frames = page.evaluate("three.frames") - before
            return drawn, frames / (time.monotonic() - began)
        finally:
            page.close()


@contextmanager
def served_page() -> Iterator[str]:
    """Serve the page and three.js on loopback."""
    if not THREE.is_dir():
        raise BenchmarkFailed(f"{THREE} is not there; `make ui` brings three.js")
    with TemporaryDirectory() as folder:
        shutil.copy(PAGE, Path(folder) / "index.html")
        for name in ("three.module.js", "three.core.js"):
            shutil.copy(THREE / name, folder)
        handler = partial(_Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each file."""

"""The measurements of the table of plots: each opens notebooks and returns figures."""

import contextlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from delaying_relay import DelayingRelay, Passed
from platforms import BenchmarkFailed
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError
from plots_figures import Figure
from plots_notebook import NotebookPage, opened
from plots_subjects import CALL, HOT_DATA, HOT_SHAPE, OURS_ROOT, ZOOMS, Subject, curves, maps, window
from support.person import Person

ROUND_TRIP = 0.05
GESTURES = 4
SLOW = 40.0
"""Seconds; what takes longer, its data included, is measured once: it is far from anything that matters."""
NEXT_FRAME = 1000 / 60
"""Milliseconds: what is drawn in the very next frame of a screen comes within so many."""
HOT_COLOUR = (253, 231, 37)
"""The top of viridis, which both ours and matplotlib begin with."""


@dataclass
class Stage:
    """Where everything is measured."""

    browser: Browser
    person: Person
    relay: DelayingRelay
    rounds: int
    limit: float
    plotly: str
    subjects: Sequence[str]
    """Names of those to measure; all if there are none."""
    pictures: Path
    """Where pictures of the page go when something fails."""


Samples = defaultdict[str, defaultdict[str, list[float]]]
"""For each figure, for each subject, what was measured."""


class Measured:
    """What has been measured so far, and what failed."""

    def __init__(self) -> None:
        self.samples: Samples = defaultdict(lambda: defaultdict(list))
        self.failures: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, figure: str, subject: str, value: float | None) -> None:
        """Note one measurement; None is a failure that has no words."""
        if value is None:
            self.failures[figure][subject] = "never"
        else:
            self.samples[figure][subject].append(value)

    def figure(self, key: str, name: str, unit: str, target: float | None = None, **options: bool) -> Figure:
        """Return one row of the table."""
        failures = {subject: why for subject, why in self.failures[key].items() if not self.samples[key][subject]}
        return Figure(name, unit, self.samples[key], target, failures=failures, **options)


def take_turns(stage: Stage, subjects: Sequence[Subject], measured: Measured, key: str, measure: Callable) -> None:
    """Measure one subject after the other, A B A B; who failed, or takes very long, is not measured again."""
    done: set[str] = set()
    for number in range(stage.rounds):
        for subject in subjects:
            if subject.name in done or (stage.subjects and subject.name not in stage.subjects):
                continue
            began = time.monotonic()
            name = f"{key}-{subject.name}-{number}.ipynb"
            try:
                with (
                    opened(stage.browser, stage.person, stage.relay, name, subject.cells) as page,
                    page.pictured_when_it_fails(stage.pictures / f"{key}-{subject.name}.png"),
                ):
                    for _ in subject.setup:
                        page.run(limit=stage.limit)
                    measure(page, subject)
            except (BenchmarkFailed, BrowserError) as problem:
                done.add(subject.name)
                measured.failures[key][subject.name] = str(problem).splitlines()[0][:160]
            finally:
                stage.relay.round_trip = 0.0
            if subject.name != "ours" and time.monotonic() - began > SLOW:
                done.add(subject.name)
            print(f"  {key:12} {subject.name:8} {measured.failures[key].get(subject.name, 'done')}", flush=True)


def measure_curve(stage: Stage, bins: int) -> list[Figure]:
    """Draw a histogram of many bins, then zoom and pan it a long way off."""
    measured = Measured()

    def measure(page: NotebookPage, subject: Subject) -> None:
        stage.relay.passed = Passed()
        measured.add("curve", subject.name, page.draw(subject.kind, limit=stage.limit))
        measured.add("bytes", subject.name, stage.relay.passed.to_browser / 1e6)
        if subject.before_pan:
            page.run(limit=stage.limit)
        box = page.box(subject.root)
        stage.relay.round_trip = ROUND_TRIP
        for step in range(GESTURES):
            found = page.pan(subject.kind, box, (0.4 + 0.01 * step) * box["width"])
            measured.add("pan frame", subject.name, found.frame)
            measured.add("pan refined", subject.name, found.refined)
            if subject.name == "ours":
                found = page.zoom(subject.kind, box, -400)
                measured.add("zoom frame", subject.name, found.frame)
                measured.add("zoom refined", subject.name, found.refined)

    take_turns(stage, curves(bins, stage.plotly), measured, "curve", measure)
    return [
        measured.figure("curve", f"plot of {bins:.0e} bins: call to drawn", "s", 0.3),
        measured.figure("bytes", "… sent to the browser", "MB", 1.0),
        measured.figure("pan frame", "pan, 50 ms round trip: next frame", "ms", NEXT_FRAME),
        measured.figure("pan refined", "… refined", "ms", 150.0),
        measured.figure("zoom frame", "zoom, 50 ms round trip: next frame", "ms", NEXT_FRAME),
        measured.figure("zoom refined", "… refined", "ms", 150.0),
    ]


def measure_map(stage: Stage, shape: tuple[int, int], most: int) -> list[Figure]:
    """Draw a memory-mapped file of spectra."""
    measured = Measured()

    def measure(page: NotebookPage, subject: Subject) -> None:
        measured.add("map", subject.name, page.draw(subject.kind, limit=stage.limit))
        found = re.search(r"MEMORY (\d+) (-?\d+) (\d+)", page.run(limit=stage.limit))
        if found is None:
            raise BenchmarkFailed("the kernel did not say how much memory it has")
        whole, data = int(found[1]), int(found[3])
        measured.add("memory", subject.name, whole / data)

    take_turns(stage, maps(shape, most), measured, "map", measure)
    size = shape[0] * shape[1] * 4 / 1e9
    return [
        measured.figure("map", f"slices of {shape[0]:,} × {shape[1]:,} ({size:.1f} GB): call to drawn", "s", 2.0),
        measured.figure("memory", "… most memory of the kernel, parts of the data", "", 1.2),
    ]


def measure_hot(stage: Stage) -> list[Figure]:
    """Look for one hot pixel among very many in windows of all sizes around it."""
    measured = Measured()
    ours = [
        HOT_DATA + "from mantidlab import slices",
        CALL.format(call="plot = slices(values)\ndisplay(plot)"),
        *(_ours_window(zoom) for zoom in ZOOMS),
    ]
    theirs = [
        HOT_DATA + "%matplotlib widget\nimport matplotlib.pyplot as plt",
        CALL.format(call="figure, axes = plt.subplots()\naxes.imshow(values, aspect='auto')\nplt.show()"),
        *(_their_window(zoom) for zoom in ZOOMS),
    ]
    for name, kind, root, cells in (
        ("ours", "ours", OURS_ROOT, ours),
        ("ipympl", "matplotlib", ".jupyter-matplotlib canvas", theirs),
    ):
        try:
            with opened(stage.browser, stage.person, stage.relay, f"hot-{name}.ipynb", cells) as page:
                page.run(limit=stage.limit)
                page.draw(kind, limit=stage.limit)
                measured.add("hot", name, sum(_sees_hot(page, kind, root, stage.limit) for _ in ZOOMS) / len(ZOOMS))
        except (BenchmarkFailed, BrowserError) as problem:
            measured.failures["hot"][name] = str(problem).splitlines()[0][:160]
        print(f"  {'hot':12} {name:8} {measured.failures['hot'].get(name, 'done')}", flush=True)
    title = f"1 hot pixel in {HOT_SHAPE[0]:,} × {HOT_SHAPE[1]:,}: visible"
    return [measured.figure("hot", title, "part of zooms", 1.0, more_is_better=True)]


def _ours_window(zoom: int) -> str:
    rows, columns = window(zoom)
    return f"plot.view = plot.view | {{'range': {{'x': {list(columns)}, 'y': {list(rows)}}}}}"


def _their_window(zoom: int) -> str:
    rows, columns = window(zoom)
    return f"axes.set_xlim{columns}; axes.set_ylim{rows}; figure.canvas.draw(); time.sleep(0.5)"


def _sees_hot(page: NotebookPage, kind: str, root: str, limit: float) -> bool:
    """Show the next window, and look for the colour of the hot pixel in the inner part of the picture."""
    page.run(limit=limit)
    if kind == "ours":
        with contextlib.suppress(BrowserError):
            page.page.wait_for_function(
                "document.querySelector('[data-plot]').dataset.refined === 'true'", timeout=5000
            )
    page.page.wait_for_timeout(700)
    box = page.box(root)
    inner = {
        "x": box["x"] + 0.2 * box["width"],
        "y": box["y"] + 0.15 * box["height"],
        "width": 0.45 * box["width"],
        "height": 0.65 * box["height"],
    }
    return page.pixels_of_colour(inner, HOT_COLOUR) > 0

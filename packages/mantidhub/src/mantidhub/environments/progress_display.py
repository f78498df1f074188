"""Draw the progress of a build: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from mantidhub.environments.progress import Progress, Report, Step, Unit

PAUSE = timedelta(seconds=10)
"""Between two plain lines about the same step."""


@contextmanager
def show_progress(title: str, console: Console) -> Iterator[Report]:
    """Draw a build on a console.

    A build that has nothing to do draws nothing.

    Parameters
    ----------
    title
        What is built, such as ``scipp environment``.
    console
        Where to draw.

    Yields
    ------
    Callable
        For the ``progress`` of `build`.
    """
    if not console.is_terminal:
        yield PlainLines(title, console)
        return
    with Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}", style="dim", markup=False),
        console=console,
        transient=True,
    ) as bars:
        drawing = BarDrawing(title, console, bars)
        yield drawing


@contextmanager
def show_count(title: str, console: Console) -> Iterator[Callable[[int, int, str], None]]:
    """Draw how far something is that is counted and is usually done in a moment.

    Parameters
    ----------
    title
        What is done, such as ``Looking at notebooks``.
    console
        Where to draw.

    Yields
    ------
    Callable
        Takes how many are done, how many there are, and the thing at hand.
    """
    if not console.is_terminal:
        printed = time.monotonic()

        def print_now_and_then(done: int, total: int, message: str = "") -> None:
            nonlocal printed
            if time.monotonic() - printed >= PAUSE.total_seconds():
                printed = time.monotonic()
                at_hand = f" ({message})" if message else ""
                console.print(f"{title}: {done} of {total}{at_hand}", highlight=False, soft_wrap=True, markup=False)

        yield print_now_and_then
        return
    with Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[message]}", style="dim", markup=False),
        console=console,
        transient=True,
    ) as bars:
        task = bars.add_task(title, total=None, message="")

        def draw(done: int, total: int, message: str = "") -> None:
            bars.update(task, completed=done, total=total, message=message)

        yield draw


class BarDrawing:
    """One bar that begins anew with each step."""

    def __init__(self, title: str, console: Console, bars: Bars) -> None:
        self._title = title
        self._console = console
        self._bars = bars
        self._task = bars.add_task(title, visible=False, message="", count="", total=None)
        self._worked = False

    def __call__(self, progress: Progress) -> None:
        """Draw one report."""
        if progress.step is Step.DONE:
            self._bars.update(self._task, visible=False)
            if self._worked:
                self._console.print(f"{self._title}: ready after {seconds(progress.elapsed)}", highlight=False)
            return
        self._worked = self._worked or progress.step is not Step.INTERPRETER
        self._bars.update(
            self._task,
            visible=self._worked,
            description=f"{self._title}: {progress.step.value}",
            completed=progress.done,
            total=progress.total or None,
            count=count_text(progress, "/"),
            message=progress.message,
        )


class PlainLines:
    """One line for each step, and one every ten seconds of a long one."""

    def __init__(self, title: str, console: Console) -> None:
        self._title = title
        self._console = console
        self._step: Step | None = Step.INTERPRETER
        self._printed = timedelta(0)

    def __call__(self, progress: Progress) -> None:
        """Print one report, unless it is too soon."""
        if progress.step is self._step and progress.elapsed - self._printed < PAUSE:
            return
        if progress.step is Step.DONE and self._step is Step.INTERPRETER:
            return
        is_new, self._step, self._printed = progress.step is not self._step, progress.step, progress.elapsed
        self._console.print(
            f"{self._title}: {plain_text(progress, is_new=is_new)}", highlight=False, soft_wrap=True, markup=False
        )


def plain_text(progress: Progress, *, is_new: bool) -> str:
    """Return one report as words."""
    if progress.step is Step.DONE:
        return f"ready after {seconds(progress.elapsed)}"
    count = "" if is_new else f" {count_text(progress, ' of ')}".rstrip()
    message = f" ({progress.message})" if progress.message else ""
    return f"{progress.step.value}{count}{message}, {seconds(progress.elapsed)}"


def count_text(progress: Progress, between: str) -> str:
    """Return how much of how much is done, or nothing while nobody can know it."""
    if not progress.total:
        return ""
    if progress.unit is Unit.BYTES:
        return f"{progress.done / 1e6:.1f}{between}{progress.total / 1e6:.1f} MB"
    return f"{progress.done}{between}{progress.total}"


def seconds(elapsed: timedelta) -> str:
    """Return a time as people say it."""
    return f"{elapsed.total_seconds():.0f} s"

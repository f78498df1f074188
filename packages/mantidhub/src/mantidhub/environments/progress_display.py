"""Draw the progress of a build: a bar on a terminal, a line now and then elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from mantidhub.environments.progress import Progress, Report, Step

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
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}", style="dim"),
        console=console,
        transient=True,
    ) as bars:
        drawing = BarDrawing(title, console, bars)
        yield drawing


class BarDrawing:
    """One bar that begins anew with each step."""

    def __init__(self, title: str, console: Console, bars: Bars) -> None:
        self._title = title
        self._console = console
        self._bars = bars
        self._task = bars.add_task(title, visible=False, message="", total=None)
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
    count = f" {progress.done} of {progress.total}" if progress.total and not is_new else ""
    message = f" ({progress.message})" if progress.message else ""
    return f"{progress.step.value}{count}{message}, {seconds(progress.elapsed)}"


def seconds(elapsed: timedelta) -> str:
    """Return a time as people say it."""
    return f"{elapsed.total_seconds():.0f} s"

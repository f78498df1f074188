"""A build is drawn as lines where there is no terminal, as a bar where there is one, and a finished one not at all."""

import io
from datetime import timedelta

from rich.console import Console

from mantidhub.environments import Progress, Step
from mantidhub.environments.progress_display import show_progress


def progress(step: Step, second: float, done: int = 0, total: int = 0, message: str = "") -> Progress:
    return Progress(step, done, total, message, timedelta(seconds=second))


def drawn(*reports: Progress, terminal: bool = False) -> str:
    stream = io.StringIO()
    with show_progress("scipp", Console(file=stream, force_terminal=terminal, width=120)) as report:
        for one in reports:
            report(one)
    return stream.getvalue()


def test_each_step_has_a_line_and_a_long_one_has_several() -> None:
    text = drawn(
        progress(Step.INTERPRETER, 0, message="/usr/bin/python3"),
        progress(Step.DOWNLOADING, 0.1),
        progress(Step.DOWNLOADING, 5, 3, 20, "scipp (20MiB)"),
        progress(Step.DOWNLOADING, 12, 4, 20, "scipy (30MiB)"),
        progress(Step.COMPILING, 13, 1, 6000),
        progress(Step.DONE, 20, 1, 1),
    )
    assert text.splitlines() == [
        "scipp: downloading packages, 0 s",
        "scipp: downloading packages 4 of 20 (scipy (30MiB)), 12 s",
        "scipp: compiling Python files, 13 s",
        "scipp: ready after 20 s",
    ]


def test_a_build_that_was_done_before_draws_nothing() -> None:
    reports = progress(Step.INTERPRETER, 0, message="/usr/bin/python3"), progress(Step.DONE, 0.01, 1, 1)
    assert drawn(*reports) == ""
    assert "scipp" not in drawn(*reports, terminal=True)


def test_a_terminal_gets_a_bar_with_counts() -> None:
    text = drawn(progress(Step.INSTALLING, 3, 57, 132), progress(Step.DONE, 20, 1, 1), terminal=True)
    assert "ready after 20 s" in text


def test_a_path_with_brackets_is_drawn_as_it_is() -> None:
    text = drawn(progress(Step.CLEANING, 1, message="/data/[old]/[/b]"), terminal=True)
    assert "/data/[old]/[/b]" in text

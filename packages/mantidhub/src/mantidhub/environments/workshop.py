"""Run a program of the build: its output line by line, a look at the clock meanwhile, all of it in a log file."""

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICK = 0.25
"""Seconds between two calls of ``tick``."""

LEFT_OUT = {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "UV_PYTHON", "UV_TARGET"}
"""Variables of the caller that would lead the build to other packages or places."""


@dataclass(frozen=True)
class Outcome:
    """How a program ended, and what it said."""

    status: int
    lines: tuple[str, ...]

    def tail(self, count: int = 12) -> str:
        """Return the last lines, indented."""
        return "\n".join(f"    {line}" for line in self.lines[-count:])


@dataclass(frozen=True)
class Workshop:
    """Where the programs of one build run.

    Attributes
    ----------
    log
        Everything that they say is added to this file.
    lock
        Descriptor of the build's lock, which they inherit; None where nothing is locked.
    """

    log: Path
    lock: int | None = None

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        variables: Mapping[str, str] | None = None,
        said: Callable[[str], None] = lambda line: None,
        tick: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """Run one program to its end.

        Parameters
        ----------
        command
            The program and its arguments.
        cwd
            Its working folder.
        variables
            Added to the caller's.
        said
            Called with every line of its output.
        tick
            Called some times a second.
        """
        surroundings = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        surroundings |= variables or {}
        lines: list[str] = []
        with (
            self.log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                command,
                cwd=cwd,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[] if self.lock is None else [self.lock],
                process_group=0,
            ) as process,
        ):
            log.write("$ " + " ".join(map(str, command)) + "\n")
            try:
                for line in read_lines(process, tick):
                    log.write(line + "\n")
                    lines.append(line)
                    said(line)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return Outcome(process.wait(), tuple(lines))


def read_lines(process: subprocess.Popen[bytes], tick: Callable[[], None]) -> Iterator[str]:
    """Yield a program's output line by line, and call ``tick`` in between."""
    assert process.stdout is not None  # noqa: S101  # it was opened with PIPE
    descriptor = process.stdout.fileno()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            ready = selector.select(TICK)
            tick()
            if not ready:
                continue
            chunk = os.read(descriptor, 65536)
            if not chunk:
                break
            *complete, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace").rstrip() for line in complete)
    if rest:
        yield rest.decode(errors="replace").rstrip()

"""What commands say on the terminal."""

import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

DEFAULT_STATE = Path(".mantidhub")


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    click.echo(text)


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Print what is being done and, when it is, how long it took."""
    began = time.monotonic()
    click.echo(f"  {what} … ", nl=False)
    try:
        yield
    except BaseException:
        click.echo("failed")
        raise
    click.echo(f"{time.monotonic() - began:.1f} s")


def command_line(state: Path, words: str, config: Path | None = None) -> str:
    """Write a further command as the person can type it where they stand.

    Parameters
    ----------
    state
        The state folder that it is about.
    words
        What follows the name of the program, such as ``user add NAME``.
    config
        The configuration file that it must read too: mirrors and specifications may stand there.
    """
    program = Path(sys.prefix) / "bin" / "mantidhub"
    name = str(program)
    if shutil.which("mantidhub") == name:
        name = "mantidhub"
    elif program.is_relative_to(Path.cwd()):
        name = str(program.relative_to(Path.cwd()))
    options = "" if config is None else f" --config {shlex.quote(str(config))}"
    if state != DEFAULT_STATE.absolute():
        options += f" --state {shlex.quote(str(state))}"
    return f"{name} {words}{options}"

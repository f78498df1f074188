"""What commands say on the terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


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

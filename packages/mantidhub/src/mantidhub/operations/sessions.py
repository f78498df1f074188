"""The commands of `mantidhub sessions`: what runs, why the last ones ended, and an end for one of them."""

import asyncio
from collections.abc import Callable

import click

from mantidhub.accounts.names import folded
from mantidhub.errors import PersonsError
from mantidhub.operations.terminal import say
from mantidhub.sessions.client import ControllerClient
from mantidhub.sessions.endings import why_ended
from mantidhub.sessions.names import parse_session_key
from mantidhub.sessions.request import SessionState, SessionStates


def sessions_group(connect: Callable[[], ControllerClient]) -> click.Group:
    """Return the group `sessions`, to be added to the command line.

    Parameters
    ----------
    connect
        Called when one of the commands runs, not before: it may read settings.
    """

    @click.group("sessions", help="What runs now.")
    def sessions() -> None:
        pass

    @sessions.command("list", help="Show the sessions that run, and how the last ones ended.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    def list_sessions(as_json: bool) -> None:
        found = asyncio.run(connect().list_all())
        if as_json:
            click.echo(SessionStates(sessions=found).model_dump_json(indent=2))
        else:
            _print(found)

    @sessions.command(help="End one session: USER, or USER~SERVER for a named server. The home is kept.")
    @click.argument("name")
    @click.option("--now", is_flag=True, help="Leave kernels no time to shut down.")
    def stop(name: str, now: bool) -> None:
        key = folded(name)
        parse_session_key(key)
        asyncio.run(_stop(connect(), key, now=now))
        say(f"The session {key} has ended.")

    return sessions


async def _stop(controller: ControllerClient, key: str, *, now: bool) -> None:
    state = await controller.find(key)
    if state is None or state.phase == "ended":
        running = [state.key for state in await controller.list_all() if state.phase != "ended"]
        raise PersonsError(f"No session {key} runs. There are: {', '.join(running) or 'none'}.")
    await controller.stop(key, now=now, by_administrator=True)


def _print(sessions: tuple[SessionState, ...]) -> None:
    if not sessions:
        click.echo("No session runs.")
        return
    rows = [("SESSION", "STATE", "SINCE", "ENVIRONMENT", "SIZE"), *(_row(state) for state in sessions)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    sentences = ["", *(why_ended(state) for state in sessions)]
    for row, sentence in zip(rows, sentences, strict=True):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if sentence:
            click.echo(f"    {sentence}")


def _row(state: SessionState) -> tuple[str, ...]:
    since = state.started.astimezone().strftime("%Y-%m-%d %H:%M") if state.started and state.phase != "ended" else ""
    return state.key, state.phase, since, state.environment, state.size

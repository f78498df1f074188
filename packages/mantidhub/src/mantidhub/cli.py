"""Every command, thin: options in, one call, text out."""

import asyncio
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from mantidhub.accounts.commands import UserCommands, user_group
from mantidhub.accounts.store import AccountStore
from mantidhub.environments import find
from mantidhub.environments.commands import environment_group
from mantidhub.environments.inventory import Workplace
from mantidhub.errors import ControllerUnreachable, MantidHubError, PersonsError
from mantidhub.logs import log_as_lines
from mantidhub.operations.check import check_host
from mantidhub.operations.demo_data import write_demo_data
from mantidhub.operations.isolation.report import print_json, print_table
from mantidhub.operations.isolation.trial import try_isolation
from mantidhub.operations.sessions import sessions_group
from mantidhub.operations.terminal import DEFAULT_STATE, command_line, say
from mantidhub.operations.up import address_of, up
from mantidhub.sessions.client import ControllerClient
from mantidhub.settings import StateFolder, load_settings
from mantidhub.settings.deployment import Deployment

_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)
_CONFIG_HELP = "Configuration file; every setting has a default."
_STATE_HELP = "Folder of all that MantidHub keeps."
config_option = click.option("--config", type=_file, help=_CONFIG_HELP)
state_option = click.option("--state", type=_folder, default=DEFAULT_STATE, show_default=True, help=_STATE_HELP)


class _InWords(click.Group):
    """Turns our own errors into one sentence and an exit code; others are bugs and keep their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MantidHubError as error:
            click.echo(f"\n{error}" if "\n" in str(error) else str(error), err=True)
            sys.exit(1 if isinstance(error, PersonsError) else 2)
        except KeyboardInterrupt:
            click.echo("\nInterrupted. Run the same command again: it goes on where it stopped.", err=True)
            sys.exit(130)


@click.group(cls=_InWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mantidhub")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Notebook servers for neutron and muon facilities."""


@main.command("up")
@config_option
@state_option
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="TCP port to listen on.  [default: 8000]")
@click.option("--keep-sessions", is_flag=True, help="Leave sessions running when stopped; the next start finds them.")
def up_command(config: Path | None, state: Path, host: str | None, port: int | None, keep_sessions: bool) -> None:
    """Set up what is missing and run MantidHub until Ctrl-C."""
    log_as_lines(logging.WARNING)
    server = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings(config, {"server": server})
    up(settings, StateFolder(state.absolute()), keep_sessions=keep_sessions, config=config)


@main.command("check")
@config_option
@state_option
@click.option(
    "--isolation", is_flag=True, help="Try from inside a throw-away session what no session must be able to do."
)
@click.option("--json", "as_json", is_flag=True, help="With --isolation: print JSON.")
@click.pass_context
def check_command(ctx: click.Context, config: Path | None, state: Path, isolation: bool, as_json: bool) -> None:
    """Explain each mistake in the configuration file, and what this host cannot do."""
    settings = load_settings(config)
    if as_json and not isolation:
        raise click.UsageError("--json goes with --isolation.")
    if isolation:
        trial = asyncio.run(try_isolation(settings, StateFolder(state.absolute())))
        (print_json if as_json else print_table)(trial)
        ctx.exit(1 if trial.succeeded else 0)
    say(f"{config or 'Default settings'}: in order.")
    if not check_host(settings, StateFolder(state.absolute()), config):
        ctx.exit(1)


@main.command("demo-data")
@config_option
@state_option
@click.option("--archive", type=_folder, help="Folder to write to; the archive of the state folder if not given.")
@click.option("--force", is_flag=True, help="Write every run anew.")
def demo_data_command(config: Path | None, state: Path, archive: Path | None, force: bool) -> None:
    """Write the runs of the simulated instruments."""
    settings, places = load_settings(config), StateFolder(state.absolute())
    environment = find(places.environments, settings.environments.default)
    if environment is None:
        raise PersonsError(
            f"The simulation runs in the environment {settings.environments.default}, which is not built in "
            f"{places.environments}. Start MantidHub once with `mantidhub up`."
        )
    runs = write_demo_data(environment, archive or places.demo_archive, force=force)
    say(f"{runs} runs in {archive or places.demo_archive}.")


def _connect_accounts() -> UserCommands:
    chosen = click.get_current_context().meta
    settings = load_settings(chosen["mantidhub.config"])
    state = StateFolder(chosen["mantidhub.state"].absolute())
    if not state.hub.is_dir():
        raise PersonsError(
            f"There is no MantidHub in {state.root} yet. Start it once with `mantidhub up`, "
            "or name the folder of another with --state."
        )
    deployment = state.run / "deployment.json"
    address = Deployment.read(deployment).address if deployment.exists() else address_of(settings, settings.server.port)

    def end_sessions(user: str) -> None:
        try:
            asyncio.run(ControllerClient(state.controller_socket).stop_all(user))
        except ControllerUnreachable:
            say("MantidHub is not running here, so there were no sessions to end.")

    return UserCommands(AccountStore(state.accounts), address, end_sessions)


def _connect_controller() -> ControllerClient:
    return ControllerClient(
        StateFolder(click.get_current_context().meta["mantidhub.state"].absolute()).controller_socket
    )


def _find_workplace() -> Workplace:
    chosen = click.get_current_context().meta
    state = StateFolder(chosen["mantidhub.state"].absolute())
    config = chosen["mantidhub.config"]
    return Workplace(load_settings(config), state, partial(command_line, state.root, config=config))


def _taking_places(group: click.Group) -> click.Group:
    """Let every command of a group take --config and --state, as the other commands do."""

    def keep(ctx: click.Context, option: click.Parameter, value: Path | None) -> None:
        ctx.meta[f"mantidhub.{option.name}"] = value

    for command in group.commands.values():
        command.params += [
            click.Option(["--config"], type=_file, help=_CONFIG_HELP, expose_value=False, callback=keep),
            click.Option(
                ["--state"],
                type=_folder,
                default=DEFAULT_STATE,
                show_default=True,
                help=_STATE_HELP,
                expose_value=False,
                callback=keep,
            ),
        ]
    return group


main.add_command(_taking_places(user_group(_connect_accounts)))
main.add_command(_taking_places(environment_group(_find_workplace)))
main.add_command(_taking_places(sessions_group(_connect_controller)))

if __name__ == "__main__":
    main()

"""The commands of `mantidhub environment`."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click
from rich.console import Console

from mantidhub.environments.attempts import announced
from mantidhub.environments.building import build
from mantidhub.environments.collecting import (
    Collection,
    Item,
    do_not_wait,
    find_collection,
    free,
    objection_to,
    refusal_of,
)
from mantidhub.environments.environment import Environment
from mantidhub.environments.inventory import Inventory, Workplace
from mantidhub.environments.keeping import count
from mantidhub.environments.known import choose_built, sources_of
from mantidhub.environments.lock_changes import renew_lock
from mantidhub.environments.progress_display import show_count, show_progress
from mantidhub.environments.reports import collection_lines, difference_lines, list_as_json, list_lines
from mantidhub.environments.specification import Specification
from mantidhub.environments.store import remove, size_of
from mantidhub.environments.verification import verify
from mantidhub.errors import EnvironmentFailed, MantidHubError
from mantidhub.settings.quantities import format_size

Connect = Callable[[], Workplace]
Thing = TypeVar("Thing")


def environment_group(connect: Connect) -> click.Group:
    """Return the group `environment`, to be added to the command line.

    Parameters
    ----------
    connect
        Called when one of the commands runs, not before: it reads settings.
    """
    group = click.Group("environment", help="What sessions run in: lock, build, verify, list, remove, collect.")
    for add in (_add_lock, _add_build, _add_verify, _add_list, _add_remove, _add_collect):
        add(group, connect)
    return group


def _add_lock(group: click.Group, connect: Connect) -> None:
    @group.command("lock", help="Make the locks of specifications anew, of all if none is named; say what changed.")
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @click.option("--upgrade", is_flag=True, help="Take the newest of every package; else versions that fit stay.")
    def lock_command(names: tuple[str, ...], upgrade: bool) -> None:
        place = connect()
        known = place.known
        chosen = [known.get(name) for name in names] or list(known.specifications.values())

        def work(specification: Specification) -> None:
            with show_progress(f"{specification.name} lock", _progress_console()) as progress:
                new = renew_lock(
                    specification,
                    upgrade=upgrade,
                    sources=sources_of(place.settings.environments),
                    progress=progress,
                    root=place.root,
                )
            what = "the first lock" if new.is_first else "nothing changed"
            if new.changes and not new.is_first:
                what = f"{len(new.changes)} changed"
            click.echo(f"{specification.name}: {count(new.packages, 'package')} in {new.path}; {what}.")
            for change in () if new.is_first else new.changes:
                click.echo(f"  {change}")

        _each(chosen, work)


def _add_build(group: click.Group, connect: Connect) -> None:
    @group.command("build", help="Build environments, the offered ones if none is named.")
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @click.option("--offline", is_flag=True, help="Take packages from the cache alone.")
    @click.option("--cache", type=click.Path(path_type=Path, file_okay=False), help="Folder of downloaded packages.")
    @click.option(
        "--interpreter",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Python that it shall stand on, where it does not bring its own.",
    )
    def build_command(names: tuple[str, ...], offline: bool, cache: Path | None, interpreter: Path | None) -> None:
        place = connect()
        known, settings = place.known, place.settings.environments
        offered = known.offered(settings) or [known.get_default(settings)]
        chosen = [known.get(name) for name in names] or offered

        def work(specification: Specification) -> None:
            before = {environment.id for environment in place.built()}
            began = time.monotonic()
            with (
                _ended_as_by_ctrl_c(),
                show_progress(f"{specification.name} environment", _progress_console()) as drawn,
                announced(specification, place.root, drawn) as progress,
            ):
                built = build(
                    specification,
                    place.root,
                    interpreter=interpreter,
                    progress=progress,
                    sources=sources_of(settings, offline=offline, cache=cache),
                )
            how = "was built before" if built.id in before else f"built in {time.monotonic() - began:.0f} s"
            click.echo(f"{built.id}: {how}, {format_size(size_of(built.prefix))}, Python {built.python_version}.")

        _each(chosen, work)


def _add_verify(group: click.Group, connect: Connect) -> None:
    @group.command("verify", help="Compare every file of environments, of all if none is named, with its hash.")
    @click.argument("words", nargs=-1, metavar="[NAME|ID]...")
    @click.pass_context
    def verify_command(ctx: click.Context, words: tuple[str, ...]) -> None:
        place = connect()
        built = place.built()
        chosen = [choose_built(word, built) for word in words] or built
        if not chosen:
            click.echo(f"There is no environment in {place.root} yet.")
        differ = []

        def work(environment: Environment) -> None:
            files = 0

            def hashed(done: int, total: int) -> None:
                nonlocal files
                files = total
                draw(done, total, "")

            with show_count(f"{environment.id}: comparing files", _progress_console()) as draw:
                differences = verify(environment, hashed)
            if not differences:
                click.echo(f"{environment.id}: {files} files, all as they were built.")
                return
            differ.append(environment)
            _print(difference_lines(environment, differences, place))

        _each(chosen, work)
        if differ:
            ctx.exit(1)


def _add_list(group: click.Group, connect: Connect) -> None:
    @group.command("list", help="Show what is built, who uses and who needs it, and what is not built.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    def list_command(as_json: bool) -> None:
        place = connect()
        inventory = _take_stock(place)
        sizes = {verdict.environment.id: size_of(verdict.environment.prefix) for verdict in inventory.verdicts}
        if as_json:
            click.echo(json.dumps(list_as_json(place, inventory, sizes), indent=2))
        else:
            _print(list_lines(place, inventory, sizes))


def _add_remove(group: click.Group, connect: Connect) -> None:
    @group.command("remove", help="Delete environments.")
    @click.argument("words", nargs=-1, required=True, metavar="ID...")
    @click.option("--force", is_flag=True, help="Also one that notebooks need, or may need.")
    def remove_command(words: tuple[str, ...], force: bool) -> None:
        place = connect()
        inventory = _take_stock(place)
        chosen = [choose_built(word, place.built()) for word in words]

        def work(environment: Environment) -> None:
            if refusal := refusal_of(inventory.of(environment), force=force, is_running=place.is_running()):
                raise EnvironmentFailed(f"{environment.id} stays: {refusal}")
            size = size_of(environment.prefix)
            remove(environment, objection=lambda: objection_to(environment, place), waiting=do_not_wait)
            click.echo(f"{environment.id} is removed, {format_size(size)} freed.")

        _each(chosen, work)


def _add_collect(group: click.Group, connect: Connect) -> None:
    @group.command("collect", help="Show which environments nobody needs any more, and free them with --yes.")
    @click.option("--yes", is_flag=True, help="Do not ask, free them.")
    def collect_command(yes: bool) -> None:
        place = connect()
        collection = find_collection(place, _take_stock(place))
        _print(collection_lines(collection))
        if not collection.goes:
            return
        if not yes and not _agreed(collection):
            click.echo(f"Nothing was changed. `{place.command_line('environment collect --yes')}` frees it.")
            return

        def work(item: Item) -> None:
            click.echo(free(item, place))

        _each(collection.goes, work)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Leave in order on the other signals that end a command: a connection that drops, a service that is stopped."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # Under nohup one of them is ignored, and shall be.
    ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _agreed(collection: Collection) -> bool:
    """Ask, where there is somebody to answer."""
    if not sys.stdin.isatty():
        return False
    return click.confirm(f"Free {format_size(collection.size)}?", default=False)


def _each(things: Iterable[Thing], work: Callable[[Thing], None]) -> None:
    """Do something with each; what fails is said, the rest is done all the same, and the last failure is raised."""
    failures: list[MantidHubError] = []
    for thing in things:
        try:
            work(thing)
        except MantidHubError as failure:
            if failures:
                click.echo(str(failures[-1]), err=True)
            failures.append(failure)
    if failures:
        raise failures[-1]


def _take_stock(place: Workplace) -> Inventory:
    with show_count("Looking for notebooks in homes", _progress_console()) as looked:
        return place.take_stock(looked)


def _progress_console() -> Console:
    """Return where progress is drawn: never among what a program may read."""
    return Console(stderr=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)

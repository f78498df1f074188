"""`mantidhub up`: from nothing to a running MantidHub, and its orderly end. The one place that knows every room."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import socket as sockets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from mantidhub.accounts.commands import administrators_link
from mantidhub.accounts.store import AccountStore, Link
from mantidhub.confinement.bubblewrap import Bubblewrap, find_bubblewrap
from mantidhub.edge.caddyfile import caddyfile
from mantidhub.edge.listener import open_listener
from mantidhub.engines.choice import choose_engine
from mantidhub.environments import Environment, build
from mantidhub.environments.attempts import announced
from mantidhub.environments.known import KnownSpecifications, sources_of
from mantidhub.environments.progress_display import show_progress
from mantidhub.errors import MantidHubError, PlatformError, SettingsError
from mantidhub.files import write_whole
from mantidhub.operations.certificates import unreadable_certificate
from mantidhub.operations.demo_data import has_demo_data, write_demo_data
from mantidhub.operations.further_environments import FurtherEnvironments
from mantidhub.operations.network import PreparedNetwork, prepare_network
from mantidhub.operations.places import shipped_examples
from mantidhub.operations.services import controller_service, edge_service, edge_settings, hub_service
from mantidhub.operations.supervisor import Service, SupervisedService, end_remains
from mantidhub.operations.terminal import command_line, say
from mantidhub.sessions.address import is_listening
from mantidhub.sessions.client import ControllerClient
from mantidhub.sessions.deadline import Deadline
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.deployment import Deployment
from mantidhub.settings.quantities import parse_duration
from mantidhub.settings.state import Identity, ServiceIdentities, service_identities

START_LIMIT = parse_duration("60 s")
STOP_LIMIT = parse_duration("15 s")
"""Beyond the time that each session has to shut down."""


@dataclass(frozen=True)
class Prepared:
    """Everything that stands before the first process is started."""

    deployment: Deployment
    deployment_file: Path
    listener: sockets.socket
    secret: str
    link: Link | None
    bubblewrap: Bubblewrap
    network: PreparedNetwork | None


def up(settings: Settings, state: StateFolder, *, keep_sessions: bool, config: Path | None = None) -> None:
    """Set up what is missing, run until SIGINT or SIGTERM, and end; `config` is the file that the settings are from.

    Raises
    ------
    MantidHubError
        With one sentence, if it cannot start.
    """
    began = time.monotonic()
    services = service_identities(settings)
    state.prepare(services)
    with _alone(state):
        end_remains(state.controller.glob("*.pid"), str(state.root))
        prepared = _prepare(settings, state, services, config)
        asyncio.run(_run(prepared, keep_sessions=keep_sessions, began=began))


def address_of(settings: Settings, port: int) -> str:
    """Return the address that people type."""
    server = settings.server
    if server.public_address:
        return server.public_address
    host = sockets.gethostname() if server.host in {"0.0.0.0", "::"} else server.host  # noqa: S104 - compared only
    scheme = "https" if server.certificate else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _prepare(
    settings: Settings, state: StateFolder, services: ServiceIdentities | None, config: Path | None
) -> Prepared:
    if refusal := unreadable_certificate(settings, services):
        raise SettingsError(refusal)
    listener = open_listener(settings.server.host, settings.server.port)
    bubblewrap = find_bubblewrap()
    engine = asyncio.run(choose_engine(settings, state))
    network = prepare_network(settings, state, services)
    environment = _environment(settings, state)
    if settings.data.archive is None and not has_demo_data(state.demo_archive):
        write_demo_data(environment, state.demo_archive)
    deployment = Deployment(
        settings=settings,
        state=state,
        examples=settings.data.examples or shipped_examples(),
        address=address_of(settings, listener.getsockname()[1]),
        services=services,
        config=config,
        engine=engine.name,
    )
    secret = secrets.token_urlsafe(32)
    write_whole(state.edge_secret, secret, owner=_owner(services.hub) if services else None)
    write_whole(
        state.edge / "Caddyfile",
        caddyfile(edge_settings(deployment)),
        owner=_owner(services.edge) if services else None,
    )
    store = AccountStore(state.accounts)
    return Prepared(
        deployment=deployment,
        deployment_file=deployment.write(),
        listener=listener,
        secret=secret,
        link=administrators_link(store, settings.accounts.administrator),
        bubblewrap=bubblewrap,
        network=network,
    )


def _owner(identity: Identity) -> tuple[int, int]:
    return identity.uid, identity.gid


def _environment(settings: Settings, state: StateFolder) -> Environment:
    known = KnownSpecifications.from_settings(settings.environments)
    wanted = known.get_default(settings.environments)
    for mistake in known.mistakes:
        say(f"Not offered: {mistake}")
    with (
        show_progress(f"{wanted.name} environment", Console()) as drawn,
        announced(wanted, state.environments, drawn) as progress,
    ):
        return build(
            wanted,
            state.environments,
            interpreter=None,
            progress=progress,
            sources=sources_of(settings.environments),
        )


async def _run(prepared: Prepared, *, keep_sessions: bool, began: float) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    deployment = prepared.deployment
    services = [SupervisedService(service) for service in _services(prepared)]
    further = FurtherEnvironments(deployment, prepared.deployment_file)
    try:
        await asyncio.gather(*(service.start() for service in services))
        await _until_answering(services, prepared, told)
        if not told.is_set():
            _announce(prepared, time.monotonic() - began, further.announcement())
            further.start()
        await told.wait()
        say("\nStopping.")
    finally:
        controller, hub, edge, *network = services
        await further.stop()
        await edge.stop(grace=3)
        await hub.stop(grace=10)
        if not keep_sessions:
            await _stop_sessions(deployment)
        for service in network:
            await service.stop(grace=5)
        await controller.stop(grace=5)
    say("Sessions go on; `mantidhub up` finds them again." if keep_sessions else "All sessions have been stopped.")


def _services(prepared: Prepared) -> list[Service]:
    deployment, file = prepared.deployment, prepared.deployment_file
    return [
        controller_service(deployment, file),
        hub_service(deployment, file, prepared.bubblewrap),
        edge_service(deployment, prepared.bubblewrap, listener=prepared.listener.fileno(), secret=prepared.secret),
        *(prepared.network.services(deployment, file, prepared.bubblewrap) if prepared.network else []),
    ]


async def _until_answering(services: list[SupervisedService], prepared: Prepared, told: asyncio.Event) -> None:
    """Wait until those listen that others need; the edge asks the hub, and holds requests until then."""
    deadline = Deadline(START_LIMIT)
    state = prepared.deployment.state
    answering: dict[str, Callable[[], Awaitable[bool]]] = {
        "controller": partial(is_listening, state.controller_socket),
        "hub": partial(is_listening, state.hub_socket),
    }
    if prepared.network is not None:
        answering["squid"] = prepared.network.is_answering
    for service in services:
        is_answering = answering.get(service.service.name)
        while is_answering is not None and not await is_answering() and not told.is_set():
            if deadline.passed:
                log = service.service.log
                raise PlatformError(
                    f"The {service.service.name} did not start within {deadline.allowed.total_seconds():g} s. "
                    f"The end of {log} tells why:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-12:])
                )
            await asyncio.sleep(0.05)


async def _stop_sessions(deployment: Deployment) -> None:
    client = ControllerClient(deployment.state.controller_socket, patience=parse_duration("5 s"))
    limit = deployment.settings.sessions.stop_grace + STOP_LIMIT
    try:
        await asyncio.wait_for(client.stop_all(), limit.total_seconds())
    except (MantidHubError, TimeoutError) as error:
        say(f"Some sessions may still run: {error or f'they did not end within {limit.total_seconds():g} s'}")


def _announce(prepared: Prepared, seconds: float, further: str) -> None:
    deployment = prepared.deployment
    say(f"\nMantidHub is ready after {seconds:.1f} s:  {deployment.address}\n")
    if prepared.link is not None:
        say(f"Administrator {prepared.link.name}: open this link once and choose a password")
        say(f"(works until {prepared.link.expires.astimezone():%Y-%m-%d %H:%M %Z}):\n")
        say(f"  {prepared.link.url(deployment.address)}\n")
    else:
        name = deployment.settings.accounts.administrator
        reset = command_line(deployment.state.root, f"user reset {name}", deployment.config)
        say(f"Administrator {name} signs in with a password. A new link: {reset}")
    say(f"More people:  {command_line(deployment.state.root, 'user add NAME', deployment.config)}")
    say(f"What this host cannot enforce:  {command_line(deployment.state.root, 'check', deployment.config)}")
    if further:
        say(further)
    say("Ctrl-C stops.")


@contextlib.contextmanager
def _alone(state: StateFolder) -> Iterator[None]:
    """Make sure that no second `mantidhub up` works on this state folder."""
    with (state.root / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise SettingsError(
                f"MantidHub runs already on {state.root} (process {lock.read().strip() or 'unknown'}). "
                "Stop it first, or choose another folder with --state."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield

"""`mantidhub check`: what this host can do, what it cannot, and what follows from that."""

import asyncio
import os
import pwd
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from mantidhub.confinement.bubblewrap import find_bubblewrap
from mantidhub.controller.sizes import Host, Sizes
from mantidhub.edge.hosts import host_of
from mantidhub.engines.choice import EngineChoice, choose_engine, weaknesses_of
from mantidhub.environments import Environment, find, find_fault, list_built
from mantidhub.environments.attempts import find_attempt
from mantidhub.environments.known import KnownSpecifications, unknown
from mantidhub.environments.store import size_of
from mantidhub.errors import MantidHubError
from mantidhub.network.ranges import is_never_reached
from mantidhub.operations.certificates import unreadable_certificate
from mantidhub.operations.hosts import missing_names
from mantidhub.operations.network import try_network
from mantidhub.operations.terminal import command_line, say
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.quantities import format_duration, format_size
from mantidhub.settings.state import service_identities

ROOM_FOR_AN_ENVIRONMENT = 3 * 2**30
ROOM_TO_WORK = 2**30
SHORTEST_SENSIBLE_IDLE = timedelta(minutes=10)


class Grade(StrEnum):
    """How bad a finding is."""

    GOOD = "ok"
    WEAK = "weak"
    BAD = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    grade: Grade
    text: str


def check_host(settings: Settings, state: StateFolder, config: Path | None) -> bool:
    """Print every finding; return False if one of them stands against running at all.

    ``config`` is the file that the settings come from; commands that are proposed name it.
    """
    findings = list(findings_of(settings, state, config))
    for finding in findings:
        say(f"  {finding.grade:<8} {finding.text}")
    return all(finding.grade is not Grade.BAD for finding in findings)


def findings_of(settings: Settings, state: StateFolder, config: Path | None) -> Iterator[Finding]:
    """Look at the host, part by part."""
    yield Finding(Grade.GOOD, f"Python {sys.version.split()[0]}.")
    yield from _engine(settings, state)
    yield from _network(settings, state)
    yield from _user_ids(settings)
    yield _disk(settings, state)
    yield from _environments(settings, state, config)
    yield from _sizes(settings)
    yield from _idle(settings)
    yield _connection(settings)
    yield from _hosts(settings)


def _engine(settings: Settings, state: StateFolder) -> Iterator[Finding]:
    """Say what runs the sessions and why, and what it cannot enforce here."""
    yield _bubblewrap()
    try:
        choice, weaknesses = asyncio.run(_engine_and_weaknesses(settings, state))
    except MantidHubError as error:
        yield Finding(Grade.BAD, str(error))
        return
    yield Finding(Grade.GOOD, f"Sessions run in {_ENGINES[choice.name]}: {choice.reason}")
    yield from (Finding(Grade.WEAK, sentence) for sentence in weaknesses)
    if not any("no limit" in sentence for sentence in weaknesses):
        yield Finding(Grade.GOOD, "Memory, processor time and the number of processes of a session are limited.")


_ENGINES = {"sandbox": "the sandbox", "docker": "containers of Docker"}


async def _engine_and_weaknesses(settings: Settings, state: StateFolder) -> tuple[EngineChoice, list[str]]:
    choice = await choose_engine(settings, state)
    return choice, await weaknesses_of(choice.name, settings, state)


def _bubblewrap() -> Finding:
    """Look for what makes sandboxes; hub and edge are confined by it, whatever runs the sessions."""
    try:
        bubblewrap = find_bubblewrap()
    except MantidHubError as error:
        return Finding(Grade.BAD, str(error))
    return Finding(Grade.GOOD, f"Sandboxes are made by {bubblewrap.program}.")


def _network(settings: Settings, state: StateFolder) -> Iterator[Finding]:
    """Say what sessions reach, and whether squid is there and takes what it will be told."""
    never = [str(listed) for listed in settings.network.hosts if is_never_reached(listed.host)]
    if never:
        yield Finding(
            Grade.WEAK,
            f"network.hosts: {', '.join(never)} will be refused. No session reaches the machine itself, its link or "
            "where clouds keep passwords, listed or not. Name the service by an address that others reach it at.",
        )
    try:
        program = try_network(settings, state)
    except MantidHubError as error:
        yield Finding(Grade.BAD, str(error))
        return
    words = f"network.policy is {settings.network.policy}: sessions reach {_reach(settings)}"
    yield Finding(Grade.GOOD, f"{words}." if program is None else f"{words}, through {program}.")


def _reach(settings: Settings) -> str:
    network = settings.network
    hosts = [listed for listed in network.hosts if not is_never_reached(listed.host)]
    listed = [*hosts, *(settings.registries if network.policy == "registries" else ())]
    named = ", ".join(map(str, listed))
    if network.policy == "open":
        ports = ", ".join(map(str, network.ports))
        return f"every public host on the ports {ports}" + (f", and {named}" if named else "")
    return named or "no other host"


def _user_ids(settings: Settings) -> Iterator[Finding]:
    if os.getuid() != 0:
        return
    first = settings.sandbox.first_uid
    taken = [entry.pw_name for entry in pwd.getpwall() if first <= entry.pw_uid < first + 100_000]
    if taken:
        names = ", ".join(taken[:5])
        yield Finding(Grade.BAD, f"User ids from {first} on belong to {names}. Choose another sandbox.first_uid.")
    else:
        yield Finding(Grade.GOOD, f"Every person gets a user id of their own, from {first + 100} on.")


def _disk(settings: Settings, state: StateFolder) -> Finding:
    place = next(folder for folder in (state.root, *state.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    built = find(state.environments, settings.environments.default) is not None
    needed = ROOM_TO_WORK if built else ROOM_FOR_AN_ENVIRONMENT
    if free < needed:
        return Finding(
            Grade.BAD,
            f"{place} has {format_size(free)} of free space; at least {format_size(needed)} is needed. "
            "Make room, or choose another folder with --state.",
        )
    return Finding(Grade.GOOD, f"{format_size(free)} of free space in {place}.")


def _environments(settings: Settings, state: StateFolder, config: Path | None) -> Iterator[Finding]:
    """Look at the offered environments, those that are built, and what they take; nothing is built or read through."""
    known = KnownSpecifications.from_settings(settings.environments)
    yield from (Finding(Grade.WEAK, mistake) for mistake in known.mistakes)
    built = list_built(state.environments)
    for name in settings.environments.offered:
        yield _offered(name, name == settings.environments.default, known, built, state)
    if further := [environment.id for environment in built if environment not in _newest(settings, built)]:
        command = command_line(state.root, "environment collect", config)
        yield Finding(Grade.GOOD, f"Beside them there is {', '.join(further)}. {command} says what is needed.")
    if built:
        size = sum(size_of(environment.prefix) for environment in built)
        yield Finding(Grade.GOOD, f"Environments take {format_size(size)}.")


def _offered(
    name: str, is_default: bool, known: KnownSpecifications, built: list[Environment], state: StateFolder
) -> Finding:
    newest = next((environment for environment in built if environment.name == name), None)
    specification = known.specifications.get(name)
    if specification is None:
        mistake = f"environments.offered: {unknown(name, known.specifications, 'specification')}"
        return Finding(Grade.BAD, mistake) if is_default else Finding(Grade.WEAK, f"{mistake} It is left out.")
    retired = ", which is retired," if "retired" in specification.labels else ""
    if newest is not None:
        if fault := find_fault(newest):
            damaged = f"The environment {newest.id} is damaged: {fault}."
            return Finding(Grade.WEAK, f"{damaged} The next start builds it again.")
        return Finding(Grade.GOOD, f"The environment {name}{retired} is built: {newest.id}.")
    attempt = find_attempt(state.environments, name)
    if attempt is not None and attempt.state == "failed":
        return Finding(Grade.WEAK, f"The environment {name}{retired} is not built: {attempt.message}")
    when = "while the platform runs" if not is_default else "before anything else"
    return Finding(Grade.GOOD, f"The environment {name}{retired} is not built yet; `mantidhub up` builds it {when}.")


def _newest(settings: Settings, built: list[Environment]) -> list[Environment]:
    """Return the environments that people are offered."""
    newest = {environment.name: environment for environment in reversed(built)}
    return [newest[name] for name in settings.environments.offered if name in newest]


def _idle(settings: Settings) -> Iterator[Finding]:
    """Say what becomes of sessions that nobody uses, where that may surprise."""
    idle_after = settings.sessions.idle_after
    if idle_after is not None and idle_after < SHORTEST_SENSIBLE_IDLE:
        yield Finding(
            Grade.WEAK,
            f"sessions.idle_after: after {format_duration(idle_after)} a session ends while its person reads. "
            "People are asked in the page before, for half of that time.",
        )


def _sizes(settings: Settings) -> Iterator[Finding]:
    host = Host.here()
    sizes = Sizes.that_fit(settings.sessions, host)
    offered = ", ".join(f"{size.name} ({size.amount})" for size in sizes.offered)
    yield Finding(Grade.GOOD, f"People can choose the sizes {offered}; without a choice it is {sizes.usual.name}.")
    has = f"this host has {host.cores} cores and {format_size(host.memory)}"
    if sizes.too_large:
        too_large = ", ".join(f"{size.name} ({size.amount})" for size in sizes.too_large)
        yield Finding(Grade.GOOD, f"Not offered, because {has}: {too_large}.")
    if sizes.usual.name != settings.sessions.usual_size:
        yield Finding(
            Grade.WEAK,
            f"sessions.size: {settings.sessions.usual_size} is larger than this host, so {sizes.usual.name} is taken.",
        )
    if any(size.memory > host.memory or size.cpus > host.cores for size in sizes.offered):
        yield Finding(Grade.WEAK, f"No size of sessions.sizes fits: {has}. The one with the least memory is offered.")


_LOCAL = {"127.0.0.1", "::1", "localhost"}


def _connection(settings: Settings) -> Finding:
    server = settings.server
    try:
        socket.getaddrinfo(server.host, server.port)
    except OSError:
        return Finding(
            Grade.BAD, f"server.host: {server.host} is no address of this machine. Use 127.0.0.1 or 0.0.0.0."
        )
    local = server.host in _LOCAL
    if server.certificate is None and not local and not server.public_address.startswith("https://"):
        return Finding(
            Grade.WEAK,
            f"Passwords and data cross the network in clear text: {server.host} can be reached by others and no "
            "certificate is set. Set server.certificate and server.private_key, or a proxy with TLS before it.",
        )
    if refusal := unreadable_certificate(settings, service_identities(settings)):
        return Finding(Grade.BAD, refusal)
    if server.public_address:
        listens = f"MantidHub listens on {server.host} port {server.port}"
        return Finding(Grade.GOOD, f"People connect to {server.public_address}; {listens}.")
    return Finding(Grade.GOOD, f"People connect to {server.host} port {server.port}, unless `up` is told another.")


def _hosts(settings: Settings) -> Iterator[Finding]:
    server = settings.server
    if not server.subdomains:
        if server.host not in _LOCAL:
            yield Finding(
                Grade.WEAK,
                "All servers share one address, so pages of one person's server are kept from others only as far as "
                "browsers can. Set server.subdomains, which gives each person an address.",
            )
        return
    missing = list(missing_names(server))
    yield from (Finding(Grade.BAD if one.certain else Grade.WEAK, one.text) for one in missing)
    if not server.public_address.startswith("https://"):
        yield Finding(
            Grade.WEAK, "Over plain HTTP, a page of one person's server can set cookies for the hub. Use https://."
        )
    elif not missing:
        domain = host_of(server.public_address)
        yield Finding(Grade.GOOD, f"Each person has an address below {domain}, and its names lead here.")

"""`mantidhub check`: what this host can do, what it cannot, and what follows from that."""

import os
import pwd
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mantidhub.confinement.bubblewrap import find_bubblewrap
from mantidhub.engines.sandbox import SandboxEngine
from mantidhub.environments import find, shipped_specifications
from mantidhub.errors import MantidHubError
from mantidhub.operations.certificates import unreadable_certificate
from mantidhub.operations.terminal import say
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.quantities import format_size
from mantidhub.settings.state import service_identities

ROOM_FOR_AN_ENVIRONMENT = 3 * 2**30
ROOM_TO_WORK = 2**30


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


def check_host(settings: Settings, state: StateFolder) -> bool:
    """Print every finding; return False if one of them stands against running at all."""
    findings = list(findings_of(settings, state))
    for finding in findings:
        say(f"  {finding.grade:<8} {finding.text}")
    return all(finding.grade is not Grade.BAD for finding in findings)


def findings_of(settings: Settings, state: StateFolder) -> Iterator[Finding]:
    """Look at the host, part by part."""
    yield Finding(Grade.GOOD, f"Python {sys.version.split()[0]}.")
    yield _sandbox()
    engine = SandboxEngine(mark=state.mark, folder=state.controller / "sessions", logs=state.logs)
    weaknesses = engine.weaknesses()
    yield from (Finding(Grade.WEAK, sentence) for sentence in weaknesses)
    if not weaknesses:
        yield Finding(Grade.GOOD, "Memory, processor time and the number of processes of a session are limited.")
    yield from _user_ids(settings)
    yield _disk(settings, state)
    yield _environment(settings, state)
    yield _connection(settings)


def _sandbox() -> Finding:
    try:
        bubblewrap = find_bubblewrap()
    except MantidHubError as error:
        return Finding(Grade.BAD, str(error))
    return Finding(Grade.GOOD, f"Sessions are kept apart by {bubblewrap.program}.")


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
    built = find(state.environments, settings.sessions.environment) is not None
    needed = ROOM_TO_WORK if built else ROOM_FOR_AN_ENVIRONMENT
    if free < needed:
        return Finding(
            Grade.BAD,
            f"{place} has {format_size(free)} of free space; at least {format_size(needed)} is needed. "
            "Make room, or choose another folder with --state.",
        )
    return Finding(Grade.GOOD, f"{format_size(free)} of free space in {place}.")


def _environment(settings: Settings, state: StateFolder) -> Finding:
    name = settings.sessions.environment
    known = sorted(specification.name for specification in shipped_specifications())
    if name not in known:
        return Finding(Grade.BAD, f"sessions.environment: there is no environment {name}; there is {', '.join(known)}.")
    environment = find(state.environments, name)
    if environment is None:
        return Finding(Grade.GOOD, f"The environment {name} is not built yet; the first `mantidhub up` builds it.")
    return Finding(Grade.GOOD, f"The environment {name} is built: {environment.prefix.name}.")


def _connection(settings: Settings) -> Finding:
    server = settings.server
    try:
        socket.getaddrinfo(server.host, server.port)
    except OSError:
        return Finding(
            Grade.BAD, f"server.host: {server.host} is no address of this machine. Use 127.0.0.1 or 0.0.0.0."
        )
    local = server.host in {"127.0.0.1", "::1", "localhost"}
    if server.certificate is None and not local and not server.public_address.startswith("https://"):
        return Finding(
            Grade.WEAK,
            f"Passwords and data cross the network in clear text: {server.host} can be reached by others and no "
            "certificate is set. Set server.certificate and server.private_key, or a proxy with TLS before it.",
        )
    if refusal := unreadable_certificate(settings, service_identities(settings)):
        return Finding(Grade.BAD, refusal)
    return Finding(Grade.GOOD, f"People connect to {server.public_address or server.host} port {server.port}.")

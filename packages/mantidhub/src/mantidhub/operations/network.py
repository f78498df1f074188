"""The proxy of sessions: written and checked before anything is started, nothing at all where no host is opened."""

import asyncio
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from pathlib import Path

from mantidhub.confinement.bubblewrap import Bubblewrap
from mantidhub.files import write_whole
from mantidhub.network.ranges import own_addresses
from mantidhub.network.squid import Squid, find_squid, require_valid, squid_configuration
from mantidhub.operations.services import relay_service, squid_service
from mantidhub.operations.supervisor import Service
from mantidhub.settings import Settings, StateFolder
from mantidhub.settings.deployment import Deployment
from mantidhub.settings.state import ServiceIdentities


@dataclass(frozen=True)
class PreparedNetwork:
    """The program, where it will listen, and by what it knows the relay."""

    program: Path
    port: int
    source: IPv6Network = field(repr=False)

    def services(self, deployment: Deployment, deployment_file: Path, bubblewrap: Bubblewrap) -> list[Service]:
        """Return what has to run: squid, and the relay before it."""
        return [
            squid_service(deployment, deployment_file, bubblewrap, self.program),
            relay_service(deployment, deployment_file, bubblewrap, port=self.port, source=str(self.source[1])),
        ]

    async def is_answering(self) -> bool:
        """Tell whether squid takes connections."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


def prepare_network(
    settings: Settings, state: StateFolder, services: ServiceIdentities | None
) -> PreparedNetwork | None:
    """Write squid's configuration and let squid read it; None where sessions reach nothing.

    Raises
    ------
    MantidHubError
        If squid is missing, or does not take its configuration.
    """
    if settings.network.policy == "none":
        return None
    program = find_squid()
    network = PreparedNetwork(program, _free_port(), _secret_range())
    squid = Squid(port=network.port, source=str(network.source), folder=state.network)
    file = state.network / "squid.conf"
    owner = None if services is None else (services.network.uid, services.network.gid)
    write_whole(file, squid_configuration(settings, squid, own_addresses=own_addresses()), owner=owner)
    require_valid(program, file)
    return network


def try_network(settings: Settings, state: StateFolder) -> Path | None:
    """Let squid read what it would be told, beside one that may run; return the program, None where none is needed.

    Raises
    ------
    MantidHubError
        If squid is missing, or does not take its configuration.
    """
    if settings.network.policy == "none":
        return None
    program = find_squid()
    place = state.network if os.access(state.network, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="check-", dir=place) as folder:
        file = Path(folder) / "squid.conf"
        squid = Squid(port=_free_port(), source=str(_secret_range()), folder=Path(folder))
        write_whole(file, squid_configuration(settings, squid, own_addresses=own_addresses()))
        require_valid(program, file)
    return program


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _secret_range() -> IPv6Network:
    """Make up a range of local addresses (RFC 4193) that nobody can guess."""
    return IPv6Network((0xFD << 120 | secrets.randbits(56) << 64, 64))

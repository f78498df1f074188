"""The processes of MantidHub as commands: what each may see, and as whom it runs."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import mantidhub
from mantidhub.confinement.bubblewrap import Bubblewrap
from mantidhub.confinement.identity import KEPT_CAPABILITIES, become
from mantidhub.confinement.view import view_arguments
from mantidhub.edge.caddyfile import Certificate, EdgeSettings
from mantidhub.edge.command import edge_command, find_caddy
from mantidhub.hub import CONFIGURATION
from mantidhub.network.relay import SOURCE_VARIABLE
from mantidhub.network.squid import squid_command
from mantidhub.operations.supervisor import Service
from mantidhub.sessions.spec import Mount
from mantidhub.settings.deployment import VARIABLE, Deployment
from mantidhub.settings.state import Identity

PASSED_ON = ("LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables of the administrator's shell that the services may need; no others reach them."""
SHARED_MEMORY = 16 * 2**20
"""Bytes in the ``/dev/shm`` of a confined service."""


def controller_service(deployment: Deployment, deployment_file: Path) -> Service:
    """Return the controller: root's rights, no network use, no view but the host's."""
    return Service(
        name="controller",
        command=[sys.executable, "-m", "mantidhub.controller"],
        variables={**_variables(deployment_file), "HOME": str(deployment.state.controller)},
        folder=deployment.state.run,
        log=deployment.state.logs / "controller.log",
        record=deployment.state.controller / "controller.pid",
    )


def hub_service(deployment: Deployment, deployment_file: Path, bubblewrap: Bubblewrap) -> Service:
    """Return JupyterHub: as root confined to its own databases, the sockets and the program."""
    state = deployment.state
    command = [sys.executable, "-m", "jupyterhub", "--config", str(CONFIGURATION)]
    if deployment.services is not None:
        mounts = [*_program_mounts(), Mount(state.hub, state.hub, True), Mount(state.run, state.run, True)]
        command = _confined(bubblewrap, mounts, deployment.services.hub, state.routes, command)
    return Service(
        name="hub",
        command=command,
        variables={**_variables(deployment_file), "HOME": str(state.hub)},
        folder=state.routes,
        log=state.logs / "hub.log",
        record=state.controller / "hub.pid",
    )


def edge_settings(deployment: Deployment) -> EdgeSettings:
    """Return what the edge needs to know of this deployment."""
    state, server = deployment.state, deployment.settings.server
    certificate = None
    if server.certificate is not None and server.private_key is not None:
        certificate = Certificate(server.certificate, server.private_key)
    return EdgeSettings(
        port=urlsplit(deployment.address).port or server.port,
        routes=state.routes,
        hub=Path(os.path.relpath(state.hub_socket, state.routes)),
        access_log=state.edge / "access.log",
        certificate=certificate,
        persons_below=deployment.address if server.subdomains else "",
    )


def edge_service(deployment: Deployment, bubblewrap: Bubblewrap, *, listener: int, secret: str) -> Service:
    """Return Caddy on the socket that is open already: as root confined to the routes and sockets."""
    state, settings = deployment.state, edge_settings(deployment)
    caddy = edge_command(
        settings, caddy=find_caddy(), configuration=state.edge / "Caddyfile", state=state.edge, secret=secret
    )
    command = list(caddy.arguments)
    if deployment.services is not None:
        mounts = [*_program_mounts(), Mount(state.edge, state.edge, True), Mount(state.run, state.run, True)]
        if settings.certificate is not None:
            mounts += [Mount(file, file) for file in (settings.certificate.chain, settings.certificate.key)]
        command = _confined(bubblewrap, mounts, deployment.services.edge, caddy.folder, command)
    return Service(
        name="edge",
        # The edge expects its socket at one number, wherever it was opened here.
        command=["/bin/sh", "-c", f'exec {settings.descriptor}<&{listener}; exec "$@"', "sh", *command],
        variables=caddy.environment,
        folder=caddy.folder,
        log=state.logs / "edge.log",
        record=state.controller / "edge.pid",
        descriptors=(listener,),
    )


def squid_service(deployment: Deployment, deployment_file: Path, bubblewrap: Bubblewrap, program: Path) -> Service:
    """Return the proxy that decides what sessions reach: as root confined to its configuration and its log."""
    state = deployment.state
    command = squid_command(program, state.network / "squid.conf", name=f"mantidhub{state.mark}")
    if deployment.services is not None:
        mounts = [*_program_mounts(), *_name_service_mounts(), Mount(state.network, state.network, True)]
        command = _confined(bubblewrap, mounts, deployment.services.network, state.network, command)
    return Service(
        name="squid",
        command=command,
        variables={**_variables(deployment_file), "HOME": str(state.network)},
        folder=state.network,
        log=state.logs / "squid.log",
        record=state.controller / "squid.pid",
    )


def relay_service(
    deployment: Deployment, deployment_file: Path, bubblewrap: Bubblewrap, *, port: int, source: str
) -> Service:
    """Return the relay between sessions and squid: as root confined to the sessions' ways out and squid's log."""
    state = deployment.state
    command = [sys.executable, "-m", "mantidhub.network.relay", str(state.ways_out), str(state.network), str(port)]
    if deployment.services is not None:
        mounts = [
            *_program_mounts(),
            Mount(state.network, state.network, True),
            Mount(state.ways_out, state.ways_out, True),
        ]
        command = _confined(bubblewrap, mounts, deployment.services.network, state.ways_out, command)
    return Service(
        name="relay",
        command=command,
        variables={**_variables(deployment_file), "HOME": str(state.network), SOURCE_VARIABLE: source},
        folder=state.ways_out,
        log=state.logs / "relay.log",
        record=state.controller / "relay.pid",
    )


def preparation_service(deployment: Deployment, deployment_file: Path) -> Service:
    """Return the process that prepares further environments; like the first build, with the administrator's variables.

    uv and the proxies of a site are configured by them.
    """
    return Service(
        name="preparation of environments",
        command=[sys.executable, "-m", "mantidhub.operations.preparation"],
        variables={**os.environ, "PYTHONUNBUFFERED": "1", VARIABLE: str(deployment_file)},
        folder=deployment.state.run,
        log=deployment.state.logs / "preparation.log",
        record=deployment.state.controller / "preparation.pid",
    )


def _variables(deployment_file: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    path = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1", VARIABLE: str(deployment_file)}


def _program_mounts() -> list[Mount]:
    """Return what it takes to run this Python and this package, which may lie where only root can look."""
    folders = [Path("/usr"), Path("/etc"), Path(sys.base_prefix), Path(sys.prefix), Path(mantidhub.__file__).parents[1]]
    return [Mount(folder, folder) for folder in dict.fromkeys(folders)]


def _name_service_mounts() -> list[Mount]:
    """Return what /etc/resolv.conf leads to, where that lies elsewhere, as with systemd-resolved."""
    file = Path("/etc/resolv.conf").resolve()
    return [Mount(file, file)] if file.is_file() and not file.is_relative_to("/etc") else []


def _confined(
    bubblewrap: Bubblewrap, mounts: list[Mount], identity: Identity, folder: Path, command: list[str]
) -> list[str]:
    return [
        *(str(bubblewrap.program), *view_arguments(mounts), "--proc", "/proc", "--dev", "/dev"),
        # squid keeps counts in shared memory; the host's is everybody's.
        *("--perms", "1777", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"),  # noqa: S108 - its own
        *("--unshare-ipc", "--unshare-uts", "--chdir", str(folder), *KEPT_CAPABILITIES, "--"),
        *become(identity),
        *command,
    ]

"""The folder that holds all that MantidHub keeps, and who may open which part of it."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from mantidhub.errors import SettingsError
from mantidhub.settings.model import Settings


@dataclass(frozen=True)
class Identity:
    """The user and groups that a process runs as."""

    uid: int
    gid: int
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class ServiceIdentities:
    """Whom hub, edge and the sessions' proxy run as when MantidHub is started as root.

    ``door`` is the group that may open the sessions' sockets; hub and edge are its only members.
    """

    hub: Identity
    edge: Identity
    door: int
    network: Identity

    @classmethod
    def from_first_uid(cls, first_uid: int) -> "ServiceIdentities":
        """Lay out the first ids of MantidHub's range: hub, edge, the group that both are in, and the proxy."""
        hub, edge, door, network = range(first_uid, first_uid + 4)
        return cls(
            hub=Identity(hub, hub, (door,)),
            edge=Identity(edge, edge, (door,)),
            door=door,
            network=Identity(network, network),
        )


def service_identities(settings: Settings) -> ServiceIdentities | None:
    """Return whom hub and edge run as: users of their own when started as root, None for the same as everything."""
    return ServiceIdentities.from_first_uid(settings.sandbox.first_uid) if os.getuid() == 0 else None


@dataclass(frozen=True)
class StateFolder:
    """Paths below the state folder. A name here is the only place where the layout is written down."""

    root: Path

    @property
    def hub(self) -> Path:
        """Databases and secrets of the hub; nobody else can look inside."""
        return self.root / "hub"

    @property
    def accounts(self) -> Path:
        """Database of the accounts."""
        return self.hub / "accounts.sqlite"

    @property
    def edge_secret(self) -> Path:
        """Word by which the hub knows that a request came through the edge."""
        return self.hub / "edge-secret"

    @property
    def controller(self) -> Path:
        """What only the controller may see: user ids and the records of sessions."""
        return self.root / "controller"

    @property
    def edge(self) -> Path:
        """Caddy's own files."""
        return self.root / "edge"

    @property
    def network(self) -> Path:
        """Configuration and log of the proxy through which sessions reach other hosts."""
        return self.root / "network"

    @property
    def environments(self) -> Path:
        """Locked prefixes."""
        return self.root / "environments"

    @property
    def homes(self) -> Path:
        """One home per user."""
        return self.root / "homes"

    @property
    def demo_archive(self) -> Path:
        """Runs of the simulated instruments."""
        return self.root / "data" / "instrument"

    @property
    def logs(self) -> Path:
        """One log per process; ``sessions/`` below it one per session."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Sockets and routes: meaningless after a reboot. Hub, edge and controller work in this folder."""
        return self.root / "run"

    @property
    def routes(self) -> Path:
        """One symlink per running session, read by the edge, written by the hub."""
        return self.run / "routes"

    @property
    def sessions(self) -> Path:
        """One folder per session, which holds its socket."""
        return self.run / "sessions"

    @property
    def ways_out(self) -> Path:
        """One folder per session with the socket of the proxy, where sessions may reach other hosts."""
        return self.run / "network"

    @property
    def hub_socket(self) -> Path:
        """Where the hub listens, for the edge and for the sessions."""
        return self.run / "hub" / "hub.sock"

    @property
    def controller_socket(self) -> Path:
        """Where the controller listens, for the hub."""
        return self.run / "controller" / "controller.sock"

    @property
    def mark(self) -> str:
        """Short name of this state folder, to tell several on one machine apart."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]

    def prepare(self, services: ServiceIdentities | None) -> None:
        """Make the folders, each with its owner and mode.

        Parameters
        ----------
        services
            Owners of the hub's, edge's and proxy's parts; None when not started as root.

        Raises
        ------
        SettingsError
            If the folder cannot be made or written.
        """
        hub = services.hub if services else None
        edge = services.edge if services else None
        network = services.network if services else None
        for_the_relay = Identity(os.getuid(), services.network.gid) if services else None
        for_the_hub = Identity(os.getuid(), services.hub.gid) if services else None
        try:
            for folder, mode, owner in (
                (self.root, 0o755, None),
                (self.hub, 0o700, hub),
                (self.edge, 0o700, edge),
                (self.controller, 0o700, None),
                (self.network, 0o700, network),
                (self.environments, 0o755, None),
                (self.homes, 0o711, None),
                (self.logs, 0o700, None),
                (self.logs / "sessions", 0o700, None),
                (self.run, 0o711, None),
                (self.routes, 0o755, hub),
                (self.sessions, 0o711, None),
                (self.ways_out, 0o750, for_the_relay),
                (self.hub_socket.parent, 0o755, hub),
                (self.controller_socket.parent, 0o750, for_the_hub),
            ):
                folder.mkdir(mode=mode, parents=True, exist_ok=True)
                folder.chmod(mode)
                if owner is not None:
                    os.chown(folder, owner.uid, owner.gid)
        except OSError as error:
            raise SettingsError(
                f"The state folder {self.root} cannot be prepared: {error.strerror} ({error.filename}). "
                "Choose another with --state, or mend its permissions or its disk."
            ) from error

"""Every setting of the configuration file, with its default and what it means."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from mantidhub.settings.destination import Destination, HostAndPort
from mantidhub.settings.quantities import Duration, DurationOrNever, Size, format_size

MEBIBYTE = 2**20
LEAST_MEMORY = 32 * MEBIBYTE
EngineName = Literal["sandbox", "docker"]
ON_THIS_HOST = "on this host"
"""Context of a validation that looks whether files and folders are there. Hub and edge see hardly any of them."""


def _matching(pattern: str, allowed: str) -> AfterValidator:
    """Check a text, and say in words what is allowed."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"allowed is {allowed}")
        return text

    return AfterValidator(check)


def _enough_memory(size: int) -> int:
    if size < LEAST_MEMORY:
        raise ValueError(f"allowed is at least {format_size(LEAST_MEMORY)}")
    return size


def _existing_folder(folder: Path | None, info: ValidationInfo) -> Path | None:
    if info.context == ON_THIS_HOST and folder is not None and not folder.is_dir():
        raise ValueError("allowed is a folder that exists on this machine")
    return folder


_UserName = _matching(
    r"[a-z0-9][a-z0-9._-]{0,31}",
    'up to 32 lower-case letters, digits, dots, hyphens and underscores, such as "admin"',
)
_Address = _matching(
    r"(https?://[^/\s?#]+)?", 'an address without a path, such as "https://notebooks.example", or nothing'
)
_EnvironmentName = _matching(r"[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?", 'the name of an environment, such as "scipp"')
_Mirror = _matching(
    r"https?://[^/\s?#@]+(?!/t/)(/[^\s?#@]*)?|(file://)?/[^\s?#@]*",
    'an address such as "https://mirror.example/conda-forge" or the path of a folder; '
    "a password or token (/t/…) belongs into the file that environments.credentials names",
)
_SizeName = _matching(r"[a-z][a-z0-9-]{0,31}", 'a short name in lower-case letters, such as "large"')


_DOMAIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]+(?::[0-9]+)?")
"""An address below which there can be others: not one of numbers alone (RFC 1123, 2.1)."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ServerSettings(_Section):
    """Where people find MantidHub."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Address to listen on; 0.0.0.0 or :: for every interface."""
    port: Annotated[int, Field(strict=True, ge=0, le=65535)] = 8000
    """TCP port to listen on; 0 takes a free one."""
    public_address: Annotated[str, _Address] = ""
    """The address that people type, with http:// or https://; derived from host and port if empty."""
    subdomains: bool = Field(default=False, strict=True)
    """Give each person an address below the public one, such as https://alice.notebooks.example; recommended."""
    certificate: Path | None = None
    """TLS certificate (PEM, with its chain). Without one the edge speaks plain HTTP."""
    private_key: Path | None = None
    """Private key (PEM) that belongs to the certificate."""

    @field_validator("subdomains")
    @classmethod
    def _below_a_domain(cls, wanted: bool, info: ValidationInfo) -> bool:
        address = info.data.get("public_address")
        if wanted and address is not None and not _DOMAIN.fullmatch(address):
            raise ValueError(
                "allowed is true only beside a public_address with a domain name in lower case, such as "
                '"https://notebooks.example"'
            )
        return wanted

    @model_validator(mode="after")
    def _certificate_and_key(self) -> "ServerSettings":
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("certificate and private_key belong together; give both or none")
        return self


class AccountSettings(_Section):
    """Who may sign in."""

    administrator: Annotated[str, _UserName] = "admin"
    """Account made at the first start; its one-time link is printed until a password is set."""


class SizeSettings(_Section):
    """One size of session that people may choose."""

    title: Annotated[str, Field(min_length=1)]
    """What it is good for, in words that people choose by."""
    memory: Annotated[Size, AfterValidator(_enough_memory)]
    """Memory of one session, kernels and /tmp included."""
    cpus: Annotated[float, Field(strict=True, gt=0, le=4096)]
    """Processor cores that one session may keep busy."""


_DEFAULT_SIZES = {
    "small": SizeSettings.model_validate({"title": "Looking at data", "memory": "2 GiB", "cpus": 1.0}),
    "medium": SizeSettings.model_validate({"title": "Most work", "memory": "4 GiB", "cpus": 2.0}),
    "large": SizeSettings.model_validate({"title": "Large data", "memory": "16 GiB", "cpus": 4.0}),
}


class SessionSettings(_Section):
    """What a session is given, and the most that it may use."""

    engine: Literal[EngineName, "auto"] = "sandbox"
    """What sessions run in; "auto" takes Docker where its daemon answers and has the image, else the sandbox."""
    sizes: Annotated[Mapping[Annotated[str, _SizeName], SizeSettings], Field(min_length=1)] = _DEFAULT_SIZES
    """Sizes that people choose from, as tables [sessions.sizes.NAME]; they take the place of the default ones."""
    size: str = ""
    """Name of the size of those who do not choose; medium, or the first if there is no such size, if empty."""
    processes: Annotated[int, Field(strict=True, ge=64, le=1_000_000)] = 1024
    """Processes and threads in one session."""
    named_servers: Annotated[int, Field(strict=True, ge=0, le=50)] = 3
    """Further sessions that a person may run beside the first."""
    start_timeout: Duration = timedelta(seconds=90)
    """Time that a session has until it answers."""
    stop_grace: Duration = timedelta(seconds=10)
    """Time that a session has to shut its kernels down before it is killed."""
    idle_after: DurationOrNever = None
    """Time without any use after which a session is stopped, such as "12 h"; "never" leaves all sessions running."""

    @property
    def usual_size(self) -> str:
        """Name of the size of those who do not choose."""
        return self.size or ("medium" if "medium" in self.sizes else next(iter(self.sizes)))

    @field_validator("size")
    @classmethod
    def _size_exists(cls, size: str, info: ValidationInfo) -> str:
        sizes = info.data.get("sizes")
        if size and sizes is not None and size not in sizes:
            raise ValueError(f"allowed is one of {', '.join(sizes)}")
        return size


class FacilitySettings(_Section):
    """What sessions are told about where they run."""

    name: str = ""
    """Name of the facility as the software of sessions knows it, such as "ISIS"; none if empty."""
    instrument: str = ""
    """Name of the instrument that data belong to if nothing else is said, such as "SANS2D"; none if empty."""


class EnvironmentSettings(_Section):
    """Which environments people are offered, and where their packages come from."""

    offered: tuple[Annotated[str, _EnvironmentName], ...] = ("scipp", "mantid")
    """Environments by name. New sessions start in the first, which must be there; the others are offered when built."""
    specifications: Path | None = None
    """Folder of specifications of your own beside those that ship; one of the same name replaces the shipped one."""
    mirrors: Mapping[str, Annotated[str, _Mirror]] = Field(default_factory=dict)
    """Name of a channel, or "pypi", and the address that packages are taken from in its place."""
    credentials: Path | None = None
    """File with the user names, passwords or tokens of mirrors that ask for one."""
    cache: Path | None = None
    """Folder that keeps downloaded packages; it can be carried into a closed network."""
    offline: bool = Field(default=False, strict=True)
    """Take packages from the cache alone, and never ask a network."""

    @property
    def default(self) -> str:
        """The environment that new sessions start in."""
        return self.offered[0]

    @field_validator("offered")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names:
            raise ValueError("allowed is a list with at least one name")
        if len(set(names)) < len(names):
            raise ValueError("allowed is each name once")
        return names

    @field_validator("specifications")
    @classmethod
    def _folder_exists(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        return _existing_folder(folder, info)

    @field_validator("credentials")
    @classmethod
    def _file_exists(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if info.context == ON_THIS_HOST and file is not None and not file.is_file():
            raise ValueError("allowed is a file that exists on this machine")
        return file


class DataSettings(_Section):
    """Which data every session sees, read-only."""

    archive: Path | None = None
    """The facility's archive, seen as /data/instrument; the simulated instruments if not given."""
    examples: Path | None = None
    """Folder of the notebooks that new users find in their home; those that ship if not given."""

    @field_validator("archive", "examples")
    @classmethod
    def _folder_exists(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        return _existing_folder(folder, info)


class NetworkSettings(_Section):
    """What sessions reach beyond themselves: all of them the same, through one filtering proxy."""

    policy: Literal["none", "hosts", "registries", "open"] = "none"
    """"none"; "hosts", those that are listed; "registries", where packages come from too; "open", all public ones."""
    hosts: tuple[Destination, ...] = ()
    """Hosts that sessions may reach beside what the policy opens, each with a port or without."""
    ports: tuple[Annotated[int, Field(strict=True, ge=1, le=65535)], ...] = (80, 443)
    """Ports of hosts that are listed without one and, where the policy is "open", of all public hosts."""

    @field_validator("ports")
    @classmethod
    def _at_least_one(cls, ports: tuple[int, ...]) -> tuple[int, ...]:
        if not ports:
            raise ValueError("allowed is a list with at least one port")
        return ports

    @field_validator("hosts")
    @classmethod
    def _as_the_policy_says(cls, hosts: tuple[Destination, ...], info: ValidationInfo) -> tuple[Destination, ...]:
        policy = info.data.get("policy")
        if hosts and policy == "none":
            raise ValueError('allowed is no host as long as network.policy is "none"; set that to "hosts"')
        return hosts

    @model_validator(mode="after")
    def _something_is_listed(self) -> "NetworkSettings":
        if self.policy == "hosts" and not self.hosts:
            raise ValueError('network.policy is "hosts", so allowed is at least one host in network.hosts')
        return self


class SandboxSettings(_Section):
    """How the sandbox engine separates people when MantidHub runs as root."""

    first_uid: Annotated[int, Field(strict=True, ge=1000, le=2_147_000_000)] = 1_900_000_000
    """User ids from here on belong to MantidHub: the first hundred to its services, then one to each person.

    The default lies in the range that systemd's list of user ids (``UIDS-GIDS``) gives to nobody; ids from 100000 on
    would be those of other people's containers (``subuid(5)``).
    """


class DockerSettings(_Section):
    """How the Docker engine finds its daemon and what its containers are made from."""

    socket: Path = Path("/var/run/docker.sock")
    """Unix socket of the daemon, which must run on this machine."""
    image: Annotated[str, Field(min_length=1)] = "mantidhub-session:bookworm"
    """Image that sessions have /usr and /etc from; it is never pulled."""

    @field_validator("socket", mode="before")
    @classmethod
    def _of_this_machine(cls, given: object) -> object:
        """Take an address as ``DOCKER_HOST`` has it, if it is one of a Unix socket."""
        if not isinstance(given, str) or "://" not in given:
            return given
        scheme, _, path = given.partition("://")
        if scheme != "unix" or not path.startswith("/"):
            raise ValueError(
                "allowed is the path of a Unix socket, such as /var/run/docker.sock: sessions reach their server "
                "through sockets in folders of this machine, so the daemon must run here"
            )
        return path


class Settings(_Section):
    """The whole configuration file."""

    server: ServerSettings = ServerSettings()
    accounts: AccountSettings = AccountSettings()
    sessions: SessionSettings = SessionSettings()
    environments: EnvironmentSettings = EnvironmentSettings()
    facility: FacilitySettings = FacilitySettings()
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    sandbox: SandboxSettings = SandboxSettings()
    docker: DockerSettings = DockerSettings()

    @property
    def registries(self) -> tuple[HostAndPort, ...]:
        """Hosts that packages of environments are taken from, as far as the settings name them."""
        addresses = (urlsplit(mirror) for mirror in self.environments.mirrors.values())
        web = (address for address in addresses if address.scheme in {"http", "https"} and address.hostname)
        return tuple(
            dict.fromkeys(
                HostAndPort(address.hostname or "", address.port or (443 if address.scheme == "https" else 80))
                for address in web
            )
        )

    @field_validator("network")
    @classmethod
    def _registries_are_named(cls, network: NetworkSettings, info: ValidationInfo) -> NetworkSettings:
        environments = info.data.get("environments")
        if network.policy == "registries" and environments is not None and not network.hosts:
            mirrors = environments.mirrors.values()
            if not any(mirror.startswith(("http://", "https://")) for mirror in mirrors):
                raise ValueError(
                    'network.policy is "registries", but environments.mirrors names no address; '
                    "name one there, or list the hosts of registries in network.hosts"
                )
        return network

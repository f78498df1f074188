"""Every setting of the configuration file, with its default and what it means."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from mantidhub.settings.quantities import Duration, Size, format_size, parse_size

MEBIBYTE = 2**20
LEAST_MEMORY = 32 * MEBIBYTE


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


_UserName = _matching(
    r"[a-z0-9][a-z0-9._-]{0,31}",
    'up to 32 lower-case letters, digits, dots, hyphens and underscores, such as "admin"',
)
_Address = _matching(
    r"(https?://[^/\s?#]+)?", 'an address without a path, such as "https://notebooks.example", or nothing'
)
_EnvironmentName = _matching(r"[a-z][a-z0-9-]{0,31}", 'the name of an environment, such as "scipp"')


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
    certificate: Path | None = None
    """TLS certificate (PEM, with its chain). Without one the edge speaks plain HTTP."""
    private_key: Path | None = None
    """Private key (PEM) that belongs to the certificate."""

    @model_validator(mode="after")
    def _certificate_and_key(self) -> "ServerSettings":
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("certificate and private_key belong together; give both or none")
        return self


class AccountSettings(_Section):
    """Who may sign in."""

    administrator: Annotated[str, _UserName] = "admin"
    """Account made at the first start; its one-time link is printed until a password is set."""


class SessionSettings(_Section):
    """What a session is given, and the most that it may use."""

    environment: Annotated[str, _EnvironmentName] = "scipp"
    """Environment that sessions run in."""
    memory: Annotated[Size, AfterValidator(_enough_memory)] = parse_size("4 GiB")
    """Memory of one session, kernels and /tmp included."""
    cpus: Annotated[float, Field(strict=True, gt=0, le=4096)] = 2.0
    """Processor cores that one session may keep busy."""
    processes: Annotated[int, Field(strict=True, ge=64, le=1_000_000)] = 1024
    """Processes and threads in one session."""
    named_servers: Annotated[int, Field(strict=True, ge=0, le=50)] = 3
    """Further sessions that a person may run beside the first."""
    start_timeout: Duration = timedelta(seconds=90)
    """Time that a session has until it answers."""
    stop_grace: Duration = timedelta(seconds=10)
    """Time that a session has to shut its kernels down before it is killed."""


class DataSettings(_Section):
    """Which data every session sees, read-only."""

    archive: Path | None = None
    """The facility's archive, seen as /data/instrument; the simulated instruments if not given."""
    examples: Path | None = None
    """Folder of the notebooks that new users find in their home; those that ship if not given."""

    @field_validator("archive", "examples")
    @classmethod
    def _folder_exists(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError("allowed is a folder that exists on this machine")
        return folder


class SandboxSettings(_Section):
    """How the sandbox engine separates people when MantidHub runs as root."""

    first_uid: Annotated[int, Field(strict=True, ge=1000, le=2_147_000_000)] = 1_900_000_000
    """User ids from here on belong to MantidHub: the first hundred to its services, then one to each person.

    The default lies in the range that systemd's list of user ids (``UIDS-GIDS``) gives to nobody; ids from 100000 on
    would be those of other people's containers (``subuid(5)``).
    """


class Settings(_Section):
    """The whole configuration file."""

    server: ServerSettings = ServerSettings()
    accounts: AccountSettings = AccountSettings()
    sessions: SessionSettings = SessionSettings()
    data: DataSettings = DataSettings()
    sandbox: SandboxSettings = SandboxSettings()

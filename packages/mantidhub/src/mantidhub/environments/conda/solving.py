"""Choose packages from channels and write the lock."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from rattler import (
    BuildString,
    Channel,
    Client,
    Gateway,
    GenericVirtualPackage,
    MatchSpec,
    PackageName,
    RepoDataRecord,
    SourceConfig,
    Subdir,
    Version,
)
from rattler import solve as rattler_solve
from rattler.exceptions import GatewayError, InvalidMatchSpecError, SolverError
from rattler.networking import AddHeadersMiddleware, RetryMiddleware

from mantidhub.environments.conda.channels import addresses
from mantidhub.environments.conda.credentials import Credentials
from mantidhub.environments.conda.failures import explain_channel, explain_records, explain_solver
from mantidhub.environments.conda.jobs import SolveJob, Tell
from mantidhub.environments.conda.lock_file import LockedPackage, LockFile, Request
from mantidhub.environments.progress import Step
from mantidhub.errors import EnvironmentFailed
from mantidhub.files import write_whole

VIRTUAL_PACKAGES = {"__glibc": "2.28", "__linux": "4.18"}
"""What every machine that runs the lock must have at least: that of Debian 12, Ubuntu 20.04 and Enterprise Linux 8.

Never what the locking machine has: a lock must not depend on where it was made.
"""

ARCHITECTURES = {"linux-64": "x86_64", "linux-aarch64": "aarch64"}
"""The plainest processor of each platform."""

RETRIES = 2
"""Further tries of a request for what a channel has; with pauses that double, some 3 seconds."""


async def solve(job: SolveJob, tell: Tell) -> None:
    """Solve for every platform and write the lock.

    Raises
    ------
    EnvironmentFailed
        A channel cannot be read, a match spec cannot be understood, or the packages do not fit together.
    """
    supply = job.supply
    credentials = Credentials.read(Path(supply.credentials) if supply.credentials else None)
    places = addresses(supply.channels)
    channels = {name: Channel(credentials.address(address) + "/") for name, address in places.items()}
    # Asked with the name of a host alone, where an entry may name the port too.
    headers = {parts.hostname: credentials.headers(parts.netloc) for parts in map(urlsplit, places.values())}
    client = Client([RetryMiddleware(RETRIES), AddHeadersMiddleware(lambda host, path: headers.get(host))])
    gateway = Gateway(
        cache_dir=Path(supply.cache) / "channels",
        default_config=SourceConfig(cache_action="force-cache-only" if supply.offline else "cache-or-fetch"),
        client=client,
    )
    specs = [read_spec(text, job.specification) for text in job.packages]
    for number, (name, channel) in enumerate(channels.items()):
        tell(Step.READING_CHANNELS, number, len(channels), name)
        try:
            await gateway.names([channel], [*map(Subdir, job.platforms), "noarch"], channel_relations="disabled")
        except GatewayError as error:
            said = credentials.conceal(str(error))
            raise EnvironmentFailed(explain_channel(name, places[name], said, supply)) from error
    locked: dict[str, Sequence[LockedPackage]] = {}
    for number, platform in enumerate(job.platforms):
        tell(Step.SOLVING, number, len(job.platforms), platform)
        try:
            records = await rattler_solve(
                list(channels.values()),
                specs,
                gateway=gateway,
                platforms=[Subdir(platform), "noarch"],
                virtual_packages=virtual_packages(platform),
                channel_relations="disabled",
            )
        except GatewayError as error:
            raise EnvironmentFailed(explain_records(places, credentials.conceal(str(error)))) from error
        except SolverError as error:
            said = credentials.conceal(str(error))
            raise EnvironmentFailed(explain_solver(said, job.specification, platform)) from error
        locked[platform] = [
            lock_package(record, channels) for record in records if record.name.normalized not in job.excluded
        ]
        require_python(locked[platform], job.specification)
    request = Request(tuple(channels), job.packages, tuple(sorted(job.excluded)), tuple(sorted(job.platforms)))
    write_whole(Path(job.output), LockFile(request, VIRTUAL_PACKAGES, locked).to_json(), mode=0o644)


def read_spec(text: str, specification: str) -> MatchSpec:
    """Read a match spec.

    Raises
    ------
    EnvironmentFailed
        It is none.
    """
    try:
        return MatchSpec(text, strict=True)
    except InvalidMatchSpecError as error:
        raise EnvironmentFailed(
            f"{specification}: conda.packages holds {text!r}, which cannot be understood: {error}. Write it as in "
            '"mantid 6.16.*", "ipykernel >=6.31,<7" or, with a build, "numpy ==2.1.3 py312h58c1407_0".'
        ) from error


def virtual_packages(platform: str) -> list[GenericVirtualPackage]:
    """Return what packages may ask of the machine."""
    builds = {**dict.fromkeys(VIRTUAL_PACKAGES, "0"), "__unix": "0", "__archspec": ARCHITECTURES[platform]}
    versions = {**VIRTUAL_PACKAGES, "__unix": "0", "__archspec": "1"}
    return [
        GenericVirtualPackage(PackageName(name), Version(versions[name]), BuildString(build))
        for name, build in builds.items()
    ]


def lock_package(record: RepoDataRecord, channels: Mapping[str, Channel]) -> LockedPackage:
    """Return the entry of the lock for a record.

    Raises
    ------
    EnvironmentFailed
        The channel gives no SHA-256 for it.
    """
    # Not by the record's own word for its channel, in which a token is hidden.
    name = next(name for name, channel in channels.items() if record.url.startswith(channel.base_url))
    if record.sha256 is None:
        raise EnvironmentFailed(
            f"The channel {name} gives no SHA-256 for {record.file_name}, so it cannot be locked. Take a mirror whose "
            "index was made by a current tool, or another version of the package."
        )
    return LockedPackage.from_record(to_plain(record), name, record.file_name)


def to_plain(record: RepoDataRecord) -> dict[str, object]:
    """Return a record as JSON would have it."""
    content: dict[str, object] = json.loads(record.to_json())
    return content


def require_python(packages: Sequence[LockedPackage], specification: str) -> None:
    """Refuse a solution in which nothing can run.

    Raises
    ------
    EnvironmentFailed
        It holds no Python.
    """
    if not any(package.name == "python" for package in packages):
        raise EnvironmentFailed(
            f"{specification}: no package of it needs Python, but sessions run on it. Add it to conda.packages."
        )

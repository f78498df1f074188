"""Put locked packages into a prefix: downloaded, linked, and without a trace of the place they came through."""

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rattler import BuildString, InstallerReporter, MatchSpec, PackageRecord, RepoDataRecord, Subdir
from rattler import install as rattler_install
from rattler.exceptions import InstallerError

from mantidhub.environments.conda.channels import addresses, usual_address
from mantidhub.environments.conda.containment import require_contained, require_relative
from mantidhub.environments.conda.credentials import Credentials
from mantidhub.environments.conda.downloading import Downloader
from mantidhub.environments.conda.failures import DISK_FULL, explain_link
from mantidhub.environments.conda.jobs import InstallJob, Tell
from mantidhub.environments.conda.lock_file import LockedPackage, LockFile
from mantidhub.environments.progress import Step
from mantidhub.errors import EnvironmentFailed

PLACES = ("extracted_package_dir", "package_tarball_full_path", "link")
"""What conda tools note of the cache that a package came from, which is gone."""


async def install(job: InstallJob, tell: Tell) -> None:
    """Do all of it.

    Raises
    ------
    EnvironmentFailed
        A package cannot be had or does not fit; the message says what to do.
    """
    lock = LockFile.read(Path(job.lock))
    packages = lock.packages_for(job.subdir, Path(job.lock))
    require_machine(packages)
    supply = job.supply
    names = dict.fromkeys((package.channel for package in packages), "")
    credentials = Credentials.read(Path(supply.credentials) if supply.credentials else None)
    # Read above where it is wanted. aiohttp would read the user's own besides, and send what stands there.
    os.environ["NETRC"] = os.devnull
    downloader = Downloader(
        addresses({**names, **{name: given for name, given in supply.channels.items() if name in names}}),
        Path(supply.cache),
        credentials,
        credentials_file=supply.credentials,
    )
    await downloader.fetch(packages, tell, offline=supply.offline)
    await link(job, packages, downloader, tell)
    tidy(Path(job.prefix), packages)


async def link(job: InstallJob, packages: Sequence[LockedPackage], downloader: Downloader, tell: Tell) -> None:
    """Unpack the archives and link them.

    They are unpacked within the prefix's scratch folder, on the same file system: so linking costs nothing, and when
    the scratch folder is deleted the prefix is the only one that has its files.
    """
    unpacked = Path(job.scratch) / "unpacked"
    for package in packages:
        require_relative(package, downloader.place(package))
    records = [to_record(package, downloader.place(package)) for package in packages]
    try:
        await rattler_install(
            records,
            job.prefix,
            cache_dir=unpacked,
            platform=Subdir(job.subdir),
            execute_link_scripts=False,
            show_progress=False,
            reporter=LinkReport(len(packages), tell),  # type: ignore[abstract]  # its methods have no bodies, but do nothing
            alternative_target_prefix=job.target,
        )
    except InstallerError as error:
        said = str(error)
        print(said, flush=True)
        if full := DISK_FULL.search(said):
            code = 122 if full[1] == "122" else 28
            raise OSError(code, os.strerror(code), job.prefix) from error
        raise EnvironmentFailed(explain_link(said, job.target)) from error
    require_contained(unpacked)
    shutil.rmtree(unpacked)


class LinkReport(InstallerReporter):
    """Counts linked packages."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._total = total
        self._tell = tell
        self._done = 0
        self._tell(Step.INSTALLING, 0, total)

    def on_link_complete(self, index: int) -> None:
        """Count one more."""
        self._done += 1
        self._tell(Step.INSTALLING, self._done, self._total)


def to_record(package: LockedPackage, archive: Path) -> RepoDataRecord:
    """Return what the installer needs to know of a package."""
    record = package.record
    return RepoDataRecord(
        PackageRecord(
            name=package.name,
            version=package.version,
            build=BuildString(record["build"]),
            build_number=record.get("build_number", 0),
            subdir=record["subdir"],
            noarch=record.get("noarch"),
            depends=list(record["depends"]),
            constrains=list(record.get("constrains", [])),
            sha256=bytes.fromhex(package.sha256),
            size=record.get("size"),
            license=record.get("license"),
            python_site_packages_path=record.get("python_site_packages_path"),
        ),
        package.file,
        archive.as_uri(),
        usual_address(package.channel),
    )


def tidy(prefix: Path, packages: Sequence[LockedPackage]) -> None:
    """Make what conda tools noted in the prefix the same on every machine, and name the scripts that did not run."""
    locked = {f"{package.file.removesuffix('.conda').removesuffix('.tar.bz2')}.json": package for package in packages}
    for note in sorted((prefix / "conda-meta").glob("*.json")):
        package = locked[note.name]
        content: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        kept = {key: value for key, value in content.items() if key not in PLACES}
        channel = usual_address(package.channel)
        origin = {"channel": channel, "url": f"{channel}/{package.place}"}
        note.write_text(json.dumps({**kept, **package.record, **origin}, indent=2) + "\n", encoding="utf-8")
    if scripts := sorted(prefix.glob("bin/.*-post-link.sh")):
        print("not run, since packages get no say in a build:", *(script.name for script in scripts), flush=True)


def require_machine(packages: Sequence[LockedPackage]) -> None:
    """Refuse packages that need a newer C library than this machine has.

    Raises
    ------
    EnvironmentFailed
        One does.
    """
    library, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    if library != "glibc" or not re.fullmatch(r"[\d.]+", version):
        return
    here = PackageRecord("__glibc", version, BuildString("0"), 0, "linux-64")
    for package in packages:
        for needed in package.record["depends"]:
            if needed.startswith("__glibc") and not MatchSpec(needed).matches(here):
                raise EnvironmentFailed(
                    f"The package {package.file} needs {needed.removeprefix('__')}, this machine has {version}. Build "
                    "on a newer system, or ask for an older version of the package."
                )

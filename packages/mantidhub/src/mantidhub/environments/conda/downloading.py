"""Bring the archives of locked packages into the cache, going on where a cut download stopped.

An archive lies in the cache at ``archives/SHA256/FILE``, and is looked at whole before every use: what is damaged is
fetched again. While it grows it is called ``FILE.part``.
"""

import asyncio
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp

from mantidhub.environments.conda.credentials import Credentials
from mantidhub.environments.conda.failures import ELSEWHERE, refused
from mantidhub.environments.conda.jobs import Tell
from mantidhub.environments.conda.lock_file import LockedPackage
from mantidhub.environments.progress import Step, Unit
from mantidhub.errors import EnvironmentFailed

AT_ONCE = 4
TRIES = 5
"""In a row that bring not one byte."""
PAUSE = timedelta(seconds=0.5)
"""Before the second of them; doubled before each further one."""
CHUNK = 1 << 18
SILENCE = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)


class Cut(Exception):
    """A download ended early, or did not begin; another try may bring the rest."""


@dataclass
class Tally:
    """Bytes that are there, of those that are needed."""

    tell: Tell
    total: int
    done: int = 0

    def add(self, count: int, message: str) -> None:
        """Count bytes, which may be taken back."""
        self.done += count
        self.tell(Step.DOWNLOADING, self.done, self.total, message, Unit.BYTES)


class Downloader:
    """Fetches archives from the channels of one lock.

    Parameters
    ----------
    addresses
        Name of a channel → where it lies.
    cache
        The folder of archives; it is made.
    credentials
        For the hosts of the channels, and the file that they are from, for messages.
    """

    def __init__(
        self,
        addresses: dict[str, str],
        cache: Path,
        credentials: Credentials,
        *,
        credentials_file: str | None = None,
        pause: timedelta = PAUSE,
    ) -> None:
        self._addresses = addresses
        self._cache = cache
        self._credentials = credentials
        self._credentials_file = credentials_file
        self._pause = pause

    def place(self, package: LockedPackage) -> Path:
        """Return where an archive lies in the cache."""
        return self._cache / "archives" / package.sha256 / package.file

    async def fetch(self, packages: Sequence[LockedPackage], tell: Tell, *, offline: bool) -> None:
        """Bring all that is missing.

        Raises
        ------
        EnvironmentFailed
            Something cannot be had; the message says what, why, and what to do.
        """
        tally = Tally(tell, sum(package.size for package in packages))
        try:
            if offline:
                # Nothing is written: the cache may lie on a medium that cannot be.
                if missing := [package for package in packages if not self._is_there(package, tally)]:
                    raise EnvironmentFailed(self._explain_missing(missing))
                return
            (self._cache / "archives").mkdir(parents=True, exist_ok=True)
            with alone(self._cache / "archives" / ".lock", lambda: tell(Step.WAITING, message=str(self._cache))):
                missing = [package for package in packages if not self._is_there(package, tally)]
                await self._fetch_all(missing, tally)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                needed = (tally.total - tally.done) / 1e9
                raise EnvironmentFailed(
                    f"The packages could not be downloaded to {self._cache}: the disk is full. Free {needed:.1f} GB "
                    "there, or name another cache folder, and run the same command again: it goes on where it stopped."
                ) from error
            raise EnvironmentFailed(
                f"The cache {self._cache} cannot be used: {error.strerror} ({error.filename}). Name another cache "
                "folder, or give this user the right to write there."
            ) from error

    def _is_there(self, package: LockedPackage, tally: Tally) -> bool:
        place = self.place(package)
        if not place.is_file():
            return False
        if digest(place) != package.sha256:
            print(f"{place} is damaged", flush=True)
            return False
        tally.add(package.size, package.file)
        return True

    async def _fetch_all(self, missing: Sequence[LockedPackage], tally: Tally) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession(timeout=SILENCE, trust_env=True, auto_decompress=False) as session:

            async def in_turn(package: LockedPackage) -> None:
                async with turns:
                    await self._fetch_one(package, session, tally)

            try:
                async with asyncio.TaskGroup() as group:
                    for package in missing:
                        group.create_task(in_turn(package))
            except* (EnvironmentFailed, OSError) as failures:
                raise first_of(failures) from None

    async def _fetch_one(self, package: LockedPackage, session: aiohttp.ClientSession, tally: Tally) -> None:
        place = self.place(package)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        for attempt in ("as it is", "from the beginning"):
            tally.add(size_of(part), package.file)
            await self._until_whole(package, part, session, tally)
            if digest(part) == package.sha256:
                part.replace(place)
                return
            print(f"{package.file}, fetched {attempt}, does not have the locked hash", flush=True)
            tally.add(-size_of(part), package.file)
            part.unlink()
        raise EnvironmentFailed(
            f"The package {package.file} of the channel {package.channel} is not the one that was locked: its hash "
            "differs. Nothing of it was used. A mirror may be altered or damaged: ask who runs it, or make the lock "
            "anew."
        )

    async def _until_whole(
        self, package: LockedPackage, part: Path, session: aiohttp.ClientSession, tally: Tally
    ) -> None:
        address = f"{self._addresses[package.channel]}/{package.place}"
        barren, reason = 0, ""
        while barren < TRIES:
            if barren:
                await asyncio.sleep(self._pause.total_seconds() * 2 ** (barren - 1))
            before = size_of(part)
            try:
                await self._go_on(package, address, part, session, tally)
            except Cut as cut:
                reason = self._credentials.conceal(str(cut))
                barren = 0 if size_of(part) > before else barren + 1
                print(f"{package.file} was cut after {size_of(part)} bytes: {reason}", flush=True)
            else:
                return
        raise EnvironmentFailed(
            f"The package {package.file} of the channel {package.channel} could not be downloaded from {address}: "
            f"{reason} ({TRIES} tries). What has arrived is kept; run the same command again to go on. If the channel "
            f"cannot be reached from here, {ELSEWHERE}."
        )

    async def _go_on(
        self, package: LockedPackage, address: str, part: Path, session: aiohttp.ClientSession, tally: Tally
    ) -> None:
        async with self._open(package, address, size_of(part), session) as (offset, chunks):
            with part.open("r+b" if part.exists() else "wb") as stream:
                tally.add(offset - size_of(part), package.file)
                stream.truncate(offset)
                stream.seek(offset)
                async for chunk in chunks:
                    stream.write(chunk)
                    tally.add(len(chunk), package.file)
                    if package.size and stream.tell() > package.size:
                        break  # the hash will tell; a server that never ends must not fill the disk
        if package.size and size_of(part) < package.size:
            raise Cut(f"the connection ended after {size_of(part)} of {package.size} bytes")

    @asynccontextmanager
    async def _open(
        self, package: LockedPackage, address: str, offset: int, session: aiohttp.ClientSession
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """Yield where the bytes begin that come, and the bytes."""
        parts = urlsplit(address)
        if parts.scheme == "file":
            with self._opened_file(package, Path(unquote(parts.path))) as chunks:
                yield 0, chunks
            return
        # As it is: an archive that a server compresses on the way is not the one that was locked.
        headers = {"Accept-Encoding": "identity", **self._credentials.headers(parts.netloc)}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        try:
            async with session.get(self._credentials.address(address), headers=headers) as response:
                self._require_success(package, address, response.status)
                goes_on = response.status == 206 and response.headers.get("Content-Range", "").startswith(
                    f"bytes {offset}-"
                )
                if response.status == 416 or (response.status == 206 and not goes_on):
                    # All of it is there, or the server has something else: the hash will tell.
                    yield (offset if response.status == 416 else 0), nothing()
                    return
                yield (offset if goes_on else 0), response.content.iter_chunked(CHUNK)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Cut(str(error) or type(error).__name__) from error

    @contextmanager
    def _opened_file(self, package: LockedPackage, file: Path) -> Iterator[AsyncIterator[bytes]]:
        try:
            stream = file.open("rb")
        except OSError as error:
            raise EnvironmentFailed(
                f"The channel {package.channel} has no package {package.place}: {file} cannot be read "
                f"({error.strerror}). A copy of a channel may be incomplete: complete it, or make the lock anew."
            ) from error
        with stream:
            yield read_chunks(stream.read)

    def _require_success(self, package: LockedPackage, address: str, status: int) -> None:
        channel = self._addresses[package.channel]
        if status in {401, 403, 407}:
            raise EnvironmentFailed(refused(package.channel, channel, self._credentials_file))
        if status in {404, 410}:
            raise EnvironmentFailed(
                f"The channel {package.channel} at {channel} does not have {package.place}, which is locked (status "
                f"{status}). A mirror may be incomplete or behind: update it, or make the lock anew."
            )
        if status >= 400 and status != 416:
            raise Cut(f"the server answered with status {status}")

    def _explain_missing(self, missing: Sequence[LockedPackage]) -> str:
        names = ", ".join(package.file for package in missing[:3]) + (" …" if len(missing) > 3 else "")
        return (
            f"{len(missing)} package(s) are not in the cache {self._cache} and there shall be no connection: {names}. "
            "Build once with a connection and the same --cache, and copy the folder here."
        )


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return one of the errors that ended several downloads."""
    first = failures.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


def size_of(file: Path) -> int:
    """Return the size of a file, 0 if it is not there."""
    return file.stat().st_size if file.exists() else 0


def digest(file: Path) -> str:
    """Return the SHA-256 (hexadecimal) of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


async def read_chunks(read: Callable[[int], bytes]) -> AsyncIterator[bytes]:
    """Yield the content of an open file."""
    while chunk := read(CHUNK):
        yield chunk
        await asyncio.sleep(0)


async def nothing() -> AsyncIterator[bytes]:
    """Yield no byte."""
    return
    yield b""


@contextmanager
def alone(file: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the cache's lock, since two builds would write to the same ``.part`` files."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(0.2)
        yield
    finally:
        os.close(descriptor)

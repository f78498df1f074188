"""Archives come whole or not at all, and what a cut download brought is not asked for again."""

import hashlib
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.channel_server import ChannelServer

from mantidhub.environments.conda.credentials import Credentials
from mantidhub.environments.conda.downloading import TRIES, Downloader, alone
from mantidhub.environments.conda.lock_file import LockedPackage
from mantidhub.environments.progress import Step, Unit
from mantidhub.errors import EnvironmentFailed

CONTENT = os.urandom(10_000)
FILE = "granite-1.0-0.conda"


class Watch:
    """Remembers what was reported."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, step: Step, done: int = 0, total: int = 0, message: str = "", unit: Unit = Unit.THINGS) -> None:
        if step is Step.DOWNLOADING:
            assert unit is Unit.BYTES
            self.told.append((done, total))


@pytest.fixture
def package() -> LockedPackage:
    record = {"name": "granite", "version": "1.0", "build": "0", "subdir": "linux-64", "depends": []}
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return LockedPackage("rocks", FILE, {**record, "sha256": sha256, "size": len(CONTENT)})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChannelServer]:
    (tmp_path / "channels" / "rocks" / "linux-64").mkdir(parents=True)
    (tmp_path / "channels" / "rocks" / "linux-64" / FILE).write_bytes(CONTENT)
    with ChannelServer(tmp_path / "channels") as server:
        yield server


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def downloader(server: ChannelServer, cache: Path, credentials: Credentials | None = None) -> Downloader:
    addresses = {"rocks": server.address("rocks")}
    return Downloader(addresses, cache, credentials or Credentials(), pause=timedelta(milliseconds=1))


async def fetch(server: ChannelServer, cache: Path, package: LockedPackage, *, offline: bool = False) -> Watch:
    watch = Watch()
    await downloader(server, cache).fetch([package], watch, offline=offline)
    return watch


def arrived(server: ChannelServer, cache: Path, package: LockedPackage) -> bytes:
    return downloader(server, cache).place(package).read_bytes()


def test_the_files_of_the_tests_are_long_enough_to_be_cut() -> None:
    assert ChannelServer.after < len(CONTENT)


async def test_bytes_are_counted_up_to_all_of_them(server: ChannelServer, cache: Path, package: LockedPackage) -> None:
    watch = await fetch(server, cache, package)
    assert arrived(server, cache, package) == CONTENT
    assert watch.told[-1] == (len(CONTENT), len(CONTENT))


async def test_a_cut_download_goes_on_where_it_stopped(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    server.cuts = 2
    watch = await fetch(server, cache, package)
    assert [asked.range for asked in server.asked_for(FILE)] == [None, "bytes=1000-", "bytes=2000-"]
    assert arrived(server, cache, package) == CONTENT
    assert watch.told[-1] == (len(CONTENT), len(CONTENT))
    assert watch.told == sorted(watch.told)


async def test_a_server_without_ranges_begins_anew(server: ChannelServer, cache: Path, package: LockedPackage) -> None:
    server.cuts, server.knows_ranges = 1, False
    watch = await fetch(server, cache, package)
    assert arrived(server, cache, package) == CONTENT
    assert watch.told[-1] == (len(CONTENT), len(CONTENT))


async def test_what_an_ended_build_brought_is_used_by_the_next(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    place = downloader(server, cache).place(package)
    place.parent.mkdir(parents=True)
    place.with_name(f"{FILE}.part").write_bytes(CONTENT[:4321])
    await fetch(server, cache, package)
    assert [asked.range for asked in server.asked_for(FILE)] == ["bytes=4321-"]
    assert arrived(server, cache, package) == CONTENT


@pytest.mark.parametrize("rest", [b"x" * 4321, b"x" * len(CONTENT), b"x" * 2 * len(CONTENT)])
async def test_a_rest_of_something_else_is_thrown_away(
    server: ChannelServer, cache: Path, package: LockedPackage, rest: bytes
) -> None:
    place = downloader(server, cache).place(package)
    place.parent.mkdir(parents=True)
    place.with_name(f"{FILE}.part").write_bytes(rest)
    watch = await fetch(server, cache, package)
    assert arrived(server, cache, package) == CONTENT
    assert watch.told[-1] == (len(CONTENT), len(CONTENT))


async def test_a_server_that_always_cuts_but_sends_something_is_enough(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    server.cuts = -1
    await fetch(server, cache, package)
    assert len(server.asked_for(FILE)) == 10


async def test_a_server_that_sends_nothing_is_given_up_and_what_arrived_is_kept(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    server.cuts, server.after = -1, 0
    with pytest.raises(EnvironmentFailed, match=rf"{FILE} of the channel rocks could not be downloaded from http"):
        await fetch(server, cache, package)
    assert len(server.asked_for(FILE)) == TRIES
    assert not downloader(server, cache).place(package).exists()


async def test_an_archive_that_is_not_the_locked_one_is_refused_and_leaves_nothing(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    (server.folder / "rocks" / "linux-64" / FILE).write_bytes(b"x" * len(CONTENT))
    with pytest.raises(EnvironmentFailed, match=rf"{FILE} of the channel rocks is not the one that was locked"):
        await fetch(server, cache, package)
    assert [path for path in cache.rglob("*.conda*") if path.is_file()] == []


async def test_a_server_that_compresses_sends_the_archive_as_it_is(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    server.compresses = True
    await fetch(server, cache, package)
    assert (cache / "archives" / package.sha256 / FILE).read_bytes() == CONTENT


async def test_no_more_is_taken_than_was_locked(
    server: ChannelServer, cache: Path, package: LockedPackage, tmp_path: Path
) -> None:
    (tmp_path / "channels" / "rocks" / "linux-64" / FILE).write_bytes(CONTENT + bytes(20_000_000))
    told: list[int] = []

    def watch(step: Step, done: int = 0, total: int = 0, message: str = "", unit: Unit = Unit.THINGS) -> None:
        told.append(done)

    with pytest.raises(EnvironmentFailed, match="is not the one that was locked"):
        await downloader(server, cache).fetch([package], watch, offline=False)
    assert max(told) < 1_000_000


async def test_an_archive_that_was_damaged_in_the_cache_is_fetched_again(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    await fetch(server, cache, package)
    downloader(server, cache).place(package).write_bytes(b"x" * len(CONTENT))
    await fetch(server, cache, package)
    assert arrived(server, cache, package) == CONTENT


async def test_what_is_in_the_cache_is_not_asked_for(
    server: ChannelServer, cache: Path, package: LockedPackage
) -> None:
    await fetch(server, cache, package)
    server.asked.clear()
    watch = await fetch(server, cache, package, offline=True)
    assert server.asked == []
    assert watch.told[-1] == (len(CONTENT), len(CONTENT))


async def test_offline_a_cache_is_only_read(server: ChannelServer, cache: Path, package: LockedPackage) -> None:
    await fetch(server, cache, package)
    before = sorted((path, path.stat().st_mtime_ns) for path in cache.rglob("*"))
    await fetch(server, cache, package, offline=True)
    downloader(server, cache).place(package).write_bytes(b"x" * len(CONTENT))
    before = sorted((path, path.stat().st_mtime_ns) for path in cache.rglob("*"))
    with pytest.raises(EnvironmentFailed, match=r"1 package\(s\) are not in the cache"):
        await fetch(server, cache, package, offline=True)
    assert sorted((path, path.stat().st_mtime_ns) for path in cache.rglob("*")) == before


async def test_offline_it_names_what_is_missing(server: ChannelServer, cache: Path, package: LockedPackage) -> None:
    with pytest.raises(EnvironmentFailed, match=rf"1 package\(s\) are not in the cache .*: {FILE}\. Build once with"):
        await fetch(server, cache, package, offline=True)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "tries", "said"),
    [
        (401, 1, "asks for credentials"),
        (403, 1, "asks for credentials"),
        (404, 1, r"does not have linux-64/granite-1\.0-0\.conda, which is locked"),
        (503, TRIES, "the server answered with status 503"),
    ],
)
async def test_what_a_server_refuses_is_understood(
    server: ChannelServer, cache: Path, package: LockedPackage, status: int, tries: int, said: str
) -> None:
    server.statuses["/rocks/linux-64/granite"] = status
    with pytest.raises(EnvironmentFailed, match=said):
        await fetch(server, cache, package)
    assert len(server.asked_for(FILE)) == tries


async def test_a_token_reaches_the_server_and_no_message(
    server: ChannelServer, cache: Path, package: LockedPackage, tmp_path: Path
) -> None:
    server.token = "s3cret"
    file = tmp_path / "credentials.json"
    file.write_text('{"127.0.0.1": {"CondaToken": "s3cret"}}')
    await downloader(server, cache, Credentials.read(file)).fetch([package], Watch(), offline=False)
    assert arrived(server, cache, package) == CONTENT
    file.write_text('{"127.0.0.1": {"CondaToken": "wr0ng"}}')
    downloader(server, cache).place(package).unlink()
    with pytest.raises(EnvironmentFailed) as failure:
        await downloader(server, cache, Credentials.read(file)).fetch([package], Watch(), offline=False)
    assert "wr0ng" not in str(failure.value)


async def test_a_folder_is_as_good_as_a_server(server: ChannelServer, cache: Path, package: LockedPackage) -> None:
    folder = Downloader({"rocks": (server.folder / "rocks").as_uri()}, cache, Credentials())
    await folder.fetch([package], Watch(), offline=False)
    assert folder.place(package).read_bytes() == CONTENT
    assert server.asked == []


def test_two_builds_do_not_write_to_one_cache_at_once(tmp_path: Path) -> None:
    order: list[str] = []
    waits, ended = threading.Event(), threading.Event()

    def second() -> None:
        with alone(tmp_path / "lock", waits.set):
            order.append("second")
        ended.set()

    with alone(tmp_path / "lock", lambda: None):
        threading.Thread(target=second).start()
        assert waits.wait(10)
        order.append("first")
    assert ended.wait(10)
    assert order == ["first", "second"]
